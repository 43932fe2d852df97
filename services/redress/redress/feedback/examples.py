"""Worked examples: what a decision found of a requirement, on facts without anything personal. No I/O.

An example goes into the rule pack, so that the same facts get the right answer from then on (specification, section
11).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import rfc8785

from crossing.facts.statement import flat, nested
from crossing.packs.load import COUNTRIES_WITH_PACKS, load_dictionary, load_pack
from crossing.rules import RequestError
from crossing.rules.law import Law

_DIGITS: Final = 12


def example_of(examination: Mapping[str, Any], requirement_id: str, cause: str) -> dict[str, Any] | None:
    """The example that an examination makes whose requirement was wrongly held against it, as pack files have them.

    ``examination`` is one as admission tells it (``day``, ``seeking``, ``overlays``, ``facts``, ``findings``),
    ``cause`` the root cause in English. Facts that the dictionary calls personal and free texts are left out; where the
    requirement reads one of them, the source says so, since it cannot be decided before the pack's author states some.
    ``None`` for a requirement that no pack had in force on the day.
    """
    found = _law_of(requirement_id, examination["day"])
    if found is None:
        return None
    country, law = found
    stated = flat(examination["facts"])
    facts = dict(_without_persons(stated, load_dictionary()["facts"]))
    case = {
        "into": country,
        "on": examination["day"],
        "seeking": list(examination["seeking"]),
        "overlays": list(examination.get("overlays", ())),
        "facts": nested(facts),
        "findings": _findings(examination.get("findings", {}), requirement_id, law),
        "expect": {"met": [requirement_id]},
    }
    digest = hashlib.sha256(rfc8785.dumps(case)).hexdigest()[:_DIGITS]
    return {
        "id": f"RDX-{requirement_id}-{digest}",
        "title": f"{requirement_id} as a case of redress decided it",
        "source": f"Case of redress; root cause: {cause}" + _withheld(stated, facts, law.reads(requirement_id)),
        **case,
    }


def _withheld(stated: Mapping[str, Any], facts: Mapping[str, Any], read: Iterable[str]) -> str:
    missing = sorted((_names(stated) - _names(facts)).intersection(read))
    return f"; withheld as personal, for the author to state: {', '.join(missing)}" if missing else ""


def _law_of(requirement_id: str, day: str) -> tuple[str, Law] | None:
    for country in COUNTRIES_WITH_PACKS:
        try:
            law = load_pack(country).on(day)
        except RequestError:  # a day before the pack's first
            continue
        if law.number_of(requirement_id) is not None:
            return country, law
    return None


def _findings(found: Mapping[str, str], requirement_id: str, law: Law) -> dict[str, str]:
    """What the officer found; of the requirement itself what redress did, where that is for a person to find."""
    requirement = law.requirement(requirement_id)
    kept = {name: word for name, word in found.items() if name != requirement_id}
    open_to_finding = requirement is not None and requirement.kind != "bright_line"
    return {**kept, requirement_id: "met"} if open_to_finding else kept


def _without_persons(
    facts: Mapping[str, Any], definitions: Mapping[str, Mapping[str, Any]], prefix: str = ""
) -> Iterator[tuple[str, Any]]:
    for path, value in facts.items():
        if _is_list_of_entries(value):
            entries = [dict(_without_persons(entry, definitions, f"{prefix}{path}[].")) for entry in value]
            yield path, [entry for entry in entries if entry]
            continue
        definition = definitions.get(f"{prefix}{path}")
        if definition and not definition.get("personal") and definition["type"] != "text":
            yield path, value


def _names(facts: Mapping[str, Any], prefix: str = "") -> set[str]:
    """Paths of the dictionary that facts are stated of."""
    found: set[str] = set()
    for path, value in facts.items():
        if _is_list_of_entries(value):
            for entry in value:
                found |= _names(entry, f"{prefix}{path}[].")
        else:
            found.add(f"{prefix}{path}")
    return found


def _is_list_of_entries(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)
