"""The floor of the service on PostgreSQL: FastAPI, the same body, the same rows in one transaction, the same pool.

Each row is a statement of its own on the driver's connection. No identity, no rules, no problems. Run as
``python -m bench.floor_on_postgresql FOLDER PORT``; the folder holds a sample and the URL of a migrated database.
"""

import gc
import hashlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from bench.samples import read_sample
from fastapi import FastAPI, Request, Response
from uuid_utils.compat import uuid7

from admission.examinations.schemas import ExaminationIn
from crossing.kit.database import create_engine

URL_FILE = "database.url"
_HEAD = "SELECT seq, hash FROM chain_heads WHERE chain = $1 FOR UPDATE"
_MOVE_HEAD = "UPDATE chain_heads SET seq = $1, hash = $2 WHERE chain = $3"


def floor_app(url: str, rows: dict[str, dict[str, Any]], answer: bytes) -> FastAPI:
    """The application: ``rows`` are those of one real examination by table, ``answer`` what it was answered with."""
    engine = create_engine(url)
    statements = {table: _insert(table, row) for table, row in rows.items()}
    examination, revision = rows["examinations"], rows["revisions"]
    entry, kept = rows["audit_entries"], rows["idempotency_keys"]

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await engine.dispose()

    app = FastAPI(openapi_url=None, lifespan=lifespan)

    @app.post("/admission/v1/examinations")
    async def open_examination(request: Request, body: ExaminationIn) -> Response:
        examination_id, key = str(uuid7()), request.headers["idempotency-key"]
        async with engine.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            async with raw.transaction():
                await raw.execute(statements["examinations"], examination_id, *list(examination.values())[1:])
                await raw.execute(statements["revisions"], examination_id, *list(revision.values())[1:])
                await raw.execute(statements["idempotency_keys"], *{**kept, "key": key}.values())
                seq, previous = await raw.fetchrow(_HEAD, entry["chain"])
                link = hashlib.sha256(f"{previous}|{seq + 1}|{examination_id}".encode()).hexdigest()
                await raw.execute(_MOVE_HEAD, seq + 1, link, entry["chain"])
                await raw.execute(statements["audit_entries"], *{**entry, "seq": seq + 1, "hash": link}.values())
        return Response(answer, 201, media_type="application/json")

    return app


def _insert(table: str, row: dict[str, Any]) -> str:
    marks = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"


def main(folder: Path, port: int) -> None:
    """Serve the floor on loopback until it is told to stop."""
    sample = read_sample(folder)
    app = floor_app((folder / URL_FILE).read_text(), sample.rows, sample.answer)
    gc.collect()
    gc.freeze()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, server_header=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
