"""A service that keeps evidence, and who sends it files."""

from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.requests import Request

from crossing.kit.idempotency import attempt_of
from crossing.kit.identity import Caller
from crossing.kit.service import service_app
from crossing.kit.uploads import load_upload_rules, upload_of
from crossing.kit.vault import Scanner, Vault, open_store

RULES = load_upload_rules()
CALLER = Caller("camille", frozenset(), None, None, 0)


def evidence_app(vault: Vault) -> FastAPI:
    """A service that keeps evidence and tells what it kept."""
    app = service_app(
        "evidence",
        title="Evidence",
        version="1",
        description="Keeps evidence.",
        deadline_seconds=30.0,
        max_body_bytes=1_000,
        uploads={"evidence": RULES.limits},
    )

    @app.post("/v1/evidence")
    async def post_evidence(request: Request) -> dict[str, Any]:
        """Keep a file."""
        async with upload_of(request, RULES) as upload:
            await vault.keep(upload)
            attempt = await attempt_of(request, CALLER, upload.sha256.encode())
        told = {"name": upload.name, "type": upload.media_type, "size": upload.size, "sha256": upload.sha256}
        return {**told, "fields": upload.fields, "digest": attempt and attempt.request_digest}

    @app.post("/v1/notes")
    async def post_note(request: Request) -> int:
        """Take anything."""
        return len(await request.body())

    return app


class Sender:
    """Sends files to the service and looks into the folder where they are kept."""

    def __init__(self, folder: Path, scanner: Scanner | None = None) -> None:
        self.folder = folder
        self.vault = Vault(open_store(str(folder)), "evidence", scanner)
        self.app = evidence_app(self.vault)

    async def post(self, *arguments: Any, path: str = "evidence", **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://crossing.test") as client:
            return await client.post(f"/v1/{path}", *arguments, **options)

    async def send(self, content: bytes, media_type: str, name: str = "letter.pdf", **options: Any) -> httpx.Response:
        return await self.post(files={"file": (name, content, media_type)}, **options)

    def kept(self) -> list[str]:
        return sorted(file.name for file in self.folder.rglob("*") if file.is_file())


def is_refused(answer: httpx.Response, status: int, slug: str, detail: str | None = None) -> None:
    """A problem of a type, and what it says of the file."""
    document = answer.json()
    assert (answer.status_code, document["type"]) == (status, f"/problems/{slug}"), answer.text
    if detail:
        assert document["errors"] == [{"pointer": "/file", "detail": detail}]
