"""Admission in a process of its own, on a database that is migrated and whose ports are open already."""

from pathlib import Path

import uvicorn

from admission.app import create_app
from crossing.embedded.suite import admission_settings
from crossing.kit.issuer import DevelopmentIssuer


def serve(folder: Path, port: int, database_url: str | None) -> None:
    """Serve admission on the files of a folder until the process is killed."""
    alone = {"advance_rulings_address": None, "redress_events_address": None, "run_worker": False}
    changes = alone | {"request_deadline_seconds": 60.0} | ({"database_url": database_url} if database_url else {})
    settings = admission_settings(folder, DevelopmentIssuer(folder)).model_copy(update=changes)
    uvicorn.run(create_app(settings), host="127.0.0.1", port=port, log_level="warning", access_log=False)
