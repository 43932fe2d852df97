"""The questions of an examination as one form: what the engine asks next, what else is open, what is recorded."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from admission.pages.answers import FINDINGS, Shown, typed_fields
from admission.pages.choices import Choice
from admission.pages.controls import Control, Controls, id_of
from admission.pages.facts_as_fields import Definitions, name_of, write_fact
from admission.pages.posted import Posted
from crossing.rules import Determination
from crossing.rules.law import Law

_ROW: Final = re.compile(r"facts\.(.+)\.(\d{1,2})\.(\w+)\Z")


@dataclass(frozen=True)
class Finding:
    """A judgement that only an officer may make, with what was found or chosen."""

    requirement: str
    text: str
    chosen: str
    is_open: bool
    error: str

    @property
    def name(self) -> str:
        """The name of its field."""
        return FINDINGS + self.requirement


@dataclass(frozen=True)
class Questions:
    """The controls of the form, in the order in which they are asked."""

    next: tuple[Control, ...]
    findings: tuple[Finding, ...]
    others: tuple[Control, ...]
    recorded: tuple[Control, ...]
    made: tuple[Finding, ...]
    classes: tuple[Choice, ...]
    sought: tuple[str, ...]

    @property
    def are_open(self) -> bool:
        """Whether the engine asks anything."""
        return bool(self.next or self.findings)


def shown_of(determination: Determination) -> Shown:
    """What a page shows of a determination."""
    return Shown(determination.facts, determination.findings, list(determination.seeking))


def questions_of(
    determination: Determination,
    told: Mapping[str, Any],
    language: str,
    *,
    typed: tuple[Posted, Shown] | None,
    errors: Mapping[str, str],
    settled: Collection[str],
) -> Questions:
    """The questions of a determination; ``typed`` is a form that came back, with what its page showed.

    ``settled`` facts cannot be changed, so nobody is asked about them.
    """
    law, facts = determination.law, determination.facts
    definitions = law.dictionary.facts
    changed, kept = typed_fields(*typed, definitions) if typed else (set[str](), {})
    fields = _fields(facts, definitions, changed) | dict(kept)
    missing = list(dict.fromkeys(path for each in told["classes"] for path in each["missing_facts"]))
    decides = _decides(told["next_questions"])
    roots = {"next": _roots(decides), "others": _roots(missing)}
    controls = Controls(
        law.pack,
        determination.on,
        language,
        fields=fields,
        errors=errors,
        needed=[*decides, *missing],
        decides=_by_root(decides),
    )
    typed_only = sorted(changed - set(facts))  # an answer to what is no longer asked is kept, too
    others = [path for path in dict.fromkeys([*roots["others"], *typed_only]) if path not in roots["next"]]
    elsewhere = {*roots["next"], *others, *settled}
    recorded = [path for path in facts if path not in elsewhere and path in definitions]
    made, still_open = _findings(determination, told, language, typed, errors)
    return Questions(
        next=tuple(map(controls.of, roots["next"])),
        findings=still_open,
        others=tuple(map(controls.of, others)),
        recorded=tuple(map(controls.of, recorded)),
        made=made,
        classes=tuple(Choice(each.id, each.title[language]) for each in law.classes.values()),
        sought=tuple(typed[0].all("seeking") if typed and typed[0].has("seeking.asked") else determination.seeking),
    )


def _fields(facts: Mapping[str, Any], definitions: Definitions, changed: set[str]) -> dict[str, list[str]]:
    known = (write_fact(path, value, definitions) for path, value in facts.items() if path not in changed)
    return {name: values for written in known for name, values in written.items()}


def _roots(paths: Iterable[str]) -> list[str]:
    """Facts that paths belong to: the list, for a field of one of its entries."""
    return list(dict.fromkeys(path.partition("[")[0] for path in paths))


def _decides(questions: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    return {question["fact"]: question["decides"] for question in questions}


def _by_root(decides: Mapping[str, list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, requirements in decides.items():
        found.setdefault(path.partition("[")[0], []).extend(requirements)
    return {path: list(dict.fromkeys(requirements)) for path, requirements in found.items()}


def _findings(
    determination: Determination,
    told: Mapping[str, Any],
    language: str,
    typed: tuple[Posted, Shown] | None,
    errors: Mapping[str, str],
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Findings made, and judgements still open in a class that is not out of the question."""
    texts = {each["requirement"]: each["text"] for one in told["classes"] for each in one["judgements"]}
    for requirement_id in [*determination.findings, *_found_in(typed)]:
        requirement = determination.law.requirement(requirement_id)
        if requirement:
            texts.setdefault(requirement_id, requirement.text[language])
    found = []
    for requirement_id, text in texts.items():
        made = determination.findings.get(requirement_id, "")
        chosen = typed[0].one(FINDINGS + requirement_id, made) if typed else made
        error = errors.get(id_of(FINDINGS + requirement_id), "")
        found.append(Finding(requirement_id, text, chosen, not made, error))
    return tuple(each for each in found if not each.is_open), tuple(each for each in found if each.is_open)


def _found_in(typed: tuple[Posted, Shown] | None) -> list[str]:
    """Requirements of which a form that came back says what was found."""
    names = typed[0].fields if typed else ()
    return [name.removeprefix(FINDINGS) for name in names if name.startswith(FINDINGS) and typed and typed[0].one(name)]


def labels_of(posted: Posted, law: Law, language: str) -> dict[str, str]:
    """What the fields of a form that came back are called, by id."""
    definitions = law.dictionary.facts
    labels = {id_of(name_of(path)): _label(path, definitions, language) for path in posted.all("asked")}
    for name in posted.fields:
        row = _ROW.match(name)
        if row and f"{row[1]}[].{row[3]}" in definitions:
            whole, part = _label(row[1], definitions, language), _label(f"{row[1]}[].{row[3]}", definitions, language)
            labels[id_of(name)] = f"{whole} ({int(row[2]) + 1}), {part}"
        if name.startswith(FINDINGS) and law.requirement(name.removeprefix(FINDINGS)):
            labels[id_of(name)] = name.removeprefix(FINDINGS)
    return {identifier: label for identifier, label in labels.items() if label}


def _label(path: str, definitions: Definitions, language: str) -> str:
    label: str = definitions[path]["label"][language] if path in definitions else ""
    return label
