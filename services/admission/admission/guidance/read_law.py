"""Read the law of a day as guidance: the same data that decides."""

from collections.abc import Mapping
from typing import Any

from crossing.rules import Pack
from crossing.rules.dates import in_force
from crossing.rules.law import AdmissionClass, Law
from crossing.rules.phrases import LANGUAGES
from crossing.rules.requirement import Requirement


def class_guidance(law: Law, each: AdmissionClass, language: str) -> dict[str, Any]:
    """A class of admission with the ids of what it asks for."""
    documents = [granted.then for granted in each.grants.status_documents]
    return {
        "class": each.id,
        "code": each.code,
        "title": each.title[language],
        "requirements": law.asked(each),
        "provisions": [provision for provision in each.provisions if provision in law.provisions],
        "status_documents": [law.dictionary.documents[name][language] for name in documents],
    }


def requirement_guidance(law: Law, requirement: Requirement, language: str) -> dict[str, Any]:
    """A requirement or provision, with the classes that ask for it."""
    documents = law.dictionary.documents
    asked_by = [
        each.id
        for each in law.classes.values()
        if requirement.id in each.provisions or requirement.id in law.asked(each)
    ]
    return {
        "id": requirement.id,
        "kind": requirement.kind,
        "text": requirement.text[language],
        "citation": requirement.citation[language],
        "in_force": dict(requirement.in_force),
        "verified": requirement.verified,
        "unverified_note": requirement.unverified_note,
        "source": list(requirement.source),
        "evidence": [{"id": name, "text": documents[name][language]} for name in requirement.evidence],
        "cure": requirement.cure[language] if requirement.cure else None,
        "on_fail": requirement.on_fail,
        "classes": asked_by,
    }


def all_requirements(law: Law) -> list[Requirement]:
    """Every requirement and provision in force, in the order of their ids."""
    tested = [requirement for requirement in law.requirements if requirement]
    return sorted([*tested, *law.provisions.values()], key=lambda requirement: requirement.id)


def table_guidance(pack: Pack, name: str, on: str, language: str) -> list[dict[str, Any]]:
    """Rows of a table in force on a day, with texts in one language; tests stand there as the pack writes them."""
    rows = [row for row in pack.content["tables"][name]["rows"] if in_force(row.get("in_force"), on)]
    return [_in_language(row, language) for row in rows]


def _in_language(value: Any, language: str) -> Any:
    if isinstance(value, Mapping):
        if set(value) == set(LANGUAGES):
            return value[language]
        return {key: _in_language(inner, language) for key, inner in value.items()}
    return [_in_language(inner, language) for inner in value] if isinstance(value, list) else value


def fact_guidance(pack: Pack, path: str, language: str) -> dict[str, Any]:
    """One fact of the dictionary."""
    definition = pack.dictionary.facts[path]
    documents = pack.dictionary.documents
    options = definition.get("options") or {}
    return {
        "path": path,
        "type": definition["type"],
        "of": definition.get("of"),
        "unit": definition.get("unit"),
        "label": definition["label"][language],
        "question": definition["question"][language],
        "options": [{"value": value, "text": text[language]} for value, text in options.items()],
        "material": bool(definition.get("material")),
        "personal": bool(definition.get("personal")),
        "proved_by": [{"id": name, "text": documents[name][language]} for name in definition.get("proved_by", ())],
    }
