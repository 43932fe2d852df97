"""Files of entries: checked whole, mistakes by line and field, nothing half imported."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.admission.cases import engineer, is_problem, opened
from tests.admission.desks import running_suite
from tests.admission.rows import counts, select
from tests.admission.subjects.lists import bring, lookout, member
from tests.conftest import Desk, MovingClock

from admission.subjects.files import FileHasMistakes, read_entries
from crossing.kit.identity import Role

pytestmark = pytest.mark.anyio
CSV = """id,list,owner_unit,kind,reason,surname,given_names,born_on,document.issued_by,document.number,withdrawn
L-1,border-alerts,cbp,person,customs,TREMBLAY,"Éloïse, dite Lise",1988-04-12,CA,GA302922,
L-2,border-alerts,cbp,person,customs,Suharto,,,,,true
"""


def mistakes(name: str, content: str | bytes, *, is_csv: bool = False) -> list[str]:
    """What is said of a file, in English."""
    raw = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(FileHasMistakes) as found:
        read_entries(name, raw, is_csv=is_csv)
    return [each.text("en") for each in found.value.mistakes]


def lines(*entries: Any) -> str:
    return "\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)


async def test_csv_and_json_lines_say_the_same() -> None:
    as_json = lines(
        lookout(
            surname="TREMBLAY",
            given_names="Éloïse, dite Lise",
            document={"issued_by": "CA", "number": "GA302922"},
        ),
        lookout("L-2", surname="Suharto", given_names="", born_on=None, withdrawn=True),
    )
    assert read_entries("lookouts", CSV.encode("utf-8-sig"), is_csv=True) == read_entries(
        "lookouts", as_json.encode(), is_csv=False
    )


async def test_lists_in_a_cell_stand_apart_by_semicolons() -> None:
    text = "number,programme,state,valid_until,classes,surname,born_on\nM1,nexus,active,2029-01-01,us.tn; us.l2,A,1990-01-01\n"
    [entry] = read_entries("members", text.encode(), is_csv=True)
    assert entry.columns()["classes"] == '["us.tn","us.l2"]'


async def test_every_mistake_is_named_by_its_line_and_field() -> None:
    text = lines(
        lookout(),
        lookout("L-2", reason="gossip", born_on="1988-02-30"),
        lookout(),
        lookout("L-3", nickname="x"),
    )
    found = mistakes("lookouts", text + "\n[1]\n{\n")
    assert [each.split(" ")[:2] for each in found] == [
        ["2:", "/born_on"],
        ["2:", "/reason"],
        ["3:", "/id"],
        ["4:", "/nickname"],
        ["5:", "is"],
        ["6:", "is"],
    ]
    assert found[2] == "3: /id stands in line 1 already"


async def test_mistakes_of_a_csv_file_are_named_by_line() -> None:
    found = mistakes("lookouts", CSV + "L-3,short\n", is_csv=True)
    assert found == ["4: has more or fewer cells than the first line has names"]
    assert mistakes("lookouts", CSV.replace("1988-04-12", "12/04/1988"), is_csv=True) == [
        "2: /born_on must be a day that the calendar has, written YYYY-MM-DD"
    ]
    assert mistakes("lookouts", CSV.replace("CA,GA302922", ",GA302922"), is_csv=True) == [
        "2: /document/issued_by is required"
    ]


@pytest.mark.parametrize("content", ["", "\n\n", b"\xef\xbb\xbf"])
async def test_a_file_without_entries_is_no_list(content: str | bytes) -> None:
    assert mistakes("exits", content) == ["1: holds no entry"]
    assert mistakes("exits", content, is_csv=True) == ["1: holds no entry"]


async def test_a_file_that_is_not_utf8_is_named_at_its_line() -> None:
    assert mistakes("lookouts", CSV.encode("latin-1"), is_csv=True) == ["2: is not UTF-8"]


async def test_no_mistake_repeats_what_was_written() -> None:
    found = mistakes("lookouts", lines(lookout(surname="", born_on="canary-1988", **{"kanarie name": 1})))
    assert "canary" not in " ".join(found)
    assert "kanarie" not in " ".join(found)


async def test_what_changed_is_the_next_version_and_what_did_not_is_left_alone(fresh_desk: Desk) -> None:
    first = await bring(fresh_desk, "lookouts", lookout("a"), lookout("b"))
    assert (first["added"], first["changed"], first["unchanged"]) == (2, 0, 0)
    second = await bring(fresh_desk, "lookouts", lookout("a"), lookout("b", reason="overstay"), lookout("c"))
    assert (second["added"], second["changed"], second["unchanged"]) == (1, 1, 1)
    again = await bring(fresh_desk, "lookouts", lookout("b", reason="overstay"))
    assert again == {"batch": None, "added": 0, "changed": 0, "unchanged": 1}
    rows = select(fresh_desk.data, "SELECT id, version, reason FROM lookouts ORDER BY id, version")
    assert rows == [("a", 1, "customs"), ("b", 1, "customs"), ("b", 2, "overstay"), ("c", 1, "customs")]


async def test_of_a_body_with_a_mistake_nothing_is_kept(fresh_desk: Desk) -> None:
    before = counts(fresh_desk.data)
    async with fresh_desk.client(Role.SUPERVISOR) as supervisor:
        wrong = {"entries": [member("1"), member("2", state="perhaps")]}
        is_problem(
            await supervisor.post("/admission/v1/members", json=wrong), 422, "invalid-request", "/entries/1/state"
        )
        twice = {"entries": [member("1"), member("1")]}
        is_problem(await supervisor.post("/admission/v1/members", json=twice), 422, "invalid-request", "/entries/1")
    assert counts(fresh_desk.data) == before


async def test_a_repeated_request_gets_the_first_answer(fresh_desk: Desk) -> None:
    async with fresh_desk.client(Role.SERVICE, subject="lists") as service:
        headers = {"Idempotency-Key": "one"}
        body = {"entries": [lookout("a")]}
        first = await service.post("/admission/v1/lookouts", json=body, headers=headers)
        again = await service.post("/admission/v1/lookouts", json=body, headers=headers)
        other = await service.post("/admission/v1/lookouts", json={"entries": [lookout("b")]}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    is_problem(other, 422, "idempotency-key-reused")
    assert select(fresh_desk.data, "SELECT id, added_by FROM lookouts") == [("a", "lists")]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.CASEWORKER, Role.ANALYST])
async def test_lists_are_kept_by_supervisors_and_services_alone(desk: Desk, role: Role) -> None:
    async with desk.client(role) as client:
        for name, entry in (("lookouts", lookout()), ("members", member())):
            is_problem(await client.post(f"/admission/v1/{name}", json={"entries": [entry]}), 403, "not-allowed")


def crossing(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-W", "error", "-m", "crossing.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


async def test_the_command_imports_a_file_that_a_port_then_knows(tmp_path: Path, clock: MovingClock) -> None:
    file, data = tmp_path / "alerts.csv", tmp_path / "data"
    file.write_text(CSV, encoding="utf-8")
    assert crossing("lookouts", "import", str(file), "--data", str(data)).returncode == 2
    async with running_suite(data, clock) as desk:
        ran = await asyncio.to_thread(crossing, "lookouts", "import", str(file), "--data", str(data))
        assert (ran.returncode, ran.stdout) == (0, "lookouts: 2 new, 0 changed, 0 as they were\n"), ran.stderr
        async with desk.client() as officer:
            subject = (await opened(officer, engineer()))["subject"]
        assert [(hit["id"], hit["match"]) for hit in subject["lookouts"]] == [("L-1", "document")]
        file.write_text(CSV.replace("1988-04-12", "1988-04-31") + "L-9,x\n", encoding="utf-8")
        wrong = await asyncio.to_thread(crossing, "lookouts", "import", str(file), "--data", str(data))
        assert (wrong.returncode, wrong.stdout) == (1, "")
        assert wrong.stderr.splitlines() == [
            f"{file}:2: /born_on must be a day that the calendar has, written YYYY-MM-DD",
            f"{file}:4: has more or fewer cells than the first line has names",
            "Nothing was imported.",
        ]
    assert select(data, "SELECT count(*) FROM lookouts") == [(2,)]
    verified = crossing("audit", "verify", "--data", str(data), "--service", "admission")
    assert verified.returncode == 0, verified.stdout
