"""A small dictionary and small packs, for tests that look at one thing."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import pytest

from crossing.rules import Pack, determine, tell

Build = Callable[..., Pack]
Answer = Callable[..., dict[str, Any]]


def text(words: str) -> dict[str, str]:
    """A text in three languages that can be told apart."""
    return {"en": f"{words} (en)", "fr": f"{words} (fr)", "es": f"{words} (es)"}


def fact(kind: str, **more: Any) -> dict[str, Any]:
    """A fact of the dictionary; its label and question are given by ``define``."""
    return {"type": kind, **more}


FACTS: dict[str, dict[str, Any]] = {
    "trip.paid": fact("boolean"),
    "trip.insured": fact("boolean"),
    "trip.purpose": fact("code", options={"sale": text("Sale"), "repair": text("Repair"), "rest": text("Rest")}),
    "trip.host": fact("country"),
    "trip.starts_on": fact("date"),
    "trip.ends_on": fact("date"),
    "trip.days": fact("integer", unit="days"),
    "trip.days_off": fact("integer", unit="days"),
    "trip.share": fact("percent", unit="percent"),
    "traveller.citizenships": fact("set", of="country"),
    "traveller.skills": fact("set", of="code", options={"weld": text("Weld"), "cook": text("Cook")}),
    "papers": fact("list"),
    "papers[].kind": fact("code", options={"degree": text("Degree"), "licence": text("Licence")}),
    "papers[].valid": fact("boolean"),
    "papers[].until": fact("date"),
    "records.grounds": fact("set", of="code"),
    "records.waived": fact("set", of="code"),
}


def define(facts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Facts with a label and a question that name them."""
    return {path: {"label": text(path), "question": text(f"{path}?"), **about} for path, about in facts.items()}


def requirement(identifier: str, test: Any = None, kind: str = "mixed", **more: Any) -> dict[str, Any]:
    """A requirement in force from the first day."""
    raw = {
        "id": identifier,
        "kind": kind,
        "text": text(f"{identifier} holds"),
        "citation": f"section {identifier}",
        "in_force": {"from": "2000-01-01"},
        "verified": True,
        "source": ["S1"],
    }
    if kind != "provision":
        raw |= {"test": test, "evidence": ["paper"], "on_fail": "OUT-REFUSE", "cure": text(f"cure of {identifier}")}
    return raw | more


def admission_class(identifier: str, requires: Any, **more: Any) -> dict[str, Any]:
    """A class of admission in force from the first day."""
    return {
        "id": identifier,
        "code": identifier.upper(),
        "title": text(identifier),
        "in_force": {"from": "2000-01-01"},
        "requires": requires,
        "grants": {"class": identifier.upper()},
    } | more


def outcome(identifier: str, action: str) -> dict[str, Any]:
    """Something an examination can end in."""
    return {"id": identifier, "action": action, "text": text(identifier), "recourse": text("recourse")}


@pytest.fixture(scope="session")
def write_requirement() -> Callable[..., dict[str, Any]]:
    """Writes a requirement: ``write_requirement("R1", {"is": ["trip.paid", True]}, kind="bright_line")``."""
    return requirement


@pytest.fixture(scope="session")
def write_class() -> Callable[..., dict[str, Any]]:
    """Writes a class of admission: ``write_class("us.a", {"all_of": ["R1"]})``."""
    return admission_class


@pytest.fixture(scope="session")
def write_text() -> Callable[[str], dict[str, str]]:
    """Writes a text in three languages."""
    return text


@pytest.fixture(scope="session")
def build_content() -> Callable[..., dict[str, Any]]:
    """The content of a small pack of the United States, from its requirements and classes."""

    def build(requirements: list[Any], classes: Any, facts: Any = None, **more: Any) -> dict[str, Any]:
        if not isinstance(classes, list):
            classes = [admission_class("us.a", classes)]
        return deepcopy(
            {
                "pack": {"id": "us", "country": "US", "version": "1", "earliest": "2000-01-01"},
                "dictionary": {"facts": define(facts or FACTS), "documents": {"paper": text("a paper")}},
                "requirements": requirements,
                "classes": classes,
                "outcomes": [outcome("OUT-REFUSE", "refuse"), outcome("OUT-REFER", "refer")],
                "tests": {},
                "values": {},
                "tables": {},
                "sections": {},
            }
            | more
        )

    return build


@pytest.fixture(scope="session")
def build(build_content: Callable[..., dict[str, Any]]) -> Build:
    """A small pack of the United States: ``build([requirement, …], tree or classes, tables={…})``."""
    names = {"US": "United States", "CA": "Canada", "FR": "France"}
    in_french = {"US": "États-Unis", "CA": "Canada", "FR": "France"}
    in_spanish = {"US": "Estados Unidos", "CA": "Canadá", "FR": "Francia"}
    return lambda *parts, **more: Pack(
        build_content(*parts, **more), {"country": {"en": names, "fr": in_french, "es": in_spanish}}
    )


@pytest.fixture(scope="session")
def answer() -> Answer:
    """Determines and tells: ``answer(pack, {"trip.paid": True})``."""

    def told(pack: Pack, facts: Mapping[str, Any] | None = None, language: str = "en", **more: Any) -> dict[str, Any]:
        return tell(determine(facts or {}, pack, more.pop("on", "2026-11-21"), **more), language)

    return told


@pytest.fixture(scope="session")
def status_of(build: Build, answer: Answer) -> Callable[..., str]:
    """What one test comes to: ``status_of({"is": ["trip.paid", True]}, {"trip.paid": True})``."""

    def status(test: Any, facts: Any = None, finding: str | None = None, **more: Any) -> str:
        on = more.pop("on", "2026-11-21")
        pack = build([requirement("R", test)], "R", **more)
        told = answer(pack, facts, on=on, findings={"R": finding} if finding else {})
        word: str = told["classes"][0]["requirements"][0]["status"]
        return word

    return status
