"""Classes are ranked by what they still need, and each says in one sentence why it came out so."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.rules.conftest import admission_class, requirement

from crossing.rules import determine, tell

Answer = Callable[..., dict[str, Any]]
YES_A, YES_B = {"is": ["a", True]}, {"is": ["b", True]}


@pytest.fixture
def pack(build: Callable[..., Any]) -> Any:
    return build(
        [requirement("R-1", YES_A), requirement("R-2", YES_B), requirement("R-3", {"judgement": True}, "judgement")],
        [
            admission_class("zz.both", {"all_of": ["R-1", "R-2"]}),
            admission_class("zz.one", {"all_of": ["R-1"]}),
            admission_class("zz.judged", {"all_of": ["R-1", "R-3"]}),
        ],
        {"a": {"type": "boolean"}, "b": {"type": "boolean"}},
    )


def why(told: dict[str, Any]) -> dict[str, str]:
    return {each["class"]: each["because"] for each in told["classes"]}


def test_what_needs_least_comes_first(pack: Any, answer: Answer) -> None:
    assert [each["class"] for each in answer(pack)["classes"]] == ["zz.one", "zz.both", "zz.judged"]


def test_what_qualifies_comes_before_what_waits_for_a_person(pack: Any, answer: Answer) -> None:
    told = answer(pack, {"a": True})
    assert [each["class"] for each in told["classes"]] == ["zz.one", "zz.judged", "zz.both"]
    assert why(told)["zz.one"] == "Every requirement is met."
    assert why(told)["zz.judged"] == "R-3 waits for an officer: Only an officer can decide this."
    assert why(told)["zz.both"].startswith("R-2 waits for facts: Not stated")


def test_what_falls_out_names_the_requirement_and_its_reason(pack: Any, answer: Answer) -> None:
    told = answer(pack, {"a": True, "b": False})
    assert why(told)["zz.both"].startswith("R-2 is not met: ")
    told = answer(pack, {"a": False, "b": False}, language="fr")
    assert why(told)["zz.both"].startswith("2 exigences ne sont pas remplies, d’abord R-1 : ")


def test_only_what_leads_is_explained_in_full_when_asked_so(pack: Any) -> None:
    told = tell(determine({"a": True, "b": False}, pack, "2026-11-21"), "en", only_leading=True)
    first, *others = told["classes"]
    assert (first["class"], first["in_full"]) == ("zz.one", True)
    assert [each["in_full"] for each in others] == [False, False]
    assert [[line["id"] for line in each["requirements"]] for each in others] == [["R-3"], ["R-2"]]
