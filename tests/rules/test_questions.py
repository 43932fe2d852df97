"""The next questions are the fewest whose favourable answers settle a class, found by trying everything."""

from collections.abc import Callable, Iterator
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossing.rules import Pack, determine, tell

Build = Callable[..., Pack]
Write = Callable[..., dict[str, Any]]

ON = "2026-11-21"
NAMES = [f"f{number}" for number in range(6)]
FACTS = {name: {"type": "boolean"} for name in NAMES}


class Drawing:
    """Draws law in which every fact is read once, so that no two tests want different things of one fact."""

    def __init__(self, draw: Callable[[Any], Any], judgements: bool) -> None:
        self.draw = draw
        self.names = iter(NAMES)
        self.judgements = judgements
        self.tests: list[Any] = []

    def test(self, depth: int, judgements: bool) -> Any:
        kinds = ["is", "is", "all_of", "any_of", "not"][: 5 if depth else 2] + ["judgement"] * judgements
        kind = self.draw(st.sampled_from(kinds))
        if kind == "judgement":
            return {"judgement": True}
        if kind == "not":
            return {"not": self.test(depth - 1, judgements)}
        if kind == "is":
            name = next(self.names, None)
            return {"is": [name, self.draw(st.booleans())]} if name else {"all_of": []}
        return {kind: [self.test(depth - 1, judgements) for _ in range(self.draw(st.integers(1, 2)))]}

    def tree(self, depth: int) -> Any:
        kind = self.draw(st.sampled_from(["requirement", "all_of", "any_of"][: 3 if depth else 1]))
        if kind == "requirement":
            self.tests.append(self.test(2, self.judgements))
            return f"R{len(self.tests) - 1}"
        return {kind: [self.part(kind, depth - 1) for _ in range(self.draw(st.integers(1, 3)))]}

    def part(self, kind: str, depth: int) -> Any:
        if self.draw(st.booleans()):
            return self.tree(depth)
        word = "when" if kind == "all_of" else "route"
        return {word: self.test(1, False), "then": self.tree(depth)}


@st.composite
def law(draw: Any, *, judgements: bool) -> tuple[list[Any], Any]:
    """Tests of requirements R0, R1, … and a tree over them."""
    drawing = Drawing(draw, judgements)
    tree = drawing.tree(2)
    return drawing.tests, tree


stated = st.dictionaries(st.sampled_from(NAMES), st.booleans(), max_size=2)


@pytest.fixture(scope="module")
def pack_of(build: Build, write_requirement: Write) -> Callable[..., Pack]:
    def made(tests: list[Any], tree: Any) -> Pack:
        return build([write_requirement(f"R{number}", test) for number, test in enumerate(tests)], tree, facts=FACTS)

    return made


def questions(pack: Pack, facts: dict[str, Any]) -> list[str]:
    return [question["fact"] for question in tell(determine(facts, pack, ON), "en")["next_questions"]]


def outcomes_of_answering(pack: Pack, facts: dict[str, Any], asked: tuple[str, ...] | list[str]) -> Iterator[str]:
    for answers in product([True, False], repeat=len(asked)):
        yield determine({**facts, **dict(zip(asked, answers, strict=True))}, pack, ON).outcome


@settings(max_examples=150, deadline=None)
@given(law(judgements=False), stated)
def test_no_fewer_questions_could_make_the_traveller_qualify(
    pack_of: Callable[..., Pack], drawn: tuple[list[Any], Any], facts: dict[str, Any]
) -> None:
    pack = pack_of(*drawn)
    if determine(facts, pack, ON).outcome != "needs_facts":
        assert questions(pack, facts) == []
        return
    asked = questions(pack, facts)
    assert "qualifies" in outcomes_of_answering(pack, facts, asked)
    open_facts = [name for name in NAMES if name not in facts]
    for fewer in combinations(open_facts, len(asked) - 1):
        assert "qualifies" not in outcomes_of_answering(pack, facts, fewer)


@settings(max_examples=150, deadline=None)
@given(law(judgements=True), stated)
def test_favourable_answers_to_the_next_questions_leave_at_most_a_persons_judgement(
    pack_of: Callable[..., Pack], drawn: tuple[list[Any], Any], facts: dict[str, Any]
) -> None:
    pack = pack_of(*drawn)
    asked = questions(pack, facts)
    assert {"qualifies", "needs_judgement", "does_not_qualify"} & set(outcomes_of_answering(pack, facts, asked))
    if determine(facts, pack, ON).outcome == "needs_facts":
        assert {"qualifies", "needs_judgement"} & set(outcomes_of_answering(pack, facts, asked))


def test_the_shorter_of_two_ways_is_asked(build: Build, write_requirement: Write, answer: Any) -> None:
    long = {"all_of": [{"is": ["trip.paid", True]}, {"is": ["trip.insured", True]}]}
    pack = build(
        [write_requirement("LONG", long), write_requirement("SHORT", {"is": ["trip.purpose", "sale"]})],
        {"any_of": ["LONG", "SHORT"]},
    )
    assert [each["fact"] for each in answer(pack)["next_questions"]] == ["trip.purpose"]
    assert answer(pack)["classes"][0]["missing_facts"] == ["trip.paid", "trip.insured", "trip.purpose"]


def test_the_shorter_of_two_tests_in_a_requirement_is_asked(
    build: Build, write_requirement: Write, answer: Any
) -> None:
    long = {"all_of": [{"is": ["trip.paid", True]}, {"is": ["trip.insured", True]}]}
    pack = build([write_requirement("R", {"any_of": [long, {"is": ["trip.purpose", "sale"]}]})], "R")
    assert [each["fact"] for each in answer(pack)["next_questions"]] == ["trip.purpose"]


def test_what_must_not_be_so_is_asked_whole(build: Build, write_requirement: Write, answer: Any) -> None:
    neither = {"not": {"any_of": [{"is": ["trip.paid", True]}, {"is": ["trip.insured", True]}]}}
    pack = build([write_requirement("R", neither)], "R")
    assert [each["fact"] for each in answer(pack)["next_questions"]] == ["trip.paid", "trip.insured"]


def test_a_way_that_ends_without_a_person_is_asked_before_one_that_needs_judgement(
    build: Build, write_requirement: Write, answer: Any
) -> None:
    judged = {"all_of": [{"is": ["trip.paid", True]}, {"judgement": True}]}
    pack = build(
        [write_requirement("JUDGED", judged), write_requirement("PLAIN", {"is": ["trip.insured", True]})],
        {"any_of": ["JUDGED", "PLAIN"]},
    )
    assert [each["fact"] for each in answer(pack)["next_questions"]] == ["trip.insured"]


def test_the_missing_field_of_an_entry_is_asked_by_its_place(
    build: Build, write_requirement: Write, answer: Any
) -> None:
    test = {"some": {"of": "papers", "where": {"is": [".kind", "degree"]}}}
    pack = build([write_requirement("R", test)], "R")
    told = answer(pack, {"papers": [{"kind": "licence"}, {"valid": True}]})
    (question,) = told["next_questions"]
    assert question["fact"] == "papers[1].kind"
    assert question["question"] == "papers[].kind? (en)"
    assert question["options"] == [
        {"value": "degree", "text": "Degree (en)"},
        {"value": "licence", "text": "Licence (en)"},
    ]
    assert question["decides"] == ["R"]


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_a_question_is_asked_in_the_language_with_its_type_and_unit(
    language: str, build: Build, write_requirement: Write, answer: Any
) -> None:
    pack = build([write_requirement("R", {"at_least": ["trip.days", 3]})], "R")
    (question,) = answer(pack, language=language)["next_questions"]
    assert question == {
        "fact": "trip.days",
        "question": f"trip.days? ({language})",
        "type": "integer",
        "unit": "days",
        "decides": ["R"],
    }
