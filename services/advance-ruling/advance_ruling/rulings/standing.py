"""What every ruling stands at, kept in memory: who asks whether one is valid waits for no database."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncEngine

from crossing.kit.clock import Clock
from crossing.kit.database import format_instant
from crossing.kit.ledger import AuditEntry, Insert, Ledger
from crossing.rulings.procedure import Procedure

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
    made_at: str
    effective_from: str
    over_at: str

    def was_remade(self, later: Sequence["_Version"]) -> bool:
        """Whether it was postponed, and so made again before its day came."""
        return any(each.made_at < self.effective_from for each in later)


@dataclass(frozen=True)
class _Standing:
    """Instants are text, which sorts as they follow one another."""

    word: Word
    until: str | None
    since: str | None
    versions: Sequence[_Version]

    def binding(self, now: str) -> _Version | None:
        """The version that binds."""
        begun = [
            each
            for position, each in enumerate(self.versions)
            if each.effective_from <= now and not each.was_remade(self.versions[position + 1 :])
        ]
        return begun[-1] if begun else None

    def word_at(self, now: str, law_ends_at: str | None) -> Word:
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
        self._law_ends: dict[str, str] = {}
        self._since = ""
        self._read_at: datetime | None = None
        self.changes = 0

    def note(self) -> None:
        """Say that something changed."""
        self._read_at = None

    async def word(self, number: str) -> Word:
        """``valid``, ``expired``, ``suspended``, ``revoked``, or ``unknown`` for what is no ruling in effect."""
        now = self._clock()
        if self._read_at is None or not now - self._read_at < _LONGEST_UNSEEN:
            await self.refresh(now)
        standing = self._standings.get(number)
        return standing.word_at(format_instant(now), self._law_ends.get(number)) if standing else "unknown"

    async def refresh(self, now: datetime) -> None:
        """Read what changed since the last time."""
        since, self._read_at = self._since, now
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_LATEST, {"since": since})).all()
            numbers = [row.number for row in rows]
            versions: dict[str, list[_Version]] = {}
            for start in range(0, len(numbers), _AT_ONCE):
                for row in await connection.execute(_VERSIONS, {"numbers": numbers[start : start + _AT_ONCE]}):
                    over_at = format_instant(self._procedure.day_over(row.valid_until))
                    made = _Version(row.status_index, row.made_at, row.effective_from, over_at)
                    versions.setdefault(row.number, []).append(made)
            ended = (await connection.execute(_ENDED, {"since": since})).all()
        before = self.changes
        for row in rows:
            self._put(row.number, self._standing(row, versions.get(row.number, [])))
        for row in ended:
            self.changes += self._law_ends.get(row.number) != row.ends_at
            self._law_ends[row.number] = row.ends_at
        if rows or self.changes != before:
            self._since = format_instant(now - _OVERLAP)

    def _put(self, number: str, standing: _Standing) -> None:
        self.changes += self._standings.get(number) != standing
        self._standings[number] = standing

    def _standing(self, row: Any, versions: Sequence[_Version]) -> _Standing:
        told: Mapping[str, Any] = self._procedure.content["verify"]
        word: Word = told["states"].get(row.state, told["otherwise"])
        content = json.loads(row.content)
        # A revocation has effect on a later day; a suspension ends by itself.
        since = content.get("effective_from") if word == "revoked" else None
        return _Standing(word, row.due_at if word == "suspended" else None, since, versions)

    def bits(self, now: datetime) -> list[bool]:
        """For each place of the status list, whether the version there is not to be honoured."""
        instant, refused = format_instant(now), self._procedure.content["verify"]["not_honoured"]
        found: dict[int, bool] = {}
        for number, standing in self._standings.items():
            law_ends_at = self._law_ends.get(number)
            whole = standing.word_at(instant, law_ends_at) in refused or bool(law_ends_at and law_ends_at <= instant)
            binding = standing.binding(instant)
            for version in standing.versions:
                replaced = binding is not None and binding.index > version.index
                found[version.index] = whole or replaced
        return [found.get(index, False) for index in range(max(found, default=-1) + 1)]

    def next_change(self, now: datetime) -> str | None:
        """The next instant at which a bit changes by itself."""
        instant = format_instant(now)
        return min((each for each in self._instants() if each > instant), default=None)

    def _instants(self) -> Iterator[str]:
        yield from self._law_ends.values()
        for standing in self._standings.values():
            yield from (each for each in (standing.until, standing.since) if each)
            yield from (version.effective_from for version in standing.versions[1:])


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
