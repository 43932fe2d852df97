"""What decisions leave: read by services and analysts, exported by the command, covered by the audit chain."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio.to_thread
import pytest
from fastapi import FastAPI
from starlette.routing import Mount
from tests.admission.cases import is_problem
from tests.conftest import Desk
from tests.redress.feedback.decided import decide
from typer.testing import CliRunner

from crossing.cli import app
from crossing.kit.database import create_engine
from crossing.kit.identity import Role
from crossing.kit.verify import verify_chains
from crossing.packs.examples import read_examples
from redress.covered import covered_rows, rows_without_entry

pytestmark = pytest.mark.anyio
EXAMPLES = "/redress/v1/worked-examples"


def service_of(desk: Desk) -> FastAPI:
    (mount,) = [each for each in desk.suite.routes if isinstance(each, Mount)]
    assert isinstance(mount.app, FastAPI)
    return mount.app


async def examples(desk: Desk, role: Role = Role.ANALYST, **query: Any) -> dict[str, Any]:
    async with desk.client(role) as client:
        answer = await client.get(EXAMPLES, params=query)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize("cause", ["RC3", "RC4", "RC6"])
@pytest.mark.parametrize("outcome", ["granted", "granted_in_part"])
async def test_a_fault_in_a_rule_or_its_reading_leaves_an_example(redress: Desk, cause: str, outcome: str) -> None:
    case = await decide(service_of(redress), root_cause=cause, outcome=outcome)
    (example,) = (await examples(redress, Role.SERVICE))["examples"]
    assert example["expect"] == {"met": ["US-B1-38"]}
    for personal in (case.id, case.control_number, "Côté"):
        assert personal not in str(example)


@pytest.mark.parametrize(
    "changes",
    [
        {"root_cause": "RC1"},
        {"root_cause": "RC9"},
        {"outcome": "upheld"},
        {"outcome": "neither_confirm_nor_deny"},
        {"requirement": None},
        {"requirement": "US-XX-99"},
    ],
)
async def test_any_other_decision_leaves_none(redress: Desk, changes: dict[str, Any]) -> None:
    await decide(service_of(redress), **changes)
    assert await examples(redress) == {"examples": [], "next": None}


async def test_the_same_lesson_is_told_once_and_lists_go_on_page_by_page(redress: Desk) -> None:
    service = service_of(redress)
    for requirement in ("US-B1-38", "US-B1-38", "US-B1-33"):
        await decide(service, requirement=requirement)
    first = await examples(redress, limit=1)
    rest = await examples(redress, limit=1, cursor=first["next"])
    expected = [each["expect"]["met"] for each in first["examples"] + rest["examples"]]
    assert (expected, rest["next"]) == ([["US-B1-33"], ["US-B1-38"]], None)


async def test_neither_officers_nor_strangers_read_examples(redress: Desk) -> None:
    async with redress.client(Role.OFFICER) as officer, redress.client(None) as stranger:
        is_problem(await officer.get(EXAMPLES), 403, "not-allowed")
        is_problem(await stranger.get(EXAMPLES), 401, "not-authenticated")


async def faults_of(desk: Desk) -> list[Any]:
    engine = create_engine(f"sqlite+aiosqlite:///{desk.data / 'redress.sqlite'}")
    async with engine.connect() as connection:
        _, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    await engine.dispose()
    return list(faults)


async def test_an_example_is_covered_with_the_decision_that_left_it(redress: Desk) -> None:
    await decide(service_of(redress))
    assert await faults_of(redress) == []
    with closing(sqlite3.connect(redress.data / "redress.sqlite")) as beside, beside:
        beside.execute("UPDATE worked_examples SET requirement = 'US-B1-01'")
    assert len(await faults_of(redress)) == 1


async def test_the_command_exports_what_is_there(redress: Desk, tmp_path: Path) -> None:
    await decide(service_of(redress))
    into = tmp_path / "exported"
    command = ["redress", "export-examples", "--data", str(redress.data), "--into", str(into)]
    ran = await _in_thread(command)
    assert ran.exit_code == 0, ran.output
    (example,) = read_examples(into / "us")
    assert (example.into, example.expect) == ("US", {"met": ["US-B1-38"]})
    nowhere = ["redress", "export-examples", "--data", str(tmp_path / "nowhere"), "--into", str(into)]
    assert (await _in_thread(nowhere)).exit_code == 2


async def _in_thread(command: list[str]) -> Any:
    """The command makes an event loop of its own."""
    return await anyio.to_thread.run_sync(lambda: CliRunner().invoke(app, command))
