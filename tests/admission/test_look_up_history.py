"""An officer sees whether the traveller was examined before, at any port; every look leaves an entry in the audit chain."""

import httpx
import pytest
from tests.admission.cases import EXAMINATIONS, engineer, is_problem, opened
from tests.admission.rows import select
from tests.admission.zones import passport_zone
from tests.conftest import Desk

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(fresh_desk: Desk) -> Desk:
    """These tests count all there is."""
    return fresh_desk


async def found(client: httpx.AsyncClient, examination: dict[str, str]) -> list[str]:
    answer = await client.get(f"{EXAMINATIONS}/{examination['id']}/history")
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["examinations"]]


async def test_the_same_document_is_found_across_ports(
    officer: httpx.AsyncClient, canadian_officer: httpx.AsyncClient
) -> None:
    there = await opened(canadian_officer, engineer(seeking=[], facts={}, findings={}))
    here = await opened(officer, engineer())
    await opened(officer, engineer(scan__fields__document_number="XX999999", scan__fields__surname="Autre"))
    assert await found(officer, here) == [there["id"]]
    assert await found(canadian_officer, there) == [here["id"]]


async def test_the_same_person_is_found_with_another_document(officer: httpx.AsyncClient) -> None:
    old = await opened(officer, engineer(scan__fields__document_number="OLD11111"))
    new = await opened(officer, engineer(scan__fields__document_number="NEW22222"))
    assert await found(officer, new) == [old["id"]]


@pytest.mark.parametrize(
    ("surname", "given_names", "printed"),
    [
        # ICAO Doc 9303-3, section 6: how a zone writes letters it does not have.
        ("Tremblay", "Éloïse", "TREMBLAY<<ELOISE"),
        ("O’Connor", "Siobhán", "OCONNOR<<SIOBHAN"),
        ("Lévesque-Gagné", "Noël", "LEVESQUE<GAGNE<<NOEL"),
        ("Müller", "Jörg", "MUELLER<<JOERG"),
        ("Müller", "Jorg", "MULLER<<JORG"),
        ("Sørensen", "Åse", "SOERENSEN<<AASE"),
        ("Groß", "Änne", "GROSS<<AENNE"),
        ("Muñoz", "Íñigo", "MUNOZ<<INIGO"),
        ("Łukasiewicz", "Michał", "LUKASIEWICZ<<MICHAL"),
        ("Þórsdóttir", "Guðrún", "THORSDOTTIR<<GUDRUN"),
        ("Çelik", "Işıl", "CELIK<<ISIL"),
    ],
)
async def test_a_name_entered_with_its_own_letters_is_the_one_a_zone_prints(
    officer: httpx.AsyncClient, surname: str, given_names: str, printed: str
) -> None:
    entered = await opened(
        officer,
        engineer(
            scan__fields__surname=surname,
            scan__fields__given_names=given_names,
            scan__fields__document_number="ENTERED1",
        ),
    )
    read = await opened(officer, engineer(scan={"mrz": passport_zone(name=printed, number="READ2222")}))
    assert await found(officer, read) == [entered["id"]]


async def test_two_people_whose_names_have_no_latin_letters_stay_two_people(officer: httpx.AsyncClient) -> None:
    first = engineer(scan__fields__surname="王伟", scan__fields__given_names=None, scan__fields__document_number="E1")
    second = engineer(scan__fields__surname="李娜", scan__fields__given_names=None, scan__fields__document_number="E2")
    one, other = await opened(officer, first), await opened(officer, second)
    assert await found(officer, one) == await found(officer, other) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"scan__fields__born_on": "1988-04-13"},
        {"scan__fields__nationality": "MX"},
        {"scan__fields__given_names": "Éloi"},
        {"scan__fields__surname": "Tremblay Éloïse", "scan__fields__given_names": "Ann"},
    ],
)
async def test_another_person_with_another_document_is_not_found(
    officer: httpx.AsyncClient, changes: dict[str, str]
) -> None:
    await opened(officer, engineer(scan__fields__document_number="OTHER111", **changes))
    assert await found(officer, await opened(officer, engineer())) == []


async def test_the_same_number_of_another_country_is_another_document(officer: httpx.AsyncClient) -> None:
    other = engineer(scan__fields__issued_by="FR", scan__fields__nationality="FR", scan__fields__surname="Martin")
    await opened(officer, other)
    assert await found(officer, await opened(officer, engineer())) == []


async def test_every_look_leaves_an_entry_that_names_who_looked_and_no_person(
    desk: Desk, officer: httpx.AsyncClient
) -> None:
    examination = await opened(officer, engineer())
    for _ in range(2):
        await found(officer, examination)
    entries = select(desk.data, "SELECT chain, actor, subject FROM audit_entries WHERE event = 'history.read'")
    assert entries == [("US-DETROIT", "test-officer", f"examinations/{examination['id']}")] * 2
    for row in select(desk.data, "SELECT * FROM audit_entries"):
        assert "Tremblay" not in str(row)


async def test_a_look_that_is_refused_leaves_no_entry(
    desk: Desk, officer: httpx.AsyncClient, canadian_officer: httpx.AsyncClient
) -> None:
    examination = await opened(officer, engineer())
    is_problem(await canadian_officer.get(f"{EXAMINATIONS}/{examination['id']}/history"), 404, "not-found")
    is_problem(
        await officer.get(f"{EXAMINATIONS}/{examination['id']}/history", params={"cursor": "x"}),
        422,
        "invalid-request",
        "/cursor",
    )
    assert select(desk.data, "SELECT count(*) FROM audit_entries WHERE event = 'history.read'") == [(0,)]


async def test_a_long_history_comes_by_pages(officer: httpx.AsyncClient) -> None:
    ids = [(await opened(officer, engineer()))["id"] for _ in range(5)]
    address: str | None = f"{EXAMINATIONS}/{ids[-1]}/history?limit=2"
    seen: list[str] = []
    while address:
        answer = await officer.get(address)
        seen += [each["id"] for each in answer.json()["examinations"]]
        address = answer.links.get("next", {}).get("url")
    assert seen == sorted(ids[:-1], reverse=True)
