"""The engine against an oracle: random law, random facts, and a two-valued evaluator that tries everything unknown.

The oracle knows no third value. It is written from the README of the packs, and nothing of the engine is in it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from crossing.rules import Pack, determine, tell

Facts = dict[str, Any]
Case = tuple[dict[str, Any], Facts, dict[str, str]]

ON = "2026-11-21"
MOST_COMPLETIONS = 600
quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])

OPTIONS = {name: {"en": name, "fr": name, "es": name} for name in ("x", "y", "z", "p", "q", "u", "v")}
FACTS: dict[str, dict[str, Any]] = {
    "b1": {"type": "boolean"},
    "b2": {"type": "boolean"},
    "n": {"type": "integer", "unit": "days"},
    "c": {"type": "code", "options": {name: OPTIONS[name] for name in "xyz"}},
    "s": {"type": "set", "of": "code", "options": {name: OPTIONS[name] for name in "pq"}},
    "w": {"type": "set", "of": "code", "options": {name: OPTIONS[name] for name in "pq"}},
    "items": {"type": "list"},
    "items[].flag": {"type": "boolean"},
    "items[].kind": {"type": "code", "options": {name: OPTIONS[name] for name in "uv"}},
}
FIELDS: dict[str, list[Any]] = {"flag": [True, False], "kind": ["u", "v"]}
ENTRIES = [{"flag": flag, "kind": kind} for flag in FIELDS["flag"] for kind in FIELDS["kind"]]
SETS: list[list[str]] = [[], ["p"], ["q"], ["p", "q"]]
DOMAIN: dict[str, list[Any]] = {
    "b1": [True, False],
    "b2": [True, False],
    "n": [0, 1, 2],
    "c": ["x", "y", "z"],
    "s": SETS,
    "w": SETS,
    "items": [[], *([entry] for entry in ENTRIES), ENTRIES[:2], ENTRIES[2:]],
}
NAMES = ["R0", "R1", "R2", "R3"]


# Random law.


def operator(name: str, argument: Any) -> Any:
    return st.fixed_dictionaries({name: argument})


def nested(leaves: Any, depth: int) -> Any:
    """Tests of all_of, any_of and not over leaves, not deeper than that."""
    if depth == 0:
        return leaves
    inner = nested(leaves, depth - 1)
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(inner, operator("all_of", several), operator("any_of", several), operator("not", inner))


def pick(values: list[Any]) -> Any:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


def on_fact(path: str, argument: Any) -> Any:
    return st.tuples(st.just(path), argument).map(list)


about_booleans = operator("is", st.one_of(on_fact("b1", st.booleans()), on_fact("b2", st.booleans())))
about_fields = st.one_of(
    operator("is", on_fact(".flag", st.booleans())), operator("one_of", on_fact(".kind", pick(["u", "v"])))
)
listed = st.fixed_dictionaries({"of": st.just("items"), "where": nested(st.one_of(about_fields, about_booleans), 1)})
plain = st.one_of(
    about_booleans,
    operator("is", on_fact("c", st.sampled_from("xyz"))),
    operator("one_of", on_fact("c", st.one_of(pick(["x", "y", "z"]), st.just({"table": "us.t"})))),
    operator("includes", on_fact("s", st.sampled_from("pq"))),
    operator("includes_any", on_fact("s", pick(["p", "q"]))),
    operator("includes_only", on_fact("s", pick(["p", "q"]))),
    operator("empty", st.sampled_from(["s", "items"])),
    st.one_of(operator(name, on_fact("n", st.integers(0, 2))) for name in ("at_least", "less_than")),
    st.one_of(operator(name, listed) for name in ("some", "every")),
)
of_a_person = st.just({"judgement": True})
of_grounds = st.just({"no_ground": {"recorded": "s", "waived": "w", "table": "us.g"}})
of_a_row = st.just({"row": {"table": "us.t", "key": "c", "test": "needs"}})
conditions = nested(plain, 1)


def grown(depth: int) -> Any:
    """Trees of requirements, not deeper than that."""
    leaves = st.one_of(requirement_names, st.just({"section": "shared"}))
    if depth == 0:
        return leaves
    inner = grown(depth - 1)

    def parts(word: str) -> Any:
        conditional = st.fixed_dictionaries({word: conditions, "then": inner})
        return st.lists(st.one_of(inner, conditional), min_size=1, max_size=3)

    return st.one_of(inner, operator("all_of", parts("when")), operator("any_of", parts("route")))


requirement_names = st.sampled_from(NAMES)
grounds = st.fixed_dictionaries(
    {
        "decided": st.sampled_from(["bright_line", "judgement", "not_applicable"]),
        "waiver": operator("possible", st.booleans()),
    }
)
entry = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in FIELDS.items()})
some_facts = {path: st.sampled_from(values) for path, values in DOMAIN.items()} | {"items": st.lists(entry, max_size=2)}
few = st.fixed_dictionaries({}, optional=some_facts)
most = st.tuples(st.fixed_dictionaries(some_facts), st.sets(st.sampled_from(list(DOMAIN)), max_size=2)).map(
    lambda drawn: {path: value for path, value in drawn[0].items() if path not in drawn[1]}
)
stated = st.one_of(few, most)


any_leaf = st.one_of(plain, of_a_person, of_grounds, of_a_row)
simple = st.one_of(about_booleans, of_a_person, plain)


def laws(tests: dict[str, Any], requires: Any) -> Any:
    """The parts of a pack that differ from case to case."""
    return st.fixed_dictionaries(
        {
            "tests": st.fixed_dictionaries(tests),
            "requires": requires,
            "shared": operator("all_of", st.lists(requirement_names, min_size=1, max_size=2)),
            "rows": st.fixed_dictionaries(
                {name: nested(st.one_of(plain, of_a_person, of_grounds), 1) for name in "xy"}
            ),
            "grounds": st.fixed_dictionaries(dict.fromkeys("pq", grounds)),
        }
    )


findings_ = st.dictionaries(requirement_names, st.sampled_from(["met", "not_met"]), max_size=2)
of_one_test = laws({"R0": nested(any_leaf, 2), **dict.fromkeys(NAMES[1:], of_a_person)}, st.just("R0"))
of_a_tree = laws({name: nested(simple, 1) for name in NAMES}, grown(2))
cases = st.tuples(st.one_of(of_one_test, of_a_tree), stated, findings_)


# The oracle.


#: What an operator says of a fact's value and its other argument.
SAYS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, wanted: bool(value == wanted),
    "one_of": lambda value, listed: value in listed,
    "includes": lambda value, wanted: wanted in value,
    "includes_any": lambda value, listed: any(each in listed for each in value),
    "includes_only": lambda value, listed: all(each in listed for each in value),
    "at_least": lambda value, number: bool(value >= number),
    "less_than": lambda value, number: bool(value < number),
}


def holds(test: Mapping[str, Any], law: Any, facts: Facts, judged_so: bool, entry: Any = None) -> bool:
    """Whether a test is met when nothing is unknown."""
    ((operator, argument),) = test.items()

    def inner(part: Any, of: Any = entry) -> bool:
        return holds(part, law, facts, judged_so, of)

    match operator:
        case "all_of":
            return all(inner(part) for part in argument)
        case "any_of":
            return any(inner(part) for part in argument)
        case "not":
            return not inner(argument)
        case "empty":
            return len(facts[argument]) == 0
        case "some":
            return any(inner(argument["where"], each) for each in facts["items"])
        case "every":
            return all(inner(argument["where"], each) for each in facts["items"])
        case "row":
            return facts["c"] in law["rows"] and inner(law["rows"][facts["c"]])
        case "no_ground":
            return all(passes(code, law["grounds"][code], facts["w"], judged_so) for code in facts["s"])
        case "judgement":
            return judged_so
    path, other = argument
    value = entry[path[1:]] if path.startswith(".") else facts[path]
    return SAYS[operator](value, law["rows"] if other == {"table": "us.t"} else other)


def passes(code: str, ground: Any, waived: list[str], judged_so: bool) -> bool:
    """Whether one recorded ground stands in nobody's way."""
    if ground["decided"] == "not_applicable" or (ground["waiver"]["possible"] and code in waived):
        return True
    return ground["decided"] != "bright_line" and judged_so


def stands(node: Any, law: Any, facts: Facts, judgements: Mapping[str, bool]) -> bool:
    """Whether a tree is met when nothing is unknown."""
    if isinstance(node, str):
        return holds(law["tests"][node], law, facts, judgements[node])
    if "section" in node:
        return stands(law["shared"], law, facts, judgements)
    if "all_of" in node:
        return all(stands(part, law, facts, judgements) for part in node["all_of"])
    if "any_of" in node:
        return any(stands(part, law, facts, judgements) for part in node["any_of"])
    if "when" in node:
        return not holds(node["when"], law, facts, False) or stands(node["then"], law, facts, judgements)
    return holds(node["route"], law, facts, False) and stands(node["then"], law, facts, judgements)


def completions(facts: Facts) -> Iterator[Facts]:
    """The facts with every value that what is unknown could have."""
    domains: dict[str, list[Any]] = {path: [facts[path]] if path in facts else all_ for path, all_ in DOMAIN.items()}
    domains["items"] = list(complete_lists(facts["items"])) if "items" in facts else DOMAIN["items"]
    for values in product(*domains.values()):
        yield dict(zip(domains, values, strict=True))


def complete_lists(stated_entries: list[Facts]) -> Iterator[list[Facts]]:
    full = [[entry for entry in ENTRIES if entry.items() >= given_.items()] for given_ in stated_entries]
    yield from (list(entries_) for entries_ in product(*full))


def narrowed(facts: Facts, law: Any) -> Facts:
    """The facts, with more of them stated where too much would have to be tried; what no test reads needs no trying."""
    told = json.dumps(law)
    facts = dict(facts)
    for path, values in DOMAIN.items():
        if path not in facts and (f'"{path}"' not in told or size(facts) > MOST_COMPLETIONS):
            facts[path] = values[-1]
    return facts


def size(facts: Facts) -> int:
    return prod(len(values) for path, values in DOMAIN.items() if path not in facts)


def judgements_of(findings: Mapping[str, str]) -> list[dict[str, bool]]:
    """What persons could find on each requirement."""
    sides = [[findings[name] == "met"] if name in findings else [True, False] for name in NAMES]
    return [dict(zip(NAMES, values, strict=True)) for values in product(*sides)]


# What the tests share.


@pytest.fixture(scope="module")
def pack_of(build: Callable[..., Pack], write_requirement: Callable[..., Any]) -> Callable[[Any], Pack]:
    """The pack of random law, made anew."""

    def made(law: Any) -> Pack:
        return build(
            [write_requirement(name, test) for name, test in law["tests"].items()],
            law["requires"],
            facts=FACTS,
            sections={"shared": law["shared"]},
            tables={
                "us.t": {"rows": [{"id": name, "needs": test} for name, test in law["rows"].items()]},
                "us.g": {"rows": [{"id": name, **row} for name, row in law["grounds"].items()]},
            },
        )

    return made


@pytest.fixture(scope="module")
def tell_of(pack_of: Callable[[Any], Pack]) -> Callable[..., dict[str, Any]]:
    """Determines random facts under random law, and tells the one class there is."""
    latest: dict[str, Pack] = {}

    def told(law: Any, facts: Facts, findings: Mapping[str, str]) -> dict[str, Any]:
        note(json.dumps({"law": law, "facts": facts, "findings": findings}))
        key = json.dumps(law)
        if key not in latest:
            latest.clear()
            latest[key] = pack_of(law)
        answer = tell(determine(facts, latest[key], ON, findings=findings), "en")
        return {**answer["classes"][0], "next_questions": [each["fact"] for each in answer["next_questions"]]}

    return told


def state(facts: Facts, path: str, value: Any) -> Facts:
    """The facts with one more of them stated; ``items[0].flag`` is a field of the first entry."""
    head, bracket, rest = path.partition("[")
    if not bracket:
        return {**facts, path: value}
    number, _, field = rest.partition("].")
    listed_ = [dict(entry) for entry in facts[head]]
    listed_[int(number)][field] = value
    return {**facts, head: listed_}


def possible(path: str) -> list[Any]:
    return FIELDS[path.rpartition(".")[2]] if "[" in path else DOMAIN[path]


def is_stated(facts: Facts, path: str) -> bool:
    head, bracket, rest = path.partition("[")
    if not bracket:
        return path in facts
    number, _, field = rest.partition("].")
    return field in facts[head][int(number)]


# The tests.


@settings(quick, max_examples=200)
@given(cases)
def test_no_completion_of_the_facts_contradicts_the_engine(tell_of: Callable[..., Any], case: Case) -> None:
    law, facts, findings = case
    facts = narrowed(facts, law)
    told = tell_of(law, facts, findings)
    completed = list(completions(facts))
    by_judgement = [
        {stands(law["requires"], law, each, judgements) for each in completed} for judgements in judgements_of(findings)
    ]
    everything = set().union(*by_judgement)
    match told["status"]:
        case "qualifies":
            assert everything == {True}
        case "does_not_qualify":
            assert everything == {False}
        case "needs_judgement":
            assert all(len(results) == 1 for results in by_judgement), "a fact could still change the answer"
            assert {each["requirement"] for each in told["judgements"]} - set(findings)
        case _:
            assert told["missing_facts"]
    for requirement in told["requirements"]:
        results = {
            holds(law["tests"][requirement["id"]], law, each, judged_so)
            for each in completed
            for judged_so in {judgements[requirement["id"]] for judgements in judgements_of(findings)}
        }
        if requirement["status"] in ("met", "not_met"):
            assert results == {requirement["status"] == "met"}


@quick
@given(cases)
def test_what_is_called_missing_is_not_stated(tell_of: Callable[..., Any], case: Case) -> None:
    law, facts, findings = case
    told = tell_of(law, facts, findings)
    assert not [path for path in told["missing_facts"] if is_stated(facts, path)]
    assert not [path for path in told["next_questions"] if is_stated(facts, path)]
    assert bool(told["missing_facts"]) == bool(told["next_questions"]) == (told["status"] == "needs_facts")
    for requirement in told["requirements"]:
        spoken_of = {path for path in facts if path != "items" and f"Not stated: {path} (en)." in requirement["reason"]}
        assert not spoken_of, "the explanation calls a stated fact missing"
        assert requirement["facts"].items() <= facts.items()


@quick
@given(cases, st.data())
def test_stating_what_is_missing_ends_the_asking(tell_of: Callable[..., Any], case: Case, data: Any) -> None:
    law, facts, findings = case
    for _ in range(12):
        told = tell_of(law, facts, findings)
        for path in told["missing_facts"]:
            facts = state(facts, path, data.draw(st.sampled_from(possible(path))))
    assert told["status"] != "needs_facts"


@quick
@given(cases)
def test_answering_the_next_questions_in_a_favourable_way_ends_them(tell_of: Callable[..., Any], case: Case) -> None:
    law, facts, findings = case
    facts = narrowed(facts, law)
    preference = ["qualifies", "needs_judgement", "needs_facts", "does_not_qualify"]
    for _ in range(12):
        asked = tell_of(law, facts, findings)["next_questions"][:3]
        answers = []
        for values in product(*(possible(path) for path in asked)):
            stated_more = facts
            for path, value in zip(asked, values, strict=True):
                stated_more = state(stated_more, path, value)
            answers.append((preference.index(tell_of(law, stated_more, findings)["status"]), stated_more))
        facts = min(answers, key=lambda answer: answer[0])[1]
    assert not tell_of(law, facts, findings)["next_questions"]


@quick
@given(cases, stated, findings_)
def test_more_facts_and_findings_never_flip_a_settled_answer(
    tell_of: Callable[..., Any], case: Case, more: Facts, more_findings: dict[str, str]
) -> None:
    law, facts, findings = case
    before = tell_of(law, facts, findings)
    after = tell_of(law, {**more, **facts}, {**more_findings, **findings})
    if before["status"] in ("qualifies", "does_not_qualify"):
        assert after["status"] == before["status"]
    if before["status"] == "needs_judgement":
        assert after["status"] != "needs_facts"
    settled = {each["id"]: each["status"] for each in before["requirements"] if each["status"] in ("met", "not_met")}
    found = {each["id"]: each["status"] for each in after["requirements"]}
    assert all(found.get(name, word) == word for name, word in settled.items())


@quick
@given(cases)
def test_a_refusal_names_what_was_not_met(tell_of: Callable[..., Any], case: Case) -> None:
    law, facts, findings = case
    told = tell_of(law, facts, findings)
    if told["status"] == "does_not_qualify" and "route" not in json.dumps(law["requires"]):
        assert "not_met" in {each["status"] for each in told["requirements"]}


@quick
@given(cases, st.lists(st.tuples(stated, findings_), min_size=1, max_size=3))
def test_what_was_told_to_others_before_changes_no_answer(
    pack_of: Callable[[Any], Pack], case: Case, others: list[tuple[Facts, dict[str, str]]]
) -> None:
    law, facts, findings = case
    note(json.dumps([law, facts, findings, others]))
    used = pack_of(law)
    for their_facts, their_findings in others:
        tell(determine(their_facts, used, ON, findings=their_findings), "en")
    asked_later = tell(determine(facts, used, ON, findings=findings), "en")
    assert asked_later == tell(determine(facts, pack_of(law), ON, findings=findings), "en")
