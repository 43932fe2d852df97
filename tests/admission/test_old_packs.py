"""A record is read for ever by the very law it was made with, whatever a later release brings."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.admission.cases import EXAMINATIONS, engineer, is_problem, opened, refuse, technician, took
from tests.admission.desks import running_suite, service_of
from tests.admission.rows import select
from tests.conftest import Desk, MovingClock

from crossing.packs.load import country_names
from crossing.rules import Pack

pytestmark = pytest.mark.anyio


def later(pack: Pack) -> Pack:
    """The pack of a later release, in which US-B1-38 reads otherwise."""
    content = json.loads(json.dumps(pack.content))
    content["pack"]["version"] = "2031.01.01"
    for requirement in content["requirements"]:
        if requirement["id"] == "US-B1-38":
            requirement["text"]["en"] = "The equipment may have been made anywhere."
            requirement["test"] = {"is": ["equipment.kind", "commercial_industrial"]}
    return Pack(content, {"country": country_names()})


@pytest.fixture
async def records(tmp_path: Path, clock: MovingClock) -> dict[str, dict[str, Any]]:
    """An examination still open and one refused, from before the release."""
    async with running_suite(tmp_path, clock) as desk, desk.client() as officer:
        refused = await took(officer, await opened(officer, technician()), "decision", refuse())
        return {"open": await opened(officer, technician()), "refused": refused}


@pytest.fixture
async def after_release(records: dict[str, Any], tmp_path: Path, clock: MovingClock) -> AsyncIterator[Desk]:
    """The suite of the later release on the same files."""
    async with running_suite(tmp_path, clock) as desk:
        state = service_of(desk).state
        lawbook = state.lawbook
        lawbook.packs = {**lawbook.packs, "US": later(lawbook.packs["US"])}
        lawbook._shelf.clear()
        lawbook._laid_over.clear()
        await lawbook.keep(state.ledger, clock())
        yield desk


async def test_a_record_of_an_earlier_release_reads_as_it_did(
    records: dict[str, dict[str, Any]], after_release: Desk
) -> None:
    async with after_release.client() as officer:
        for before in records.values():
            now = (await officer.get(f"{EXAMINATIONS}/{before['id']}")).json()
            assert now == before
        notice = await officer.get(f"{EXAMINATIONS}/{records['refused']['id']}/notice")
        assert "made outside the United States" in notice.text
        assert "made anywhere" not in notice.text


async def test_a_new_examination_is_decided_by_the_new_law(records: dict[str, Any], after_release: Desk) -> None:
    async with after_release.client() as officer:
        examination = await opened(officer, technician())
    assert examination["determination"]["pack"]["version"] == "2031.01.01"
    assert examination["determination"]["outcome"] == "qualifies"


async def test_an_open_examination_is_decided_by_the_law_it_was_determined_by(
    records: dict[str, dict[str, Any]], after_release: Desk, tmp_path: Path
) -> None:
    async with after_release.client() as officer:
        decided = await took(officer, records["open"], "decision", refuse())
    assert decided["determination"]["pack"] == records["open"]["determination"]["pack"]
    digests = select(tmp_path, "SELECT DISTINCT pack_digest FROM revisions")
    assert digests == [(records["open"]["determination"]["pack"]["digest"],)]


async def test_adding_facts_determines_anew_by_the_law_it_was_opened_with(
    records: dict[str, dict[str, Any]], after_release: Desk
) -> None:
    async with after_release.client() as officer:
        after = await took(officer, records["open"], "facts", {"findings": {"US-B1-33": "met"}})
        assert after["determination"]["pack"] == records["open"]["determination"]["pack"]
        assert after["determination"]["outcome"] == "does_not_qualify"
        listed = (await officer.get(f"{EXAMINATIONS}/{after['id']}/revisions")).json()["revisions"]
        assert {each["pack_digest"] for each in listed} == {after["determination"]["pack"]["digest"]}
        await took(officer, after, "decision", refuse())


async def test_a_kept_pack_that_was_changed_decides_nothing(
    records: dict[str, dict[str, Any]], after_release: Desk, tmp_path: Path
) -> None:
    async with service_of(after_release).state.engine.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE rule_packs SET content = replace(content, 'outside the United', 'inside the United')"
        )
    async with after_release.client() as officer:
        is_problem(await officer.get(f"{EXAMINATIONS}/{records['open']['id']}"), 500, "unexpected")
        assert (await officer.post(EXAMINATIONS, json=engineer())).status_code == 201
