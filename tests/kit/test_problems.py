"""Every problem has a type that clients may rely on, and says what happened in three languages without repeating input."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

import crossing.gateway.problems
import crossing.kit.inbox
import crossing.kit.upload_problems  # noqa: F401 - so that every problem there is has been defined
from crossing.kit.problems import FieldError, InvalidRequest, Problem, field_errors, pointer
from crossing.wire.countries import Country
from crossing.wire.day import Day

LANGUAGES = {"en", "fr", "es"}
# The contract with clients: a type may be added here, never changed.
TYPES = {
    "application-withdrawn": 409,
    "body-too-large": 413,
    "case-cannot-be-determined": 422,
    "contradictory-facts": 422,
    "departure-not-explained": 422,
    "evidence-damaged": 500,
    "examination-already-decided": 409,
    "ground-not-listed": 422,
    "head-too-large": 431,
    "idempotency-key-reused": 422,
    "illegal-step": 409,
    "invalid-request": 422,
    "machine-readable-zone-unreadable": 422,
    "malformed-body": 400,
    "malformed-request": 400,
    "malformed-upload": 400,
    "malware-found": 422,
    "method-not-allowed": 405,
    "no-binding-ruling": 409,
    "no-departure-proposed": 409,
    "no-ground-of-departure": 422,
    "no-notice": 404,
    "no-port-for-caller": 403,
    "not-allowed": 403,
    "not-authenticated": 401,
    "not-found": 404,
    "not-in-this-state": 409,
    "not-your-step": 403,
    "notation-unread": 409,
    "overlay-is-no-law": 409,
    "port-exists": 409,
    "port-notice-differs": 422,
    "port-notice-unread": 409,
    "precondition-required": 428,
    "record-changed": 412,
    "record-does-not-verify": 409,
    "record-unknown": 404,
    "remedy-has-no-place": 409,
    "remedy-is-another": 422,
    "request-too-slow": 408,
    "ruling-binds": 409,
    "scanner-unavailable": 503,
    "second-officer-needed": 409,
    "senior-officer-needed": 403,
    "source-is-another": 403,
    "stale-version": 412,
    "step-not-ready": 409,
    "too-many-requests": 429,
    "unavailable": 503,
    "unexpected": 500,
    "unknown-event-type": 422,
    "unsupported-media-type": 415,
    "upgrade-required": 426,
    "upload-is-something-else": 422,
    "upload-is-unsafe": 422,
    "upload-too-large": 413,
    "upload-type-not-accepted": 415,
}


def every_problem(kind: type[Problem] = Problem) -> Iterator[type[Problem]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from every_problem(inner)


def test_the_types_of_problems_are_those_promised() -> None:
    found = {
        kind.slug: kind.status for kind in every_problem() if kind.__module__.startswith(("admission", "crossing"))
    }
    assert TYPES.items() <= found.items()
    pages_only = {slug for slug in found.keys() - TYPES.keys()}
    assert all("pages" in kind.__module__ for kind in every_problem() if kind.slug in pages_only), pages_only


def test_every_problem_is_titled_in_every_language() -> None:
    for kind in every_problem():
        assert kind.titles.keys() == LANGUAGES, kind
        assert all(kind.titles[language].strip() for language in LANGUAGES)
        assert len(set(kind.titles.values())) == 3, kind


def test_a_document_has_what_it_needs_and_no_more() -> None:
    texts = {"en": "one", "fr": "un", "es": "uno"}
    assert InvalidRequest().document("en") == {
        "type": "/problems/invalid-request",
        "title": "Some fields cannot be accepted",
        "status": 422,
    }
    document = InvalidRequest(texts, errors=[FieldError("/a/0", texts)]).document("fr")
    assert document["detail"] == "un"
    assert document["errors"] == [{"pointer": "/a/0", "detail": "un"}]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [((), ""), (("a", 0, "b"), "/a/0/b"), (("a/b", "m~n", "~1"), "/a~1b/m~0n/~01"), (("",), "/")],
)
def test_a_pointer_is_written_as_rfc_6901_says(steps: tuple[str | int, ...], expected: str) -> None:
    assert pointer(*steps) == expected


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    yes: bool = Field(default=True, strict=True)
    share: int | float = Field(default=0, ge=0, le=100)
    short: str = Field(default="abc", min_length=2, max_length=4)
    plain: str = Field(default="abc", pattern="^[a-z]+$")
    one_of: Literal["a", "b"] = "a"
    country: Country = "CA"
    day: Day = "2026-11-21"
    few: list[int] = Field(default=[1], min_length=1, max_length=2)


class Whole(BaseModel):
    part: Part
    parts: list[Part] = []
    by_name: dict[str, Literal["met"]] = {}


CANARY = "Canary-Heron-88"


@pytest.mark.parametrize(
    ("body", "where", "said"),
    [
        ({}, "/part", "is required"),
        ({"part": None}, "/part", "must be a JSON object"),
        ({"part": CANARY}, "/part", "must be a JSON object"),
        ({"part": {"extra": CANARY}}, "/part/extra", "is not a field that is known here"),
        ({"part": {CANARY + " & co": 1}}, "/part", "is not a field that is known here"),
        ({"part": {"yes": CANARY}}, "/part/yes", "must be true or false"),
        ({"part": {"share": CANARY}}, "/part/share", "must be a whole number"),
        ({"part": {"share": 101}}, "/part/share", "must be at most 100"),
        ({"part": {"share": -1}}, "/part/share", "must be at least 0"),
        ({"part": {"short": CANARY}}, "/part/short", "is longer than 4 characters"),
        ({"part": {"short": "x"}}, "/part/short", "needs at least 2 characters"),
        ({"part": {"short": 7}}, "/part/short", "must be a text"),
        ({"part": {"plain": CANARY}}, "/part/plain", "has a form that is not accepted here"),
        ({"part": {"one_of": CANARY}}, "/part/one_of", "must be one of 'a' or 'b'"),
        ({"part": {"country": "CAN"}}, "/part/country", "must be an ISO 3166-1 alpha-2 country code, such as CA"),
        ({"part": {"day": "2026-02-30"}}, "/part/day", "must be a day that the calendar has, written YYYY-MM-DD"),
        ({"part": {"day": CANARY}}, "/part/day", "must be a day that the calendar has, written YYYY-MM-DD"),
        ({"part": {"few": [1, 2, 3]}}, "/part/few", "has more than 2 entries"),
        ({"part": {"few": []}}, "/part/few", "needs at least 1 entries"),
        ({"part": {"few": CANARY}}, "/part/few", "must be a list"),
        ({"part": {"few": [1, CANARY]}}, "/part/few/1", "must be a whole number"),
        ({"part": {}, "parts": [{}, {"yes": 1}]}, "/parts/1/yes", "must be true or false"),
        ({"part": {}, "by_name": {"X-1": CANARY}}, "/by_name/X-1", "must be one of 'met'"),
        ({"part": {}, "by_name": {CANARY * 9: CANARY}}, "/by_name", "must be one of 'met'"),
    ],
)
def test_each_mistake_is_pointed_at_and_explained_without_repeating_what_was_sent(
    body: dict[str, Any], where: str, said: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        Whole.model_validate(body)
    [error] = field_errors(refusal.value.errors())
    assert (error.pointer, error.texts["en"]) == (where, said)
    assert error.texts.keys() == LANGUAGES
    assert CANARY not in str(error)
