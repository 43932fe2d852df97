"""Runs the worked examples that stand beside the packs: the law's own test suite."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from crossing.facts.statement import flat, statement_model
from crossing.packs.files import read_yaml
from crossing.packs.load import (
    COUNTRIES_WITH_PACKS,
    FACTS_FOLDER,
    PACKS_FOLDER,
    load_pack,
    pack_files,
    read_dictionary,
    read_overlays,
    read_pack,
)
from crossing.rules import (
    Determination,
    Pack,
    PackError,
    RequestError,
    apply_overlay,
    determine,
    failing_outcomes,
    reference,
    require_in_force,
    tell,
)


@dataclass(frozen=True)
class Example:
    """One worked case, or one variant of it."""

    id: str
    title: str
    file: str
    into: str
    on: str
    seeking: list[str]
    overlays: list[str]
    facts: Mapping[str, Any]
    findings: Mapping[str, str]
    expect: Mapping[str, Any]


@dataclass(frozen=True)
class Tried:
    """A class of admission that an example tried, and what each requirement came to."""

    example: str
    class_id: str
    on: str
    overlays: tuple[str, ...]
    status: str
    statuses: Mapping[str, str]

    @property
    def failing(self) -> frozenset[str]:
        """The requirements that are not met."""
        return frozenset(identifier for identifier, word in self.statuses.items() if word == "not_met")


@dataclass
class Report:
    """What running the examples found."""

    run: int = 0
    tried: list[Tried] = field(default_factory=list)
    differences: dict[str, list[str]] = field(default_factory=dict)
    decided: dict[str, set[str]] = field(default_factory=dict)
    packs: dict[tuple[str, ...], Pack] = field(default_factory=dict, repr=False)
    decided_under: dict[str, dict[str, set[str]]] = field(default_factory=dict)


def read_examples(folder: Path) -> Iterator[Example]:
    """Every example of a pack's folder, each variant laid over its case."""
    for path in pack_files(folder, examples=True):
        for case in (read_yaml(path) or {}).get("examples", ()):
            yield _example(case, case, path.name, case["id"])
            for variant in case.get("variants", ()):
                yield _example(case, variant, path.name, f"{case['id']}/{variant['id']}")


def _example(case: Mapping[str, Any], variant: Mapping[str, Any], file: str, identifier: str) -> Example:
    is_variant = variant is not case
    return Example(
        id=identifier,
        title=variant["change"] if is_variant else case["title"],
        file=file,
        into=case["into"],
        on=variant.get("on", case["on"]),
        seeking=variant.get("seeking", case["seeking"]),
        overlays=variant.get("overlays", case.get("overlays", [])),
        facts=laid_over(case.get("facts", {}), variant.get("facts", {})) if is_variant else case.get("facts", {}),
        findings=laid_over(case.get("findings", {}), variant.get("findings", {})),
        expect=variant["expect"],
    )


def laid_over(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A map with another laid over it, map by map; ``None`` takes an entry back, a list replaces a list."""
    result = dict(base)
    for key, change in changes.items():
        if change is None:
            result.pop(key, None)
        elif isinstance(change, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = laid_over(result[key], change)
        else:
            result[key] = change
    return result


def run_examples(
    only: str | None = None, packs_folder: Path = PACKS_FOLDER, facts_folder: Path = FACTS_FOLDER
) -> Report:
    """Run all examples of all packs, or those whose id begins with ``only``; differences are told by example."""
    report = Report()
    dictionary, overlays = read_dictionary(facts_folder), read_overlays(packs_folder)
    model = statement_model(dictionary["facts"])
    is_own = (packs_folder, facts_folder) == (PACKS_FOLDER, FACTS_FOLDER)
    for country, folder in COUNTRIES_WITH_PACKS.items():
        try:
            pack = load_pack(country) if is_own else read_pack(packs_folder / folder, dictionary)
        except PackError as error:
            report.differences[folder] = [f"the pack does not load: {error}"]
            continue
        seen: set[str] = set()
        for example in read_examples(packs_folder / folder):
            if only and not example.id.startswith(only):
                continue
            report.run += 1
            found = _run(example, pack, model, overlays, report)
            if example.id in seen:
                found.append("two examples have this id; rename one")
            seen.add(example.id)
            if found:
                report.differences[f"{folder}/{example.file} {example.id}"] = found
    return report


def _run(
    example: Example,
    pack: Pack,
    model: type[BaseModel],
    overlays: Mapping[str, Mapping[str, Any]],
    report: Report,
) -> list[str]:
    unknown = [name for name in example.overlays if name not in overlays]
    if unknown:
        return [f"no overlay is called {unknown[0]!r}"]
    if example.into != pack.country:
        return [f"into {example.into} does not stand in the pack of {pack.country}"]
    try:
        statement = model.model_validate(example.facts).model_dump(mode="json", exclude_none=True)
        laid_over = [overlays[name] for name in example.overlays]
        for overlay in laid_over:
            require_in_force(pack, overlay, example.on)
        pack = _under(pack, laid_over, example.on, report)
        determination = determine(
            flat(statement),
            pack,
            example.on,
            seeking=example.seeking,
            findings=example.findings,
            overlays=[reference(overlay) for overlay in laid_over],
        )
    except ValidationError as error:
        return [f"facts/{'/'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    except RequestError as error:
        return [] if example.expect.get("refused") == error.key else [f"{error.pointer} {error}"]
    except PackError as error:
        return [str(error)]
    if "refused" in example.expect:
        return [f"refused: expected {example.expect['refused']}, found a determination"]
    answer = tell(determination, "en")
    # What an overlay changed is decided under it; what the pack itself says, in examples without one.
    words = [report.decided_under.setdefault(name, {}) for name in example.overlays] or [report.decided]
    for each in answer["classes"]:
        statuses = {part["id"]: part["status"] for part in each["requirements"]}
        report.tried.append(
            Tried(example.id, each["class"], example.on, tuple(example.overlays), each["status"], statuses)
        )
        for decided in words:
            for identifier, word in statuses.items():
                decided.setdefault(identifier, set()).add(word)
    return list(_differences(example.expect, determination, answer))


def _under(pack: Pack, laid_over: list[Mapping[str, Any]], on: str, report: Report) -> Pack:
    """The pack with overlays laid over it, compiled once for all examples under them."""
    key = (pack.country, *(overlay["id"] for overlay in laid_over))
    if key not in report.packs:
        for overlay in laid_over:
            pack = apply_overlay(pack, overlay, on)
        report.packs[key] = pack
    return report.packs[key]


def _differences(expect: Mapping[str, Any], determination: Determination, answer: Mapping[str, Any]) -> Iterator[str]:
    if not answer["classes"]:
        yield "no class of admission is in force on that day"
        return
    words: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for each in answer["classes"]:
        for requirement in each["requirements"]:
            words[requirement["id"]] = requirement["status"]
            reasons[requirement["id"]] = requirement["reason"]
    not_met = {each for each, word in words.items() if word == "not_met"}
    best = answer["classes"][0]
    outcomes = failing_outcomes(determination, determination.classes[0][0])
    checks: dict[str, tuple[Any, Any]] = {
        "outcome": (expect.get("outcome"), answer["outcome"]),
        "not_met": (sorted(expect.get("not_met", ())), sorted(not_met)),
        "not_met_includes": (
            sorted(expect.get("not_met_includes", ())),
            sorted(not_met & set(expect.get("not_met_includes", ()))),
        ),
        "met": (
            sorted(expect.get("met", ())),
            sorted(each for each in expect.get("met", ()) if words.get(each) == "met"),
        ),
        "judgement": (
            sorted(expect.get("judgement", ())),
            sorted(each for each, word in words.items() if word == "judgement"),
        ),
        "missing": (sorted(expect.get("missing", ())), sorted(best["missing_facts"])),
        "outcomes": (sorted(expect.get("outcomes", ())), sorted(outcomes)),
        "action": (expect.get("action"), answer["recommended"]["action"]),
        "code": (expect.get("code"), best["grants"].get("class")),
        "until": (expect.get("until"), best["grants"].get("until")),
        "fees": (expect.get("fees"), {fee["id"]: fee["amount"] for fee in best["grants"].get("fees", ())}),
    }
    unknown_keys = set(expect) - set(checks) - {"classes"}
    if unknown_keys:
        yield f"expect has unknown keys: {', '.join(sorted(unknown_keys))}"
    statuses = {each["class"]: each["status"] for each in answer["classes"]}
    for name, status in expect.get("classes", {}).items():
        if statuses.get(name) != status:
            yield f"class {name}: expected {status}, found {statuses.get(name)}"
    for key, (expected, found) in checks.items():
        if key in expect and expected != found:
            yield f"{key}: expected {expected}, found {found}"
            if key in ("outcome", "not_met", "met"):
                for each, word in words.items():
                    if word != "met":
                        yield f"    {each} is {word}: {reasons[each]}"
