"""Keeps files by the hash of their content, in a folder or in an object store (S3), after a scanner looked at them."""

import asyncio
import hashlib
import os
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from crossing.kit.logging import log
from crossing.kit.problems import NotFound, Unavailable
from crossing.kit.upload_problems import EvidenceDamaged
from crossing.kit.uploads import Upload


class Scanner(Protocol):
    """Looks for malicious software."""

    async def scan(self, file: BinaryIO) -> None:
        """Raise a problem for a file that may not be kept."""


def open_store(address: str) -> ObjectStore:
    """The store at a folder's path or at a URL such as ``s3://bucket/path``, whose credentials the environment has."""
    if "://" in address:
        return from_url(address)
    return LocalStore(Path(address).resolve(), mkdir=True)


class Vault:
    """Files under a prefix of a store, each once, however often it is uploaded."""

    def __init__(self, store: ObjectStore, prefix: str, scanner: Scanner | None = None) -> None:
        self._store = store
        self._prefix = prefix
        self._scanner = scanner

    async def keep(self, upload: Upload) -> None:
        """Scan and keep a file; when it returns, the file is on the disk or in the store.

        Raises ``MalwareFound``, ``ScannerUnavailable`` or ``Unavailable``; then nothing is kept.
        """
        if self._scanner:
            await self._scanner.scan(upload.file)
        await asyncio.to_thread(upload.file.seek, 0)
        content = await asyncio.to_thread(upload.file.read)
        try:
            await self._put(upload.sha256, content, "create")
        except AlreadyExistsError:
            await self._heal(upload.sha256, content)

    async def _heal(self, sha256: str, content: bytes) -> None:
        """Put a file in the place of one that was damaged meanwhile."""
        try:
            await self.read(sha256)
        except EvidenceDamaged:
            await self._put(sha256, content, "overwrite")

    async def _put(self, sha256: str, content: bytes, mode: Any) -> None:
        key = self._key(sha256)
        try:
            # In one piece, because only then a store can refuse what is there already.
            await obstore.put_async(self._store, key, content, mode=mode, use_multipart=False)
            if isinstance(self._store, LocalStore):
                await asyncio.to_thread(_to_disk, Path(str(self._store.prefix)), key)
        except AlreadyExistsError:
            raise
        except (BaseError, OSError) as error:
            raise _unavailable(error) from None

    async def read(self, sha256: str) -> bytes:
        """The content of a file; raises ``NotFound``, ``EvidenceDamaged`` or ``Unavailable``."""
        try:
            found = await obstore.get_async(self._store, self._key(sha256))
            content = bytes(await found.bytes_async())
        except (NotFoundError, FileNotFoundError):
            raise NotFound from None
        except (BaseError, OSError) as error:
            raise _unavailable(error) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            log().error("evidence.damaged", digest=sha256)
            raise EvidenceDamaged
        return content

    def _key(self, sha256: str) -> str:
        return f"{self._prefix}/{sha256[:2]}/{sha256}"


def _to_disk(root: Path, key: str) -> None:
    """Wait until a file and the folders that lead to it are on the disk, which renaming alone does not."""
    path = root / key
    for step in (path, *[parent for parent in path.parents if parent.is_relative_to(root)]):
        descriptor = os.open(step, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unavailable(error: Exception) -> Unavailable:
    log().warning("store.silent", error=type(error).__name__)
    return Unavailable(headers={"Retry-After": "5"})
