"""A determination told in full: requirements with reasons, missing facts, the next questions, grants and documents.

A pure function of the determination and a language; nothing here is stored.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from crossing.rules.determine import Determination
from crossing.rules.law import AdmissionClass, Fee
from crossing.rules.operands import Operand
from crossing.rules.reading import Reading
from crossing.rules.status import CLASS_STATUS, JUDGEMENT, MET, NOT_MET, UNKNOWN, WORDS
from crossing.rules.tree import Leaf, fewest


def tell(determination: Determination, language: str) -> dict[str, Any]:
    """The answer of the public contract, in ``en``, ``fr`` or ``es``."""
    classes = [_ClassAnswer(determination, each, status, language) for each, status in determination.classes]
    best = classes[0]
    compact = determination.compact
    return {
        "into": compact["into"],
        "on": determination.on,
        "pack": compact["pack"],
        "overlays": compact["overlays"],
        "outcome": determination.outcome,
        "recommended": best.recommended(),
        "classes": [each.tell() for each in classes],
        "next_questions": best.next_questions(),
        "documents": best.documents(),
        "digest": determination.digest,
    }


def failing_outcomes(determination: Determination, admission_class: AdmissionClass) -> list[str]:
    """Ids of the outcomes that the requirements not met in a class ordinarily lead to, in the order of the tree."""
    found = []
    for number in admission_class.tree.shown(determination.statuses):
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
        self.shown = list(dict.fromkeys(each.tree.shown(determination.statuses)))

    def tell(self) -> dict[str, Any]:
        return {
            "class": self.each.id,
            "code": self.each.code,
            "title": self.each.title[self.language],
            "status": CLASS_STATUS[self.status],
            "requirements": [self._requirement(number) for number in self.shown],
            "missing_facts": self._missing(),
            "judgements": self._judgements(),
            "grants": self.grants(),
        }

    def _reading(self, number: int) -> Reading:
        requirement = self.law.requirements[number]
        return Reading(
            facts=self.determination.facts,
            on=self.determination.on,
            finding=self.determination.found.get(requirement.id) if requirement else None,
            trace=self.determination.statuses[number] or (UNKNOWN,),
            dictionary=self.law.dictionary,
            language=self.language,
        )

    def _requirement(self, number: int) -> dict[str, Any]:
        reading, test, facts = self._reading(number), self.law.tests[number], self.determination.facts
        return {
            **self.law.static_parts(self.language)[number],
            "status": WORDS[reading.trace[-1]],
            "reason": " ".join(dict.fromkeys(test.reasons(reading))),
            "facts": {path: facts[path] for path in test.reads(facts) if path in facts},
        }

    def _missing_from(self, number: int, *, fewest: bool = False) -> tuple[str, ...]:
        return self.law.tests[number].missing(self._reading(number), fewest=fewest)

    def _missing(self) -> list[str]:
        leaves = self.each.tree.open(self.determination.statuses)
        return list(dict.fromkeys(path for leaf in leaves for path in self._missing_from(leaf.number)))

    def _judgements(self) -> list[dict[str, str]]:
        numbers = dict.fromkeys(
            leaf.number
            for leaf in self.each.tree.open(self.determination.statuses)
            if leaf.status(self.determination.statuses) == JUDGEMENT
        )
        parts = self.law.static_parts(self.language)
        return [{"requirement": parts[each]["id"], "text": parts[each]["text"]} for each in numbers if parts[each]]

    def next_questions(self) -> list[dict[str, Any]]:
        """The fewest questions that, answered favourably, leave no fact open in this class."""
        paths = fewest(
            self.each.tree, self.determination.statuses, lambda number: self._missing_from(number, fewest=True)
        )
        return [self._question(path) for path in paths]

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
        documents = [each.then for each in grants.status_documents if self._word(each.condition) == MET]
        return {
            "class": grants.class_code,
            "until": ceilings[0]["until"] if ceilings else None,
            "ceilings": ceilings,
            "depends_on": open_conditions + [path for operand, day in known if not day for path in operand.reads()],
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
        """What the engine advises: admit only what qualifies, refuse only what fails, refer everything open."""
        if self.status == MET:
            return {"action": "admit", "class": self.each.id, "until": self.grants()["until"]}
        if self.status != NOT_MET:
            return {"action": "refer", "class": self.each.id, "until": None}
        outcomes = failing_outcomes(self.determination, self.each)
        actions = {self.law.outcomes[outcome]["action"] for outcome in outcomes}
        return {"action": "refer" if actions == {"refer"} else "refuse", "class": self.each.id, "until": None}

    def documents(self) -> list[dict[str, str]]:
        """The documents that show what this class asks for."""
        parts = self.law.static_parts(self.language)
        found: dict[str, dict[str, str]] = {}
        for number in self.shown:
            for document in _evidence(parts[number]):
                found.setdefault(document["id"], document)
        return list(found.values())


def _evidence(part: Mapping[str, Any]) -> Iterable[dict[str, str]]:
    evidence: list[dict[str, str]] = part.get("evidence", [])
    return evidence
