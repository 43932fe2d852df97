"""The advance-ruling service alone, with rulings issued in it, for whatever happens to a ruling afterwards."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.routing import Router
from tests.conftest import Desk, MovingClock
from uuid_utils.compat import uuid7

from advance_ruling.app import create_app
from advance_ruling.eligibility import consider
from advance_ruling.rulings.issue import issue_ruling
from advance_ruling.rulings.running import ruling_jobs
from advance_ruling.settings import MIGRATIONS
from advance_ruling.steps import first_revision, load_application, record
from crossing.casework.steps import Step
from crossing.embedded.suite import advance_ruling_settings
from crossing.facts.statement import flat
from crossing.kit.database import format_instant
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.json_text import json_text
from crossing.kit.ledger import Insert
from crossing.kit.migrations import upgrade
from crossing.kit.worker import Worker
from crossing.packs.examples import Example, read_examples
from crossing.packs.load import COUNTRIES_WITH_PACKS, PACKS_FOLDER

PATH = "/advance-rulings"
HOLDER = "test-holder"
EXAMPLES = {each.id: each for folder in COUNTRIES_WITH_PACKS.values() for each in read_examples(PACKS_FOLDER / folder)}


@dataclass
class RulingDesk:
    """The service, with what tests do to it besides calling it."""

    desk: Desk
    service: FastAPI
    clock: MovingClock

    def client(self, role: Role | None, subject: str | None = None, port: str = "US-DETROIT") -> httpx.AsyncClient:
        """A client signed in for a role, below the service's own path."""
        client = self.desk.client(role, port, subject)
        client.base_url = httpx.URL(f"http://crossing.test{PATH}/v1")
        return client

    async def do_jobs(self) -> None:
        """Do what is due by the clock."""
        await Worker(self.service.state.engine, ruling_jobs(self.service), self.clock).run_due()

    async def pass_time(self, by: timedelta) -> None:
        """Let time pass, and the clock do what falls due on the way."""
        end = self.clock() + by
        while self.clock() < end:
            self.clock.now = min(self.clock() + timedelta(days=1), end)
            await self.do_jobs()

    async def issue(self, example: str = "US-CASE-11", **changes: Any) -> str:
        """Issue a ruling on a worked case, and let it have effect; the number."""
        application_id = await self.under_review(EXAMPLES[example], **changes)
        await self.decide(application_id)
        await self.do_jobs()
        async with self.service.state.engine.connect() as connection:
            application = await load_application(connection, application_id)
        assert application.state == "in_force"
        return str(application.content["number"])

    async def under_review(
        self,
        example: Example,
        *,
        facts: Mapping[str, Any] | None = None,
        document: str = "DEMO00001",
        surname: str = "Démonstration",
        petitioner: str = "DEMO-FIRM-1",
        **content: Any,
    ) -> str:
        """An application under review, put there as the steps before would have; its id."""
        state, at = self.service.state, format_instant(self.clock())
        file = _file(example, at, petitioner)
        opened = {
            "id": str(uuid7()),
            "file_id": file["id"],
            "into": example.into,
            "class_id": example.seeking[0],
            "created_at": at,
            "created_by": HOLDER,
        }
        stated = {**flat(example.facts), "engagement.ends_on": "2036-10-31", **(facts or {})}
        identity = {
            "surname": surname,
            "given_names": "Une",
            "born_on": stated.get("traveller.born_on", "1980-01-01"),
            "issued_by": stated.get("travel_document.issued_by", "CA"),
            "document_number": document,
        }
        case = {
            "class_id": example.seeking[0],
            "identity": identity,
            "facts": stated,
            "request": {},
            "findings": {},
            "adjudicator": "test-adjudicator",
            "reasons": [{"requirement": "US-TN-01", "text": "The documents show it. The post is the one listed."}],
            **content,
        }
        self._find(example, case)
        first = first_revision(opened, party="applicant", content=case)
        reviewed = {**first.values, "revision": 2, "event": "assign", "state": "under_review", "entered": 2}
        rows = [Insert("files", file), Insert("applications", opened), first, Insert("revisions", reviewed)]
        await state.ledger.append(rows, None)
        return str(opened["id"])

    def _find(self, example: Example, case: dict[str, Any]) -> None:
        """Find every judgement met, as an adjudicator who is satisfied does; one may only show after another."""
        while True:
            considered = consider(self.service.state.lawbook, example.into, case, self.clock())
            codes = considered.ruled.compact["classes"][0]["requirements"]
            open_to_finding = [name for name, code in codes.items() if code == "J"]
            if not open_to_finding:
                return
            case["findings"] |= {name: {"finding": "met"} for name in open_to_finding}

    async def decide(self, application_id: str, event: str = "issue") -> None:
        """Issue or deny, as the adjudicator of the case."""
        state = self.service.state
        async with state.engine.connect() as connection:
            application = await load_application(connection, application_id)
            detail = {"outcome": "qualifies", "precedents": [], "reasons": application.content["reasons"]}
            step = Step(event, "adjudicator", "test-adjudicator", self.clock(), detail=detail)
            considered = consider(state.lawbook, application.opened.into, application.content, self.clock())
            assert considered.outcome == "qualifies", considered.ruled.compact
            rows = await issue_ruling(state, connection, application, step, considered.ruled)
        jobs = [row for row in rows if row.table == "jobs"]
        await record(state.ledger, [row for row in rows if row.table != "jobs"], beside=jobs)

    async def deny(self, application_id: str) -> None:
        """Put a denial on law on an application, as the second reader agreed."""
        state, at = self.service.state, format_instant(self.clock())
        async with state.engine.connect() as connection:
            latest = (await load_application(connection, application_id)).latest._asdict()
        row = {**latest, "revision": latest["revision"] + 1, "event": "confirm", "state": "denied", "at": at}
        content = json.loads(latest["content"])
        content["denial_draft"] = {"reasons": content["reasons"]}
        row |= {"entered": row["revision"], "detail": json_text({}), "content": json_text(content)}
        await state.ledger.append([Insert("revisions", row)], None)

    async def status(self, number: str) -> str:
        """What anyone is told of a ruling."""
        async with self.client(None) as anyone:
            answer = await anyone.get(f"/rulings/{number}/verify")
        assert answer.status_code == 200
        return str(answer.json()["status"])

    async def act(
        self, number: str, what: str, body: Mapping[str, Any], role: Role = Role.SUPERVISOR
    ) -> httpx.Response:
        """Do something with a ruling as it stands now."""
        subject = HOLDER if role == Role.APPLICANT else None
        port = {"US": "US-DETROIT", "CA": "CA-YUL"}[number[:2]]
        async with self.client(role, subject, port) as client:
            read = await client.get(f"/rulings/{number}")
            return await client.post(f"/rulings/{number}/{what}", json=body, headers={"If-Match": read.headers["etag"]})

    async def read(self, number: str, role: Role = Role.APPLICANT) -> dict[str, Any]:
        """A ruling as its holder reads it, or another role."""
        async with self.client(role, HOLDER if role == Role.APPLICANT else None) as client:
            answer = await client.get(f"/rulings/{number}")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


def _file(example: Example, at: str, petitioner: str) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "into": example.into,
        "class_id": example.seeking[0],
        "created_at": at,
        "created_by": HOLDER,
        "party": "applicant",
        "language": "en",
        "publication": "full",
        "track": "standard",
        "petitioner": json_text({"id": petitioner, "legal_name": f"Demonstration {petitioner}"}),
        "petitioner_id": petitioner,
        "representative": json_text({}),
        "contact": json_text({"email": "demonstration@example.org", "language": "en"}),
    }


@asynccontextmanager
async def ruling_desk(folder: Path, clock: MovingClock, **settings: Any) -> AsyncIterator[RulingDesk]:
    """The service on the files of a folder."""
    issuer = DevelopmentIssuer(folder, now=lambda: clock().timestamp())
    changes = {"request_deadline_seconds": 60.0, "run_worker": False, **settings}
    chosen = advance_ruling_settings(folder, issuer, "http://crossing.test").model_copy(update=changes)
    await asyncio.to_thread(upgrade, MIGRATIONS, chosen.database_url)
    service = create_app(chosen, clock=clock)
    front = Router()
    front.mount(PATH, service)
    async with service.router.lifespan_context(service):
        desk = Desk(front, issuer, folder, clock)  # type: ignore[arg-type]
        yield RulingDesk(desk, service, clock)


def at(text: str) -> datetime:
    """An instant from text."""
    return datetime.fromisoformat(text)
