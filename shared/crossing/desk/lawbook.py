"""The rule packs a running service decides by, and the older ones its records were decided by."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, MetaData, String, Table, Text, text
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.kit.database import format_instant
from crossing.kit.ledger import Conflict, Insert, Ledger
from crossing.packs import COUNTRIES_WITH_PACKS, load_overlays, load_pack
from crossing.packs.check import Inspection, check_release
from crossing.packs.load import country_names
from crossing.rules import Pack, PackError, apply_overlay, reference, require_in_force

TABLE: Final = "rule_packs"


def rule_packs_table(metadata: MetaData) -> None:
    """Declare the table of the packs that a service's records were decided by."""
    Table(
        TABLE,
        metadata,
        Column("digest", String(80), primary_key=True),
        Column("pack_id", String(16), nullable=False),
        Column("version", String(32), nullable=False),
        Column("content", Text, nullable=False),
        Column("first_used_at", String(27), nullable=False),
    )


class PacksDoNotHold(Exception):
    """The rule packs have mistakes; the service does not start with them."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__("\n".join(map(str, inspection.findings)))


@dataclass(frozen=True)
class LaidOver:
    """A pack with the overlays asked for."""

    pack: Pack
    overlays: tuple[Mapping[str, Any], ...]


class Lawbook:
    """Packs by country, as they stand in this release; overlays by id."""

    def __init__(self) -> None:
        inspection = check_release()
        if inspection.findings:
            raise PacksDoNotHold(inspection)
        self.packs = {country: load_pack(country) for country in COUNTRIES_WITH_PACKS}
        self.overlays = load_overlays()
        self._laid_over: dict[tuple[str, ...], LaidOver] = {}
        self._shelf: dict[str, Pack] = {pack.digest: pack for pack in self.packs.values()}

    def pack(self, country: str, overlays: Sequence[str], on: str) -> LaidOver:
        """The pack of a country with overlays laid over it.

        Raises ``KeyError`` for an unknown overlay and ``RequestError`` for one that does not hold on the day.
        """
        key = (country, *overlays)
        if not overlays:
            return self._laid_over.setdefault(key, LaidOver(self.packs[country], ()))
        for name in overlays:
            require_in_force(self.packs[country], self.overlays[name], on)
        if key not in self._laid_over:
            pack = self.packs[country]
            for name in overlays:
                pack = apply_overlay(pack, self.overlays[name], on)
            self._laid_over[key] = LaidOver(pack, tuple(reference(self.overlays[name]) for name in overlays))
        return self._laid_over[key]

    def prepare(self, day: str) -> None:
        """Compile the law of a day before anybody asks, so that no request waits for it."""
        for pack in self.packs.values():
            if day >= pack.earliest:
                _ = pack.on(day).classes

    async def keep(self, ledger: Ledger, at: datetime) -> None:
        """Keep each pack of this release beside the records it decides, so that they can be evaluated again."""
        for pack in self.packs.values():
            row = {
                "digest": pack.digest,
                "pack_id": pack.id,
                "version": pack.version,
                "content": json.dumps(pack.content, ensure_ascii=False),
                "first_used_at": format_instant(at),
            }
            with suppress(Conflict):  # kept by an earlier start
                await ledger.append([Insert(TABLE, row)], None)

    async def pack_by_digest(self, connection: AsyncConnection, digest: str) -> Pack:
        """The pack a record was decided by, of this release or an older one; ``PackError`` if it was not kept."""
        if digest not in self._shelf:
            statement = text("SELECT content FROM rule_packs WHERE digest = :digest")
            content: Any = (await connection.execute(statement, {"digest": digest})).scalar_one_or_none()
            if content is None:
                raise PackError((digest,), "this pack was not kept")
            pack = Pack(json.loads(content), {"country": country_names()})
            if pack.digest != digest:
                raise PackError((digest,), "the pack kept under this digest was changed")
            self._shelf[digest] = pack
        return self._shelf[digest]
