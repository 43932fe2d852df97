"""A determination told in full: requirements with reasons, missing facts, the next questions, grants and documents.

A pure function of the determination and a language; nothing here is stored.
"""

from collections.abc import Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from crossing.rules.determine import Determination
from crossing.rules.law import AdmissionClass, Fee
from crossing.rules.operators import joined
from crossing.rules.phrases import PHRASES
from crossing.rules.reading import Reading
from crossing.rules.status import CLASS_STATUS, JUDGEMENT, MET, NOT_MET, UNKNOWN, WORDS
from crossing.rules.tree import Leaf
from crossing.rules.ways import Way, way_of_known

_WHY: Final = {
    NOT_MET: ("why_fails", "why_fails_more"),
    JUDGEMENT: ("why_judgement", "why_judgement_more"),
    UNKNOWN: ("why_facts", "why_facts_more"),
}


@lru_cache(maxsize=4_096)
def _before_reason(language: str, key: str, identifier: str, count: int) -> str:
    """The beginning of a sentence that ends with a requirement's own reason."""
    return PHRASES[language][key].format(id=identifier, count=count, reason="")


def tell(determination: Determination, language: str, *, only_leading: bool = False) -> dict[str, Any]:
    """The answer of the public contract, in ``en``, ``fr`` or ``es``; ``only_leading`` as ``explain`` has it."""
    compact = determination.compact
    return {
        "into": compact["into"],
        "on": determination.on,
        "pack": compact["pack"],
        "overlays": compact["overlays"],
        "outcome": determination.outcome,
        **explain(determination, language, only_leading=only_leading),
        "digest": determination.digest,
    }


def explain(determination: Determination, language: str, *, only_leading: bool = False) -> dict[str, Any]:
    """What there is to read of a determination: each class with its requirements, and what to do next.

    With ``only_leading``, the best class and every one that qualifies are explained in full; of the others the answer
    has one sentence and the requirement that decides.
    """
    lines = _Lines(determination, language)
    classes = [
        _ClassAnswer(determination, each, status, lines, not (only_leading and place) or status == MET)
        for place, (each, status) in enumerate(determination.classes)
    ]
    best = classes[0] if classes else None
    return {
        "recommended": best.recommended() if best else {"action": "refer", "class": None, "until": None},
        "classes": [each.tell() for each in classes],
        "next_questions": best.next_questions() if best else [],
        "documents": best.documents() if best else [],
    }


def failing_outcomes(determination: Determination, admission_class: AdmissionClass) -> list[str]:
    """Ids of the outcomes that what a class fails for ordinarily leads to where it is examined, in the tree's order."""
    law, facts = determination.law, determination.facts
    failing = [law.requirements[each] for each in admission_class.tree.failing(determination.statuses)]
    return list(dict.fromkeys(law.outcome_where(each.on_fail, facts) for each in failing if each and each.on_fail))


def question_of(path: str, facts: Mapping[str, Mapping[str, Any]], language: str) -> dict[str, Any]:
    """The question that asks for a fact, or for the field of a list's entry (``credentials[2].level``)."""
    head, bracket, rest = path.partition("[")
    definition = facts[f"{head}[]{rest.partition(']')[2]}" if bracket else path]
    question = {"fact": path, "question": definition["question"][language], "type": definition["type"]}
    question |= {key: definition[key] for key in ("of", "unit") if key in definition}
    if "options" in definition:
        options: Mapping[str, Mapping[str, str]] = definition["options"]
        question["options"] = [{"value": key, "text": text[language]} for key, text in options.items()]
    return question


class _Lines:
    """The requirements of an answer: each is told once, however many classes ask for it."""

    def __init__(self, determination: Determination, language: str) -> None:
        self.language = language
        self._determination = determination
        self._reading = Reading(determination.facts, determination.on, None, ())
        self._told: dict[int, dict[str, Any]] = {}

    def of(self, numbers: tuple[int, ...]) -> list[dict[str, Any]]:
        """Requirements by number: what each came to, why, and the facts it read."""
        made, reading, told = self._determination, self._reading, self._told
        facts, found, statuses, law, language = made.facts, made.found, made.statuses, made.law, self.language
        settled = made.settled
        lines, known, known_reasons = [], law.known_lines[language], law.known_reasons
        for number in numbers:
            line = told.get(number)
            if line is None:
                part, tell_reasons, paths, by_trace = known.get(number) or law.line(number, language)
                if settled and part["id"] in settled:
                    said = PHRASES[language]["settled"].format(ruling=settled[part["id"]])
                    told[number] = {**part, "status": WORDS[MET], "reason": said, "facts": {}}
                    lines.append(told[number])
                    continue
                reading.trace = trace = statuses[number] or (UNKNOWN,)
                reading.finding = found.get(part["id"])
                reads = law.tests[number].reads(facts) if paths is None else paths
                if len(reads) == 1:  # most read one fact, and a comprehension is a call
                    read = {reads[0]: facts[reads[0]]} if reads[0] in facts else {}
                else:
                    read = {path: facts[path] for path in reads if path in facts}
                # Where nothing is stated, the trace alone says what there is to tell, too.
                key = (language, number, trace) if by_trace or (not read and trace[-1] == UNKNOWN) else None
                reason = known_reasons.get(key) if key else None
                if reason is None:
                    sentences = tell_reasons(reading)
                    reason = sentences[0] if len(sentences) == 1 else joined(sentences)
                    if key:
                        known_reasons[key] = reason
                # A copy keeps its size, which takes half the time of a new one.
                line = told[number] = part.copy()
                line["status"], line["reason"], line["facts"] = WORDS[trace[-1]], reason, read
            lines.append(line)
        return lines


class _ClassAnswer:
    """What there is to say of one class of admission."""

    __slots__ = (
        "deciding",
        "determination",
        "each",
        "granted",
        "in_full",
        "language",
        "law",
        "lines",
        "shown",
        "status",
    )

    def __init__(
        self,
        determination: Determination,
        each: AdmissionClass,
        status: int,
        lines: "_Lines",
        in_full: bool,
    ) -> None:
        self.determination = determination
        self.law = determination.law
        self.each = each
        self.status = status
        self.language = lines.language
        self.lines = lines
        self.in_full = in_full
        self.shown, self.deciding, _ = determination.shapes[each.id]
        self.granted = self._grants() if in_full and status != NOT_MET else {}

    def tell(self) -> dict[str, Any]:
        """The class in full, or in one sentence with the requirement that decides."""
        is_open = self.in_full and self.status not in (MET, NOT_MET)
        requirements = self.lines.of(self.shown if self.in_full else self.deciding[:1])
        return {
            "class": self.each.id,
            "code": self.each.code,
            "title": self.each.title[self.language],
            "status": CLASS_STATUS[self.status],
            "because": self._because(requirements),
            "in_full": self.in_full,
            "requirements": requirements,
            "missing_facts": self._missing() if is_open else [],
            "judgements": self._judgements() if is_open else [],
            "grants": self.granted,
        }

    def _because(self, requirements: list[dict[str, Any]]) -> str:
        """One sentence that says why the class came out as it did."""
        phrases = PHRASES[self.language]
        if self.status == MET:
            return phrases["why_qualifies"]
        if not self.deciding:
            return phrases["why_no_way" if self.status == NOT_MET else "why_open"]
        first = self.lines.of(self.deciding[:1])[0] if self.in_full else requirements[0]
        count = len(self.deciding)
        reason: str = first["reason"]
        return _before_reason(self.language, _WHY[self.status][count > 1], first["id"], count) + reason

    def _reading(self, number: int) -> Reading:
        requirement, made = self.law.requirements[number], self.determination
        finding = made.found.get(requirement.id) if requirement else None
        return Reading(made.facts, made.on, finding, made.statuses[number] or (UNKNOWN,))

    def _missing_from(self, number: int) -> tuple[str, ...]:
        trace = self.determination.statuses[number]
        if trace and trace[-1] != UNKNOWN:
            return ()
        return self.law.tests[number].missing(self._reading(number))

    def _way(self, number: int, wanted: int) -> Way | None:
        trace = self.determination.statuses[number]
        if trace and trace[-1] != UNKNOWN:
            return way_of_known(trace[-1], wanted)
        return self.law.tests[number].way(self._reading(number), wanted)

    def _open(self) -> list[Leaf]:
        """Leaves that keep the class from being settled."""
        return list(self.each.tree.open(self.determination.statuses)) if self.status not in (MET, NOT_MET) else []

    def _missing(self) -> list[str]:
        return list(dict.fromkeys(path for leaf in self._open() for path in self._missing_from(leaf.number)))

    def _judgements(self) -> list[dict[str, str]]:
        statuses = self.determination.statuses
        numbers = dict.fromkeys(leaf.number for leaf in self._open() if leaf.status(statuses) == JUDGEMENT)
        parts = self.law.static_parts(self.language)
        return [{"requirement": parts[each]["id"], "text": parts[each]["text"]} for each in numbers if parts[each]]

    def next_questions(self) -> list[dict[str, Any]]:
        """The fewest questions that, answered favourably, leave no fact open in this class."""
        way = self.each.tree.way(self._way) if self.status == UNKNOWN else None
        return [self._question(path) for path in way.facts] if way else []

    def _question(self, path: str) -> dict[str, Any]:
        asked = question_of(path, self.law.dictionary.facts, self.language)
        return asked | {"decides": self._decides(path)}

    def _decides(self, path: str) -> list[str]:
        parts = self.law.static_parts(self.language)
        return [parts[number]["id"] for number in self.shown if parts[number] and path in self._missing_from(number)]

    def _grants(self) -> dict[str, Any]:
        """What admission in this class would give."""
        grants, facts, on = self.each.grants, self.determination.facts, self.determination.on
        ceilings: list[dict[str, str]] = []
        unknown: list[str] = []
        waiting: list[str] = []
        for each in grants.until:
            if each.condition and (word := self._word(each.condition)) != MET:
                unknown += self._missing_from(each.condition.number) if word == UNKNOWN else ()
            elif day := each.then.value(facts, on):
                ceilings.append({"until": day, "because": each.then.label(self.language)})
            else:
                waiting += each.then.reads()
        ceilings.sort(key=itemgetter("until"))
        documents = [each.then for each in grants.status_documents if self._word(each.condition) == MET]
        return {
            "class": grants.class_code,
            "until": ceilings[0]["until"] if ceilings else None,
            "ceilings": ceilings,
            "depends_on": list(dict.fromkeys([*unknown, *waiting])),
            "fees": [self._fee(each.then) for each in grants.fees if self._word(each.condition) == MET],
            "status_document": self.law.dictionary.documents[documents[0]][self.language] if documents else None,
        }

    def _word(self, condition: Leaf | None) -> int:
        """What a condition of a grant came to; none is always met."""
        if condition is None:
            return MET
        made, number = self.determination, condition.number
        return made.words[number] or self.law.evaluate_test[number](made.facts, {}, made.on, made.statuses, made.words)

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
        """What the engine advises: admit only what qualifies, refuse only for a reason, refer everything else."""
        if self.status == MET:
            return {"action": "admit", "class": self.each.id, "until": self.granted["until"]}
        if self.status != NOT_MET:
            return {"action": "refer", "class": self.each.id, "until": None}
        outcomes = failing_outcomes(self.determination, self.each)
        actions = {self.law.outcomes[outcome]["action"] for outcome in outcomes}
        return {"action": "refuse" if "refuse" in actions else "refer", "class": self.each.id, "until": None}

    def documents(self) -> list[dict[str, str]]:
        """The documents that show what this class asks for."""
        return list(self.law.documents(self.shown, self.language))
