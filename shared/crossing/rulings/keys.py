"""The keys that sign rulings, with their rotation: P-256, named by thumbprint (RFC 7517, RFC 7638)."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from joserfc.jwk import ECKey, KeySet, KeySetSerialization

from crossing.kit.database import format_instant
from crossing.rulings.status_list import lifetimes

_FILE: Final = "ruling-keys.json"
_LOCK: Final = "ruling-keys.lock"
#: A day may still run somewhere when it is over in UTC.
_LAST_TIME_ZONE: Final = timedelta(days=1)


class KeyNotAnnounced(ValueError):
    """The next key was published too short a time ago: a port that is off line may not know it yet."""


class KeyNotHeld(LookupError):
    """No key has this id."""


class SigningKeys:
    """The keys in a folder, in one file that its owner alone may read and that is replaced as a whole.

    The ``next`` key is published before it signs, so that ports know it beforehand; ``current`` signs; ``retired`` keys
    are kept without their private part and published until the last ruling they signed has ended. Several processes may
    share the folder.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        with self._locked():
            if not (folder / _FILE).exists():
                # Published on the same day as the current one, the first next key is known wherever that one is.
                self._write({"current": _new(), "next": _new(), "retired": []})

    def signing_key(self, until: str) -> ECKey:
        """The current key, to sign what is good until an ISO day, included; the key stays published as long."""
        content = self._read()
        if content["current"]["signed_until"] < until:
            with self._locked():
                content = self._read()
                content["current"]["signed_until"] = max(until, content["current"]["signed_until"])
                self._write(content)
        return ECKey.import_key(content["current"]["key"])

    def rotate(self, at: datetime) -> str:
        """The next key signs from now on, and a new one is announced; the id of the one that signs.

        Retired keys whose last ruling has ended are dropped. Raises ``KeyNotAnnounced`` while a port may be off line
        with what it knew before the next key was published.
        """
        with self._locked():
            content = self._read()
            announced_at = content["next"]["announced_at"]
            if announced_at and at - datetime.fromisoformat(announced_at) < lifetimes().off_line:
                raise KeyNotAnnounced(f"the next key was announced at {announced_at}")
            today = (at - _LAST_TIME_ZONE).date().isoformat()
            retired = [_public_part(content["current"]), *content["retired"]]
            content["retired"] = [each for each in retired if each["signed_until"] >= today]
            _promote(content, at)
            self._write(content)
            return _key_id(content["current"])

    def withdraw(self, key_id: str, at: datetime) -> None:
        """Publish a key no longer, whatever it signed: it fell into other hands. Raises ``KeyNotHeld``.

        What it signed must be signed anew. The next key takes the place of a current one at once.
        """
        with self._locked():
            content = self._read()
            if _key_id(content["current"]) == key_id:
                _promote(content, at)
            elif _key_id(content["next"]) == key_id:
                content["next"] = _new(at)
            else:
                kept = [each for each in content["retired"] if _key_id(each) != key_id]
                if len(kept) == len(content["retired"]):
                    raise KeyNotHeld(key_id)
                content["retired"] = kept
            self._write(content)

    def public_set(self) -> KeySetSerialization:
        """The public keys as a JSON Web Key Set: current, next, then retired ones, the latest first (RFC 7517 §5)."""
        content = self._read()
        held = [content["current"], content["next"], *content["retired"]]
        return KeySet([ECKey.import_key(each["key"]) for each in held]).as_dict(private=False)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One change at a time, among processes too."""
        with (self._folder / _LOCK).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _read(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self._folder / _FILE).read_text(encoding="utf-8"))
        return content

    def _write(self, content: dict[str, Any]) -> None:
        new = self._folder / f"{_FILE}.new"
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._folder / _FILE)
        folder = os.open(self._folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _new(announced_at: datetime | None = None) -> dict[str, Any]:
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    return {
        "key": key.as_dict(private=True),
        "announced_at": format_instant(announced_at) if announced_at else None,
        "signed_until": "",
    }


def _promote(content: dict[str, Any], at: datetime) -> None:
    content["current"], content["next"] = content["next"], _new(at)


def _public_part(held: dict[str, Any]) -> dict[str, Any]:
    return {**held, "key": ECKey.import_key(held["key"]).as_dict(private=False)}


def _key_id(held: dict[str, Any]) -> str:
    key_id: str = held["key"]["kid"]
    return key_id
