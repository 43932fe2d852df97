"""One function decides: facts, a pack and a day in; statuses out. Texts are read from it only when somebody asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from crossing.rules.digest import digest_of
from crossing.rules.errors import RequestError
from crossing.rules.law import AdmissionClass, Law, Shape
from crossing.rules.pack import Pack
from crossing.rules.status import CLASS_STATUS, CODES, JUDGEMENT, MET, NOT_MET, UNKNOWN

_RANK = {MET: 0, JUDGEMENT: 1, UNKNOWN: 2, NOT_MET: 3}
_FOUND = {"met": MET, "not_met": NOT_MET}


@dataclass(frozen=True)
class Determination:
    """What the law says of some facts on a day, in codes.

    ``classes`` are ranked: what qualifies first, then what needs only judgement, then what needs facts; among equals,
    what has the fewest requirements open, else in the order in which the country's officers try them. ``shapes`` say by
    class id which requirements bear on it. ``settled`` says by requirement which advance ruling decided it before.
    """

    law: Law
    on: str
    seeking: tuple[str, ...]
    overlays: tuple[Mapping[str, Any], ...]
    facts: Mapping[str, Any]
    findings: Mapping[str, str]
    found: Mapping[str, int]
    settled: Mapping[str, str]
    classes: tuple[tuple[AdmissionClass, int], ...]
    statuses: Sequence[tuple[int, ...] | None] = field(repr=False)
    words: bytearray = field(repr=False)
    shapes: Mapping[str, Shape] = field(repr=False)

    @property
    def outcome(self) -> str:
        """``qualifies``, ``needs_judgement``, ``needs_facts`` or ``does_not_qualify``: the best of what is sought."""
        return CLASS_STATUS[self.classes[0][1] if self.classes else NOT_MET]

    @cached_property
    def compact(self) -> dict[str, Any]:
        """The determination in codes: what is stored and digested."""
        pack = self.law.pack
        settled = {"settled": dict(self.settled)} if self.settled else {}
        return {
            "into": pack.country,
            "on": self.on,
            "pack": {"id": pack.id, "version": pack.version, "digest": pack.digest},
            "overlays": list(self.overlays),
            "seeking": list(self.seeking),
            "facts": dict(self.facts),
            "findings": dict(self.findings),
            **settled,
            "classes": [
                {"class": each.id, "status": CODES[status], "requirements": self._codes(each)}
                for each, status in self.classes
            ],
        }

    def _codes(self, each: AdmissionClass) -> dict[str, str]:
        codes = {}
        for number in self.shapes[each.id].shown:
            requirement, trace = self.law.requirements[number], self.statuses[number]
            if requirement and trace:
                codes[requirement.id] = CODES[trace[-1]]
        return codes

    @cached_property
    def digest(self) -> str:
        """Digest over the compact determination; equal for equal facts, findings, day and law."""
        return digest_of(self.compact)


def determine(
    facts: Mapping[str, Any],
    pack: Pack,
    on: str,
    *,
    seeking: Sequence[str] = (),
    findings: Mapping[str, str] | None = None,
    overlays: Sequence[Mapping[str, Any]] = (),
    settled: Mapping[str, str] | None = None,
) -> Determination:
    """Evaluate the classes sought on the facts, under the law of a day.

    ``facts`` are flat, by path of the dictionary; days are ISO strings, sets and lists are lists. ``findings`` say of a
    requirement's judgement what a person found: ``met`` or ``not_met``. ``overlays`` name what ``pack`` was changed by.
    ``settled`` names requirements that an advance ruling decided before travel, each with the ruling's number: they are
    met, and neither facts nor findings are asked for them.
    Raises ``UnknownClass`` and ``RequestError``.
    """
    law = pack.on(on)
    classes = law.sought(list(seeking))
    found = _checked(findings or {}, law)
    statuses: list[tuple[int, ...] | None] = [None] * len(law.tests)
    words = bytearray(len(law.tests))
    for requirement_id in settled or ():
        number = _settling(requirement_id, law)
        statuses[number], words[number] = (MET,), MET
    _require_scopes(law, facts, on, statuses, words)
    results = [(each, each.evaluate(facts, found, on, statuses, words)) for each in classes]
    all_words = int.from_bytes(words, "little")
    shapes = {each.id: each.shape(statuses, all_words) for each in classes}
    ranked = tuple(sorted(results, key=lambda result: (_RANK[result[1]], shapes[result[0].id].open)))
    return Determination(
        law,
        on,
        tuple(seeking),
        tuple(overlays),
        facts,
        dict(findings or {}),
        found,
        dict(settled or {}),
        ranked,
        statuses,
        words,
        shapes,
    )


def _settling(requirement_id: str, law: Law) -> int:
    """The number of a requirement that a ruling settles."""
    number = law.number_of(requirement_id)
    if number is None or not law.may_be_ruled(requirement_id):
        raise RequestError(f"/settled/{requirement_id}", "not_open_to_ruling")
    return number


def _require_scopes(
    law: Law, facts: Mapping[str, Any], on: str, statuses: list[tuple[int, ...] | None], words: bytearray
) -> None:
    """Refuse an overlay that the facts put out of its scope; facts nobody stated put it out of nothing."""
    for scope in law.scopes:
        number = scope.condition.number
        if law.evaluate_test[number](facts, {}, on, statuses, words) == NOT_MET:
            raise RequestError("/overlays", "overlay_out_of_scope", overlay=scope.overlay, scope=scope.text)


def _checked(findings: Mapping[str, str], law: Law) -> dict[str, int]:
    found = {}
    for requirement_id, finding in findings.items():
        requirement = law.requirement(requirement_id)
        if requirement is None or requirement.kind not in ("judgement", "mixed"):
            raise RequestError(f"/findings/{requirement_id}", "not_open_to_finding")
        if finding not in _FOUND:
            raise RequestError(f"/findings/{requirement_id}", "no_finding")
        found[requirement_id] = _FOUND[finding]
    return found
