"""Pages are marked up for everybody (WCAG 2.2): labels, headings, languages, names of what can be used."""

import httpx
import pytest
from tests.conftest import Desk
from tests.pages.markup import Element, Page
from tests.pages.officers import DESK, admitted, answered, opened, page_of, send

pytestmark = pytest.mark.anyio


def is_labelled(field: Element, page: Page) -> bool:
    """Whether a field has a name that people and their tools can read."""
    if field.attributes.get("aria-label"):
        return True
    label = field.within("label")
    labels = (
        [label]
        if label
        else [each for each in page.all("label") if each.attributes.get("for") == field.attributes.get("id", "-")]
    )
    return len(labels) == 1 and bool(labels[0].text.strip())


def check(page: Page) -> None:
    """Everything that a page must hold to; says which element does not."""
    assert page.first("html").attributes["lang"] in ("en", "fr", "es")
    assert page.first("title").text.strip()
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    check_headings(page)
    check_fields(page)
    check_references(page)
    assert page.all("script", "style") == []
    assert [each.tag for each in page.elements if "style" in each.attributes] == []
    assert [each for each in page.all("button", "a", "summary", "legend", "th") if not each.text.strip()] == []
    skip = page.all("a")[0]
    assert skip.attributes["href"] == "#content"
    assert page.first("main").attributes["id"] == "content"
    for table in page.all("table"):
        assert any(table in each.parents for each in page.all("caption"))


def check_headings(page: Page) -> None:
    level = 0
    for heading in page.all("h1", "h2", "h3", "h4"):
        assert int(heading.tag[1]) <= level + 1, f"{heading.text.strip()} skips a level"
        level = int(heading.tag[1])


def check_fields(page: Page) -> None:
    for field in page.all("input", "select", "textarea"):
        if field.attributes.get("type") != "hidden":
            assert is_labelled(field, page), field.attributes
    for group in page.all("fieldset"):
        assert any(group in each.parents for each in page.all("legend"))
    for element in page.elements:
        if element.attributes.get("role") == "group":
            assert element.attributes.get("aria-labelledby") or element.attributes.get("aria-label")


def check_references(page: Page) -> None:
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(ids) == len(set(ids)), f"twice: {sorted({each for each in ids if ids.count(each) > 1})}"
    for element in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "for", "list"):
            for reference in element.attributes.get(name, "").split():
                assert reference in ids, f"{name}={reference}"
        if element.attributes.get("href", "").startswith("#"):
            assert element.attributes["href"][1:] in ids


@pytest.mark.parametrize("language", ["en", "fr", "es"])
async def test_the_main_pages(desk: Desk, officer: httpx.AsyncClient, language: str) -> None:
    officer.headers["Accept-Language"] = language
    async with desk.client(None) as stranger:
        stranger.headers["Accept-Language"] = language
        for address in ("/", DESK):
            check(await page_of(stranger, address))
    check(await page_of(officer, DESK))
    page = await opened(officer)
    check(page)
    page = await answered(officer, page)
    check(page)
    page = await admitted(officer, page)
    check(page)
    page = await page_of(officer, page.first("a", class_="history").attributes["href"])
    check(page)
    check(await page_of(officer, DESK))


async def test_every_class_of_both_countries(officer: httpx.AsyncClient, canadian_officer: httpx.AsyncClient) -> None:
    for client in (officer, canadian_officer):
        check(await opened(client, seeking=None))


async def test_pages_with_faults(officer: httpx.AsyncClient) -> None:
    form = (await page_of(officer, DESK)).form("/examinations")
    check(await send(officer, form.action, form.filled({"mrz": "P<"}), status=422))
    by_hand = {"surname": "X" * 130, "born_on": "1988-02-30"}
    check(await send(officer, form.action, form.filled(by_hand), status=422))
    page = await opened(officer)
    wrong = {
        "facts.credentials.0.study_years": "four",
        "facts.ownership.share_percent": "most",
        "findings.US-TN-13": "x",
    }
    check(await send(officer, page.form("/facts").action, page.form("/facts").filled(wrong), status=422))
    for ending in ("/decision", "/referral", "/withdrawal"):
        form = page.form(ending)
        check(await send(officer, form.action, form.fields, status=422))
    form = page.form("/decision", action="refuse")
    departed = form.filled({"refuse.departs.US-TN-02": "on"})
    check(await send(officer, form.action, departed, status=422))


async def test_a_supervisor_sees_a_well_marked_up_page(
    officer: httpx.AsyncClient, supervisor: httpx.AsyncClient
) -> None:
    page = await admitted(officer, await answered(officer, await opened(officer)))
    address = page.first("a", class_="history").attributes["href"].removesuffix("/history")
    check(await page_of(supervisor, address))


async def test_problems_are_pages(officer: httpx.AsyncClient) -> None:
    check(await page_of(officer, f"{DESK}examinations/nothing", status=404))


async def test_a_status_is_said_in_words_too(officer: httpx.AsyncClient) -> None:
    """Not by colour alone (WCAG 1.4.1)."""
    page = await opened(officer)
    statuses = [each for each in page.all("span") if "status" in each.attributes.get("class", "").split()]
    assert statuses
    assert all(len(each.text.split()) >= 2 for each in statuses), "a sign and a word"
