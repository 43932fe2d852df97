"""Installations to examine: one service with settings as production has them, but for what a test changes."""

import http.server
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import MetaData

from admission.settings import MIGRATIONS as ADMISSION_MIGRATIONS
from admission.settings import AdmissionSettings
from admission.tables import metadata as admission_tables
from advance_ruling.settings import MIGRATIONS as RULING_MIGRATIONS
from advance_ruling.settings import AdvanceRulingSettings
from advance_ruling.tables import metadata as ruling_tables
from crossing.doctor.finding import Check, Finding, Installation
from crossing.kit.database import create_engine
from crossing.kit.identity import Role
from crossing.kit.issuer import AUDIENCE, ISSUER, DevelopmentIssuer
from crossing.kit.settings import ServiceSettings

KEY = "5d1c07e2b89f4a6633be1f0da94c27586e0b7fd1c2a3948557660e1f2d3b4c5a"


def common(folder: Path) -> dict[str, Any]:
    """Settings that every service takes, on SQLite."""
    issuer = DevelopmentIssuer(folder)
    token = folder / "token"
    token.touch(mode=0o600)
    token.write_text(issuer.token(Role.SERVICE, subject="service"))
    return {
        "database_url": f"sqlite+aiosqlite:///{folder / 'database.sqlite'}",
        "key_set_file": issuer.public_file,
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "identity_key": SecretStr(KEY),
        "service_token_file": token,
    }


def admission(folder: Path, **changes: Any) -> Installation:
    """Admission."""
    settings = AdmissionSettings(**(common(folder) | changes))
    return _installation("admission", settings, ADMISSION_MIGRATIONS, admission_tables)


def rulings(folder: Path, **changes: Any) -> Installation:
    """Advance rulings."""
    own = {
        "public_address": "https://127.0.0.1:1/advance-rulings",
        "signing_keys": folder / "keys",
        "registry_files": folder / "registry",
        "evidence_store": str(folder / "evidence"),
    }
    settings = AdvanceRulingSettings(**(common(folder) | own | changes))
    return _installation("advance-ruling", settings, RULING_MIGRATIONS, ruling_tables)


def _installation(name: str, settings: ServiceSettings, migrations: Path, tables: MetaData) -> Installation:
    engine = create_engine(settings.database_url)
    return Installation(name, settings, migrations, tables, engine, embedded=False, now=lambda: datetime.now(UTC))


async def said(check: Check, it: Installation) -> tuple[str, str]:
    """What a check says: its outcome and its words with the cure; the engine is let go of."""
    try:
        finding: Finding = await check(it)
    finally:
        await it.engine.dispose()
    return finding.outcome.value, f"{finding.said}; {finding.cure}"


@contextmanager
def answering(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a server that gives one answer to whatever it is asked."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps(body).encode()
            self.send_response_only(status)
            for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - as the server calls it

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
