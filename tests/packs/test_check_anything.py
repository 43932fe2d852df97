"""On a pack of two requirements: the checker trips over nothing, and holds overlays and examples against the law."""

import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossing.packs.check import check_packs

Tiny = Callable[..., list[str]]

TEXT = {"en": "a", "fr": "b", "es": "c"}
SPAN = {"from": "2000-01-01", "until": "2030-12-31"}
REQUIREMENT = {
    "id": "US-X-01",
    "kind": "mixed",
    "text": TEXT,
    "citation": [{"from": "2000-01-01", "en": "one"}, {"from": "2010-01-01", "en": "two"}],
    "in_force": SPAN,
    "versions": [
        {"from": "2000-01-01", "test": {"ref": "paid"}},
        {
            "from": "2010-01-01",
            "test": {
                "any_of": [
                    {"not": {"is": ["trip.paid", False]}},
                    {"one_of": ["trip.kind", {"table": "us.rows"}]},
                    {
                        "some": {
                            "of": "papers",
                            "where": {"on_or_after": [".until", {"add": ["on", {"value": "stay"}]}]},
                        }
                    },
                    {"row": {"table": "us.rows", "key": "trip.kind", "test": "needs"}},
                    {"judgement": True},
                ]
            },
        },
    ],
    "evidence": ["paper"],
    "on_fail": "US-OUT-01",
    "cure": TEXT,
    "verified": False,
    "unverified_note": "not seen",
    "source": [],
}
LAW: dict[str, Any] = {
    "pack": {"id": "us", "country": "US", "version": "1", "title": TEXT, "earliest": "2000-01-01"},
    "tests": {"paid": {"is": ["trip.paid", True]}},
    "values": {"stay": {"dated": [{"from": "2000-01-01", "until": "2009-12-31", "value": "P1Y"}]}},
    "tables": {
        "us.rows": {
            "rows": [
                {
                    "id": "sale",
                    "text": TEXT,
                    "needs": {"ref": "paid"},
                    "currency": "USD",
                    "amounts": [{"from": "2000-01-01", "amount": "6.00", "citation": "c"}],
                }
            ]
        }
    },
    "requirements": [REQUIREMENT, {**REQUIREMENT, "id": "US-X-02", "kind": "judgement"}],
    "sections": {"shared": {"all_of": ["US-X-01"], "provisions": []}},
    "classes": [
        {
            "id": "us.x",
            "code": "X",
            "title": TEXT,
            "in_force": SPAN,
            "requires": {
                "all_of": [
                    {"section": "shared"},
                    {"when": {"ref": "paid"}, "then": {"any_of": [{"route": {"ref": "paid"}, "then": "US-X-02"}]}},
                ]
            },
            "grants": {
                "class": "X",
                "until": {"earliest": [{"when": {"ref": "paid"}, "then": {"add": ["on", "P1Y"]}}]},
                "fees": {"table": "us.rows", "rows": ["sale"]},
                "status_document": ["paper"],
            },
        }
    ],
    "outcomes": [
        {
            "id": "US-OUT-01",
            "action": "refuse",
            **dict.fromkeys(("text", "paper", "effect", "recourse"), TEXT),
            "statutory_notice": False,
            "verified": True,
        }
    ],
}
FACTS: dict[str, Any] = {
    "facts": {
        path: {"label": TEXT, "question": TEXT, **about}
        for path, about in {
            "trip.paid": {"type": "boolean", "proved_by": ["paper"]},
            "trip.kind": {"type": "code", "options": {"sale": TEXT}},
            "papers": {"type": "list"},
            "papers[].until": {"type": "date"},
        }.items()
    },
    "documents": {"paper": TEXT},
}
EXAMPLES: dict[str, Any] = {
    "examples": [
        {
            "id": "CASE",
            "title": "t",
            "source": "s",
            "into": "US",
            "on": "2020-01-01",
            "seeking": [],
            "facts": {"trip": {"paid": True}},
            "findings": {"US-X-01": "met"},
            "expect": {"outcome": "qualifies", "not_met": []},
            "variants": [{"id": "v", "change": "c", "facts": {"trip": {"paid": None}}, "expect": {"classes": {}}}],
        }
    ]
}
ANYTHING = st.sampled_from([None, [], {}, "", "x", 3, 2.5, True, ["x"], {"x": "y"}, [[]], "2020-13-01", {"is": []}])


def steps_of(value: Any) -> list[list[Any]]:
    """The ways to every value inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way for key, inner in inside for way in ([key], *([key, *rest] for rest in steps_of(inner)))]


def broken(document: dict[str, Any], way: list[Any], new: Any) -> dict[str, Any]:
    """The document with another value at the end of a way; ``...`` takes the value out."""
    copy = deepcopy(document)
    holder: Any = copy
    for step in way[:-1]:
        holder = holder[step]
    if new is ...:
        del holder[way[-1]]
    else:
        holder[way[-1]] = new
    return copy


@pytest.fixture
def tiny(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    """Writes a small pack of the United States and gives back what the checker finds in it.

    JSON is YAML too, and is put in the cache of parsed files, which is quicker.
    """
    for module in ("check", "examples"):
        monkeypatch.setattr(f"crossing.packs.{module}.COUNTRIES_WITH_PACKS", {"US": "us"})
    folder = tmp_path_factory.mktemp("tiny")
    monkeypatch.setenv("CROSSING_CACHE_DIR", str(folder / "cache"))

    def write(name: str, content: Any) -> None:
        path, text = folder / f"{name}.yaml", json.dumps(content, indent=1).encode()
        kept = folder / "cache" / f"{hashlib.sha256(text).hexdigest()}.json"
        for each in (path, kept):
            each.parent.mkdir(exist_ok=True)
            each.write_bytes(text)

    def check(law: Any = LAW, facts: Any = FACTS, examples: Any = EXAMPLES, overlay: Any = None) -> list[str]:
        write("us/law", law)
        write("facts/facts", facts)
        write("us/cases.examples", examples)
        if overlay:
            write("overlays/reform", overlay)
        return [str(finding) for finding in check_packs(folder, folder / "facts").findings]

    return check


@pytest.fixture
def lines_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Finding the line of everything takes longer than finding what is wrong with it."""
    monkeypatch.setattr("crossing.packs.check.line_of", lambda path, steps: 1)


def test_the_small_pack_is_whole_but_for_examples_that_decide_both_ways(tiny: Tiny) -> None:
    assert [finding.partition(": ")[2] for finding in tiny()] == [
        "US-X-01 is never not_met in an example; add one that is",
        "US-X-02 is never not_met in an example; add one that is",
    ]


# Overlays.

REFORM: dict[str, Any] = {
    "id": "reform-1",
    "kind": "reform",
    "into": "US",
    **dict.fromkeys(("title", "authority", "scope"), TEXT),
    "in_force": {"from": "2026-01-01"},
    "replace": {"values": {"stay": {"dated": [{"from": "2000-01-01", "value": "P5Y"}]}}},
}


def test_an_overlay_that_can_be_laid_over_its_pack_says_nothing_wrong(tiny: Tiny) -> None:
    assert not [finding for finding in tiny(overlay=REFORM) if "overlays" in finding]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "whim"}, "kind is 'whim'; write one of reform, pilot, emergency"),
        ({"into": "MX"}, "into is 'MX'; write one of US, CA"),
        ({"in_force": {}}, "from is missing; write it"),
        ({"scope": {"en": "a", "fr": "b"}}, "scope is not there in es; write it"),
        ({"kind": "pilot"}, "in_force has no until; a change of kind pilot ends, so write its last day"),
        ({"drill": "yes"}, "drill is 'yes'"),
        ({"moon": True}, "no key is called 'moon' here"),
        ({"remove": {"requirements": ["US-X-99"]}}, "there is no 'US-X-99' to remove"),
        ({"replace": {"values": {"moon": REFORM["replace"]["values"]["stay"]}}}, "'moon' is missing"),
        ({"replace": {"values": {"stay": {"dated": [{"from": "2000-01-01", "value": "5y"}]}}}}, "duration"),
        ({"replace": {"tests": {"paid": {"is": ["moon.phase", True]}}}}, "no fact is called 'moon.phase'"),
        ({"remove": {"requirements": ["US-X-02"]}}, "no requirement is called 'US-X-02'"),
        ({"add": {"requirements": "US-X-03"}}, "requirements is 'US-X-03'"),
    ],
)
def test_an_overlay_that_does_not_fit_is_named(change: dict[str, Any], message: str, tiny: Tiny) -> None:
    (finding,) = [each for each in tiny(overlay=REFORM | change) if each.startswith("overlays/reform.yaml:")]
    assert message in finding


# Worked examples.


@pytest.mark.parametrize(
    ("key", "new", "message"),
    [
        ("into", "MX", "CASE: into is 'MX'; write one of US, CA"),
        ("on", "2026-02-30", "CASE: on is '2026-02-30'; must be a day that the calendar has"),
        ("expect", {"outcome": "perhaps"}, "CASE: outcome is 'perhaps'; write 'qualifies'"),
        ("expect", {"outcmoe": "qualifies"}, "CASE: no key is called 'outcmoe' here; correct its name or remove it"),
        ("findings", {"US-X-01": True}, "CASE: US-X-01 is True; write 'met' or 'not_met'"),
        ("expect", ..., "CASE: expect is missing; write it"),
    ],
)
def test_a_worked_example_of_wrong_shape_is_named(key: str, new: Any, message: str, tiny: Tiny) -> None:
    (finding,) = tiny(examples=broken(EXAMPLES, ["examples", 0, key], new))
    place, _, said = finding.partition(": ")
    assert said.startswith(message)
    assert place.startswith("us/cases.examples.yaml:")


def test_a_worked_example_that_fails_is_named_with_the_first_difference(tiny: Tiny) -> None:
    findings = tiny(examples=broken(EXAMPLES, ["examples", 0, "expect", "outcome"], "does_not_qualify"))
    difference = "outcome: expected does_not_qualify, found qualifies"
    assert f"us/cases.examples.yaml CASE: the worked example fails: {difference}" in findings


def test_a_requirement_that_no_example_decides_is_named_at_its_line(tiny: Tiny) -> None:
    found = [each.partition(": ") for each in tiny(examples={"examples": []})]
    lines = json.dumps(LAW, indent=1).splitlines()
    for name in ("US-X-01", "US-X-02"):
        line = next(number for number, text in enumerate(lines, 1) if f'"id": "{name}"' in text) - 1
        assert (f"us/law.yaml:{line}", ": ", f"{name} is never met nor not_met in an example; add one that is") in found


# Anything at all.

breaking = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.usefixtures("lines_do_not_matter")
@breaking
@given(st.sampled_from(steps_of(LAW)), st.one_of(ANYTHING, st.just(...)))
def test_whatever_stands_in_a_law_file_is_told_and_not_tripped_over(tiny: Tiny, way: list[Any], new: Any) -> None:
    assert all(": " in finding for finding in tiny(law=broken(LAW, way, new)))


@pytest.mark.usefixtures("lines_do_not_matter")
@breaking
@given(st.sampled_from(steps_of(FACTS)), st.one_of(ANYTHING, st.just(...)))
def test_whatever_stands_in_the_dictionary_is_told_and_not_tripped_over(tiny: Tiny, way: list[Any], new: Any) -> None:
    assert all(": " in finding for finding in tiny(facts=broken(FACTS, way, new)))


@pytest.mark.usefixtures("lines_do_not_matter")
@breaking
@given(st.sampled_from(steps_of(EXAMPLES)), st.one_of(ANYTHING, st.just(...)))
def test_whatever_stands_in_a_worked_example_is_told_and_not_tripped_over(tiny: Tiny, way: list[Any], new: Any) -> None:
    assert all(": " in finding for finding in tiny(examples=broken(EXAMPLES, way, new)))
