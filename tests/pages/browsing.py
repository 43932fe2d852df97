"""A real browser before the officer's pages: Debian's Chromium, driven by hand or by keyboard only."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, sync_playwright

_MOST_STOPS = 400
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=en-US"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium; without it these tests fail, and say what is missing."""
    path = shutil.which("chromium")
    assert path, "These tests drive a real browser and found none: install Debian's package `chromium`."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a page must not do: complain on the console, run what was typed, ask another host for anything."""

    host: str
    complaints: list[str] = field(default_factory=list)

    def over(self, page: Page) -> Page:
        """The page, watched from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", self._request)
        page.on("dialog", self._dialog)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self.host):
            self.complaints.append(f"request: {request.url}")


class Mouse:
    """Works a page by pointing."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def fill(self, name: str, text: str) -> None:
        """Type into a field."""
        self.page.fill(f"[name='{name}']", text)

    def day(self, name: str, day: str) -> None:
        """Enter a day."""
        self.page.fill(f"[name='{name}']", day)

    def choose(self, name: str, value: str) -> None:
        """Choose one of several buttons."""
        self.page.check(f"[name='{name}'][value='{value}']")

    def tick(self, name: str, value: str = "on") -> None:
        """Tick a box."""
        self.page.check(f"[name='{name}'][value='{value}']")

    def select(self, name: str, value: str) -> None:
        """Choose from a list."""
        self.page.select_option(f"select[name='{name}']", value)

    def unfold(self, selector: str) -> None:
        """Unfold what stands under a summary."""
        self.page.click(selector)

    def send(self, selector: str) -> None:
        """Press a button or follow a link, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.click(selector)


class Keyboard(Mouse):
    """Works a page by keyboard only."""

    def _reach(self, selector: str) -> None:
        """Go from stop to stop until the focus is there, and is seen to be."""
        for _ in range(_MOST_STOPS):
            self.page.keyboard.press("Tab")
            if self._at(f"element => element.matches({selector!r})"):
                assert self._at("element => getComputedStyle(element).outlineWidth") == "3px", (
                    f"{selector}: no focus seen"
                )
                return
        raise AssertionError(f"the keyboard never reaches {selector}")

    def _at(self, question: str) -> Any:
        return self.page.evaluate(f"({question})(document.activeElement)")

    def fill(self, name: str, text: str) -> None:
        self._reach(f"[name='{name}']")
        self.page.keyboard.type(text)

    def day(self, name: str, day: str) -> None:
        year, month, of_month = day.split("-")
        self.fill(name, f"{month}{of_month}{year}")

    def _turn_to(self, name: str, value: str) -> None:
        self._reach(f"[name='{name}']")
        for _ in range(_MOST_STOPS):
            if self._at("element => element.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the keyboard never turns {name} to {value}")

    def choose(self, name: str, value: str) -> None:
        self._turn_to(name, value)

    def select(self, name: str, value: str) -> None:
        self._turn_to(name, value)

    def tick(self, name: str, value: str = "on") -> None:
        self._reach(f"[name='{name}'][value='{value}']")
        self.page.keyboard.press("Space")

    def unfold(self, selector: str) -> None:
        self._reach(selector)
        self.page.keyboard.press("Enter")

    def send(self, selector: str) -> None:
        self._reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
