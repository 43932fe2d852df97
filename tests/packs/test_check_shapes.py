"""The checker names what has not the shape of a pack, on its line and with its cure."""

from collections.abc import Callable
from typing import Any

import pytest

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
        (
            ZZ,
            FEE,
            "- {from",
            ["- {from: 1994-01-01, amount: 6}"],
            "zz_fee: amount is 6, which is no text; put it in quotes",
        ),
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
