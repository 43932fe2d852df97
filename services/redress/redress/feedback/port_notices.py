"""Notices to ports: after several mistakes of one kind at one port, its officers are told, and read it or stop."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from crossing.casework.procedure import duration
from crossing.kit.database import format_instant
from crossing.kit.http import HTTPError
from crossing.kit.jobs import Job, NotYet
from crossing.kit.json_text import json_text
from crossing.kit.ledger import AuditEntry, Insert, content_digest
from crossing.packs.files import read_yaml
from crossing.packs.load import load_pack
from crossing.rules.phrases import LANGUAGES
from redress.casework.steps import CHAIN
from redress.procedure import load_procedure
from redress.tables import port_notices, worked_examples

_TEXTS: Final = read_yaml(Path(__file__).parent / "texts.yaml")
_BY: Final = "redress"
#: How long one call may take, and the rest while admission is away; a notice has days before it blocks anybody.
_SECONDS: Final = 10.0
_ASK_AGAIN: Final = timedelta(seconds=30)


class NotTaken(Exception):
    """Admission would not take the notice; only people can find out why."""


class PortNotices:
    """Raises a notice when a decision is one too many of its kind at a port, and brings it to admission."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, job: Job) -> None:
        """Raise and deliver the notice that a decision calls for; a repeat delivers the one that is there."""
        state = self._app.state
        async with state.engine.connect() as connection:
            notice = await notice_of(connection, job.payload["case_id"], job.payload["revision"])
            if notice is None:
                notice = await self._raised(connection, job.payload["case_id"], job.payload["revision"])
        if notice:
            await self._deliver(notice["id"], json.loads(notice["content"]))

    async def _raised(self, connection: AsyncConnection, case_id: str, revision: int) -> dict[str, Any] | None:
        state = self._app.state
        row = await called_for(connection, case_id, revision, state.clock())
        if row:
            rows = [Insert("port_notices", row)]
            subject = f"port-notices/{row['id']}"
            entry = AuditEntry(CHAIN, row["made_at"], "port_notice.made", _BY, subject, content_digest(rows))
            await state.ledger.append(rows, entry)
        return row

    async def _deliver(self, notice_id: str, body: Mapping[str, Any]) -> None:
        state = self._app.state
        client, token = state.neighbours.get("admission"), state.service_token
        if client is None or token is None:
            raise NotYet(_ASK_AGAIN)
        try:
            async with asyncio.timeout(_SECONDS):
                headers = {"Authorization": f"Bearer {await token()}"}
                answer = await client.put(f"/v1/port-notices/{notice_id}", json=body, headers=headers)
        except (HTTPError, OSError, TimeoutError):
            raise NotYet(_ASK_AGAIN) from None
        if answer.is_server_error:
            raise NotYet(_ASK_AGAIN)
        if not answer.is_success:
            raise NotTaken(str(answer.status_code))


async def notice_of(connection: AsyncConnection, case_id: str, revision: int) -> dict[str, Any] | None:
    """The notice that a decision has raised already."""
    found = select(port_notices).where(port_notices.c.case_id == case_id, port_notices.c.revision == revision)
    row = (await connection.execute(found)).one_or_none()
    return row._asdict() if row else None


async def called_for(connection: AsyncConnection, case_id: str, revision: int, now: datetime) -> dict[str, Any] | None:
    """The row of the notice that a decision calls for; ``None`` while there are too few of its kind at the port.

    Counted are the cases within the time of ``procedure.yaml`` about the same requirement, decided for a cause of which
    ports are told, since the last notice about it.
    """
    chosen = worked_examples.c.case_id == case_id, worked_examples.c.revision == revision
    decided = (await connection.execute(select(worked_examples).where(*chosen))).one()
    port_id = json.loads(decided.content)["port_id"]
    rules = load_procedure().content["port_notice"]
    since = format_instant(datetime.fromisoformat(decided.made_at) - duration(rules["within"]))
    last = await _last_notice(connection, port_id, decided.requirement)
    alike = [
        (row.case_id, json.loads(row.content)["root_cause"])
        for row in await _about(connection, decided.requirement, max(since, last or ""))
        if _counts(json.loads(row.content), port_id)
    ]
    if len({each for each, _ in alike}) < rules["cases"]:
        return None
    body = notice_body(decided, port_id, [cause for _, cause in alike], now)
    return {
        "id": str(uuid7()),
        "case_id": case_id,
        "revision": revision,
        "port_id": port_id,
        "requirement": decided.requirement,
        "content": json_text(body),
        "made_at": body["made_at"],
    }


def notice_body(decided: Row[Any], port_id: str, causes: Sequence[str], now: datetime) -> dict[str, Any]:
    """What admission is sent: the classes that ask for the requirement, and the text in each language."""
    rules = load_procedure().content["port_notice"]
    law = load_pack(decided.country).on(json.loads(decided.content)["example"]["on"])
    return {
        "port_id": port_id,
        "requirement": decided.requirement,
        "class_ids": [each.id for each in law.classes.values() if decided.requirement in law.asked(each)],
        "texts": {language: _text(law, decided.requirement, causes, language) for language in LANGUAGES},
        "made_at": format_instant(now),
        "block_after": format_instant(now + duration(rules["blocks_after"])),
    }


def _text(law: Any, requirement_id: str, causes: Sequence[str], language: str) -> str:
    content, requirement = load_procedure().content, law.requirement(requirement_id)
    named = ", ".join(content["root_causes"][each]["text"][language] for each in sorted(set(causes)))
    text: str = _TEXTS["notice"][language].format(
        days=duration(content["port_notice"]["within"]).days,
        count=len(causes),
        requirement=requirement_id,
        text=requirement.text[language],
        citation=requirement.citation[language],
        causes=_TEXTS["causes"][language].format(causes=named),
    )
    return text


def _counts(kept: Mapping[str, Any], port_id: str) -> bool:
    told = load_procedure().content["root_causes"][kept["root_cause"]].get("notice_to_port")
    return bool(told and kept["port_id"] == port_id)


async def _about(connection: AsyncConnection, requirement: str, since: str) -> Sequence[Row[Any]]:
    """The examples of a requirement since an instant; of a case that was decided again, what was decided last."""
    later = worked_examples.alias("later")
    latest = select(func.max(later.c.revision)).where(later.c.case_id == worked_examples.c.case_id).scalar_subquery()
    statement = select(worked_examples).where(
        worked_examples.c.requirement == requirement,
        worked_examples.c.made_at > since,
        worked_examples.c.revision == latest,
    )
    return (await connection.execute(statement)).all()


async def _last_notice(connection: AsyncConnection, port_id: str, requirement: str) -> str | None:
    statement = select(func.max(port_notices.c.made_at)).where(
        port_notices.c.port_id == port_id, port_notices.c.requirement == requirement
    )
    found: str | None = (await connection.execute(statement)).scalar_one()
    return found
