"""Files that were kept: read back as they were, or not shown."""

from pathlib import Path

import httpx
import pytest
from obstore.store import MemoryStore
from tests.kit.documents import PNG, pdf
from tests.kit.evidence import Sender, evidence_app, is_refused

from crossing.kit.problems import NotFound, Unavailable
from crossing.kit.upload_problems import EvidenceDamaged
from crossing.kit.vault import Vault

pytestmark = pytest.mark.anyio


@pytest.fixture
def sender(tmp_path: Path) -> Sender:
    return Sender(tmp_path / "store")


async def test_what_was_changed_in_the_store_is_not_shown_and_is_healed_by_the_next_upload(sender: Sender) -> None:
    content = pdf()
    digest = (await sender.send(content, "application/pdf")).json()["sha256"]
    (stored,) = [file for file in sender.folder.rglob(digest)]
    stored.write_bytes(content.replace(b"%PDF", b"%PDX"))
    with pytest.raises(EvidenceDamaged):
        await sender.vault.read(digest)
    assert (await sender.send(content, "application/pdf")).status_code == 200
    assert await sender.vault.read(digest) == content


async def test_what_was_never_kept_is_not_found(sender: Sender) -> None:
    with pytest.raises(NotFound):
        await sender.vault.read("0" * 64)


async def test_a_store_in_memory_keeps_the_same_promises() -> None:
    vault = Vault(MemoryStore(), "evidence")
    transport = httpx.ASGITransport(evidence_app(vault))
    async with httpx.AsyncClient(transport=transport, base_url="http://crossing.test") as client:
        for _ in range(2):
            answer = await client.post("/v1/evidence", files={"file": ("a.png", PNG, "image/png")})
    assert await vault.read(answer.json()["sha256"]) == PNG


async def test_a_store_that_is_away_is_a_503(tmp_path: Path) -> None:
    sender = Sender(tmp_path / "store")
    (tmp_path / "store" / "evidence").write_text("a file where the folder should be")
    is_refused(await sender.send(PNG, "image/png"), 503, "unavailable")
    with pytest.raises((Unavailable, NotFound)):
        await sender.vault.read("0" * 64)
