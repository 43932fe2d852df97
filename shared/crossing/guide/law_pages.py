"""What the pages of the guidance say: read from the packs, in one language."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from crossing.packs.compare import Change, Wording, changes, requirements_on, rewordings
from crossing.packs.examples import Example, read_examples
from crossing.packs.load import COUNTRIES_WITH_PACKS, PACKS_FOLDER, load_pack
from crossing.rules import Pack
from crossing.rules.dates import day_before
from crossing.rules.law import AdmissionClass, Law


def law_of(country: str, day: str) -> Law:
    """The law of a country on a day."""
    return load_pack(country).on(day)


@cache
def examples_of(country: str) -> tuple[Example, ...]:
    """The worked examples of a country."""
    return tuple(read_examples(PACKS_FOLDER / COUNTRIES_WITH_PACKS[country]))


def class_page(law: Law, each: AdmissionClass, country: str, language: str) -> dict[str, Any]:
    """A class: what it asks for, what it gives, its examples and its history."""
    documents = law.dictionary.documents
    asked = law.asked(each)
    provisions = [identifier for identifier in each.provisions if identifier in law.provisions]
    return {
        "id": each.id,
        "code": each.code,
        "title": each.title[language],
        "requirements": [_line(law, identifier, language) for identifier in asked],
        "provisions": [
            _line(law, identifier, language) for identifier in each.provisions if identifier in law.provisions
        ],
        "ceilings": [granted.then.label(language) for granted in each.grants.until],
        "status_documents": [documents[granted.then][language] for granted in each.grants.status_documents],
        "fees": [
            {"text": fee.then.text[language], "amount": fee.then.amount, "currency": fee.then.currency}
            for fee in each.grants.fees
        ],
        "examples": [_example(example) for example in examples_of(country) if _seeks(example, each.id)],
        "history": list(_history(law.pack, {*asked, *provisions}, language)),
    }


def requirement_page(law: Law, identifier: str, country: str, language: str) -> dict[str, Any]:
    """A requirement or provision as it stands, what shows it, where it is asked, its examples and its history."""
    requirement, dictionary = law.requirement(identifier), law.dictionary
    assert requirement is not None
    number = law.number_of(identifier)
    reads = law.tests[number].reads({}) if number is not None else ()
    return {
        "id": identifier,
        "kind": requirement.kind,
        "text": requirement.text[language],
        "citation": requirement.citation[language],
        "verified": requirement.verified,
        "note": requirement.unverified_note,
        "evidence": [dictionary.documents[name][language] for name in requirement.evidence],
        "cure": requirement.cure[language] if requirement.cure else None,
        "outcome": law.outcomes[requirement.on_fail]["text"][language] if requirement.on_fail else None,
        "facts": [dictionary.facts[path]["question"][language] for path in dict.fromkeys(reads)],
        "classes": [
            {"id": each.id, "title": each.title[language]}
            for each in law.classes.values()
            if identifier in each.provisions or identifier in law.asked(each)
        ],
        "examples": [_example(each) for each in examples_of(country) if _decides(each, identifier)],
        "wordings": list(_wordings(law.pack, identifier, language)),
    }


def changes_page(pack: Pack, language: str) -> list[dict[str, Any]]:
    """Every day on which the law of a country changed, latest first, with what changed."""
    return list(_history(pack, None, language))


def entries(law: Law, language: str) -> list[dict[str, str]]:
    """Every requirement and provision in force, as the search knows it."""
    tested = [requirement.id for requirement in law.requirements if requirement]
    return [_line(law, identifier, language) for identifier in sorted({*tested, *law.provisions})]


def _line(law: Law, identifier: str, language: str) -> dict[str, str]:
    requirement = law.requirement(identifier)
    assert requirement is not None
    return {
        "id": identifier,
        "kind": requirement.kind,
        "text": requirement.text[language],
        "citation": requirement.citation[language],
    }


def _example(example: Example) -> dict[str, str]:
    return {
        "id": example.id,
        "title": example.title,
        "on": example.on,
        "outcome": str(example.expect.get("outcome", "")),
    }


def _seeks(example: Example, class_id: str) -> bool:
    return any(class_id == name or class_id.startswith(f"{name}.") for name in example.seeking)


def _decides(example: Example, identifier: str) -> bool:
    return any(identifier in example.expect.get(key, ()) for key in ("not_met", "met", "judgement"))


def _history(pack: Pack, only: Collection[str] | None, language: str) -> Iterator[dict[str, Any]]:
    for day, changed in _days(pack):
        told = [{"id": each.id, "how": each.how[language]} for each in changed if only is None or each.id in only]
        if told:
            yield {"day": day, "changes": told}


@cache
def _days(pack: Pack) -> list[tuple[str, list[Change]]]:
    return [(day, changes(pack, day_before(day), pack, day)) for day in reversed(pack.days_of_change())]


def _wordings(pack: Pack, identifier: str, language: str) -> Iterator[dict[str, Any]]:
    """Each wording of a requirement with the day on which it began, first to latest."""
    last: Wording | None = None
    for day in [pack.earliest, *pack.days_of_change()]:
        now = _requirements(pack, day).get(identifier)
        if now is None and last is not None:
            yield {"day": day, "text": None, "citation": None}
        elif now and (last is None or list(rewordings(identifier, last, now))):
            wording = now.requirement
            yield {"day": day, "text": wording.text[language], "citation": wording.citation[language]}
        last = now


@cache
def _requirements(pack: Pack, day: str) -> Mapping[str, Wording]:
    return requirements_on(pack, day)
