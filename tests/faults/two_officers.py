"""F22: two officers on one person, a double click, a page loaded again: one decision, and the second sees the first."""

import asyncio
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from typing import Any

import httpx
from playwright.sync_api import Page
from tests.admission.cases import admit, engineer, refuse
from tests.faults.report import Report
from tests.pages.browsing import chromium
from tests.stage import ServiceProcess, Stage, stage

from crossing.kit.identity import Role

FULL = (
    {"examinations": 20, "on_postgres": True, "browser": True},
    {"examinations": 3, "on_postgres": False, "browser": False, "plant": "nothing holds revisions apart"},
)
SHORT = ({"examinations": 1, "on_postgres": False, "browser": True},)
_AT_ONCE = 50
_DEPARTURE = [{"requirement": "US-TN-13", "reason": "No end of the assignment in sight."}]
_ADMIT = "button.admit"
_REASON = "Offer and degree seen."


def run(*, examinations: int, on_postgres: bool, browser: bool, plant: str | None = None) -> Report:
    """Send fifty decisions at once on each of so many examinations, and decide twice in a browser."""
    with stage("admission", on_postgres=on_postgres) as here:
        if plant:
            _without_key(here)
        admission = here.service("admission", development_sign_in="true").start().wait()
        here.open_ports(admission)
        said, stood = [], 0
        for number in range(examinations):
            answers, decided = asyncio.run(_fifty_at_once(here, admission, number))
            stood += decided
            if answers[200] != 1 or answers[409] + answers[412] != _AT_ONCE - 1 or decided != 1:
                said.append(f"answers {dict(answers)}, {decided} decisions stand")
        if browser:
            assert shutil.which("chromium"), "install Debian's package chromium"
            said += _in_a_browser(here, admission)
        done = f"{_AT_ONCE} decisions at once on each of {examinations} examinations"
    return Report(
        fault="F22 two officers on one person",
        done=f"{done}, two officers in a browser" if browser else done,
        acknowledged=examinations,
        found=stood,
        lost=abs(stood - examinations),
        held=not said,
        detail="; ".join(said[:3]),
    )


def _without_key(here: Stage) -> None:
    """Take the key away that lets one revision of a number be."""
    with closing(sqlite3.connect(here.folder / "admission.sqlite")) as connection:
        connection.executescript(
            "ALTER TABLE revisions RENAME TO with_key; CREATE TABLE revisions AS SELECT * FROM with_key;"
        )


async def _fifty_at_once(here: Stage, admission: ServiceProcess, number: int) -> tuple[Counter[int], int]:
    """What fifty decisions at once were answered, and how many stand."""
    headers = {"Authorization": f"Bearer {here.token()}"}
    limits = httpx.Limits(max_connections=_AT_ONCE)
    async with httpx.AsyncClient(base_url=admission.address, headers=headers, timeout=60, limits=limits) as officer:
        opened = (await officer.post("/v1/examinations", json=_somebody(number))).raise_for_status().json()
        address, match = f"/v1/examinations/{opened['id']}", {"If-Match": f'"{opened["revision"]}"'}

        async def decide(body: dict[str, Any]) -> int:
            # A service with more to do than it can asks to be asked again; nothing was done then.
            while (answer := await officer.post(f"{address}/decision", json=body, headers=match)).status_code == 503:
                await asyncio.sleep(0.1)
            return answer.status_code

        decisions = [admit() if each % 2 else refuse(departures=_DEPARTURE) for each in range(_AT_ONCE)]
        answers = Counter(await asyncio.gather(*(decide(each) for each in decisions)))
        kept = await officer.get(f"{address}/revisions")
    # With two decisions for one, the record does not verify and is not shown.
    revisions = kept.json()["revisions"] if kept.is_success else [{"kind": "decided"}] * answers[200]
    return answers, sum(each["kind"] == "decided" for each in revisions)


def _somebody(number: int) -> dict[str, Any]:
    return engineer(scan__fields__document_number=f"GA3{number:05d}")


def _in_a_browser(here: Stage, admission: ServiceProcess) -> list[str]:
    """Two officers have one examination before them; the first clicks twice and loads the page again."""
    with here.client(admission.address) as client, chromium() as browser:
        opened = client.post("/v1/examinations", json=_somebody(99_999)).raise_for_status().json()
        address = f"{admission.address}/examinations/{opened['id']}"
        first, second = (_signed_in(browser, here, admission, address, each) for each in ("officer-1", "officer-2"))
        _fill(first)
        _fill(second, "Seen by the second officer.")
        with first.expect_navigation():
            first.dblclick(_ADMIT)
        first.wait_for_load_state()
        first.reload()
        said = [] if _REASON in first.content() else ["the first officer does not see the decision"]
        with second.expect_navigation():
            second.click(_ADMIT)
        if _REASON not in second.content():
            said.append("the second officer does not see the first one's decision")
        if "Seen by the second officer." not in second.content():
            said.append("what the second officer typed is lost")
        revisions = client.get(f"/v1/examinations/{opened['id']}/revisions").json()["revisions"]
    decided = sum(each["kind"] == "decided" for each in revisions)
    return said if decided == 1 else [*said, f"{decided} decisions stand after a double click"]


def _signed_in(browser: Any, here: Stage, admission: ServiceProcess, address: str, subject: str) -> Page:
    token = here.issuer.token(Role.OFFICER, subject=subject, port_id="US-DETROIT", terminal_id="LANE-1")
    context = browser.new_context(locale="en-US")
    context.add_cookies([{"name": "crossing_session", "value": token, "url": admission.address}])
    page: Page = context.new_page()
    page.goto(address)
    return page


def _fill(page: Page, reason: str = _REASON) -> None:
    page.fill("[name='admit.reason']", reason)
