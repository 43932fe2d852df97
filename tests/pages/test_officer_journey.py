"""An officer's day in a real browser: sign in, open, answer what the engine asks, admit, refuse, give notice."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.admission.zones import passport_zone
from tests.pages.browsing import Keyboard, Mouse, Watch, chromium
from tests.pages.officers import ENGINEER
from tests.serving import served_suite

FACTS_FORM = "form[action$='/facts']"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a suite that runs in a process of its own."""
    with served_suite(tmp_path_factory.mktemp("suite")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def watched(browser: Browser, suite: str, **options: Any) -> Iterator[Page]:
    """A fresh browser window that may not complain, nor ask another host for anything."""
    watch = Watch(suite)
    context = browser.new_context(base_url=suite, locale="en-CA", viewport={"width": 1280, "height": 900}, **options)
    context.set_default_timeout(10_000)
    yield watch.over(context.new_page())
    context.close()
    assert watch.complaints == []


@pytest.fixture
def page(browser: Browser, suite: str) -> Iterator[Page]:
    yield from watched(browser, suite)


@pytest.fixture
def page_without_scripts(browser: Browser, suite: str) -> Iterator[Page]:
    yield from watched(browser, suite, java_script_enabled=False)


def sign_in(hand: Mouse) -> None:
    hand.page.goto("/admission/")
    hand.select("port", "US-DETROIT")
    hand.send("main button")
    expect(hand.page.locator("h1")).to_have_text("Officer’s desk")


def open_examination(hand: Mouse, **zone: str) -> None:
    hand.page.goto("/admission/")
    if isinstance(hand, Keyboard):  # the zone has the focus already: a scanner types right away
        expect(hand.page.locator("[name=mrz]")).to_be_focused()
        hand.page.keyboard.type("\n".join(passport_zone(**zone)))
    else:
        hand.fill("mrz", "\n".join(passport_zone(**zone)))
    hand.tick("seeking", "us.tn")
    hand.send("form[action$='/examinations'] button")
    expect(hand.page.locator("h1")).to_contain_text("TREMBLAY")


def kind_of(page: Page, path: str) -> str:
    classes = page.locator(f"{FACTS_FORM} .ask:has(> input[value='{path}'])").get_attribute("class") or ""
    return next(word.removeprefix("ask-") for word in classes.split() if word.startswith("ask-"))


def state(hand: Mouse, path: str, value: Any) -> None:
    """State a fact by whatever control the page asks it with."""
    name, kind = f"facts.{path}", kind_of(hand.page, path)
    if value == []:
        hand.tick(f"{name}.none")
    elif kind == "rows":
        hand.unfold(f"#facts-{path}")
        for field, inner in value[0].items():
            label = hand.page.locator(f"[name='{name}.0.{field}']").first
            tag, sort = label.evaluate("element => [element.tagName, element.type]")
            set_field(hand, f"{name}.0.{field}", {"SELECT": "select"}.get(tag, sort), inner)
    else:
        set_field(hand, name, {"yes_no": "radio", "radios": "radio", "country": "select"}.get(kind, kind), value)


def set_field(hand: Mouse, name: str, sort: str, value: Any) -> None:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    act = {"radio": hand.choose, "select": hand.select, "date": hand.day}.get(sort, hand.fill)
    act(name, text)


def answer_until_determined(hand: Mouse) -> None:
    """Answer and find, page after page, until the engine asks nothing."""
    page = hand.page
    for _ in range(8):
        asked = page.locator(f"{FACTS_FORM} > .ask > input[name=asked]")
        paths = [asked.nth(place).get_attribute("value") or "" for place in range(asked.count())]
        findings = page.locator(f"{FACTS_FORM} > .finding input[value=met]")
        names = [findings.nth(place).get_attribute("name") or "" for place in range(findings.count())]
        if not paths and not names:
            return
        for path in paths:
            assert path in ENGINEER, f"the test has no answer to {path}"
            state(hand, path, ENGINEER[path])
        for name in names:
            hand.choose(name, "met")
        hand.send(f"{FACTS_FORM} > button")
    raise AssertionError("the engine asks without end")


def admit_an_engineer(hand: Mouse) -> None:
    sign_in(hand)
    open_examination(hand)
    expect(hand.page.locator(".outcome")).to_contain_text("Facts are missing")
    answer_until_determined(hand)
    expect(hand.page.locator(".outcome")).to_contain_text("Qualifies")
    hand.fill("admit.reason", "Degree and offer letter seen.")
    hand.send("button.admit")
    expect(hand.page.locator("#decided-heading")).to_have_text("Decided: admitted")


def test_an_engineer_is_admitted(page: Page) -> None:
    admit_an_engineer(Mouse(page))


def test_an_engineer_is_admitted_by_keyboard_only(page: Page) -> None:
    admit_an_engineer(Keyboard(page))


def test_the_same_works_without_scripts(page_without_scripts: Page) -> None:
    admit_an_engineer(Mouse(page_without_scripts))


def test_a_refusal_opens_its_notice(page: Page) -> None:
    hand = Mouse(page)
    sign_in(hand)
    open_examination(hand, number="GA302999")
    hand.unfold(".choice.refuse > summary")
    expect(page.locator("[name='refuse.why.US-TN-02']")).to_be_hidden()
    hand.tick("refuse.departs.US-TN-02")
    hand.fill("refuse.why.US-TN-02", "The traveller did not show any profession.")
    hand.fill("refuse.reason", "No profession of the list was shown.")
    hand.send("button.refuse")
    expect(page.locator("#decided-heading")).to_have_text("Decided: refused")
    document = page.locator("a[href$='/notice/fr.pdf']").get_attribute("href") or ""
    hand.send("a[href$='/notice/fr.html']")
    expect(page.locator("h1")).to_have_text("Avis de refus")
    expect(page.locator("article").first).to_have_css("border-left-width", "4px")
    answer = page.context.request.get(document)
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF-")


def test_what_was_typed_never_runs(page: Page) -> None:
    hand = Mouse(page)
    sign_in(hand)
    hand.unfold(".by-hand > summary")
    text = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>"
    hand.fill("surname", text)
    hand.fill("document_number", "GA302900")
    hand.fill("born_on", "1988-04-12")
    hand.select("issued_by", "CA")
    hand.select("nationality", "CA")
    hand.send("form[action$='/examinations'] button")
    expect(page.locator("h1")).to_have_text(text)


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    hand = Mouse(page)
    page.goto("/")
    assert fits(page)
    page.goto("/admission/")
    assert fits(page)
    sign_in(hand)
    assert fits(page)
    for language in ("fr", "es", "en"):
        open_examination(hand, number=f"GA3029{width % 97:02}")
        hand.send(f"button[value={language}]")
        page.locator("details").evaluate_all("every => every.forEach(each => each.open = true)")
        assert fits(page), language
        hand.send("a.history")
        assert fits(page), language


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_what_can_be_pressed_is_large_enough(page: Page) -> None:
    """24 by 24 pixels at least, links in a sentence apart (WCAG 2.5.8)."""
    hand = Mouse(page)
    sign_in(hand)
    open_examination(hand, number="GA302977")
    small = page.locator("button, select, summary, label.pick, .jump a").evaluate_all(
        "every => every.filter(each => each.offsetParent && each.getBoundingClientRect().height < 24)"
        ".map(each => each.outerHTML)"
    )
    assert small == []


def test_the_skip_link_leads_to_the_content(page: Page) -> None:
    page.goto("/admission/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_summary_of_faults_takes_the_focus_and_leads_to_the_field(browser: Browser, suite: str) -> None:
    """Not watched: Chromium writes the 422 itself on the console."""
    context = browser.new_context(base_url=suite, locale="en-CA")
    page = context.new_page()
    sign_in(Mouse(page))
    page.fill("[name=mrz]", "P<CAN")
    page.click("form[action$='/examinations'] button")
    expect(page.locator("#faults")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#mrz")).to_be_focused()
    context.close()
