"""Logs say what was done and never to whom: one JSON line for a request, under its id."""

import asyncio
import uuid

import httpx
import pytest
from tests.admission.cases import (
    DETERMINATIONS,
    EXAMINATIONS,
    admit,
    engineer,
    opened,
    refuse,
    technician,
    tn_case,
    took,
)
from tests.admission.conftest import LogLines
from tests.admission.zones import passport_zone
from tests.conftest import Desk

from crossing.kit.identity import Role

pytestmark = pytest.mark.anyio

# Nobody is called so: whatever of this a log holds came from a request.
SURNAME, GIVEN, NUMBER = "Quetzalwren", "Xochitlan", "ZQ771342"
BORN, DISCIPLINE, REASON = "1961-03-07", "ornithomancy", "Saw the letter of Vexillary and Sons."
CANARIES = [SURNAME, SURNAME.upper(), GIVEN, GIVEN.upper(), NUMBER, BORN, "610307", DISCIPLINE, REASON, "Vexillary"]


async def a_whole_examination(desk: Desk) -> list[str]:
    """Everything an officer may do with one traveller, and the ids that the requests were given."""
    fields = {"surname": SURNAME, "given_names": GIVEN, "document_number": NUMBER, "born_on": BORN}
    scan = {f"scan__fields__{name}": value for name, value in fields.items()}
    credentials = [{"kind": "degree", "level": "baccalaureate", "country": "CA", "field": DISCIPLINE}]
    zone = passport_zone(name=f"{SURNAME}<<{GIVEN}".upper(), number=NUMBER, birth="610307")
    ids: list[str] = []

    async def remember(response: httpx.Response) -> None:
        ids.append(response.headers["x-request-id"])

    async with desk.client() as officer, desk.client(Role.SUPERVISOR) as supervisor, desk.client(None) as anyone:
        for client in (officer, supervisor, anyone):
            client.event_hooks["response"].append(remember)
        body = technician(**scan, facts__credentials=credentials)
        examination = await opened(officer, body)
        await opened(officer, engineer(scan={"mrz": zone}))
        broken = [zone[0], zone[1][:9] + "<" + zone[1][10:]]
        assert (await officer.post(EXAMINATIONS, json=engineer(scan={"mrz": broken}))).status_code == 422
        contradicting = engineer(**scan, facts__traveller__born_on="1961-03-08")
        assert (await officer.post(EXAMINATIONS, json=contradicting)).status_code == 422
        examination = await took(
            officer, examination, "facts", {"findings": {"US-B1-33": "met"}}, idempotency_key=NUMBER
        )
        examination = await took(officer, examination, "referral", {"reason": REASON})
        examination = await took(officer, examination, "decision", refuse(reason=REASON))
        address = f"{EXAMINATIONS}/{examination['id']}"
        for path in ("", "/history", "/revisions", "/notice", "/notice?format=pdf"):
            assert (await officer.get(address + path)).status_code == 200
        departure = [{"requirement": "US-B1-38", "reason": REASON}]
        decision = admit(**{"class": "us.b1.usmca"}, reason=REASON, departures=departure)
        await took(supervisor, examination, "supersession", {"reason": REASON, "decision": decision})
        assert (await officer.get(EXAMINATIONS, params={"cursor": NUMBER})).status_code == 422
        assert (await officer.get(f"/admission/v1/{SURNAME}")).status_code == 404
        assert (await officer.get(f"{EXAMINATIONS}/{SURNAME}")).status_code == 422
        assert (await anyone.post(DETERMINATIONS, json=tn_case(facts__credentials=credentials))).status_code == 200
        assert (await anyone.post(DETERMINATIONS, json={SURNAME: BORN})).status_code == 422
    return ids


async def test_a_whole_examination_leaves_no_personal_data_in_the_log(desk: Desk, log_lines: LogLines) -> None:
    ids = await a_whole_examination(desk)
    assert len(ids) > 15
    hits = [canary for canary in CANARIES if canary in log_lines.text]
    print(f"requests={len(ids)} lines={len(log_lines.lines)} canaries={len(CANARIES)} hits={len(hits)}")
    assert hits == []
    assert "eyJ" not in log_lines.text  # the beginning of every token
    assert [line["request_id"] for line in log_lines.lines if line["event"] == "request.ended"] == ids
    assert all(line["request_id"] in ids for line in log_lines.lines)


async def test_a_request_is_one_line_with_what_an_operator_needs(
    officer: httpx.AsyncClient, log_lines: LogLines
) -> None:
    await opened(officer, engineer())
    [line] = log_lines.lines
    assert line["event"] == "request.ended"
    assert (line["method"], line["route"], line["status"]) == ("POST", "/v1/examinations", 201)
    assert line["service"] == "admission"
    assert line["duration_ms"] > 0
    assert line["timestamp"].endswith("Z")
    assert line["level"] == "info"


async def test_a_route_is_logged_by_its_template(officer: httpx.AsyncClient, log_lines: LogLines) -> None:
    examination = await opened(officer, engineer())
    await officer.get(f"{EXAMINATIONS}/{examination['id']}/revisions")
    await officer.get("/admission/v1/nowhere")
    assert [line["route"] for line in log_lines.lines[1:]] == [
        "/v1/examinations/{examination_id}/revisions",
        "unmatched",
    ]


@pytest.mark.parametrize("sent", ["lane-1.0042", "12345678", "a" * 64, "A_b-c.d_e"])
async def test_a_request_id_is_given_back_and_logged(anyone: httpx.AsyncClient, log_lines: LogLines, sent: str) -> None:
    answer = await anyone.get("/admission/v1/healthz", headers={"X-Request-Id": sent})
    assert answer.headers["x-request-id"] == sent
    assert log_lines.lines[-1]["request_id"] == sent


@pytest.mark.parametrize(
    "sent", ["", "short", "a" * 65, "has blanks in it", '{"a": 1} x', "<script>", "é" * 8, "a\tb\tc\td\te"]
)
async def test_a_request_id_that_is_none_is_replaced(anyone: httpx.AsyncClient, log_lines: LogLines, sent: str) -> None:
    answer = await anyone.get("/admission/v1/healthz", headers=[(b"x-request-id", sent.encode())])
    given = answer.headers["x-request-id"]
    assert uuid.UUID(given).version == 7
    assert log_lines.lines[-1]["request_id"] == given


async def test_requests_side_by_side_keep_their_own_ids(officer: httpx.AsyncClient, log_lines: LogLines) -> None:
    ids = [f"side-by-side-{number:02}" for number in range(20)]
    answers = await asyncio.gather(
        *(officer.post(EXAMINATIONS, json=engineer(), headers={"X-Request-Id": each}) for each in ids)
    )
    assert [answer.headers["x-request-id"] for answer in answers] == ids
    assert sorted(line["request_id"] for line in log_lines.lines) == ids


async def test_answers_are_kept_by_nobody_on_the_way(officer: httpx.AsyncClient) -> None:
    answer = await officer.get(EXAMINATIONS)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
