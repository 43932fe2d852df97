"""What a port sees of whoever stands there: one read, then no I/O (specification: redress, sections 10 and 11).

A hit is a reason to look, never a refusal: nothing here reaches the determination.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from admission.examinations.traveller import Traveller
from admission.subjects.effects import Effects, effects_of
from admission.subjects.keys import SubjectKeys, keys_of
from admission.subjects.lists import LISTS
from admission.subjects.reading import NoAnswer, SubjectReader
from admission.subjects.stays import stays_to_tell
from crossing.kit.logging import log

#: From the surest to the weakest: by what somebody was found.
MATCHES: Final = ("document", "membership", "control_number", "name")
#: What a check says when the database did not answer.
NOT_CHECKED: Final[Mapping[str, Any]] = {"checked": False, "look_closer": False}


async def check_subject(
    reader: SubjectReader,
    keys: SubjectKeys,
    *,
    day: str,
    seconds: float,
    control_number: str | None = None,
    membership: str | None = None,
) -> dict[str, Any]:
    """Everything that a port must see of a subject on a day (ISO), in codes; parts with nothing in them are left out.

    ``seconds`` is how long the database may take; raises ``NoAnswer`` when it takes longer.
    """
    rows: dict[str, list[dict[str, Any]]] = {}
    for table, row in await reader.read(keys.person, keys.document, membership, seconds):
        rows.setdefault(table, []).append({**row, "match": _match(row, keys, control_number, membership)})
    if not rows and not control_number:
        return {"checked": True, "look_closer": False}
    remedies = [{**row, "record_version": _number(row["record_version"])} for row in rows.get("remedies", ())]
    effects = effects_of(remedies, {row["id"] for row in remedies if row["used_at"]}, day)
    lookouts = [
        _hit(row, effects)
        for row in rows.get("lookouts", ())
        if row["withdrawn"] == "0" and (row["ends_on"] or day) >= day
    ]
    stays = stays_to_tell(rows.get("stays", ()), rows.get("exits", ()), effects, day)
    found = {
        "control_number": _recognised(control_number, remedies),
        "lookouts": sorted(lookouts, key=lambda hit: hit["id"]),
        "member": _member(rows.get("members", ()), day),
        "stays": stays,
        **effects.told(),
    }
    closer = any(not hit["suppressed"] for hit in lookouts) or any(stay["overstay"] for stay in stays)
    return {"checked": True, "look_closer": closer, **{name: part for name, part in found.items() if part}}


class SubjectChecks:
    """The checks of one service: its reader, its secret, and how many seconds an examination waits for one."""

    def __init__(self, reader: SubjectReader, secret: bytes, seconds: float) -> None:
        self._reader = reader
        self._secret = secret
        self._seconds = seconds

    def keys_of(self, traveller: Traveller) -> SubjectKeys:
        """The keys of a traveller and of the document shown."""
        named = (traveller.surname, traveller.given_names, traveller.born_on)
        return keys_of(self._secret, *named, traveller.issued_by, traveller.document_number)

    async def at_the_port(self, traveller: Traveller, day: str, control_number: str | None) -> dict[str, Any]:
        """What the port sees of a traveller on a day (ISO).

        Where the database does not answer, the examination goes on, and the check says that nobody looked.
        """
        keys = self.keys_of(traveller)
        try:
            return await check_subject(
                self._reader, keys, day=day, seconds=self._seconds, control_number=control_number
            )
        except NoAnswer as fault:
            log().warning("subject_check.no_answer", error=str(fault))
            return dict(NOT_CHECKED)

    async def asked(
        self, keys: SubjectKeys, day: str, control_number: str | None, membership: str | None, seconds: float
    ) -> dict[str, Any]:
        """What a port would see on a day (ISO), for somebody who must know; raises ``NoAnswer``."""
        return await check_subject(
            self._reader, keys, day=day, seconds=seconds, control_number=control_number, membership=membership
        )

    async def aclose(self) -> None:
        """Let go of the database."""
        await self._reader.aclose()


def _match(row: Mapping[str, Any], keys: SubjectKeys, control_number: str | None, membership: str | None) -> str:
    """By what a row was found, by the surest of several."""
    if keys.document and row["document_key"] == keys.document:
        return "document"
    if membership and membership == (row["id"] if row["source"] == "members" else row.get("membership")):
        return "membership"
    return "control_number" if control_number and row.get("control_number") == control_number else "name"


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _hit(row: Mapping[str, Any], effects: Effects) -> dict[str, Any]:
    names = ("id", "version", "list", "owner_unit", "kind", "reason", "match")
    of_whom = {name: row[name] for name in ("surname", "given_names", "born_on")}
    suppressed = effects.suppresses(row["id"], row["match"])
    return {name: row[name] for name in names} | {"person": of_whom, "suppressed": suppressed}


def _member(rows: Iterable[Mapping[str, Any]], day: str) -> dict[str, Any] | None:
    """The membership that is surest theirs; of several, the one valid longest."""
    by_match = sorted(rows, key=lambda row: row["valid_until"], reverse=True)
    for row in sorted(by_match, key=lambda row: MATCHES.index(row["match"])):
        names = ("version", "programme", "state", "valid_until", "match")
        lists = {name: json.loads(row[name]) for name in ("classes", "endorsements")}
        kept = {"number": row["id"], **{name: row[name] for name in names}, **lists}
        return kept | {"valid": LISTS["member_states"][row["state"]]["valid"] and day <= row["valid_until"]}
    return None


def _recognised(control_number: str | None, remedies: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Whether a control number given belongs to a remedy of this subject; one that does not speaks against nobody."""
    if control_number is None:
        return None
    return {"given": control_number, "known": any(row["control_number"] == control_number for row in remedies)}
