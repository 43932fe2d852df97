"""Operators that may leave the answer to a person."""

from typing import TYPE_CHECKING, Any

from crossing.rules.errors import PackError
from crossing.rules.operands import FactOperand, Path
from crossing.rules.operators.base import JUDGEMENT_PHRASES, Teller, Test, column_of, unstated
from crossing.rules.reading import Reading
from crossing.rules.source import Body
from crossing.rules.status import JUDGEMENT, NOT_MET, UNKNOWN
from crossing.rules.voice import Voice

if TYPE_CHECKING:
    from crossing.rules.parser import Parser


class NoGround(Test):
    """No recorded ground of inadmissibility stands unwaived; a ground that is judged waits for a person."""

    def __init__(
        self,
        recorded: FactOperand,
        waived: FactOperand,
        grounds: dict[str, tuple[bool, bool]],
        passed_over: frozenset[str],
    ) -> None:
        self.recorded = recorded
        self.waived = waived
        self.grounds = grounds
        self.passed_over = passed_over

    @classmethod
    def parse(cls, parser: "Parser", raw: Any, where: Path) -> Test:
        if not isinstance(raw, dict) or set(raw) != {"recorded", "waived", "table"}:
            raise PackError(where, "expected {recorded: fact, waived: fact, table: name}")
        parser.refuse_judgement(where)
        grounds, passed_over = {}, set()
        for code, row in parser.table(raw["table"], (*where, "table")).items():
            place = ("tables", raw["table"], "rows", code)
            decided, waiver = column_of(row, "decided", place), column_of(row, "waiver", place)
            if decided == "not_applicable":
                passed_over.add(code)
            else:
                possible = bool(column_of(waiver, "possible", (*place, "waiver")))
                grounds[code] = (possible, decided != "bright_line")
        recorded, waived = (parser.fact(raw[side], (*where, side), "set") for side in ("recorded", "waived"))
        return cls(recorded, waived, grounds, frozenset(passed_over))

    def emit(self, body: Body) -> int:
        recorded, waived = self.recorded.source(body), self.waived.source(body)
        grounds, passed_over = body.constant(self.grounds), body.constant(self.passed_over)
        self.slot = body.slot(f"no_ground({recorded}, {waived}, {grounds}, {passed_over}, g)")
        return self.slot

    def reads(self, facts: Any) -> tuple[str, ...]:
        return (self.recorded.path, self.waived.path)

    def missing(self, reading: Reading) -> tuple[str, ...]:
        if self.status(reading) != UNKNOWN:
            return ()
        stated = self.recorded.value(reading.values, reading.on) is not None
        return (unstated(reading, self.waived if stated else self.recorded),)

    def teller(self, voice: Voice, *, negated: bool = False) -> Teller:
        nothing_recorded = [voice.phrase("no_grounds")]

        def tell(reading: Reading) -> list[str]:
            own = reading.trace[self.slot]
            if own == UNKNOWN:
                return [voice.phrase("not_stated", subject=voice.label(self.missing(reading)[0]))]
            standing = [self._ground(code, voice) for code in self._standing(reading)]
            if not standing:
                return nothing_recorded
            found = [voice.phrase("grounds", value="; ".join(standing))]
            if own != NOT_MET or reading.finding == NOT_MET:
                found.append(voice.phrase(JUDGEMENT_PHRASES[own]))
            return found

        return tell

    def _standing(self, reading: Reading) -> list[str]:
        """Codes that are recorded and neither waived nor passed over."""
        waived = self.waived.value(reading.values, reading.on) or ()
        return [
            code
            for code in self.recorded.value(reading.values, reading.on)
            if code not in self.passed_over and not (code in waived and self.grounds.get(code, (False,))[0])
        ]

    def _ground(self, code: str, voice: Voice) -> str:
        said = voice.say(self.recorded.path, code)
        return code if said == code else f"{code} ({said})"


class Judgement(Test):
    """Met or not met only when a person has found so."""

    is_told_by_trace = True

    @classmethod
    def parse(cls, parser: "Parser", raw: Any, where: Path) -> Test:
        if raw is not True:
            raise PackError(where, "expected judgement: true")
        parser.refuse_judgement(where)
        return cls()

    def emit(self, body: Body) -> int:
        self.slot = body.slot(f"g or {JUDGEMENT}")
        return self.slot

    def reads(self, facts: Any) -> tuple[str, ...]:
        return ()

    def missing(self, reading: Reading) -> tuple[str, ...]:
        return ()

    def teller(self, voice: Voice, *, negated: bool = False) -> Teller:
        sentences = {word: [voice.phrase(key)] for word, key in JUDGEMENT_PHRASES.items()}
        return lambda reading: sentences[reading.trace[self.slot]]
