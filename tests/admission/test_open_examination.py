"""A terminal posts a scan and the facts declared, and has the determination of the day it is at its port."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.admission.cases import (
    EXAMINATIONS,
    PASSPORT,
    engineer,
    is_problem,
    opened,
    technician,
)
from tests.admission.rows import counts
from tests.admission.zones import card_zone, passport_zone, visa_zone
from tests.conftest import Desk, MovingClock

pytestmark = pytest.mark.anyio


def scanned(lines: list[str], **changes: Any) -> dict[str, Any]:
    """The engineer's examination, the document read by a scanner."""
    return engineer(scan={"mrz": lines}, **changes)


async def test_an_examination_is_answered_with_its_address_version_and_determination(
    officer: httpx.AsyncClient,
) -> None:
    answer = await officer.post(EXAMINATIONS, json=engineer())
    examination = answer.json()
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"{EXAMINATIONS}/{examination['id']}"
    assert (examination["state"], examination["revision"]) == ("primary", 1)
    assert (examination["port_id"], examination["terminal_id"]) == ("US-DETROIT", "LANE-1")
    assert examination["opened_at"] == "2026-11-21T15:00:00.000000Z"
    assert examination["determination"]["outcome"] == "qualifies"
    assert examination["determination"]["recommended"]["until"] == "2028-06-30"
    assert examination["decision"] is examination["referral"] is examination["withdrawal"] is None


async def test_what_was_opened_is_found_at_its_address(officer: httpx.AsyncClient) -> None:
    answer = await officer.post(EXAMINATIONS, json=engineer())
    found = await officer.get(answer.headers["location"])
    assert found.status_code == 200
    assert found.headers["etag"] == answer.headers["etag"]
    assert found.json() == answer.json()


async def test_a_passport_is_read_from_its_zone(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, scanned(passport_zone()))
    traveller = examination["traveller"]
    assert traveller == {
        "surname": "TREMBLAY",
        "given_names": "ELOISE",
        "born_on": "1988-04-12",
        "nationality": "CA",
        "issued_by": "CA",
        "document_kind": "passport",
        "document_number": "GA302922",
        "expires_on": "2032-05-31",
        "read_from": "mrz",
    }
    assert examination["facts"]["travel_document"] == {
        "kind": "passport",
        "issued_by": "CA",
        "expires_on": "2032-05-31",
    }
    assert examination["facts"]["traveller"] == {"citizenships": ["CA"], "born_on": "1988-04-12"}
    assert examination["determination"]["outcome"] == "qualifies"


async def test_a_passport_card_is_read_from_its_three_lines(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, scanned(card_zone(), facts={}, findings={}, seeking=[]))
    assert examination["traveller"]["document_kind"] == "passport_card"
    assert examination["traveller"]["document_number"] == "C03005988"
    assert examination["facts"]["traveller"] == {"citizenships": ["US"], "born_on": "1971-06-30"}


async def test_a_card_whose_kind_its_code_does_not_tell_leaves_the_kind_to_the_officer(
    officer: httpx.AsyncClient,
) -> None:
    lines = card_zone(code="I<", state="MEX", nationality="MEX")
    examination = await opened(officer, scanned(lines, facts={}, findings={}, seeking=[]))
    assert examination["traveller"]["document_kind"] is None
    assert "kind" not in examination["facts"]["travel_document"]


async def test_a_visa_names_its_holder_and_says_nothing_of_the_passport(officer: httpx.AsyncClient) -> None:
    """ICAO Doc 9303-7: the issuing State and the expiry in the zone of a visa are the visa's own."""
    stated = {"travel_document": {"kind": "passport", "issued_by": "MX", "expires_on": "2031-01-31"}}
    examination = await opened(officer, scanned(visa_zone(), facts=stated, findings={}))
    assert examination["traveller"]["document_kind"] == "visa"
    assert examination["traveller"]["expires_on"] == "2029-01-01"
    assert examination["facts"]["traveller"] == {"citizenships": ["MX"], "born_on": "1965-01-01"}
    assert examination["facts"]["travel_document"] == stated["travel_document"]


async def test_a_person_with_one_name_needs_no_given_names(officer: httpx.AsyncClient) -> None:
    entered = await opened(officer, engineer(scan__fields__surname="Suharto", scan__fields__given_names=None))
    read = await opened(officer, scanned(passport_zone(name="SUHARTO")))
    assert (entered["traveller"]["surname"], entered["traveller"]["given_names"]) == ("Suharto", "")
    assert (read["traveller"]["surname"], read["traveller"]["given_names"]) == ("SUHARTO", "")


async def test_a_name_keeps_its_accents(officer: httpx.AsyncClient) -> None:
    examination = await opened(
        officer, engineer(scan__fields__surname="Lévesque-Gagné", scan__fields__given_names="Noël")
    )
    assert examination["traveller"]["surname"] == "Lévesque-Gagné"
    assert (await officer.get(f"{EXAMINATIONS}/{examination['id']}")).json()["traveller"]["given_names"] == "Noël"


async def test_a_second_citizenship_stands_beside_that_of_the_document(officer: httpx.AsyncClient) -> None:
    body = engineer(scan__fields__nationality="FR", scan__fields__issued_by="FR", facts__traveller__citizenships=["CA"])
    examination = await opened(officer, body)
    assert examination["facts"]["traveller"]["citizenships"] == ["CA", "FR"]


async def test_a_person_born_on_a_leap_day_is_examined(officer: httpx.AsyncClient) -> None:
    entered = await opened(officer, engineer(scan__fields__born_on="1988-02-29"))
    read = await opened(officer, scanned(passport_zone(birth="880229")))
    assert entered["traveller"]["born_on"] == read["traveller"]["born_on"] == "1988-02-29"


@pytest.mark.parametrize("born_on", ["1989-02-29", "1988-02-30", "1988-4-12", "12.04.1988", "", 19880412])
async def test_a_birth_date_that_no_calendar_has_is_refused(officer: httpx.AsyncClient, born_on: Any) -> None:
    answer = await officer.post(EXAMINATIONS, json=engineer(scan__fields__born_on=born_on))
    is_problem(answer, 422, "invalid-request", "/scan/fields/born_on")


async def test_country_and_day_are_those_of_the_port(desk: Desk, canadian_officer: httpx.AsyncClient) -> None:
    body = engineer(seeking=[], facts={"visit": {"ends_on": "2026-11-30"}}, findings={})
    examination = await opened(canadian_officer, body)
    assert (examination["determination"]["into"], examination["determination"]["on"]) == ("CA", "2026-11-21")
    assert examination["facts"]["arrival"] == {"mode": "air", "place": "international_airport"}


@pytest.mark.parametrize(
    ("instant", "day"),
    [  # Eastern Standard Time is five hours behind UTC, Eastern Daylight Time four.
        (datetime(2026, 11, 22, 4, 59, 59, tzinfo=UTC), "2026-11-21"),
        (datetime(2026, 11, 22, 5, 0, 0, tzinfo=UTC), "2026-11-22"),
        (datetime(2026, 7, 1, 3, 59, 59, tzinfo=UTC), "2026-06-30"),
        (datetime(2026, 7, 1, 4, 0, 0, tzinfo=UTC), "2026-07-01"),
    ],
)
async def test_a_new_day_of_law_begins_at_the_port_s_own_midnight(
    desk: Desk, clock: MovingClock, instant: datetime, day: str
) -> None:
    clock.now = instant
    async with desk.client() as officer:
        assert (await opened(officer, engineer()))["determination"]["on"] == day


async def test_into_and_on_are_not_for_the_terminal_to_say(officer: httpx.AsyncClient) -> None:
    answer = await officer.post(EXAMINATIONS, json=engineer(into="US", on="2026-11-20"))
    is_problem(answer, 422, "invalid-request", "/into", "/on")


@pytest.mark.parametrize(
    ("place", "named"),
    [(9, "document_number"), (19, "born_on"), (27, "expires_on"), (42, "optional_data"), (43, "composite")],
)
async def test_a_wrong_check_digit_names_its_field_and_line_and_nothing_of_the_holder(
    desk: Desk, officer: httpx.AsyncClient, place: int, named: str
) -> None:
    upper, lower = passport_zone()
    wrong = "5" if lower[place] != "5" else "4"
    before = counts(desk.data)
    answer = await officer.post(EXAMINATIONS, json=scanned([upper, lower[:place] + wrong + lower[place + 1 :]]))
    # The composite check digit covers the others.
    fields = [named] if named == "composite" else [named, "composite"]
    document = is_problem(answer, 422, "machine-readable-zone-unreadable", *["/scan/mrz/1"] * len(fields))
    assert [each["detail"] for each in document["errors"]] == [
        f"line 2: the check digit of {field} is wrong" for field in fields
    ]
    for personal in ("TREMBLAY", "ELOISE", "GA302922", "880412", lower):
        assert personal not in answer.text
    assert counts(desk.data) == before


async def test_every_wrong_check_digit_is_named_in_the_officer_s_language(officer: httpx.AsyncClient) -> None:
    upper, lower = passport_zone()
    broken = lower[:9] + "<" + lower[10:19] + "<" + lower[20:]
    answer = await officer.post(EXAMINATIONS, json=scanned([upper, broken]), headers={"Accept-Language": "fr-CA"})
    details = " ".join(error["detail"] for error in answer.json()["errors"])
    for named in ("document_number", "born_on", "composite"):
        assert f"le chiffre de contrôle de {named} est erroné" in details


@pytest.mark.parametrize(
    "scan",
    [
        {},
        {"mrz": passport_zone(), "fields": PASSPORT},
        {"mrz": None, "fields": None},
    ],
)
async def test_a_scan_is_a_zone_or_fields_and_not_both(officer: httpx.AsyncClient, scan: dict[str, Any]) -> None:
    is_problem(await officer.post(EXAMINATIONS, json=engineer(scan=scan)), 422, "invalid-request", "/scan")


@pytest.mark.parametrize(
    "lines",
    [["P<CAN"], [], passport_zone()[:1], [*passport_zone(), *passport_zone()], ["x" * 61, "y"], [1, 2], "P<CAN"],
)
async def test_lines_that_are_no_zone_are_refused(officer: httpx.AsyncClient, lines: Any) -> None:
    answer = await officer.post(EXAMINATIONS, json=scanned(lines))
    assert answer.status_code == 422
    assert {each["pointer"][:9] for each in answer.json()["errors"]} == {"/scan/mrz"}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"facts__traveller__born_on": "1988-04-13"}, "/facts/traveller/born_on"),
        ({"facts__travel_document": {"issued_by": "US"}}, "/facts/travel_document/issued_by"),
        ({"facts__travel_document": {"kind": "nexus_card"}}, "/facts/travel_document/kind"),
        ({"facts__travel_document": {"expires_on": "2032-06-30"}}, "/facts/travel_document/expires_on"),
    ],
)
async def test_a_statement_that_contradicts_the_document_is_refused(
    desk: Desk, officer: httpx.AsyncClient, changes: dict[str, Any], pointer: str
) -> None:
    before = counts(desk.data)
    is_problem(await officer.post(EXAMINATIONS, json=engineer(**changes)), 422, "contradictory-facts", pointer)
    assert counts(desk.data) == before


async def test_a_statement_that_repeats_the_document_is_no_contradiction(officer: httpx.AsyncClient) -> None:
    stated = {"kind": "passport", "issued_by": "CA", "expires_on": "2032-05-31"}
    examination = await opened(officer, engineer(facts__travel_document=stated, facts__traveller__born_on="1988-04-12"))
    assert examination["facts"]["travel_document"] == stated


async def test_an_officer_whose_session_stands_at_no_port_opens_nothing(desk: Desk) -> None:
    for port in ("", "US-NOWHERE"):
        async with desk.client(port=port) as client:
            is_problem(await client.post(EXAMINATIONS, json=engineer()), 403, "no-port-for-caller")


async def test_a_fields_scan_needs_a_kind_of_document_that_the_dictionary_knows(officer: httpx.AsyncClient) -> None:
    """A kind that no rule knows would count as a document that is no passport."""
    answer = await officer.post(EXAMINATIONS, json=engineer(scan__fields__document_kind="passeport"))
    is_problem(answer, 422, "invalid-request", "/scan/fields/document_kind")


async def test_nobody_is_born_tomorrow(officer: httpx.AsyncClient) -> None:
    answer = await officer.post(EXAMINATIONS, json=engineer(scan__fields__born_on="2026-11-22"))
    is_problem(answer, 422, "invalid-request", "/scan/fields/born_on")


async def test_the_notice_s_language_is_one_of_three(officer: httpx.AsyncClient) -> None:
    is_problem(await officer.post(EXAMINATIONS, json=engineer(language="de")), 422, "invalid-request", "/language")
    assert (await opened(officer, technician()))["language"] == "en"
