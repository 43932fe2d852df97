"""Whatever is written in a pack, the checker says what is wrong and where; it never breaks."""

import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossing.packs.check import check_law, check_packs

OnlyFinding = Callable[[Any], str]

ZZ, IN_FACTS = "us/zz.yaml", "facts/zz.yaml"  # small files of their own, in the copy of the packs
ONE, FEE, REFUSED, PAID = "- id: US-ZZ-01", "- id: zz_fee", "- id: US-OUT-ZZ", "zz.paid:"


@pytest.mark.parametrize(
    ("name", "after", "beginning", "new", "message"),
    [
        (ZZ, ONE, "kind:", ["kind: bright"], "US-ZZ-01: kind is 'bright'; write 'bright_line', 'judgement'"),
        (ZZ, ONE, "kind:", ["kind:"], "US-ZZ-01: kind is empty; write it or remove the key"),
        (
            ZZ,
            ONE,
            "kind:",
            ["knd: bright_line"],
            "US-ZZ-01: no key is called 'knd' here; correct its name or remove it",
        ),
        (ZZ, ONE, "citation:", ["citation: 8"], "US-ZZ-01: citation is 8"),
        (ZZ, ONE, "citation:", ["citation: {fr: RIPR}"], "US-ZZ-01: citation is not there in en; write it"),
        (ZZ, ONE, "citation:", ["citation: [{en: x}]"], "US-ZZ-01: from is missing; write it"),
        (ZZ, ONE, "citation:", ['citation: ""'], "US-ZZ-01: citation is empty; write it"),
        (ZZ, ONE, "in_force:", ["in_force: 1994-01-01"], "US-ZZ-01: in_force is '1994-01-01'"),
        (ZZ, ONE, "in_force:", ["in_force: {form: 1994-01-01}"], "US-ZZ-01: "),
        (ZZ, ONE, "test:", ["test: [is]"], "US-ZZ-01: test is ['is']"),
        (ZZ, ONE, "test:", ["test: {}"], "US-ZZ-01: a test is a map with one operator; keep one"),
        (ZZ, ONE, "test:", ["test: {is: 3}"], "expected a list of two"),
        (ZZ, ONE, "test:", ["test: {all_of: {is: 3}}"], "expected a list of tests"),
        (ZZ, ONE, "test:", ["test: {ref: zz.moon}"], "no named test is called 'zz.moon'"),
        (ZZ, ONE, "test:", ["test: {some: [visas]}"], "expected {of: list fact, where: test}"),
        (ZZ, ONE, "evidence:", ["evidence: offer_letter"], "US-ZZ-01: evidence is 'offer_letter'"),
        (ZZ, ONE, "verified:", ["verified: yes"], "US-ZZ-01: verified is 'yes'"),
        (ZZ, ONE, "source:", ["source: {P1: seen}"], "US-ZZ-01: source is "),
        (ZZ, FEE, "- {from", ["- {from: 1994-01-01}"], "zz_fee: amount is missing; write it"),
        (ZZ, FEE, "- {from", ["- {from: 1994-01-01, amount: 6}"], "zz_fee: amount is 6"),
        (ZZ, FEE, "- {from", ['- {from: 1994-01-01, amount: "6"}'], "zz_fee: amount is '6'"),
        (ZZ, FEE, "text:", ["text: fee"], "zz_fee: text is 'fee'"),
        (
            ZZ,
            REFUSED,
            "action:",
            ["action: shrug"],
            "US-OUT-ZZ: action is 'shrug'; write 'admit', 'refer'",
        ),
        (
            ZZ,
            REFUSED,
            "statutory_notice:",
            ["statutory_notice: no"],
            "US-OUT-ZZ: statutory_notice is 'no'",
        ),
        (IN_FACTS, PAID, "type:", ["type: people"], "zz.paid: type is 'people'; write 'boolean', 'date'"),
        (IN_FACTS, "zz.purposes:", "of:", ["of: planet"], "zz.purposes: of is 'planet'; write 'country' or 'code'"),
        (IN_FACTS, PAID, "proved_by:", ["proved_by: [oath]"], "is proved by 'oath', which is not among the documents"),
        (IN_FACTS, PAID, "personal:", ["private: true"], "zz.paid: no key is called 'private' here"),
    ],
)
def test_a_wrong_shape_is_named_on_its_line_with_its_cure(
    name: str, after: str, beginning: str, new: list[str], message: str, copy_of_us: Any
) -> None:
    place = copy_of_us.change(name, after, beginning, *new)
    findings = [finding.partition(": ") for finding in copy_of_us.check()]
    assert any(message in said for _, _, said in findings)
    # A key that is not there is told at the map it is missing from, which begins at the earliest with the entry.
    first, last = copy_of_us.find(name, after, after) + 1, int(place.rpartition(":")[2])
    for at, _, _ in findings:
        assert at.startswith(f"{name}:")
        assert first <= int(at.rpartition(":")[2]) <= last


@pytest.mark.parametrize(
    ("name", "beginning", "new"),
    [
        (ZZ, "requirements:", "requirements: {US-X: {kind: mixed}}\nmoved:"),
        (ZZ, "classes:", "classes: us.tn\nmoved:"),
        (ZZ, "tests:", "tests: []\nmoved:"),
        (ZZ, "tables:", "tables: [1]\nmoved:"),
        (IN_FACTS, "facts:", "facts: []\nmoved:"),
    ],
)
def test_a_list_in_the_stead_of_a_map_is_named_and_so_is_an_unknown_key(
    name: str, beginning: str, new: str, copy_of_us: Any
) -> None:
    text = copy_of_us.file(name).read_text(encoding="utf-8")
    copy_of_us.file(name).write_text(text.replace(f"\n{beginning}\n", f"\n{new}\n", 1), encoding="utf-8")
    findings = copy_of_us.check()
    key = beginning.rstrip(":")
    assert any(f": {key} is " in finding and finding.startswith(f"{name}:") for finding in findings)
    assert any("no key is called 'moved' here" in finding for finding in findings)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("tests:\n  a: {ref: b\n", 3, "expected ',' or '}'"),
        ("tests:\n\ta: {ref: b}\n", 2, "'\\t' that cannot start any token"),
        ("tests: &self\n  a: *self\n", 1, "a value holds itself"),
        ("tests:\n  a: *nobody\n", 2, "undefined alias 'nobody'"),
        ("tests: !python {}\n", 1, "could not determine a constructor"),
        ("values: {a: .nan}\n", 1, "nan has no place in a pack"),
        ("values: {a: 12345678901234567890}\n", 1, "has no place in a pack"),
        ("values: {a: !!binary aGk=}\n", 1, "has no place in a pack"),
        ("tests: {}\n---\ntests: {}\n", 2, "found another document"),
        ("tests: {}\ntests: {}\n", 2, "found duplicate key"),
        ("- tests\n", 1, "the file is ['tests']"),
        ("just words\n", 1, "the file is 'just words'"),
    ],
)
def test_a_file_that_is_no_pack_is_named_with_its_line(
    text: str, line: int, message: str, copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    copy_of_us.file("us/yy.yaml").write_text(text, encoding="utf-8")
    finding = only_finding(copy_of_us)
    assert finding.startswith(f"us/yy.yaml:{line}: ")
    assert message in finding


def test_a_file_in_another_encoding_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.file("us/yy.yaml").write_bytes("tests: {é: {all_of: []}}\n".encode("latin-1"))
    assert only_finding(copy_of_us).startswith("us/yy.yaml:1: ")


def test_an_empty_file_says_nothing_wrong(copy_of_us: Any) -> None:
    copy_of_us.file("us/yy.yaml").write_text("# to be written\n", encoding="utf-8")
    assert copy_of_us.check() == []


def test_a_pack_without_its_head_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.file("us/pack.yaml").unlink()
    assert only_finding(copy_of_us) == "us: the pack has no file with the key `pack`; add pack.yaml"


def test_a_pack_in_the_folder_of_another_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.replace("us/pack.yaml", "pack:", "country:", "US", "CA")
    assert "the pack of this folder has id us and country US; correct them" in only_finding(copy_of_us)


def test_a_section_that_includes_itself_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.replace(ZZ, "sections:", "all_of:", "[US-ZZ-02]", "[US-ZZ-02, {section: us.zz}]")
    finding = only_finding(copy_of_us)
    assert finding.startswith(place)
    assert "the section 'us.zz' includes itself; break the circle" in finding


# Overlays.

REFORM: dict[str, Any] = {
    "id": "reform-1",
    "kind": "reform",
    "into": "US",
    "in_force": {"from": "2026-01-01"},
    "replace": {"values": {"zz.stay": {"dated": [{"from": "1994-01-01", "value": "P5Y"}]}}},
}


def write_overlay(copy: Any, overlay: dict[str, Any]) -> None:
    folder = copy.packs / "overlays"
    folder.mkdir(exist_ok=True)
    (folder / "reform.yaml").write_text(json.dumps(overlay, indent=1), encoding="utf-8")


def test_an_overlay_that_can_be_laid_over_its_pack_says_nothing_wrong(copy_of_us: Any) -> None:
    write_overlay(copy_of_us, REFORM)
    assert copy_of_us.check() == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "whim"}, "'whim' is none of reform, pilot, emergency; correct it"),
        ({"into": "MX"}, "'MX' is none of US, CA; correct it"),
        ({"in_force": {}}, "from is missing; write it"),
        ({"remove": {"requirements": ["US-ZZ-99"]}}, "there is no 'US-ZZ-99' to remove"),
        (
            {"replace": {"values": {"us.moon": REFORM["replace"]["values"]["zz.stay"]}}},
            "'us.moon' is missing",
        ),
        (
            {"replace": {"values": {"zz.stay": {"dated": [{"from": "1994-01-01", "value": "5y"}]}}}},
            "duration",
        ),
        ({"replace": {"tests": {"zz.is_paid": {"is": ["moon.phase", True]}}}}, "no fact is called 'moon.phase'"),
        ({"remove": {"requirements": ["US-ZZ-01"]}}, "no requirement is called 'US-ZZ-01'"),
    ],
)
def test_an_overlay_that_does_not_fit_is_named(
    change: dict[str, Any], message: str, copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    write_overlay(copy_of_us, REFORM | change)
    finding = only_finding(copy_of_us)
    assert finding.startswith("overlays/reform.yaml:")
    assert message in finding


# Anything at all.

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


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[Path, Path]]:
    """Writes a pack of one requirement. JSON is YAML too, and is put in the cache of parsed files, which is quicker."""
    folder, cache = tmp_path_factory.mktemp("tiny"), tmp_path_factory.getbasetemp() / "cache"
    cache.mkdir()

    def write(law: Any = LAW, facts: Any = FACTS, examples: Any = EXAMPLES) -> tuple[Path, Path]:
        for name, content in (("us/law", law), ("facts/facts", facts), ("us/cases.examples", examples)):
            path = folder / f"{name}.yaml"
            path.parent.mkdir(exist_ok=True)
            text = json.dumps(content).encode()
            path.write_bytes(text)
            (cache / f"{hashlib.sha256(text).hexdigest()}.json").write_bytes(text)
        return folder, folder / "facts"

    return write


@pytest.fixture
def us_only(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setattr("crossing.packs.check.COUNTRIES_WITH_PACKS", {"US": "us"})
    monkeypatch.setattr("crossing.packs.examples.COUNTRIES_WITH_PACKS", {"US": "us"})
    monkeypatch.setattr("crossing.packs.check.line_of", lambda path, steps: 1)
    monkeypatch.setenv("CROSSING_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.mark.usefixtures("us_only")
def test_the_tiny_pack_is_whole(tiny: Callable[..., tuple[Path, Path]]) -> None:
    assert check_law(*tiny()).findings == []


breaking = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.usefixtures("us_only")
@breaking
@given(st.sampled_from(steps_of(LAW)), st.one_of(ANYTHING, st.just(...)))
def test_whatever_stands_in_a_law_file_is_told_and_not_tripped_over(
    tiny: Callable[..., tuple[Path, Path]], way: list[Any], new: Any
) -> None:
    for finding in check_packs(*tiny(law=broken(LAW, way, new))).findings:
        assert finding.place
        assert finding.message


@pytest.mark.usefixtures("us_only")
@breaking
@given(st.sampled_from(steps_of(FACTS)), st.one_of(ANYTHING, st.just(...)))
def test_whatever_stands_in_the_dictionary_is_told_and_not_tripped_over(
    tiny: Callable[..., tuple[Path, Path]], way: list[Any], new: Any
) -> None:
    for finding in check_packs(*tiny(facts=broken(FACTS, way, new))).findings:
        assert finding.place
        assert finding.message


@pytest.mark.usefixtures("us_only")
@breaking
@given(st.sampled_from(steps_of(EXAMPLES)), st.one_of(ANYTHING, st.just(...)))
def test_whatever_stands_in_a_worked_example_is_told_and_not_tripped_over(
    tiny: Callable[..., tuple[Path, Path]], way: list[Any], new: Any
) -> None:
    for finding in check_packs(*tiny(examples=broken(EXAMPLES, way, new))).findings:
        assert finding.place
        assert finding.message
