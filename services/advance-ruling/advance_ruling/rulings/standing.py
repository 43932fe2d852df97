"""What every ruling stands at, kept in memory: who asks whether one is valid waits for no database."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncEngine

from crossing.casework.procedure import Procedure
from crossing.kit.clock import Clock
from crossing.kit.database import format_instant
from crossing.kit.ledger import AuditEntry, Insert, Ledger

Word = Literal["valid", "expired", "suspended", "revoked", "unknown"]
_NOTED: Final = ("revisions", "law_changes")
#: How long a change that another process made may go unseen here.
_LONGEST_UNSEEN: Final = timedelta(seconds=1)
#: Who began to write earlier may commit later.
_OVERLAP: Final = timedelta(seconds=30)
_LATEST: Final = text(
    "SELECT r.number, v.at, v.state, v.due_at, v.content FROM revisions v"
    " JOIN rulings r ON r.application_id = v.application_id WHERE v.at >= :since AND NOT EXISTS"
    " (SELECT 1 FROM revisions w WHERE w.application_id = v.application_id AND w.revision > v.revision)"
)
_VERSIONS: Final = text(
    "SELECT number, status_index, made_at, effective_from, valid_until FROM ruling_versions WHERE number IN :numbers"
    " ORDER BY number, version"
).bindparams(bindparam("numbers", expanding=True))
_ENDED: Final = text("SELECT number, ends_at FROM law_changes WHERE found_at >= :since AND ends_at IS NOT NULL")
_AT_ONCE: Final = 500


@dataclass(frozen=True)
class _Version:
    index: int
    made_at: datetime
    effective_from: datetime
    over_at: datetime

    def was_remade(self, later: Sequence["_Version"]) -> bool:
        """Whether it was postponed, and so made again before its day came."""
        return any(each.made_at < self.effective_from for each in later)


@dataclass(frozen=True)
class _Standing:
    word: Word
    until: datetime | None
    since: datetime | None
    versions: Sequence[_Version]

    def binding(self, now: datetime) -> _Version | None:
        """The version that binds."""
        begun = [
            each
            for position, each in enumerate(self.versions)
            if each.effective_from <= now and not each.was_remade(self.versions[position + 1 :])
        ]
        return begun[-1] if begun else None

    def word_at(self, now: datetime, law_ends_at: datetime | None) -> Word:
        version = self.binding(now)
        if version is None:
            return "unknown"
        word = self.word
        if (self.until and self.until <= now) or (self.since and now < self.since):
            word = "valid"
        if word == "valid" and (version.over_at <= now or (law_ends_at and law_ends_at <= now)):
            return "expired"
        return word


class Standings:
    """Every ruling's standing. It is read again when this process changed one, else once a second when asked."""

    def __init__(self, engine: AsyncEngine, procedure: Procedure, clock: Clock) -> None:
        self._engine, self._procedure, self._clock = engine, procedure, clock
        self._standings: dict[str, _Standing] = {}
        self._law_ends: dict[str, datetime] = {}
        self._since = ""
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()
        self._notes = 0
        self.changes = 0

    def note(self) -> None:
        """Say that something changed."""
        self._notes += 1
        self._read_at = None

    async def word(self, number: str) -> Word:
        """``valid``, ``expired``, ``suspended``, ``revoked``, or ``unknown`` for what is no ruling in effect."""
        now = self._clock()
        if not self._is_fresh(now):
            async with self._reading:  # who comes while it is being read waits for what is read
                if not self._is_fresh(now):
                    await self._read(now)
        standing = self._standings.get(number)
        return standing.word_at(now, self._law_ends.get(number)) if standing else "unknown"

    def _is_fresh(self, now: datetime) -> bool:
        return self._read_at is not None and now - self._read_at < _LONGEST_UNSEEN

    async def refresh(self, now: datetime) -> None:
        """Read what changed since the last time."""
        async with self._reading:
            await self._read(now)

    async def _read(self, now: datetime) -> None:
        since, notes = self._since, self._notes
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_LATEST, {"since": since})).all()
            numbers = [row.number for row in rows]
            versions: dict[str, list[_Version]] = {}
            for start in range(0, len(numbers), _AT_ONCE):
                for row in await connection.execute(_VERSIONS, {"numbers": numbers[start : start + _AT_ONCE]}):
                    made = self._version(row)
                    versions.setdefault(row.number, []).append(made)
            ended = (await connection.execute(_ENDED, {"since": since})).all()
        before = self.changes
        for row in rows:
            self._put(row.number, self._standing(row, versions.get(row.number, [])))
        for row in ended:
            ends_at = datetime.fromisoformat(row.ends_at)
            self.changes += self._law_ends.get(row.number) != ends_at
            self._law_ends[row.number] = ends_at
        if rows or self.changes != before:
            self._since = format_instant(now - _OVERLAP)
        self._read_at = now if notes == self._notes else None

    def _put(self, number: str, standing: _Standing) -> None:
        self.changes += self._standings.get(number) != standing
        self._standings[number] = standing

    def _standing(self, row: Any, versions: Sequence[_Version]) -> _Standing:
        told: Mapping[str, Any] = self._procedure.content["verify"]
        word: Word = told["states"].get(row.state, told["otherwise"])
        content = json.loads(row.content)
        # A revocation has effect on a later day; a suspension ends by itself.
        since = content.get("effective_from") if word == "revoked" else None
        return _Standing(word, _instant(row.due_at if word == "suspended" else None), _instant(since), versions)

    def _version(self, row: Any) -> _Version:
        made_at, effective_from = datetime.fromisoformat(row.made_at), datetime.fromisoformat(row.effective_from)
        return _Version(row.status_index, made_at, effective_from, self._procedure.day_over(row.valid_until))

    def bits(self, now: datetime) -> list[bool]:
        """For each place of the status list, whether the version there is not to be honoured."""
        refused = self._procedure.content["verify"]["not_honoured"]
        found: dict[int, bool] = {}
        for number, standing in self._standings.items():
            law_ends_at = self._law_ends.get(number)
            whole = standing.word_at(now, law_ends_at) in refused or bool(law_ends_at and law_ends_at <= now)
            binding = standing.binding(now)
            for version in standing.versions:
                replaced = binding is not None and binding.index > version.index
                found[version.index] = whole or replaced
        return [found.get(index, False) for index in range(max(found, default=-1) + 1)]

    def next_change(self, now: datetime) -> datetime | None:
        """The next instant at which a bit changes by itself."""
        return min((each for each in self._instants() if each > now), default=None)

    def _instants(self) -> Iterator[datetime]:
        yield from self._law_ends.values()
        for standing in self._standings.values():
            yield from (each for each in (standing.until, standing.since) if each)
            yield from (version.effective_from for version in standing.versions[1:])


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class NotingLedger:
    """A ledger that notes when a ruling may have changed."""

    def __init__(self, ledger: Ledger, standings: Standings) -> None:
        self._ledger, self._standings = ledger, standings

    async def append(self, rows: Sequence[Insert], entry: AuditEntry | None) -> None:
        """See ``Ledger.append``."""
        await self._ledger.append(rows, entry)
        if any(row.table in _NOTED for row in rows):
            self._standings.note()

    async def close(self) -> None:
        """See ``Ledger.close``."""
        await self._ledger.close()
