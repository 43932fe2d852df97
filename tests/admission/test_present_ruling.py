"""A ruling presented binds while its material facts hold; whatever else is presented leaves an ordinary examination."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import OctKey
from tests.admission.cases import EXAMINATIONS, PASSPORT, admit, changed, engineer, is_problem, opened, took
from tests.admission.desks import running_service
from tests.admission.rows import select
from tests.admission.rulings import NUMBER, Office, engineers_claims, new_key, served
from tests.conftest import Desk, MovingClock

from admission.covered import covered_rows, rows_without_entry
from crossing.kit.database import create_engine
from crossing.kit.identity import Role
from crossing.kit.verify import verify_chains
from crossing.rulings.token import sign_ruling

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def office(clock_of_module: MovingClock) -> AsyncIterator[Office]:
    """The office that gives rulings, on line."""
    office = Office(clock_of_module, not_in_force={9})
    async with served(office.app()) as address:
        office.address = f"{address}/advance-rulings"
        yield office


@pytest.fixture(scope="module")
async def desk(
    tmp_path_factory: pytest.TempPathFactory, clock_of_module: MovingClock, office: Office
) -> AsyncIterator[Desk]:
    """Admission, which knows the office."""
    folder = tmp_path_factory.mktemp("service")
    async with running_service(folder, clock_of_module, advance_rulings_address=office.address) as desk:
        yield desk


def unstated(**changes: Any) -> dict[str, Any]:
    """The body for the engineer who states only what is examined at every entry."""
    facts = {
        "arrival": {"from": "CA"},
        "admissibility": {"recorded_grounds": [], "waived_grounds": []},
        "history": {"overstayed": False, "immigrant_petition_pending": False},
    }
    return engineer(facts=facts, findings={}, **changes)


def only(examination: dict[str, Any]) -> dict[str, Any]:
    """The one ruling of an examination."""
    (ruling,) = examination["rulings"]
    return ruling  # type: ignore[no-any-return]


def statuses(examination: dict[str, Any]) -> dict[str, str]:
    return {each["id"]: each["status"] for each in examination["determination"]["classes"][0]["requirements"]}


async def test_a_ruling_on_the_same_facts_settles_what_it_decided(officer: httpx.AsyncClient, office: Office) -> None:
    """No finding is made at the port, and yet nothing waits for one."""
    examination = await opened(officer, engineer(findings={}, rulings=[office.ruling()]))
    ruling = only(examination)
    assert (ruling["number"], ruling["version"], ruling["class"]) == (NUMBER, 1, "us.tn")
    assert (ruling["outcome"], ruling["binds"], ruling["reason"]) == ("equal", True, None)
    assert {"US-TN-03", "US-TN-13", "US-TN-30"} <= set(ruling["settled"])
    assert ruling["changed"] == ruling["tolerated"] == ruling["re_attest"] == []
    assert ruling["status_list_age_seconds"] == 0
    assert "undertaking of the agencies" in ruling["binding_note"]
    assert examination["determination"]["outcome"] == "qualifies"
    told = {each["id"]: each for each in examination["determination"]["classes"][0]["requirements"]}
    assert NUMBER in told["US-TN-13"]["reason"]
    assert "US-GEN-07" not in ruling["settled"]


async def test_admissibility_is_examined_whatever_was_ruled(officer: httpx.AsyncClient, office: Office) -> None:
    facts = changed(engineer()["facts"], admissibility=None)
    examination = await opened(officer, engineer(facts=facts, findings={}, rulings=[office.ruling()]))
    assert only(examination)["binds"]
    assert examination["determination"]["outcome"] == "needs_facts"


async def test_a_claim_to_settle_admissibility_settles_nothing(officer: httpx.AsyncClient, office: Office) -> None:
    token = office.ruling(settled=("US-GEN-07", "US-TN-13", "NO-SUCH-RULE"))
    examination = await opened(officer, engineer(findings={}, rulings=[token]))
    assert only(examination)["settled"] == ["US-TN-13"]


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"traveller": {"citizenships": ["CA", "MX"]}}, "traveller.citizenships"),
        ({"engagement__ends_on": "2027-12-31"}, "engagement.ends_on"),
    ],
)
async def test_a_tolerated_change_is_noted_and_the_ruling_binds(
    officer: httpx.AsyncClient, office: Office, changes: dict[str, Any], fact: str
) -> None:
    body = engineer(findings={}, rulings=[office.ruling()])
    ruling = only(await opened(officer, body | {"facts": changed(body["facts"], **changes)}))
    assert (ruling["outcome"], ruling["binds"]) == ("tolerated", True)
    assert [each["fact"] for each in ruling["tolerated"]] == [fact]


async def test_a_renewed_passport_of_the_same_person_is_tolerated(officer: httpx.AsyncClient, office: Office) -> None:
    fields = changed(PASSPORT, document_number="GB771203", surname="TREMBLAY", given_names="ELOISE")
    examination = await opened(officer, engineer(scan={"fields": fields}, findings={}, rulings=[office.ruling()]))
    ruling = only(examination)
    assert (ruling["outcome"], ruling["binds"]) == ("tolerated", True)
    assert [each["fact"] for each in ruling["tolerated"]] == ["document"]


async def test_a_changed_material_fact_is_named_and_the_examination_is_ordinary(
    officer: httpx.AsyncClient, office: Office
) -> None:
    facts = changed(engineer()["facts"], engagement__form="contract_with_traveller")
    body = engineer(facts=facts, findings={}, rulings=[office.ruling()])
    answer = await officer.post(EXAMINATIONS, json=body, headers={"Accept-Language": "fr"})
    ruling = only(answer.json())
    assert (ruling["outcome"], ruling["binds"], ruling["settled"]) == ("changed", False, [])
    assert [each["fact"] for each in ruling["changed"]] == ["engagement.form"]
    assert ruling["changed"][0]["label"]
    plain = await opened(officer, engineer(facts=facts, findings={}))
    assert statuses(answer.json()) == statuses(plain)


async def test_facts_added_are_compared_again(officer: httpx.AsyncClient, office: Office) -> None:
    examination = await opened(officer, engineer(findings={}, rulings=[office.ruling()]))
    after = await took(officer, examination, "facts", {"facts": {"position": {"profession": "accountant"}}})
    ruling = only(after)
    assert (ruling["outcome"], ruling["binds"]) == ("changed", False)
    assert [each["fact"] for each in ruling["changed"]] == ["position.profession"]
    assert statuses(after)["US-TN-13"] != "met"
    back = await took(officer, after, "facts", {"facts": {"position": {"profession": "engineer"}}})
    assert only(back)["outcome"] == "equal"
    assert (await officer.get(f"{EXAMINATIONS}/{back['id']}")).json() == back


async def test_with_nothing_restated_at_most_six_facts_are_asked_again(
    officer: httpx.AsyncClient, office: Office
) -> None:
    ruling = only(await opened(officer, unstated(rulings=[office.ruling()])))
    assert (ruling["outcome"], ruling["binds"], ruling["settled"]) == ("unverifiable", False, [])
    asked = [each["fact"] for each in ruling["re_attest"]]
    assert 0 < len(asked) <= 6
    assert set(asked) <= set(engineers_claims().facts)
    assert all(each["question"].endswith("?") for each in ruling["re_attest"])


async def test_a_holder_who_reattests_is_admitted_on_the_ruling_with_a_follow_up(
    officer: httpx.AsyncClient, office: Office
) -> None:
    examination = await opened(officer, unstated(rulings=[office.ruling()]))
    after = await took(officer, examination, "facts", {"reattested": True})
    ruling = only(after)
    assert (ruling["outcome"], ruling["binds"]) == ("unverifiable", True)
    assert ruling["follow_up_by"] == "2026-12-01"
    assert ruling["re_attest"] == []
    assert "US-TN-13" in ruling["settled"]
    at_once = only(await opened(officer, unstated(rulings=[office.ruling()], reattested=True)))
    assert at_once == ruling


async def test_one_fact_restated_verifies_and_the_rest_is_still_asked(
    officer: httpx.AsyncClient, office: Office
) -> None:
    body = unstated(rulings=[office.ruling()])
    ruling = only(await opened(officer, body | {"facts": body["facts"] | {"position": {"profession": "engineer"}}}))
    assert (ruling["outcome"], ruling["binds"]) == ("equal", True)
    assert ruling["re_attest"]
    assert "position.profession" not in {each["fact"] for each in ruling["re_attest"]}


# What is refused.


def unsigned(token: str) -> str:
    """The same content under the algorithm ``none``."""
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"ruling+jwt"}')
    return f"{header.decode().rstrip('=')}.{token.split('.')[1]}.{'A' * 86}"


def altered(token: str) -> str:
    """The same token with one letter of its content changed."""
    header, content, signature = token.split(".")
    letter = "A" if content[10] != "A" else "B"
    return f"{header}.{content[:10]}{letter}{content[11:]}.{signature}"


def keyed_hash(token: str) -> str:
    """The same content under a keyed hash instead of a signature."""
    key = OctKey.import_key("A" * 32)
    return jws.serialize_compact({"alg": "HS256"}, token.split(".")[1].encode(), key, algorithms=["HS256"])


TOKENS: dict[str, tuple[Any, str]] = {
    "forged with another key": (lambda office: sign_ruling(engineers_claims(), new_key()), "unknown_key"),
    "altered": (lambda office: altered(office.ruling()), "bad_signature"),
    "unsigned": (lambda office: unsigned(office.ruling()), "wrong_algorithm"),
    "keyed hash": (lambda office: keyed_hash(office.ruling()), "wrong_algorithm"),
    "trailing character": (lambda office: office.ruling() + "A", "malformed"),
    "padding": (lambda office: office.ruling() + "=", "malformed"),
    "no token": (lambda office: "Tremblay", "malformed"),
    "endless": (lambda office: "A" * 8_000, "malformed"),
    "expired": (lambda office: office.ruling(valid_from="2024-02-29", valid_until="2026-11-20"), "expired"),
    "not yet valid": (lambda office: office.ruling(valid_from="2026-11-22"), "not_yet_valid"),
    "another person": (lambda office: office.ruling(person="x" * 22, document="x" * 22), "another_person"),
    "another direction": (lambda office: office.ruling(into="CA"), "another_direction"),
    "another class": (lambda office: office.ruling(class_id="us.b1.usmca"), "another_class"),
    "not in force": (lambda office: office.ruling(index=9), "not_in_force"),
}


@pytest.mark.parametrize("name", TOKENS)
async def test_a_token_that_cannot_be_relied_on_is_recorded_and_the_examination_is_ordinary(
    desk: Desk, officer: httpx.AsyncClient, office: Office, name: str
) -> None:
    make, reason = TOKENS[name]
    token = make(office)
    examination = await opened(officer, engineer(findings={}, rulings=[token]))
    ruling = only(examination)
    assert (ruling["outcome"], ruling["binds"], ruling["reason"]) == ("refused", False, reason)
    assert ruling["settled"] == []
    plain = await opened(officer, engineer(findings={}))
    assert statuses(examination) == statuses(plain)
    kept = select(desk.data, "SELECT token, outcome FROM presented_rulings WHERE examination_id = ?", examination["id"])
    assert kept == [(token, "refused")]


async def test_a_ruling_refused_beside_one_that_binds_takes_nothing_from_it(
    officer: httpx.AsyncClient, office: Office
) -> None:
    tokens = ["nothing", office.ruling(), office.ruling(number="US-TN-2026-18", into="CA")]
    examination = await opened(officer, engineer(findings={}, rulings=tokens))
    assert [each["outcome"] for each in examination["rulings"]] == ["refused", "equal", "refused"]
    assert examination["determination"]["outcome"] == "qualifies"


async def test_the_day_is_that_of_the_port(tmp_path: Path, clock: MovingClock, office: Office) -> None:
    """At 03:00 UTC on 22 November it is still the 21st in Detroit."""
    async with running_service(tmp_path, clock, advance_rulings_address=office.address) as desk:
        found = []
        for _ in range(2):
            clock.move(timedelta(hours=12))
            async with desk.client() as officer:
                body = engineer(rulings=[office.ruling(valid_until="2026-11-21")])
                found.append(only(await opened(officer, body))["reason"])
    assert found == [None, "expired"]


async def test_a_ruling_suspended_since_the_last_look_is_not_honoured(tmp_path: Path, clock: MovingClock) -> None:
    """A port on line relies on no list that is older than a quarter of an hour."""
    office = Office(clock)
    async with served(office.app()) as address:
        known = {"advance_rulings_address": f"{address}/advance-rulings"}
        async with running_service(tmp_path, clock, **known) as desk, desk.client() as officer:
            assert only(await opened(officer, engineer(rulings=[office.ruling()])))["binds"]
            office.not_in_force.add(7)
            clock.move(timedelta(minutes=15, seconds=1))
            ruling = only(await opened(officer, engineer(rulings=[office.ruling()])))
    assert (ruling["binds"], ruling["reason"]) == (False, "not_in_force")


async def test_a_port_that_is_told_that_a_ruling_ended_does_not_wait_for_the_next_look(
    tmp_path: Path, clock: MovingClock
) -> None:
    office = Office(clock)
    event = {
        "specversion": "1.0",
        "id": "0190b5a4-0000-7000-8000-000000000001",
        "source": "/advance-ruling",
        "type": "ruling.revoked",
        "data": {"number": NUMBER},
    }
    async with served(office.app()) as address:
        known = {"advance_rulings_address": f"{address}/advance-rulings"}
        async with running_service(tmp_path, clock, **known) as desk, desk.client() as officer:
            assert only(await opened(officer, engineer(rulings=[office.ruling()])))["binds"]
            office.not_in_force.add(7)
            told = desk.issuer.token(Role.SERVICE, subject="advance-ruling")
            headers = {"Authorization": f"Bearer {told}", "Content-Type": "application/cloudevents+json"}
            answer = await officer.post("/admission/v1/events", content=json.dumps(event), headers=headers)
            assert answer.status_code == 204, answer.text
            ruling = only(await opened(officer, engineer(rulings=[office.ruling()])))
    assert (ruling["binds"], ruling["reason"]) == (False, "not_in_force")


async def test_no_more_than_three_rulings_are_presented_and_none_with_blanks(
    officer: httpx.AsyncClient, office: Office
) -> None:
    answer = await officer.post(EXAMINATIONS, json=engineer(rulings=[office.ruling()] * 4))
    is_problem(answer, 422, "invalid-request", "/rulings")
    answer = await officer.post(EXAMINATIONS, json=engineer(rulings=["a b"]))
    is_problem(answer, 422, "invalid-request", "/rulings/0")


async def test_a_class_sought_later_lets_a_ruling_of_that_class_bind(
    officer: httpx.AsyncClient, office: Office
) -> None:
    examination = await opened(officer, engineer(seeking=["us.b1"], findings={}, rulings=[office.ruling()]))
    assert only(examination)["reason"] == "another_class"
    after = await took(officer, examination, "facts", {"seeking": ["us.tn"]})
    assert only(after)["binds"]


# Without the office.


async def test_rulings_are_honoured_while_the_office_is_away_and_the_age_of_the_list_is_said(
    tmp_path: Path, clock: MovingClock
) -> None:
    office, day = Office(clock), 24 * 3600
    async with served(office.app()) as address:
        known = {"advance_rulings_address": f"{address}/advance-rulings"}
        async with running_service(tmp_path, clock, **known) as desk, desk.client() as officer:
            assert only(await opened(officer, engineer(rulings=[office.ruling()])))["status_list_age_seconds"] == 0
    # The office has stopped; admission starts again without ever reaching it.
    start, found = clock(), []
    async with running_service(tmp_path, clock, **known) as desk:
        for age in (3 * 3600, day, day + 1):
            clock.now = start + timedelta(seconds=age)
            async with desk.client() as officer:
                found.append(only(await opened(officer, engineer(findings={}, rulings=[office.ruling()]))))
    assert [each["status_list_age_seconds"] for each in found] == [3 * 3600, day, day + 1]
    assert [(each["outcome"], each["binds"], each["reason"]) for each in found] == [
        ("equal", True, None),
        ("equal", True, None),
        ("refused", False, "status_unknown"),
    ]


async def test_a_port_that_never_heard_of_the_office_knows_no_key(
    tmp_path: Path, clock: MovingClock, office: Office
) -> None:
    async with running_service(tmp_path, clock) as desk, desk.client() as officer:
        assert only(await opened(officer, engineer(rulings=[office.ruling()])))["reason"] == "unknown_key"


async def test_everything_that_was_found_of_rulings_is_covered_by_the_audit_chain(
    desk: Desk, officer: httpx.AsyncClient, office: Office
) -> None:
    decided = await opened(officer, engineer(findings={}, rulings=[office.ruling()]))
    decided = await took(officer, decided, "decision", admit())
    assert decided["decision"]["rulings"] == [{"number": NUMBER, "version": 1, "outcome": "honoured"}]
    engine = create_engine(f"sqlite+aiosqlite:///{desk.data / 'admission.sqlite'}")
    async with engine.connect() as connection:
        _, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    await engine.dispose()
    assert faults == []
    rows = select(desk.data, "SELECT assessment FROM presented_rulings WHERE examination_id = ?", decided["id"])
    assert json.loads(rows[0][0])["binds"] is True
