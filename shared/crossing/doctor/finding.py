"""What a check is, what it is given, and what it says."""

import ipaddress
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncEngine

from crossing.kit.settings import ServiceSettings


class Outcome(StrEnum):
    """What came of a check."""

    OK = "ok"
    WRONG = "wrong"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Finding:
    """What a check says: what it saw, and for what is wrong what to do. Never a secret, nor anything about a person."""

    outcome: Outcome
    said: str
    cure: str = ""


def ok(said: str) -> Finding:
    """It is as it should be."""
    return Finding(Outcome.OK, said)


def wrong(said: str, cure: str) -> Finding:
    """It is not, and this would cure it."""
    return Finding(Outcome.WRONG, said, cure)


def not_checked(why: str) -> Finding:
    """It could not be looked at, or need not be."""
    return Finding(Outcome.NOT_CHECKED, why)


@dataclass(frozen=True)
class Installation:
    """One service with its settings, as it is about to run.

    ``service`` is its name on the command line, ``migrations`` the folder of its history, ``tables`` what its database
    should hold. ``embedded`` says that it runs in one process with its neighbours, on loopback and SQLite.
    """

    service: str
    settings: ServiceSettings
    migrations: Path
    tables: MetaData
    engine: AsyncEngine
    embedded: bool
    now: Callable[[], datetime]

    @property
    def on_postgres(self) -> bool:
        """Whether its database is PostgreSQL."""
        return self.engine.dialect.name == "postgresql"

    def setting(self, name: str) -> Any:
        """The value of a setting, ``None`` where this service has none of the name."""
        return getattr(self.settings, name, None)

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Names and values of the settings that are web addresses, those of neighbours too."""
        for name in ("key_set_url", "token_address", "public_address", *_NEIGHBOURS):
            if value := self.setting(name):
                yield name, value
        for receiver, value in (self.setting("event_addresses") or {}).items():
            yield f"event_addresses {receiver}", value

    def neighbours(self) -> Iterator[tuple[str, str]]:
        """Those of the addresses that are of other services of the suite."""
        own = ("key_set_url", "token_address", "public_address")
        return ((name, value) for name, value in self.addresses() if name not in own)


_NEIGHBOURS = ("admission_address", "advance_rulings_address", "redress_events_address")

Check = Callable[[Installation], Awaitable[Finding]]


def setting(name: str) -> str:
    """A setting as the environment names it."""
    return f"CROSSING_{name.upper()}"


def is_loopback(address: str) -> bool:
    """Whether a URL leads to this machine itself."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
