"""What the tests of pages do again and again: open, answer what is asked, find, decide."""

from typing import Any

import httpx
from tests.admission.cases import TN_FACTS, TN_FINDINGS
from tests.admission.zones import passport_zone
from tests.pages.markup import Page

from crossing.facts.statement import flat

DESK = "/admission/"
#: What there is to say of the engineer; what a page asks beyond it is answered "no" or left open.
ENGINEER = flat(TN_FACTS) | {"experience": [], "visit.ends_on": "2028-06-30", "engagement.starts_on": "2026-11-23"}


async def page_of(client: httpx.AsyncClient, address: str, status: int = 200) -> Page:
    """A page that is there."""
    answer = await client.get(address, follow_redirects=True)
    assert answer.status_code == status, answer.text
    return Page(answer.text)


async def send(client: httpx.AsyncClient, address: str, fields: Any, status: int = 200) -> Page:
    """The page that follows a form: the one it leads to, or the same one with what is wrong."""
    answer = await client.post(address, data=fields, follow_redirects=True)
    assert answer.status_code == status, f"{answer.status_code}: {Page(answer.text).faults}"
    return Page(answer.text)


async def opened(client: httpx.AsyncClient, **changes: Any) -> Page:
    """The page of an examination opened by the zone of the engineer's passport, for TN unless said otherwise."""
    form = (await page_of(client, DESK)).form("/examinations")
    fields = {"mrz": "\n".join(passport_zone()), "seeking": "us.tn"} | changes
    return await send(client, form.action, form.filled(fields))


def stated(path: str, value: Any) -> dict[str, Any]:
    """The fields of a form that state a fact."""
    name = f"facts.{path}"
    if isinstance(value, bool):
        return {name: str(value).lower()}
    if value == []:
        return {f"{name}.none": "on"}
    if isinstance(value, list) and isinstance(value[0], dict):
        return {f"{name}.{row}.{key}": str(inner) for row, entry in enumerate(value) for key, inner in entry.items()}
    return {name: value if isinstance(value, list) else str(value)}


async def answered(client: httpx.AsyncClient, page: Page, facts: dict[str, Any] | None = None) -> Page:
    """The page once everything that the engine asks was answered and found."""
    known = ENGINEER | (facts or {})
    for _ in range(10):
        form = page.form("/facts")
        if not page.asked and not page.judged:
            return page
        changes: dict[str, Any] = {}
        for path in page.asked:
            assert path in known, f"the test has no answer to {path}"
            changes |= stated(path, known[path])
        changes |= {f"findings.{each}": TN_FINDINGS.get(each, "met") for each in page.judged}
        page = await send(client, form.action, form.filled(changes))
    raise AssertionError("the engine asks without end")


async def admitted(client: httpx.AsyncClient, page: Page) -> Page:
    """The page once the traveller was admitted as advised."""
    form = page.form("/decision", action="admit")
    return await send(client, form.action, form.filled({"admit.reason": "Degree and offer letter seen."}))
