"""Courses of action: for each outcome, which bodies may be asked, how, and until which day of this person's. No I/O."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from crossing.packs.files import read_yaml
from crossing.packs.load import COUNTRIES_WITH_PACKS, load_pack
from crossing.rules.dates import add, current, in_force

Texts = Mapping[str, str]
_FOLDER: Final = Path(__file__).parent


class Standing(StrEnum):
    """How a filing on a day stands to a course's last day."""

    IN_TIME = "in_time"
    RELIES_ON_PUBLISHED_PRACTICE = "relies_on_published_practice"
    LATE = "late"


@dataclass(frozen=True)
class Fee:
    """What a course costs: an amount as decimal text, its currency (ISO 4217) and where it stands."""

    amount: str
    currency: str
    citation: Texts
    unverified: bool


@dataclass(frozen=True)
class Course:
    """One course of action. Days are ISO 8601 days; they are ``None`` where nothing limits it, or a later event does.

    ``safe_day`` is the last day that the law itself gives. ``last_day`` is later only where a body publishes more than
    the law gives; ``relies_on_published_practice`` then says that the days between rest on its word alone.
    """

    id: str
    kind: str
    body: Texts
    what: Texts
    form: Texts | None
    fee: Fee | None
    clock: Texts | None
    counted_from: str | None
    safe_day: str | None
    last_day: str | None
    relies_on_published_practice: bool
    citation: Texts
    unverified: bool

    def standing(self, filed_on: str) -> Standing:
        """How a filing on a day stands; a course without a last day is always in time."""
        if self.safe_day is None or self.last_day is None or filed_on <= self.safe_day:
            return Standing.IN_TIME
        return Standing.RELIES_ON_PUBLISHED_PRACTICE if filed_on <= self.last_day else Standing.LATE


@cache
def outcomes(country: str) -> dict[str, Mapping[str, Any]]:
    """What courses are known for, by id: the outcomes of a country's pack, and situations that no port decides.

    Raises ``KeyError`` for a country without a pack.
    """
    entries = [*load_pack(country).content["outcomes"], *courses_file(country)["situations"]]
    return {entry["id"]: entry for entry in entries}


def courses_of_action(
    country: str, outcome: str, *, told_on: str, in_person: bool, inside_country: bool, class_id: str | None = None
) -> list[Course]:
    """What a person may do about an outcome, the courses with the nearest last day first.

    ``told_on`` is the ISO day on which the person was told in person or, else, on which the notice was sent, as the
    calendar stood where it was decided. ``inside_country`` says that it was decided in the country of admission, and
    ``class_id`` which class was sought: a course kept to some classes is left out for any other.
    Raises ``KeyError`` for an outcome that the country does not have.
    """
    if outcome not in outcomes(country):
        raise KeyError(outcome)
    conditions = {"in_person": in_person, "inside_country": inside_country}
    found = [
        _course(raw, told_on, in_person, conditions)
        for raw in _every_course()
        if outcome in raw["outcomes"]
        and raw["in_force"]
        and in_force(raw["in_force"], told_on)
        and class_id in raw.get("classes", [class_id])
    ]
    return sorted(found, key=lambda course: course.safe_day or "9999-12-31")


def tell_course(course: Course, language: str) -> dict[str, Any]:
    """A course as it is answered in a language."""
    fee = course.fee
    return {
        "id": course.id,
        "kind": course.kind,
        "body": course.body[language],
        "what": course.what[language],
        "form": course.form[language] if course.form else None,
        "fee": fee
        and {
            "amount": fee.amount,
            "currency": fee.currency,
            "citation": said(fee.citation, language),
            "unverified": fee.unverified,
        },
        "clock": course.clock[language] if course.clock else None,
        "counted_from": course.counted_from,
        "safe_day": course.safe_day,
        "last_day": course.last_day,
        "relies_on_published_practice": course.relies_on_published_practice,
        "citation": said(course.citation, language),
        "unverified": course.unverified,
    }


def said(citation: Texts, language: str) -> str:
    """A citation in a language; one that is not translated is said as it stands in English."""
    return citation.get(language, citation["en"])


@cache
def courses_file(country: str) -> dict[str, Any]:
    """The data of a country: its ``situations`` and the ``courses`` that its bodies offer."""
    content: dict[str, Any] = read_yaml(_FOLDER / f"{COUNTRIES_WITH_PACKS[country]}.yaml")
    return content


def _every_course() -> Iterator[Mapping[str, Any]]:
    """The courses of all countries: what one of them decided may be for the other's bodies."""
    for country in COUNTRIES_WITH_PACKS:
        yield from courses_file(country)["courses"]


def _course(raw: Mapping[str, Any], told_on: str, in_person: bool, conditions: Mapping[str, bool]) -> Course:
    clock = _clock(raw, conditions)
    counted_from = safe_day = last_day = None
    if clock and not clock.get("later"):
        counted_from = told_on if in_person else add(told_on, clock.get("served", "P0D"))
        safe_day = add(counted_from, clock["within"])
        last_day = add(counted_from, clock.get("published_practice", clock["within"]))
    return Course(
        id=raw["id"],
        kind=raw["kind"],
        body=raw["body"],
        what=raw["what"],
        form=raw.get("form"),
        fee=_fee(raw["fee"], told_on) if "fee" in raw else None,
        clock=clock["text"] if clock else None,
        counted_from=counted_from,
        safe_day=safe_day,
        last_day=last_day,
        relies_on_published_practice=safe_day != last_day,
        citation=raw["citation"],
        unverified=not (raw["verified"] and (clock or {}).get("verified", True)),
    )


def _clock(raw: Mapping[str, Any], conditions: Mapping[str, bool]) -> Mapping[str, Any] | None:
    for clock in raw.get("clocks", ()):
        when = clock.get("when", {})
        if all(conditions[name] == wanted for name, wanted in when.items()):
            found: Mapping[str, Any] = clock
            return found
    return None


def _fee(named: Mapping[str, str], on: str) -> Fee | None:
    """The fee of a row of a pack's table as it stands on a day; ``None`` on a day before the row's first."""
    rows = load_pack(named["country"]).content["tables"][named["table"]]["rows"]
    row = next(each for each in rows if each["id"] == named["row"])
    if not in_force(row.get("in_force"), on):
        return None
    dated = current(row["amounts"], on)
    citation = dated.get("citation") or row["citation"]
    return Fee(
        amount=dated["amount"],
        currency=row["currency"],
        citation={"en": citation} if isinstance(citation, str) else citation,
        unverified=not dated.get("verified", row["verified"]),
    )
