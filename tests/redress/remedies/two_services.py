"""Redress and admission, each served over HTTP, and cases that stand before a correction."""

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from tests.admission.cases import PASSPORT
from tests.admission.desks import running_service, service_of
from tests.admission.rulings import served
from tests.conftest import Desk, MovingClock
from tests.redress.conftest import running_redress
from uuid_utils.compat import uuid7

from crossing.casework.steps import Step
from crossing.kit.database import format_instant
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from redress.cases.open_case import new_control_number
from redress.casework.record import record
from redress.casework.steps import Case, load_case, open_case, plan_all
from redress.remedies.order import order_correction

ADJUDICATOR = {"subject": "test-adjudicator", "unit": "independent"}


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class World:
    """Both services; ``ports`` is admission as its callers see it, ``redress`` the other."""

    ports: Desk
    redress: FastAPI
    clock: MovingClock

    @property
    def admission(self) -> FastAPI:
        """The admission service."""
        return service_of(self.ports)

    async def work(self) -> int:
        """Do what is due in both services."""
        done: int = await self.redress.state.worker.run_due() + await self.admission.state.worker.run_due()
        return done

    async def case(self, case_id: str) -> Case:
        """A case as it stands."""
        async with self.redress.state.engine.connect() as connection:
            return await load_case(connection, case_id)


def tokens(folder: Path, clock: Any) -> dict[str, Path]:
    """Files with the tokens by which the services call one another."""
    issuer = DevelopmentIssuer(folder, now=lambda: clock().timestamp())
    files = {}
    for name in ("admission", "redress"):
        files[name] = folder / f"{name}.token"
        files[name].write_text(issuer.token(Role.SERVICE, subject=name, lifetime_seconds=10 * 365 * 86_400))
    return files


@asynccontextmanager
async def two_services(folder: Path, clock: MovingClock, **settings: Any) -> AsyncIterator[World]:
    """Both services on the files of a folder, each knowing where the other is."""
    files, (at_admission, at_redress) = tokens(folder, clock), (free_port(), free_port())
    async with AsyncExitStack() as stack:
        redress = await stack.enter_async_context(
            running_redress(
                folder,
                clock,
                admission_address=f"http://127.0.0.1:{at_admission}",
                service_token_file=files["redress"],
                **settings,
            )
        )
        desk = await stack.enter_async_context(
            running_service(
                folder,
                clock,
                redress_events_address=f"http://127.0.0.1:{at_redress}",
                service_token_file=files["admission"],
            )
        )
        await stack.enter_async_context(served(redress, at_redress))
        await stack.enter_async_context(served(service_of(desk), at_admission))
        yield World(desk, redress, clock)


def content_of(scan: dict[str, Any] = PASSPORT, **more: Any) -> dict[str, Any]:
    """The case file of whoever a scan shows."""
    return {
        "identity": {name: scan[name] for name in ("surname", "given_names", "born_on")},
        "documents": [{"kind": "passport", "number": scan["document_number"], "issued_by": scan["issued_by"]}],
        "experiences": ["EXP-DETAIN"],
        "country": "US",
        "language": "en",
        "priority": "P2",
        "adjudicator": ADJUDICATOR["subject"],
        "conflicts": [],
        **more,
    }


async def being_decided(redress: FastAPI, content: dict[str, Any]) -> Case:
    """A case before its adjudicator."""
    values = {
        "id": str(uuid7()),
        "control_number": new_control_number(),
        "priority": "P2",
        "kind": "inquiry",
        "opened_at": format_instant(redress.state.clock()),
        "examination_id": None,
        "ruling": None,
        "detail": "{}",
    }
    rows, case = open_case(
        values, actor="inquiry", party="applicant", content=content, event="open", state="adjudication"
    )
    await record(redress.state, None, case, rows)
    return case


async def ordered(
    redress: FastAPI, remedies: Sequence[dict[str, Any]], *, cause: str = "RC1", content: dict[str, Any] | None = None
) -> str:
    """The id of a case whose adjudicator granted it and ordered some corrections."""
    case = await being_decided(redress, content or content_of())
    now, subject = redress.state.clock(), ADJUDICATOR["subject"]
    decision = {"outcome": "granted", "root_cause": cause, "remedies": list(remedies), "requirement": None}
    detail = {"adjudicator": ADJUDICATOR, "lint": []}
    decide = Step("decide", "independent_adjudicator", subject, now, content={"decision": decision}, detail=detail)
    order = order_correction(case, "independent_adjudicator", subject, now, remedies)
    rows, after = plan_all(case, [decide, order])
    await record(redress.state, case, after, rows)
    return case.id
