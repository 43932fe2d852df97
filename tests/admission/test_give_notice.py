"""A refusal always gives a notice, in the traveller's language: what was not met, by which law, and what to do about it."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from tests.admission.cases import EXAMINATIONS, PASSPORT, admit, engineer, is_problem, opened, refuse, technician, took
from tests.conftest import Desk, MovingClock

pytestmark = pytest.mark.anyio

LANGUAGES = ["en", "fr", "es"]
TITLES = {"en": "Notice of refusal", "fr": "Avis de refus", "es": "Aviso de denegación"}
# The pack's own words for US-B1-38, as people who know the law wrote them there.
WORDS = {
    "en": ("was made outside the United States", "ordinary B-1", "Travel document shown"),
    "fr": ("a été fabriqué à l'extérieur des États-Unis", "B-1 ordinaire", "Document de voyage présenté"),
    "es": ("se fabricó fuera de Estados Unidos", "B-1 ordinaria", "Documento de viaje presentado"),
}


def an_architect_of_a_canadian_client() -> dict[str, Any]:
    """An architect of the United States whose firm a Canadian client has contracted (CA-CASE-02)."""
    facts = {
        "traveller": {"citizenships": ["US"]},
        "arrival": {"mode": "air"},
        "admissibility": {"recorded_grounds": [], "official_flags": []},
        "visit": {"activities": ["professional_activity"], "purpose_shown": True, "ends_on": "2027-02-26"},
        "employer": {"country": "US"},
        "business": {"principal_place": "US", "profits_accrue_in": "US"},
        "remuneration": {"paid_from": "US", "from_host": "none"},
        "engagement": {"host_contracts_employer_for_service": True},
    }
    fields = PASSPORT | {"issued_by": "US", "nationality": "US"}
    case = {"seeking": ["ca.business_visitor.general"], "facts": facts, "findings": {"CA-GEN-05": "met"}}
    return {"scan": {"fields": fields}, "language": "fr", **case}


class _Page(HTMLParser):
    """The texts of a page, and the nesting of its elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


async def refused(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    return await took(client, await opened(client, technician(**changes)), "decision", refuse())


async def notice(client: httpx.AsyncClient, examination: dict[str, Any], language: str | None) -> httpx.Response:
    headers = {"Accept-Language": language} if language else {}
    answer = await client.get(f"{EXAMINATIONS}/{examination['id']}/notice", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_notice_names_requirement_law_reason_evidence_cure_and_redress(
    officer: httpx.AsyncClient, language: str
) -> None:
    examination = await refused(officer)
    answer = await notice(officer, examination, language)
    page = _Page(answer.text)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-language"] == language
    assert ("html", {"lang": language}) in page.tags
    text, cure, evidence = WORDS[language]
    for expected in (
        TITLES[language],
        "US-B1-38",
        text,
        "8 CFR 214.2(b)(4)(i)(F)",
        cure,
        evidence,
        "Zoé Côté",
        "GA700111",
        "Ambassador Bridge, Detroit",
        "The press was made in the United States.",
        examination["id"],
        examination["determination"]["digest"],
        "/redress/",
    ):
        assert expected in page.text


async def test_a_refusal_in_canada_tells_the_last_day_to_go_to_court(desk: Desk) -> None:
    """Refused on 21 November in Montréal and told in person: 15 days."""
    async with desk.client(port="CA-YUL") as officer:
        examination = await opened(officer, an_architect_of_a_canadian_client())
        decided = await took(officer, examination, "decision", refuse())
        english = _Page((await notice(officer, decided, "en")).text).text
        french = _Page((await notice(officer, decided, "fr")).text).text
    assert "Last day: December 6, 2026" in english
    assert "Federal Court" in english
    assert "Dernier jour : 6 décembre 2026" in french


@pytest.mark.parametrize("language", LANGUAGES)
async def test_without_a_wish_the_notice_is_in_the_language_of_the_traveller(
    officer: httpx.AsyncClient, language: str
) -> None:
    answer = await notice(officer, await refused(officer, language=language), None)
    assert answer.headers["content-language"] == language
    assert TITLES[language] in answer.text


async def test_only_what_was_not_met_is_held_against_the_traveller(officer: httpx.AsyncClient) -> None:
    page = _Page((await notice(officer, await refused(officer), "en")).text)
    assert set(re.findall(r"US-[A-Z0-9]+-\d+", page.text)) == {"US-B1-38"}


async def test_a_requirement_that_the_officer_saw_otherwise_is_told_with_the_officer_s_reason(
    officer: httpx.AsyncClient,
) -> None:
    reason = "The contract was renewed four times; no end in sight."
    decision = refuse(departures=[{"requirement": "US-TN-13", "reason": reason}])
    examination = await took(officer, await opened(officer, engineer()), "decision", decision)
    text = _Page((await notice(officer, examination, "en")).text).text
    assert "US-TN-13" in text
    assert reason in text


async def test_what_people_wrote_stays_text(officer: httpx.AsyncClient) -> None:
    script = "<script>alert(1)</script>"
    examination = await opened(officer, technician(scan__fields__surname=script))
    decided = await took(officer, examination, "decision", refuse(reason=f"{script} & #panic() $x$"))
    answer = await notice(officer, decided, "en")
    page = _Page(answer.text)
    assert "script" not in {tag for tag, _ in page.tags}
    assert f"{script} & #panic() $x$" in page.text


async def test_a_withdrawal_has_a_record_and_no_word_of_refusal(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, technician())
    gone = await took(officer, examination, "withdrawal", {"reason": "Returns with the invoice."})
    text = _Page((await notice(officer, gone, "en")).text).text
    assert "Record of withdrawal of application" in text
    assert "Returns with the invoice." in text
    assert "Notice of refusal" not in text


async def test_nothing_refused_no_notice(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, engineer())
    address = f"{EXAMINATIONS}/{examination['id']}/notice"
    is_problem(await officer.get(address), 404, "no-notice")
    await took(officer, examination, "decision", admit())
    is_problem(await officer.get(address), 404, "no-notice")


async def test_a_form_that_is_not_offered_is_refused(officer: httpx.AsyncClient) -> None:
    examination = await refused(officer)
    answer = await officer.get(f"{EXAMINATIONS}/{examination['id']}/notice", params={"format": "docx"})
    is_problem(answer, 422, "invalid-request", "/format")


@pytest.mark.parametrize(
    ("instant", "day", "hour"),
    [
        (datetime(2026, 12, 1, 15, 5, tzinfo=UTC), "1er décembre 2026", "10:05"),
        (datetime(2026, 12, 1, 4, 59, tzinfo=UTC), "30 novembre 2026", "23:59"),
        (datetime(2026, 12, 11, 15, 5, tzinfo=UTC), "11 décembre 2026", "10:05"),
        (datetime(2026, 12, 21, 15, 5, tzinfo=UTC), "21 décembre 2026", "10:05"),
    ],
)
async def test_a_french_letter_writes_the_day_of_the_port_as_letters_do(
    desk: Desk, clock: MovingClock, instant: datetime, day: str, hour: str
) -> None:
    clock.now = instant
    async with desk.client() as officer:
        text = _Page((await notice(officer, await refused(officer), "fr")).text).text
    assert day in text
    assert hour in text
    assert "1er1" not in text
    assert "11er" not in text
