"""Machine readable zones of travel documents and visas, read as ICAO Doc 9303 (eighth edition) lays them out.

Names stay as the zone has them: transliterated (part 3, section 6), the apostrophe dropped (``O'CONNOR`` is
``OCONNOR``) and the hyphen turned into a filler, so ``SMITH-JONES`` comes out as ``SMITH JONES`` (part 3, section 4.6).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple, cast

from crossing.wire.mrz_layouts import COMPOSITES, LAYOUTS, MrzFormat, Span

MrzProblemKind = Literal["format", "character", "check_digit", "date"]
MrzSex = Literal["F", "M", "X"]


class MrzProblem(NamedTuple):
    """One thing wrong with a zone; lines and positions count from 1, and 0 means all of them."""

    field: str
    line: int
    position: int
    message: str
    kind: MrzProblemKind


class MrzError(ValueError):
    """The zone cannot be accepted; ``problems`` says why, and never repeats what a field holds."""

    def __init__(self, problems: Sequence[MrzProblem]) -> None:
        super().__init__(problems)
        self.problems = list(problems)

    def __str__(self) -> str:
        return "; ".join(problem.message for problem in self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineReadableZone:
    """What a zone says; its ``repr`` leaves out the holder and the document number."""

    format: MrzFormat
    document_code: str
    issuing_state: str
    primary_identifier: str = field(repr=False)
    secondary_identifier: str = field(repr=False)  # empty when the name has one part only
    name_truncated: bool  # may have been: the specification marks no more than that
    document_number: str = field(repr=False)
    nationality: str = field(repr=False)
    born_on: date | None = field(repr=False)  # None when any part of it is unknown
    birth_date_text: str = field(repr=False)  # YYMMDD as printed, "<<" for an unknown part
    sex: MrzSex = field(repr=False)
    expires_on: date  # on a visa: the last day to seek entry, never the end of a stay
    optional_data: str = field(repr=False)
    optional_data_2: str = field(repr=False)  # TD1 only: what its middle line holds
    composite: str | None  # None on a visa, which has no composite check digit
    lines: tuple[str, ...] = field(repr=False)

    def to_lines(self) -> list[str]:
        """Print the zone as it was accepted. No parameters, no errors. Source: ICAO Doc 9303-3, section 4.10."""
        return list(self.lines)


# The letters that Doc 9303 wants first in a document code (P; A, C or I) are not insisted on: a port must read what
# States issue, and the code settles nothing here.
_ALLOWED = {
    "document_code": (re.compile("[A-Z][A-Z0-9<]"), "the document code must begin with a letter"),
    "issuing_state": (re.compile("[A-Z]{1,3}<*"), "the issuing State must be letters, then fillers"),
    "nationality": (re.compile("[A-Z]{1,3}<*"), "the nationality must be letters, then fillers"),
    "name": (re.compile("[A-Z][A-Z<]*"), "the name must begin with a letter and have no digit"),
    "document_number": (re.compile("[A-Z0-9][A-Z0-9<]*"), "the document number is missing"),
    "sex": (re.compile("[MF<]"), "the sex must be M, F or a filler"),
}
# Whole parts only: a lone filler is more likely a zero misread, which no check digit can tell apart.
_PARTLY_UNKNOWN = re.compile("(?=.*<)([0-9]{2}|<<)(0[1-9]|1[0-2]|<<)(0[1-9]|[12][0-9]|3[01]|<<)")
_NEVER_PRINTED = re.compile("[^A-Z0-9<]")
_DATE = re.compile("[0-9]{6}")

_NO_VALUE = 255
_SIGNS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: What each byte of a zone counts for: looked up for a field at once.
_VALUES = bytes(0 if sign == ord("<") else _SIGNS.find(sign) % 256 for sign in range(256))

_LABELS = {
    "document_number": "document number",
    "born_on": "date of birth",
    "expires_on": "date of expiry",
    "optional_data": "optional data",
    "composite": "composite",
}


class _Reading:
    """The lines of one zone, and the problems found in them so far."""

    def __init__(self, mrz_format: MrzFormat, lines: tuple[str, ...]) -> None:
        self.format, self.lines, self.layout = mrz_format, lines, LAYOUTS[mrz_format]
        self.problems: list[MrzProblem] = []

    def at(self, span: Span) -> str:
        line, first, last = span
        return self.lines[line - 1][first - 1 : last]

    def text(self, element: str) -> str:
        return self.at(self.layout[element])

    def report(self, element: str, at: Span, message: str, kind: MrzProblemKind) -> None:
        self.problems.append(MrzProblem(element, at.line, at.first, message, kind))

    def verify(self, element: str, text: str, digit_at: Span) -> None:
        read, expected = self.at(digit_at), check_digit(text)
        if read != str(expected):
            message = f"the {_LABELS[element]} check digit was read as {read}; it should be {expected}"
            self.report(element, digit_at, message, "check_digit")


def check_digit(text: str) -> int:
    """Compute the check digit of a field: weights 7, 3, 1 repeated, modulus 10; A is 10, Z is 35, a filler is 0.

    Parameters:
        text: the field as printed, fillers included.

    Raises:
        ValueError: a character is none of A-Z, 0-9 and ``<``.

    Source:
        ICAO Doc 9303-3, section 4.9.
    """
    values = text.encode("ascii", "replace").translate(_VALUES)
    if _NO_VALUE in values:
        raise ValueError("a check digit is computed over A-Z, 0-9 and < only")
    return (7 * sum(values[::3]) + 3 * sum(values[1::3]) + sum(values[2::3])) % 10


def parse_mrz(lines: Sequence[str], *, today: date) -> MachineReadableZone:
    """Read a zone as a scanner gives it, and verify every check digit in it.

    Parameters:
        lines: the lines from top to bottom; blanks around them are dropped.
        today: settles the century of both dates: the latest that does not put the birth after today, and the one
            that puts the expiry nearest to today.

    Raises:
        MrzError: the lines are no machine readable zone, or check digits or dates in them are wrong; all wrong
            check digits are reported together.

    Source:
        ICAO Doc 9303-3, section 4; 9303-4, -5 and -6, section 4.2; 9303-7, sections 4.2 and 7.2. The choice of
        century is ours: 9303-3, section 4.8 prints two digits for the year and says no more.
    """
    lines = tuple(line.strip() for line in lines)
    reading = _Reading(_format_of(lines), lines)
    _check_characters(reading)
    number, optional_data = _document_number(reading)
    born_on, expires_on = _birth(reading, today), _expiry(reading, today)
    _check_optional_data_and_composite(reading)
    if reading.problems or expires_on is None:
        raise MrzError(reading.problems)
    return _zone(reading, number, optional_data, born_on, expires_on)


def _zone(
    reading: _Reading, number: str, optional_data: str, born_on: date | None, expires_on: date
) -> MachineReadableZone:
    primary, _, secondary = reading.text("name").rstrip("<").partition("<<")
    composite = COMPOSITES.get(reading.format)
    return MachineReadableZone(
        format=reading.format,
        document_code=reading.text("document_code").rstrip("<"),
        issuing_state=reading.text("issuing_state").rstrip("<"),
        primary_identifier=primary.replace("<", " "),
        secondary_identifier=" ".join(re.findall("[A-Z]+", secondary)),
        name_truncated=not reading.text("name").endswith("<"),
        document_number=number.rstrip("<"),
        nationality=reading.text("nationality").rstrip("<"),
        born_on=born_on,
        birth_date_text=reading.text("born_on"),
        sex=cast(MrzSex, reading.text("sex").replace("<", "X")),
        expires_on=expires_on,
        optional_data=optional_data.rstrip("<"),
        optional_data_2=reading.text("optional_data_2").rstrip("<") if reading.format == "TD1" else "",
        composite=reading.at(composite[-1].next()) if composite else None,
        lines=reading.lines,
    )


def _format_of(lines: tuple[str, ...]) -> MrzFormat:
    if len(lines) not in (2, 3):
        message = f"a machine readable zone has two or three lines; {len(lines)} were read"
        raise MrzError([MrzProblem("zone", 0, 0, message, "format")])
    width = 30 if len(lines) == 3 else min((36, 44), key=lambda width: abs(width - len(lines[0])))
    problems = [
        MrzProblem("zone", number, 0, f"line {number} has {len(line)} characters; it should have {width}", "format")
        for number, line in enumerate(lines, 1)
        if len(line) != width
    ]
    if problems:
        raise MrzError(problems)
    if lines[0].startswith("V") and width != 30:
        return "MRV-A" if width == 44 else "MRV-B"
    return cast(MrzFormat, {30: "TD1", 36: "TD2", 44: "TD3"}[width])


def _check_characters(reading: _Reading) -> None:
    for line, text in enumerate(reading.lines, 1):
        for found in _NEVER_PRINTED.finditer(text):
            message = "letters must be capitals" if found[0].islower() else "a zone has A-Z, 0-9 and < only"
            place = found.start() + 1
            reading.report("zone", Span(line, place, place), message, "character")
    if reading.problems:
        raise MrzError(reading.problems)
    for element, (pattern, message) in _ALLOWED.items():
        line, first, last = reading.layout[element]
        accepted = pattern.match(reading.text(element))
        place = first + (accepted.end() if accepted else 0)
        if place <= last:
            reading.report(element, Span(line, place, place), message, "character")


def _document_number(reading: _Reading) -> tuple[str, str]:
    number, optional_data = reading.text("document_number"), reading.text("optional_data")
    digit_at = reading.layout["document_number"].next()
    rest, filler, remaining = optional_data.partition("<")
    # A long number goes on in the optional data, its check digit last: Doc 9303-5 and -6, section 4.2.2, note j.
    if reading.format in ("TD1", "TD2") and reading.at(digit_at) == "<" and filler and len(rest) > 1:
        line, first, _ = reading.layout["optional_data"]
        number, optional_data = number + rest[:-1], remaining
        digit_at = Span(line, first + len(rest) - 1, first + len(rest) - 1)
    reading.verify("document_number", number, digit_at)
    return number, optional_data


def _dates(text: str, today: date) -> list[date]:
    if not _DATE.fullmatch(text):
        return []
    century = today.year - today.year % 100
    found = []
    for year in (century - 100, century, century + 100):
        try:
            found.append(date(year + int(text[:2]), int(text[2:4]), int(text[4:])))
        except ValueError:  # no such day in this century: a leap day, or no day at all
            continue
    return found


def _birth(reading: _Reading, today: date) -> date | None:
    text, span = reading.text("born_on"), reading.layout["born_on"]
    reading.verify("born_on", text, span.next())
    if _PARTLY_UNKNOWN.fullmatch(text):
        return None
    born_on = max((day for day in _dates(text, today) if day <= today), default=None)
    if born_on is None:
        reading.report("born_on", span, "the date of birth is no date", "date")
    return born_on


def _expiry(reading: _Reading, today: date) -> date | None:
    text, span = reading.text("expires_on"), reading.layout["expires_on"]
    reading.verify("expires_on", text, span.next())
    expires_on = min(_dates(text, today), key=lambda day: abs(day - today), default=None)
    if expires_on is None:
        reading.report("expires_on", span, "the date of expiry is no date", "date")
    return expires_on


def _check_optional_data_and_composite(reading: _Reading) -> None:
    if reading.format == "TD3":
        text, digit_at = reading.text("optional_data"), reading.layout["optional_data"].next()
        # Doc 9303-4, section 4.2.2.2: an unused field may have a filler for its check digit.
        if text.strip("<") or reading.at(digit_at) != "<":
            reading.verify("optional_data", text, digit_at)
    if spans := COMPOSITES.get(reading.format):
        reading.verify("composite", "".join(map(reading.at, spans)), spans[-1].next())
