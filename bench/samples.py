"""One real examination: the body that is sent, the answer it got and the rows it left. The floor writes the same."""

import asyncio
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from crossing.wire.mrz import check_digit

_TABLES = {
    "examinations": "id = ?",
    "revisions": "examination_id = ?",
    "audit_entries": "subject = 'examinations/' || ? || '/1'",
    "idempotency_keys": "location LIKE '%/' || ?",
}


@dataclass(frozen=True)
class Sample:
    """An examination as it went in and came out."""

    answer: bytes
    rows: dict[str, dict[str, Any]]


def ordinary_body() -> dict[str, Any]:
    """An ordinary TN examination by the machine readable zone."""
    return {
        "scan": {"mrz": _zone()},
        "seeking": ["us.tn"],
        "facts": {
            "traveller": {"citizenships": ["CA"]},
            "arrival": {"from": "CA"},
            "admissibility": {"recorded_grounds": [], "waived_grounds": []},
            "history": {"overstayed": False, "immigrant_petition_pending": False},
            "labour_dispute": {"certified": False},
            "position": {"profession": "engineer"},
            "credentials": [
                {
                    "kind": "degree",
                    "level": "baccalaureate",
                    "field": "civil engineering",
                    "country": "CA",
                    "discipline": "engineering",
                }
            ],
            "engagement": {
                "arranged_before_entry": True,
                "with_entity_in": "US",
                "form": "employment_by_entity",
                "ends_on": "2029-05-09",
            },
            "ownership": {"share_percent": 0, "controls_entity": False},
            "support_letter": {
                "states_profession": True,
                "states_activities": True,
                "states_length_of_stay": True,
                "states_qualifications": True,
                "states_pay": True,
            },
        },
        "findings": {"US-TN-03": "met", "US-TN-13": "met", "US-TN-30": "met"},
    }


def _zone() -> list[str]:
    number, born, expires = "AB1234567", "880412", "350531"
    first = f"{number}{check_digit(number)}CAN{born}{check_digit(born)}F{expires}{check_digit(expires)}" + "<" * 15
    composite = check_digit(first[0:10] + first[13:20] + first[21:43])
    return ["P<CANTREMBLAY<<MARIE<CLAIRE".ljust(44, "<"), f"{first}{composite}"]


def take_sample(address: str, token: str, database: Path | str) -> Sample:
    """Open one examination and read back what it left in a file of SQLite or a database of PostgreSQL."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "bench-sample"}
    answer = httpx.post(f"{address}/admission/v1/examinations", json=ordinary_body(), headers=headers)
    answer.raise_for_status()
    examination_id = answer.json()["id"]
    if isinstance(database, str):
        return Sample(answer.content, asyncio.run(_rows_on_postgresql(database, examination_id)))
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        rows = {
            table: dict(connection.execute(f"SELECT * FROM {table} WHERE {condition}", (examination_id,)).fetchone())
            for table, condition in _TABLES.items()
        }
    connection.close()
    return Sample(answer.content, rows)


async def _rows_on_postgresql(url: str, examination_id: str) -> dict[str, dict[str, Any]]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return {
            table: dict(await connection.fetchrow(f"SELECT * FROM {table} WHERE {_dollars(condition)}", examination_id))
            for table, condition in _TABLES.items()
        }
    finally:
        await connection.close()


def _dollars(condition: str) -> str:
    return condition.replace("?", "$1::text")


def keep_sample(sample: Sample, folder: Path) -> None:
    """Keep a sample where the floor finds it."""
    (folder / "answer.json").write_bytes(sample.answer)
    (folder / "rows.json").write_text(json.dumps(sample.rows))


def read_sample(folder: Path) -> Sample:
    """The sample kept in a folder."""
    return Sample((folder / "answer.json").read_bytes(), json.loads((folder / "rows.json").read_text()))
