"""What a setting may be, beyond text: a value that cannot be meant is refused before the service starts."""

import os
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from pydantic import AfterValidator, StringConstraints
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from crossing.kit.issuer_keys import read_key_set

_DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")


def _database(value: str) -> str:
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise ValueError("is no SQLAlchemy URL") from None
    if url.drivername not in _DRIVERS:
        raise ValueError(f"should begin with one of {', '.join(f'{each}://' for each in _DRIVERS)}")
    if not url.database:
        raise ValueError("names no database")
    return value


def _web(value: str) -> str:
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or any(each.isspace() for each in value):
        raise ValueError("is no web address: http:// or https://, a host, a path")
    return value


def published(path: str) -> AfterValidator:
    """The address of the service that the gateway publishes under a path; one inside the same process has no path."""

    def ends_with_its_path(value: str) -> str:
        if urlsplit(_web(value)).path.rstrip("/") not in ("", path):
            raise ValueError(f"should end with {path}: is it another service's address?")
        return value

    return AfterValidator(ends_with_its_path)


def _addresses(value: dict[str, str]) -> dict[str, str]:
    for name, address in value.items():
        path = urlsplit(_web(address)).path.rstrip("/")
        if path not in ("", f"/{name}"):
            raise ValueError(f"the address of {name} should end with /{name}")
    return value


def _key_set(value: Path) -> Path:
    try:
        read_key_set(value)
    except OSError:
        raise ValueError("is no file that can be read") from None
    except (ValueError, KeyError, TypeError, AttributeError, JoseError):
        raise ValueError("holds no JSON Web Key Set with a key for ES256") from None
    return value


def _readable(value: Path) -> Path:
    if not value.is_file() or not os.access(value, os.R_OK):
        raise ValueError("is no file that can be read")
    return value


def _token(value: Path) -> Path:
    if _readable(value).read_bytes().count(b".") != 2:
        raise ValueError("holds no token")
    return value


def _secret(value: Path) -> Path:
    content = _readable(value).read_bytes().strip()
    if not content or content.startswith((b"{", b"eyJ")):
        raise ValueError("holds no secret, but nothing, keys or a token")
    return value


def _folder(value: Path) -> Path:
    if not value.is_absolute():
        raise ValueError("should be a whole path, from the root of the file system")
    there = next(each for each in (value, *value.parents) if each.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise ValueError("is no folder that can be written to")
    return value


def _folder_of_keys(value: Path) -> Path:
    if _folder(value).is_dir() and any(value.iterdir()) and not (value / "ruling-keys.json").is_file():
        raise ValueError("holds other files than keys of rulings")
    return value


def _folder_without_keys(value: Path) -> Path:
    if (_folder(value) / "ruling-keys.json").exists():
        raise ValueError("holds the keys of rulings, which nobody else may read")
    return value


def _store(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme and not parts.netloc:
        raise ValueError("is neither a folder nor the URL of a store, such as s3://bucket/path")
    if not parts.scheme:
        _folder_without_keys(Path(value))
    return value


def _mailbox(value: str) -> str:
    name, at, host = parseaddr(value)[1].partition("@")
    if not (name and at and host) or any(each in name + host for each in " /?¿"):
        raise ValueError("is no mail address")
    return value


def _scanner(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not value.startswith("/") and not (host and port.isdecimal() and 0 < int(port) < 65_536):
        raise ValueError("is neither host:port nor the path of a socket")
    return value


DatabaseUrl = Annotated[str, AfterValidator(_database)]
WebAddress = Annotated[str, AfterValidator(_web)]
EventAddresses = Annotated[dict[str, str], AfterValidator(_addresses)]
KeySetFile = Annotated[Path, AfterValidator(_key_set)]
TokenFile = Annotated[Path, AfterValidator(_token)]
SecretFile = Annotated[Path, AfterValidator(_secret)]
KeyFolder = Annotated[Path, AfterValidator(_folder_of_keys)]
OpenFolder = Annotated[Path, AfterValidator(_folder_without_keys)]
Store = Annotated[str, AfterValidator(_store)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Scanner = Annotated[str, AfterValidator(_scanner)]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$")]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]
Link = Annotated[str, StringConstraints(pattern=r"^(https?:/)?/[^\s?¿]*$")]
Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
