"""The floor of the service: the least that takes the same body, writes the same rows and gives as many bytes back.

FastAPI and the same model of the body, and beneath it nothing but the standard library's SQLite driver: every request is
one transaction and one hop to a thread. No identity, no rules, no problems, no audit beyond the rows themselves. Run as
``python -m bench.floor FOLDER PORT ANSWER_FILE``.
"""

import asyncio
import gc
import hashlib
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from uuid_utils.compat import uuid7

from admission.examinations.schemas import ExaminationIn
from admission.settings import MIGRATIONS
from crossing.kit.migrations import upgrade

ROWS_FILE = "rows.json"
_HEAD = "SELECT seq, hash FROM chain_heads WHERE chain = ?"
_MOVE_HEAD = "UPDATE chain_heads SET seq = ?, hash = ? WHERE chain = ?"


def floor_app(database: sqlite3.Connection, rows: dict[str, dict[str, Any]], answer: bytes) -> FastAPI:
    """The application: ``rows`` are those of one real examination by table, ``answer`` what it was answered with."""
    app = FastAPI(openapi_url=None)
    thread = ThreadPoolExecutor(1)
    statements = {table: _insert(table, row) for table, row in rows.items()}
    examination, revision = rows["examinations"], rows["revisions"]
    entry, kept = rows["audit_entries"], rows["idempotency_keys"]

    def write(examination_id: str, key: str | None) -> None:
        execute = database.execute
        execute("BEGIN IMMEDIATE")
        execute(statements["examinations"], (examination_id, *list(examination.values())[1:]))
        execute(statements["revisions"], (examination_id, *list(revision.values())[1:]))
        if key:
            execute(statements["idempotency_keys"], tuple({**kept, "key": key}.values()))
        seq, previous = execute(_HEAD, (entry["chain"],)).fetchone()
        link = hashlib.sha256(f"{previous}|{seq + 1}|{examination_id}".encode()).hexdigest()
        execute(_MOVE_HEAD, (seq + 1, link, entry["chain"]))
        execute(statements["audit_entries"], tuple({**entry, "seq": seq + 1, "hash": link}.values()))
        execute("COMMIT")

    @app.post("/examinations")
    async def open_examination(request: Request, body: ExaminationIn) -> Response:
        key = request.headers.get("idempotency-key")
        await asyncio.get_running_loop().run_in_executor(thread, write, str(uuid7()), key)
        return Response(answer, 201, media_type="application/json")

    return app


def _insert(table: str, row: dict[str, Any]) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"


def open_database(folder: Path) -> sqlite3.Connection:
    """A fresh database with the service's own tables."""
    upgrade(MIGRATIONS, f"sqlite+aiosqlite:///{folder / 'floor.sqlite'}")
    database = sqlite3.connect(folder / "floor.sqlite", check_same_thread=False, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    return database


def main(folder: Path, port: int) -> None:
    """Serve the floor on loopback until it is told to stop."""
    from bench.samples import read_sample

    sample = read_sample(folder)
    database = open_database(folder)
    database.execute("INSERT INTO chain_heads VALUES (?, 0, ?)", (sample.rows["audit_entries"]["chain"], "0" * 64))
    app = floor_app(database, sample.rows, sample.answer)
    gc.collect()
    gc.freeze()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, server_header=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
