"""A determination told in full: requirements with reasons, missing facts, the next questions, grants and documents.

A pure function of the determination and a language; nothing here is stored.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from crossing.rules.determine import Determination
from crossing.rules.law import AdmissionClass, Fee
from crossing.rules.operands import Operand
from crossing.rules.reading import Reading
from crossing.rules.remembered import key_of
from crossing.rules.status import CLASS_STATUS, JUDGEMENT, MET, NOT_MET, UNKNOWN, WORDS
from crossing.rules.tree import Leaf
from crossing.rules.ways import Way


def tell(determination: Determination, language: str) -> dict[str, Any]:
    """The answer of the public contract, in ``en``, ``fr`` or ``es``."""
    classes = [_ClassAnswer(determination, each, status, language) for each, status in determination.classes]
    best = classes[0] if classes else None
    compact = determination.compact
    return {
        "into": compact["into"],
        "on": determination.on,
        "pack": compact["pack"],
        "overlays": compact["overlays"],
        "outcome": determination.outcome,
        "recommended": best.recommended() if best else {"action": "refer", "class": None, "until": None},
        "classes": [each.tell() for each in classes],
        "next_questions": best.next_questions() if best else [],
        "documents": best.documents() if best else [],
        "digest": determination.digest,
    }


def failing_outcomes(determination: Determination, admission_class: AdmissionClass) -> list[str]:
    """Ids of the outcomes that the requirements not met in a class ordinarily lead to, in the order of the tree."""
    found = []
    for number in determination.shape(admission_class).shown:
        requirement, trace = determination.law.requirements[number], determination.statuses[number]
        if requirement and trace and trace[-1] == NOT_MET and requirement.on_fail:
            found.append(requirement.on_fail)
    return list(dict.fromkeys(found))


class _ClassAnswer:
    """What there is to say of one class of admission."""

    def __init__(self, determination: Determination, each: AdmissionClass, status: int, language: str) -> None:
        self.determination = determination
        self.law = determination.law
        self.each = each
        self.status = status
        self.language = language
        self.shown, self.open = determination.shape(each)

    def tell(self) -> dict[str, Any]:
        return {
            "class": self.each.id,
            "code": self.each.code,
            "title": self.each.title[self.language],
            "status": CLASS_STATUS[self.status],
            "requirements": [self._requirement(number) for number in self.shown],
            "missing_facts": self._missing(),
            "judgements": self._judgements(),
            "grants": self.grants,
        }

    def _finding(self, number: int) -> int | None:
        requirement = self.law.requirements[number]
        return self.determination.found.get(requirement.id) if requirement else None

    def _reading(self, number: int) -> Reading:
        return Reading(
            facts=self.determination.facts,
            on=self.determination.on,
            finding=self._finding(number),
            trace=self.determination.statuses[number] or (UNKNOWN,),
            dictionary=self.law.dictionary,
            language=self.language,
        )

    def _requirement(self, number: int) -> dict[str, Any]:
        paths, determination = self.law.told[number], self.determination
        if paths is None:
            return self._told(number)
        values = key_of(map(determination.facts.get, paths))
        key = (number, self.language, determination.on, determination.statuses[number], self._finding(number), values)
        found: dict[str, Any] | None = self.law.remembered.get(key)
        return found or self.law.remembered.keep(key, self._told(number))

    def _told(self, number: int) -> dict[str, Any]:
        reading, test, facts = self._reading(number), self.law.tests[number], self.determination.facts
        return {
            **self.law.static_parts(self.language)[number],
            "status": WORDS[reading.trace[-1]],
            "reason": " ".join(dict.fromkeys(test.reasons(reading))),
            "facts": {path: facts[path] for path in test.reads(facts) if path in facts},
        }

    def _missing_from(self, number: int) -> tuple[str, ...]:
        return self.law.tests[number].missing(self._reading(number))

    def _way(self, number: int, wanted: int) -> Way | None:
        return self.law.tests[number].way(self._reading(number), wanted)

    def _missing(self) -> list[str]:
        return list(dict.fromkeys(path for number in self.open for path in self._missing_from(number)))

    def _judgements(self) -> list[dict[str, str]]:
        traces, parts = self.determination.statuses, self.law.static_parts(self.language)
        waiting = [number for number in self.open if (trace := traces[number]) and trace[-1] == JUDGEMENT]
        return [{"requirement": parts[each]["id"], "text": parts[each]["text"]} for each in waiting if parts[each]]

    def next_questions(self) -> list[dict[str, Any]]:
        """The fewest questions that, answered favourably, leave no fact open in this class."""
        way = self.each.tree.way(self._way) if self.status == UNKNOWN else None
        return [self._question(path) for path in way.facts] if way else []

    def _question(self, path: str) -> dict[str, Any]:
        head, bracket, rest = path.partition("[")
        generic = f"{head}[]{rest.partition(']')[2]}" if bracket else path
        definition = self.law.dictionary.facts[generic]
        question = {
            "fact": path,
            "question": definition["question"][self.language],
            "type": definition["type"],
            "decides": self._decides(path),
        }
        if "of" in definition:
            question["of"] = definition["of"]
        if "unit" in definition:
            question["unit"] = definition["unit"]
        if "options" in definition:
            options: Mapping[str, Mapping[str, str]] = definition["options"]
            question["options"] = [{"value": key, "text": text[self.language]} for key, text in options.items()]
        return question

    def _decides(self, path: str) -> list[str]:
        parts = self.law.static_parts(self.language)
        return [parts[number]["id"] for number in self.shown if parts[number] and path in self._missing_from(number)]

    @cached_property
    def grants(self) -> dict[str, Any]:
        """What admission in this class would give; nothing when the class is out of the question."""
        if self.status == NOT_MET:
            return {}
        grants = self.each.grants
        open_conditions: list[str] = []
        known: list[tuple[Operand, Any]] = []
        for each in grants.until:
            if self._word(each.condition) == UNKNOWN and each.condition:
                open_conditions += self._missing_from(each.condition.number)
            elif self._word(each.condition) == MET:
                known.append((each.then, each.then.value(self.determination.facts, self.determination.on)))
        ceilings = sorted(
            ({"until": day, "because": operand.label(self.language)} for operand, day in known if day),
            key=lambda ceiling: ceiling["until"],
        )
        unknown = [path for operand, day in known if not day for path in operand.reads()]
        documents = [each.then for each in grants.status_documents if self._word(each.condition) == MET]
        return {
            "class": grants.class_code,
            "until": ceilings[0]["until"] if ceilings else None,
            "ceilings": ceilings,
            "depends_on": list(dict.fromkeys([*open_conditions, *unknown])),
            "fees": [self._fee(each.then) for each in grants.fees if self._word(each.condition) == MET],
            "status_document": self.law.dictionary.documents[documents[0]][self.language] if documents else None,
        }

    def _word(self, condition: Leaf | None) -> int:
        """What a condition of a grant came to; none is always met."""
        if condition is None:
            return MET
        evaluate, statuses = self.law.evaluate_test[condition.number], self.determination.statuses
        return (statuses[condition.number] or evaluate(self.determination.facts, {}, self.determination.on, statuses))[
            -1
        ]

    def _fee(self, fee: Fee) -> dict[str, Any]:
        key = ("fee", fee.id, self.language)
        found: dict[str, Any] | None = self.law.remembered.get(key)
        return found or self.law.remembered.keep(key, self._fee_told(fee))

    def _fee_told(self, fee: Fee) -> dict[str, Any]:
        return {
            "id": fee.id,
            "text": fee.text[self.language],
            "amount": fee.amount,
            "currency": fee.currency,
            "payer": fee.payer,
            "citation": fee.citation[self.language],
            "verified": fee.verified,
        }

    def recommended(self) -> dict[str, Any]:
        """What the engine advises: admit only what qualifies, refuse only for a reason, refer everything else."""
        if self.status == MET:
            return {"action": "admit", "class": self.each.id, "until": self.grants["until"]}
        if self.status != NOT_MET:
            return {"action": "refer", "class": self.each.id, "until": None}
        outcomes = failing_outcomes(self.determination, self.each)
        actions = {self.law.outcomes[outcome]["action"] for outcome in outcomes}
        return {"action": "refuse" if "refuse" in actions else "refer", "class": self.each.id, "until": None}

    def documents(self) -> list[dict[str, str]]:
        """The documents that show what this class asks for."""
        key = (self.language, self.shown)
        known: list[dict[str, str]] | None = self.law.remembered.get(key)
        if known is None:
            parts = self.law.static_parts(self.language)
            evidence = [document for number in self.shown for document in _evidence(parts[number])]
            known = self.law.remembered.keep(key, list({each["id"]: each for each in evidence}.values()))
        return known


def _evidence(part: Mapping[str, Any]) -> Iterable[dict[str, str]]:
    evidence: list[dict[str, str]] = part.get("evidence", [])
    return evidence
