"""F21: one record rots: the verifier names it, the examination is refused with a reason, and all else goes on.

A byte is changed where the record lies in the file of the database; then the file is put right again from a copy.
"""

import asyncio
import random
import shutil
import sqlite3
import tempfile
from contextlib import closing, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, patch

import httpx
from tests.admission.cases import EXAMINATIONS, admit, engineer, opened, step, took
from tests.admission.desks import running_service, service_of
from tests.conftest import Desk, MovingClock
from tests.faults.report import Report

from admission.covered import covered_rows, rows_without_entry
from admission.examinations import revise
from crossing.kit.verify import verify_chains

FULL = ({"flips": 300}, {"flips": 20, "plant": "records are read as they are"})
SHORT = ({"flips": 15},)
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
#: What an examination rests on; the others hold keys, by which it would be another one or none.
_PLACES = {
    "examinations": ("terminal_id", "opened_at", "opened_by", "language", "identity"),
    "revisions": ("kind", "state", "at", "actor", "day", "seeking", "facts", "findings", "classes", "detail"),
    "presented_rulings": ("outcome", "token", "assessment"),
    "stays": ("class_id", "from_on", "until"),
}


def run(*, flips: int, seed: int = 21, plant: str | None = None) -> Report:
    """Let one record rot in so many places, one after the other, and once in the file itself."""
    folder = Path(tempfile.mkdtemp(prefix="crossing-bit-rot-"))
    look_away = patch.object(revise, "require_verified", AsyncMock()) if plant else nullcontext()
    try:
        with look_away:
            said = asyncio.run(_run(folder, flips, random.Random(seed)))
    finally:
        shutil.rmtree(folder)
    return Report(
        fault="F21 bit rot in one record",
        done=f"one bit flipped in a record {flips} times, and a byte of the database's file",
        acknowledged=flips + 1,
        found=flips + 1 - len(said),
        lost=len(said),
        held=not said,
        detail="; ".join(said[:3]),
        seed=seed,
    )


async def _run(folder: Path, flips: int, chance: random.Random) -> list[str]:
    file, said = folder / "admission.sqlite", []
    async with running_service(folder, MovingClock(NOW)) as desk, desk.client() as officer:
        rotten = await took(officer, await opened(officer, engineer(rulings=["no-ruling"])), "decision", admit())
        sound = await opened(officer, engineer())
        for _ in range(flips):
            with closing(sqlite3.connect(file, isolation_level=None)) as connection:
                place = _flip(connection, rotten["id"], chance)
            said += [f"{place[0]}.{place[1]}: {each}" for each in (await _look(desk, officer, rotten, sound))[:1]]
            with closing(sqlite3.connect(file, isolation_level=None)) as connection:
                _put_right(connection, *place)
        if (answer := await officer.get(f"{EXAMINATIONS}/{rotten['id']}")).status_code != 200:
            said.append(f"put right, and still answered {answer.status_code}")
    return said + await _in_the_file(folder, file, rotten, sound)


async def _in_the_file(folder: Path, file: Path, rotten: dict[str, Any], sound: dict[str, Any]) -> list[str]:
    """Change a byte of the reason that was given, in the file while nobody has it open, and put it right again."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = file.read_bytes()
    place = content.index(rotten["decision"]["reason"].encode())
    file.write_bytes(content[:place] + bytes([content[place] ^ 0x20]) + content[place + 1 :])
    said = []
    async with running_service(folder, MovingClock(NOW), with_ports=False) as desk, desk.client() as officer:
        said += [f"in the file: {each}" for each in await _look(desk, officer, rotten, sound)]
        await opened(officer, engineer())
    for left in folder.glob("admission.sqlite*"):
        left.unlink()
    file.write_bytes(content)
    async with running_service(folder, MovingClock(NOW), with_ports=False) as desk, desk.client() as officer:
        if (await officer.get(f"{EXAMINATIONS}/{rotten['id']}")).status_code != 200:
            said.append("in the file: put right from the copy, and still refused")
    return said


Place = tuple[str, str, int, Any]


def _flip(connection: sqlite3.Connection, examination: str, chance: random.Random) -> Place:
    """Flip a bit of a text that the examination rests on; where it was, and what stood there."""
    while True:
        table = chance.choice([*_PLACES])
        column = chance.choice(_PLACES[table])
        key = "id" if table == "examinations" else "examination_id"
        rows = connection.execute(f"SELECT rowid, {column} FROM {table} WHERE {key} = ?", (examination,)).fetchall()
        rows = [(place, value) for place, value in rows if value]
        if rows:
            place, value = chance.choice(rows)
            content = bytearray(value.encode())
            bit = chance.randrange(len(content) * 8)
            content[bit // 8] ^= 1 << bit % 8
            changed = f"UPDATE {table} SET {column} = CAST(? AS TEXT) WHERE rowid = ?"
            connection.execute(changed, (bytes(content), place))
            return table, column, place, value


def _put_right(connection: sqlite3.Connection, table: str, column: str, place: int, value: Any) -> None:
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, place))


async def _look(desk: Desk, officer: httpx.AsyncClient, rotten: dict[str, Any], sound: dict[str, Any]) -> list[str]:
    """What does not go as it should while one record is damaged."""
    said = []
    async with service_of(desk).state.engine.connect() as connection:
        faults = (await verify_chains(connection, covered_rows, rows_without_entry))[1]
    if not faults or not all(rotten["id"] in fault.message for fault in faults):
        said.append(f"the verifier names {[str(each) for each in faults]}")
    for answer in (
        await officer.get(f"{EXAMINATIONS}/{rotten['id']}"),
        await step(officer, rotten, "referral", {"reason": "To look again."}, if_match="*"),
    ):
        if (answer.status_code, answer.json().get("type")) != (409, "/problems/record-does-not-verify"):
            said.append(f"the record is answered {answer.status_code} {answer.text[:100]}")
    listed = await officer.get(EXAMINATIONS)
    if listed.status_code != 200 or sound["id"] not in {each["id"] for each in listed.json()["examinations"]}:
        said.append(f"the list is answered {listed.status_code}")
    others = [
        await officer.get(f"{EXAMINATIONS}/{sound['id']}"),
        await officer.get(f"{EXAMINATIONS}/{sound['id']}/history"),
    ]
    said += [f"another examination is answered {each.status_code}" for each in others if not each.is_success]
    return said
