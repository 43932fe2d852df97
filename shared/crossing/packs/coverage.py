"""Whether the worked examples decide every requirement both ways, and show each class from every side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from crossing.packs.examples import Report, Tried, run_examples
from crossing.packs.load import COUNTRIES_WITH_PACKS, load_pack
from crossing.rules import Pack


@dataclass
class Coverage:
    """What the examples show, counted, and each gap as a sentence."""

    requirements: int = 0
    decided_both_ways: int = 0
    classes: int = 0
    gaps: list[str] = field(default_factory=list)


def coverage(report: Report | None = None) -> Coverage:
    """The coverage of every pack of this release by its worked examples."""
    report, found = report or run_examples(), Coverage()
    for country in COUNTRIES_WITH_PACKS:
        pack = load_pack(country)
        for raw in pack.content["requirements"]:
            if raw["kind"] == "provision":
                continue
            found.requirements += 1
            lacking = [word for word in ("met", "not_met") if word not in report.decided.get(raw["id"], ())]
            found.decided_both_ways += not lacking
            found.gaps += [f"{raw['id']}: no example in which it is {word}" for word in lacking]
        for raw in pack.content["classes"]:
            found.classes += 1
            found.gaps += [f"{raw['id']}: {gap}" for gap in _class_gaps(raw["id"], pack, report)]
    return found


def _class_gaps(name: str, pack: Pack, report: Report) -> Iterator[str]:
    tried = [each for each in report.tried if each.class_id == name and not each.overlays]
    if not any(each.status == "qualifies" for each in tried):
        yield "no example that qualifies"
    kinds = {raw["id"]: raw["kind"] for raw in pack.content["requirements"]}
    asked = {identifier for each in tried for identifier in each.statuses}
    if any(kinds[each] in ("judgement", "mixed") for each in asked) and not any(
        each.status == "needs_judgement" for each in tried
    ):
        yield "no example that needs a judgement"
    failing = {each.failing for each in report.tried if each.status == "does_not_qualify" and not each.overlays}
    implied = {raw["id"]: set(raw.get("fails_with", ())) for raw in pack.content["requirements"]}
    for identifier in sorted(asked):
        alone = any(identifier in found and found - {identifier} <= implied[identifier] for found in failing)
        if kinds[identifier] == "bright_line" and not alone:
            yield f"no example that fails on {identifier} alone"
    days = _days_of_change(name, pack, asked)
    if days and not any(_stands_on_both_sides(day, tried) for day in days):
        yield f"no examples on both sides of a day on which it changed ({', '.join(days)})"


def _stands_on_both_sides(day: str, tried: list[Tried]) -> bool:
    return any(each.on < day for each in tried) and any(each.on >= day for each in tried)


def _days_of_change(name: str, pack: Pack, asked: set[str]) -> list[str]:
    """Days after the pack's first on which something that the class asks for changed."""
    own: list[Mapping[str, object]] = [raw for raw in pack.content["requirements"] if raw["id"] in asked]
    own += [raw for raw in pack.content["classes"] if raw["id"] == name]
    days: set[str] = set()
    for raw in own:
        days.update(_begins(raw))
    return sorted(day for day in days if day > pack.earliest)


def _begins(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("from"), str):
            yield value["from"]
        for inner in value.values():
            yield from _begins(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _begins(inner)
