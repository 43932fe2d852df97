"""From an order in redress to the port that shows it, while examinations are posted: the longest of some orders."""

import asyncio
import json
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from bench.load import LoadFailed, post
from bench.samples import ordinary_body
from bench.serving import officer_token, suite
from uuid_utils.compat import uuid7

from crossing.casework.steps import Step
from crossing.embedded.suite import redress_settings
from crossing.kit.clock import system_clock
from crossing.kit.database import format_instant
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.ledger import open_ledger
from redress.cases.open_case import new_control_number
from redress.casework.record import record
from redress.casework.steps import open_case, plan_all
from redress.remedies.order import order_correction

_ORDERS, _CONNECTIONS, _SECONDS, _PATIENCE_SECONDS = 12, 16, 30, 120
_BY: dict[str, str] = {"subject": "bench-adjudicator", "unit": "independent"}
_ROUTE = {"kind": "route_pointed", "record": None, "content": {"route": "i192"}}


def measure_remedies() -> float:
    """Seconds from the order to an examination that shows it, the longest of some; raises ``LoadFailed``."""
    with tempfile.TemporaryDirectory(prefix="crossing-bench-") as name:
        data = Path(name) / "suite"
        with suite(data, demonstration=True) as service:
            service.wait_for("Demonstration data:")
            body = Path(name) / "body.json"
            body.write_text(json.dumps(ordinary_body()))
            token, kept = officer_token(data), data / "admission.sqlite"
            address = f"{service.address}/admission/v1/examinations"
            load = {"connections": _CONNECTIONS, "seconds": _SECONDS}
            loading = threading.Thread(target=post, args=(address, body, token, kept), kwargs=load)
            loading.start()
            try:
                took = [_seconds(data, address, token, number) for number in range(_ORDERS)]
                if not loading.is_alive():
                    raise LoadFailed("the load ended before the last remedy was seen")
            finally:
                loading.join()
    return max(took)


def _seconds(data: Path, address: str, token: str, number: int) -> float:
    """Order a correction for a traveller of its own, and open examinations until one shows it."""
    scan = {
        "document_kind": "passport",
        "issued_by": "CA",
        "document_number": f"DEMO9{number:04}",
        "surname": "Démonstration",
        "given_names": f"Order {number}",
        "nationality": "CA",
        "born_on": "1980-01-01",
    }
    started = time.perf_counter()
    asyncio.run(_order(data, scan))
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}) as officer:
        while time.perf_counter() - started < _PATIENCE_SECONDS:
            answer = officer.post(address, json={"scan": {"fields": scan}, "seeking": ["us.tn"]}, timeout=30)
            if answer.raise_for_status().json()["subject"]["routes"]:
                return time.perf_counter() - started
            time.sleep(0.05)
    raise LoadFailed(f"a remedy was not seen within {_PATIENCE_SECONDS} seconds")


async def _order(data: Path, scan: dict[str, Any]) -> None:
    """What an adjudicator does at the end of a case, by redress's own steps and in its own database."""
    settings = redress_settings(data, DevelopmentIssuer(data))
    ledger, now = open_ledger(settings.database_url), system_clock()
    values = {
        "id": str(uuid7()),
        "control_number": new_control_number(),
        "priority": "P2",
        "kind": "inquiry",
        "opened_at": format_instant(now),
        "examination_id": None,
        "ruling": None,
        "detail": "{}",
    }
    content = {
        "identity": {name: scan[name] for name in ("surname", "given_names", "born_on")},
        "documents": [{"kind": "passport", "number": scan["document_number"], "issued_by": "CA"}],
        "adjudicator": _BY["subject"],
        "conflicts": [],
        "language": "en",
    }
    rows, case = open_case(
        values, actor="bench", party="applicant", content=content, event="open", state="adjudication"
    )
    decision = {"outcome": "granted", "root_cause": "RC1", "remedies": [_ROUTE]}
    decide = Step(
        "decide",
        "independent_adjudicator",
        _BY["subject"],
        now,
        content={"decision": decision},
        detail={"adjudicator": _BY, "lint": []},
    )
    order = order_correction(case, "independent_adjudicator", _BY["subject"], now, [_ROUTE])
    planned, after = plan_all(case, [decide, order])
    try:
        await record(SimpleNamespace(settings=settings, ledger=ledger), None, after, [*rows, *planned])
    finally:
        await ledger.close()
