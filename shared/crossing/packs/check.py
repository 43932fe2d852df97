"""Checks that packs are whole: every mistake is told with file, line and cure."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

import crossing.packs
import crossing.rules
from crossing.packs.examples import run_examples
from crossing.packs.files import cache_folder, keep, line_of, place, read_yaml
from crossing.packs.load import (
    COUNTRIES_WITH_PACKS,
    FACTS_FOLDER,
    PACKS_FOLDER,
    dictionary_files,
    merged,
    overlay_files,
    pack_files,
    read_dictionary,
)
from crossing.packs.schema import DictionaryFile, ExamplesFile, OverlayFile, PackFile, problems
from crossing.packs.terms import uses
from crossing.rules import Pack, PackError, RequestError, apply_overlay
from crossing.rules.phrases import LANGUAGES

Place = tuple[str | int, ...]
Problem = tuple[Place, str]


@dataclass(frozen=True)
class Finding:
    """One mistake: where it stands, what it is and what would cure it."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass
class Inspection:
    """What a check of all packs found, and what it counted."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def check_law(packs_folder: Path = PACKS_FOLDER, facts_folder: Path = FACTS_FOLDER) -> Inspection:
    """Check the dictionary, every pack and every overlay without running examples: what a service does as it starts."""
    inspection = Inspection()
    folders = [packs_folder / name for name in COUNTRIES_WITH_PACKS.values()]
    inspection.findings += _shapes(dictionary_files(facts_folder), DictionaryFile)
    inspection.findings += _shapes([file for folder in folders for file in pack_files(folder)], PackFile)
    inspection.findings += _shapes(overlay_files(packs_folder), OverlayFile)
    if not inspection.findings:
        dictionary = _dictionary(facts_folder, inspection)
        if dictionary:
            packs = {name: _pack(packs_folder, name, dictionary, inspection) for name in COUNTRIES_WITH_PACKS}
            for file in overlay_files(packs_folder):
                _overlay(file, packs, inspection)
    return inspection


def check_release() -> Inspection:
    """Check the law of this release as a service does when it starts; what was found whole is not checked again.

    That it was is kept beside the parsed files, under a digest of every file that has a part in it: law and engine.
    """
    kept = cache_folder() / f"{_release_digest()}.whole"
    if kept.exists():
        return Inspection()
    inspection = check_law()
    if not inspection.findings:
        keep(kept, True)
    return inspection


def _release_digest() -> str:
    law = [path for folder in (PACKS_FOLDER, FACTS_FOLDER) for path in folder.rglob("*.yaml")]
    engine = [path for package in (crossing.packs, crossing.rules) for path in Path(package.__path__[0]).rglob("*.py")]
    digest = hashlib.sha256()
    for path in sorted({*law, *engine}):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def check_packs(packs_folder: Path = PACKS_FOLDER, facts_folder: Path = FACTS_FOLDER) -> Inspection:
    """Check everything ``check_law`` does, and that every requirement is decided both ways by some worked example.

    What an overlay adds or replaces is decided by examples under that overlay.
    """
    inspection = check_law(packs_folder, facts_folder)
    folders = [packs_folder / name for name in COUNTRIES_WITH_PACKS.values()]
    inspection.findings += _shapes(
        [file for folder in folders for file in pack_files(folder, examples=True)], ExamplesFile
    )
    if inspection.findings:
        return inspection
    report = run_examples(packs_folder=packs_folder, facts_folder=facts_folder)
    for name, differences in report.differences.items():
        inspection.findings.append(Finding(name, f"the worked example fails: {differences[0]}"))
    for folder in folders:
        content = merged(folder, {})
        found = [*_undecided(content["requirements"], report.decided), *_unofficial(content)]
        inspection.findings += _located(found, pack_files(folder), content)
    for file in overlay_files(packs_folder):
        overlay = read_yaml(file)
        for verb in ("add", "replace"):
            changed = overlay.get(verb, {}).get("requirements", [])
            for steps, message in _undecided(changed, report.decided_under.get(overlay["id"], {})):
                where = place(file, line_of(file, (verb, *steps)))
                inspection.findings.append(Finding(where, f"under {overlay['id']}, {message}"))
    return inspection


def _undecided(requirements: Iterable[Mapping[str, Any]], decided: Mapping[str, set[str]]) -> Iterator[Problem]:
    for raw in requirements:
        lacking = {"met", "not_met"} - decided.get(raw["id"], set())
        if raw["kind"] != "provision" and lacking:
            words = " nor ".join(sorted(lacking))
            yield ("requirements", raw["id"]), f"{raw['id']} is never {words} in an example; add one that is"


def _unofficial(content: Mapping[str, Any]) -> Iterator[Problem]:
    for where, term, is_official in uses(content):
        if not is_official:
            yield where, f"the English says {term.en!r}, whose official French is {term.fr[0]!r}; use it in the French"


def _shapes(files: Iterable[Path], shape: type[BaseModel]) -> Iterator[Finding]:
    for file in files:
        try:
            raw = read_yaml(file)
        except PackError as error:
            yield Finding(str(error.path[0]), error.message)
        else:
            for steps, message in problems(shape, {} if raw is None else raw):
                yield Finding(place(file, line_of(file, steps)), message)


def _dictionary(folder: Path, inspection: Inspection) -> dict[str, Any] | None:
    files = dictionary_files(folder)
    try:
        dictionary = read_dictionary(folder)
    except PackError as error:
        inspection.findings += _located([(error.path, error.message)], files)
        return None
    found = list(_facts(dictionary))
    inspection.findings += _located(found, files)
    return None if found else dictionary


def _facts(dictionary: Mapping[str, Any]) -> Iterator[Problem]:
    facts = dictionary["facts"]
    for path, definition in facts.items():
        for document in definition.get("proved_by", ()):
            if document not in dictionary["documents"]:
                yield ("facts", path), f"{path} is proved by {document!r}, which is not among the documents; add it"
        head, bracket, _ = path.partition("[]")
        if bracket and facts.get(head, {}).get("type") != "list":
            yield ("facts", path), f"{head} needs an entry of its own with type: list"
        earlier = definition.get("not_before")
        if earlier and facts.get(earlier, {}).get("type") != "date":
            yield ("facts", path), f"{path} is not before {earlier!r}, which is no date; correct the name"
        parents = [path[:dot] for dot, sign in enumerate(path) if sign == "."]
        if any(parent in facts for parent in parents):
            yield ("facts", path), f"{path} lies inside a fact; rename one of the two"


def _pack(packs_folder: Path, country: str, dictionary: Mapping[str, Any], inspection: Inspection) -> Pack | None:
    name = COUNTRIES_WITH_PACKS[country]
    files = pack_files(packs_folder / name)
    try:
        content = merged(packs_folder / name, dictionary)
    except PackError as error:
        inspection.findings += _located([(error.path, error.message)], files)
        return None
    _count(content, inspection.counts)
    found = list(_content(content, name, country))
    pack = Pack(content)
    found = found or list(_reads(pack))
    inspection.findings += _located(found, files, content)
    return None if found else pack


def _overlay(file: Path, packs: Mapping[str, Pack | None], inspection: Inspection) -> None:
    overlay = read_yaml(file)
    pack, day = packs.get(overlay["into"]), overlay["in_force"]["from"]
    if pack is None:
        return
    try:
        laid_over = apply_overlay(pack, overlay, day)
        found = list(_content(laid_over.content, pack.id, pack.country)) or list(_reads(laid_over, [day]))
    except PackError as error:
        found = [(error.path[1:], error.message)]
    except RequestError as error:
        found = [((), str(error))]
    for path, message in found:
        steps = _by_id(path, laid_over.content) if path and isinstance(path[-1], int) else path
        lines = [line_of(file, way) for way in (steps, ("add", *steps), ("replace", *steps))]
        inspection.findings.append(Finding(place(file, max(lines)), message))


def _count(content: Mapping[str, Any], counts: Counter[str]) -> None:
    for raw in content["requirements"]:
        counts["requirements"] += 1
        counts["with citation"] += bool(_anywhere(raw, "citation"))
        counts["verified" if raw["verified"] else "unverified"] += 1
        for language in LANGUAGES:
            counts[f"in {language}"] += bool(_anywhere(raw, "text"))


def _anywhere(raw: Mapping[str, Any], key: str) -> bool:
    """Whether a requirement has a key at all times: for all its versions, or in each of them."""
    return key in raw or all(key in version for version in raw.get("versions", [{}]))


def _content(content: Mapping[str, Any], name: str, country: str) -> Iterator[Problem]:
    head = content["pack"]
    if (head["id"], head["country"]) != (name, country):
        yield ("pack", "id"), f"the pack of this folder has id {name} and country {country}; correct them"
    outcomes = {row["id"] for row in content["outcomes"]}
    placed = _placed(content)
    for raw in content["requirements"]:
        for key, message in _requirement(raw, content["dictionary"]["documents"], outcomes, placed):
            yield ("requirements", raw["id"], key), f"{raw['id']} {message}"
    provisions = {raw["id"] for raw in content["requirements"] if raw["kind"] == "provision"}
    places: list[tuple[Place, Any]] = [(("classes", raw["id"]), raw) for raw in content["classes"]]
    places += [(("sections", name), section) for name, section in content["sections"].items()]
    for where, raw in places:
        for provision in raw.get("provisions", ()):
            if provision not in provisions:
                yield (*where, "provisions"), f"no provision is called {provision!r}; add it or correct the name"


def _requirement(
    raw: Mapping[str, Any], documents: Mapping[str, Any], outcomes: set[str], placed: set[str]
) -> Iterator[tuple[str, str]]:
    """What is wrong with a requirement, each with the key at which it is wrong."""
    if not _anywhere(raw, "text"):
        yield "text", "has no text; write what must be true"
    if not _anywhere(raw, "citation"):
        yield "citation", "has no citation; name the section and paragraph it stands on"
    for part in [raw, *raw.get("versions", ())]:
        if part.get("verified") is False and not (part.get("unverified_note") or raw.get("unverified_note")):
            yield "verified", "is unverified and needs an unverified_note saying what was not seen"
        for document in part.get("evidence", ()):
            if document not in documents:
                yield "evidence", f"names the document {document!r}, which the dictionary does not have; add it"
    if raw["kind"] != "provision":
        yield from _tested(raw, outcomes, placed)
    elif any(key in raw for key in ("test", "evidence", "cure", "on_fail")):
        yield "kind", "is a provision: it has no test, evidence, cure or on_fail; remove them or change its kind"


def _tested(raw: Mapping[str, Any], outcomes: set[str], placed: set[str]) -> Iterator[tuple[str, str]]:
    first = raw.get("versions", [raw["in_force"]])[0]["from"]
    if not _anywhere(raw, "test"):
        yield "test", "is no provision and needs a test; write it, or make it a provision"
    elif "test" not in raw and first > raw["in_force"]["from"]:
        begin = raw["in_force"]["from"]
        yield "versions", f"has a hole before its first version of {first}; begin that on {begin}"
    if not _anywhere(raw, "cure"):
        yield "cure", "has no cure; write what would make a failing traveller meet it, or that nothing does"
    if raw.get("on_fail") not in outcomes:
        yield "on_fail", f"needs on_fail: the id of an outcome, not {raw.get('on_fail')!r}"
    for other in raw.get("fails_with", ()):
        if other not in placed:
            yield "fails_with", f"fails with {other!r}, which stands in no class's tree; correct the id"
    if raw["id"] not in placed:
        yield "id", "stands in no class's tree; place it or make it a provision"


def _placed(content: Mapping[str, Any]) -> set[str]:
    """Ids of all requirements that some class's tree asks for."""
    found: set[str] = set()
    pending: list[Any] = [raw["requires"] for raw in content["classes"]]
    sections = dict(content["sections"])
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            found.add(node)
        elif isinstance(node, list):
            pending += node
        elif isinstance(node, Mapping):
            pending += [node[key] for key in ("all_of", "any_of", "then") if key in node]
            if isinstance(node.get("section"), str):
                pending.append(sections.pop(node["section"], ()))
    return found


def _reads(pack: Pack, days: Iterable[str] = ()) -> Iterator[Problem]:
    """What the engine cannot read, on any day on which the law changes."""
    for day in days or [pack.earliest, *pack.days_of_change()]:
        try:
            pack.on(day)
        except PackError as error:
            yield error.path, error.message
            return


def _located(
    found: Iterable[Problem], files: list[Path], content: Mapping[str, Any] | None = None
) -> Iterator[Finding]:
    for path, message in dict.fromkeys(found):
        steps = _by_id(path, content) if content else path
        yield Finding(_place(files, steps), message)


def _by_id(path: Place, content: Mapping[str, Any]) -> Place:
    """The path with an entry's id in the stead of its index among the entries of all files."""
    if len(path) > 1 and isinstance(path[1], int):
        return (path[0], content[str(path[0])][path[1]]["id"], *path[2:])
    return path


def _place(files: list[Path], steps: Place) -> str:
    """File and line of an entry: in the file that a path begins with, or in the one that holds the entry."""
    for file in files:
        if steps[0] == file.name:
            return place(file, line_of(file, steps[1:]))
        entries = (read_yaml(file) or {}).get(steps[0], ())
        names = entries if isinstance(entries, Mapping) else [entry["id"] for entry in entries]
        if len(steps) > 1 and steps[1] in names:
            return place(file, line_of(file, steps))
    return "/".join(map(str, steps))


if __name__ == "__main__":
    # Run when the suite is set up, so that the first start need not check.
    raise SystemExit("\n".join(map(str, check_release().findings)) or None)
