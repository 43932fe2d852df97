"""Whatever is typed comes back as text: no page lets it become markup."""

import re

import httpx
import pytest
from tests.pages.markup import Page
from tests.pages.officers import DESK, opened, page_of, send

pytestmark = pytest.mark.anyio

CORPUS = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onfocus=alert(1) autofocus='",
    "</textarea><svg onload=alert(1)>",
    "</option></select><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "<!--", "]]>", "&lt;b&gt;", "\u202e\u2066<b>", "a\x00b\x0bc",
]  # fmt: skip


def is_inert(page: Page, *, own_style: bool = False) -> bool:
    """Nothing in the page can run: the typed text made no element and no attribute."""
    running = {"script", "svg", "img", "iframe", "object", "embed", "base"} | (set() if own_style else {"style"})
    handlers = [name for each in page.elements for name in each.attributes if re.match(r"on\w+|style|srcdoc", name)]
    schemes = [each for each in page.elements if each.attributes.get("href", "").lower().startswith("javascript")]
    return not page.all(*running) and not handlers and not schemes and "49" not in page.heading


@pytest.mark.parametrize("text", CORPUS)
async def test_a_name_is_text(officer: httpx.AsyncClient, text: str) -> None:
    by_hand = {"issued_by": "CA", "nationality": "CA", "born_on": "1988-04-12", "document_number": "GA302922"}
    page = await opened(officer, mrz="", surname=text, given_names=text, **by_hand)
    assert is_inert(page)
    assert page.heading.split(",")[0].strip() == re.sub(r"[\x00\x0b]", "", text).strip()


@pytest.mark.parametrize("text", CORPUS)
async def test_every_field_of_the_desk_gives_text_back(officer: httpx.AsyncClient, text: str) -> None:
    form = (await page_of(officer, DESK)).form("/examinations")
    names = [name for name in form.fields if name not in ("key", "seeking")]
    page = await send(officer, form.action, form.filled(dict.fromkeys(names, text)), status=422)
    assert is_inert(page)


@pytest.mark.parametrize("text", CORPUS)
async def test_every_field_of_an_examination_gives_text_back(officer: httpx.AsyncClient, text: str) -> None:
    page = await opened(officer)
    kept = ("key", "revision", "action", "asked", "seeking.asked")
    for ending in ("/facts", "/referral", "/withdrawal", "/decision"):
        form = page.form(ending)
        typed = dict.fromkeys((name for name in form.fields if name not in kept), text)
        if ending == "/decision":
            typed |= {"admit.departs.US-TN-02": "on", "admit.why.US-TN-02": "x", "admit.class": text}
        if ending in ("/referral", "/withdrawal"):
            typed = {"reason": text, "revision": "7"}
        answer = await officer.post(form.action, data=form.filled(typed))
        assert answer.status_code in (412, 422), ending
        assert is_inert(Page(answer.text)), ending


@pytest.mark.parametrize("text", CORPUS)
async def test_what_was_recorded_is_shown_as_text(officer: httpx.AsyncClient, text: str) -> None:
    page = await opened(officer)
    form = page.form("/facts")
    fields = {"facts.credentials.0.name": text, "facts.credentials.0.field": f"{text} again"}
    page = await send(officer, form.action, form.filled(fields))
    assert is_inert(page)
    form = page.form("/decision", action="refuse")
    reason = f"{text} is no reason"
    fields = {"refuse.reason": reason, "refuse.departs.US-TN-02": "on", "refuse.why.US-TN-02": reason}
    page = await send(officer, form.action, form.filled(fields))
    assert is_inert(page)
    notice = await officer.get(f"{form.action.removesuffix('/decision')}/notice/en.html")
    assert is_inert(Page(notice.text), own_style=True)


async def test_a_language_cookie_and_a_way_back_are_not_believed(officer: httpx.AsyncClient) -> None:
    officer.cookies.set("crossing_language", '"><script>alert(1)</script>')
    assert is_inert(await page_of(officer, DESK))
    for way in ("//elsewhere.example/", "https://elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)"):
        answer = await officer.post("/admission/language", data={"language": "fr", "back_to": way})
        assert answer.headers["location"] == "/"


async def test_what_is_no_form_is_refused_by_a_page(officer: httpx.AsyncClient) -> None:
    action = (await opened(officer)).form("/facts").action
    for body, kind in ((b"{}", "application/json"), (b"\xff\xfe", "multipart/form-data; boundary=x"), (b"", "")):
        answer = await officer.post(action, content=body, headers={"content-type": kind})
        assert answer.status_code in (400, 412, 422)
        assert answer.headers["content-type"].startswith("text/html")
