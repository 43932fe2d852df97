"""The letter of a case, from its file, what was decided and this person's next steps. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crossing.redress.remedies import load_remedies
from redress.letters.letter import letter_data
from redress.letters.parts import Change, Document, Fact, Letter, NextStep, Rule


@dataclass(frozen=True)
class Subject:
    """The case that a letter is about, as its applicant knows it.

    ``country`` (alpha-2) is the one whose officers or records it is about; ``experiences`` are the labels, in the
    language of the letter, of what the applicant said happened; ``documents`` are names by number; days are ISO.
    """

    control_number: str
    language: str
    holder: str
    country: str
    experiences: tuple[str, ...]
    documents: Mapping[int, str]
    made_on: str
    told_on: str


def compose(subject: Subject, decided: Mapping[str, Any], next_steps: Sequence[NextStep]) -> Letter:
    """The letter of what was decided, or would be by a draft.

    ``decided`` has ``category`` and ``outcome``; for letters that are not standing ``letter`` (parts in the words of
    the adjudicator) and ``remedies``; and ``body`` where another body is named. A standing letter is made of what the
    applicant sent and of nothing else in the case.
    """
    category = letter_data()["categories"][decided["category"]]
    texts = letter_data()["texts"][subject.language]
    standing = category.get("standing")
    parts = _standing(subject, standing, texts) if standing else _written(subject, decided)
    body = decided.get("body") or ""
    return Letter(
        control_number=subject.control_number,
        language=subject.language,
        holder=subject.holder,
        category=standing or decided["category"],
        outcome=category.get("told_as") or decided["outcome"],
        # When it was decided would tell how long somebody looked.
        made_on=subject.told_on if standing else subject.made_on,
        told_on=subject.told_on,
        decision=parts["decision"].format(body=body) if standing else parts["decision"],
        lead=tuple(each.format(body=body) for each in texts["leads"][standing or decided["category"]]),
        rules=tuple(Rule(**each) for each in parts["rules"]),
        facts=tuple(Fact(**each) for each in parts["facts"]),
        evidence=tuple(parts["evidence"]),
        changes=tuple(Change(**each) for each in parts["changes"]),
        next_steps=tuple(next_steps),
        file_access=(texts["file_access"][subject.country],),
        secrecy=tuple(parts["secrecy"]),
        badge=parts.get("badge"),
    )


def _standing(subject: Subject, standing: str, texts: Mapping[str, Any]) -> dict[str, Any]:
    country = letter_data()["countries"][subject.country]
    filed = "sent" if subject.experiences else "by_itself"
    said = texts["facts_told"][filed]["text"].format(experiences=" ".join(subject.experiences))
    rules = [
        {"id": each["id"], "effective_from": each["effective_from"], "text": texts["rule_texts"][standing]}
        for each in country["rules"]
    ]
    return {
        "decision": texts["decisions"][standing],
        "rules": rules,
        "facts": [{"text": said, "source": texts["facts_told"][filed]["source"]}],
        "evidence": [Document(number, name) for number, name in sorted(subject.documents.items())],
        "changes": texts["changes_standing"][standing],
        "secrecy": country["secrecy"] if standing in letter_data()["names_secrecy"] else [],
    }


def _written(subject: Subject, decided: Mapping[str, Any]) -> dict[str, Any]:
    letter = decided["letter"]
    evidence = [
        Document(each["number"], subject.documents.get(each["number"], ""), each.get("why") or "")
        for each in letter["evidence"]
    ]
    kinds = [load_remedies()["kinds"][each["kind"]] for each in decided.get("remedies", ())]
    ordered = [{"system": kind["goes_to"], "text": kind["changed"][subject.language]} for kind in kinds]
    return {**letter, "evidence": evidence, "changes": [*ordered, *letter["changes"]]}
