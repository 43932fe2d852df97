"""The ``crossing`` command as people use it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from crossing.cli import app

EXAMPLES = Path(__file__).parents[2] / "examples"


def crossing(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=stdin)


def test_determine_prints_the_json_of_the_api() -> None:
    ran = crossing("determine", str(EXAMPLES / "tn-engineer.json"), "--format", "json")
    answer = json.loads(ran.stdout)
    assert ran.exit_code == 0
    assert answer["outcome"] == "qualifies"
    assert answer["recommended"] == {"action": "admit", "class": "us.tn", "until": "2029-05-09"}


@pytest.mark.parametrize(
    ("language", "question"), [("en", "What is the level"), ("fr", "Quel est le niveau"), ("es", "¿Cuál es el nivel")]
)
def test_determine_asks_what_is_missing_in_the_language_asked_for(language: str, question: str) -> None:
    ran = crossing("determine", str(EXAMPLES / "tn-one-fact-missing.json"), "--lang", language)
    assert question in ran.stdout
    assert ran.stdout.splitlines()[-1].startswith("needs_facts")


def test_determine_reads_standard_input() -> None:
    body = (EXAMPLES / "after-sales-made-in-ohio.json").read_text(encoding="utf-8")
    ran = crossing("determine", "-", stdin=body)
    assert "US-B1-38" in ran.stdout
    assert ran.exit_code == 0


def test_determine_names_the_field_at_fault_and_exits_2() -> None:
    ran = crossing("determine", "-", stdin='{"into": "US", "on": "2026-02-30", "facts": {"visit": {"ends": 1}}}')
    assert ran.exit_code == 2
    assert "/on must be a day" in ran.stderr
    assert "/facts/visit/ends is not a field" in ran.stderr


def test_determine_says_which_classes_are_in_force_when_one_is_not() -> None:
    ran = crossing("determine", "-", stdin='{"into": "US", "on": "2026-11-21", "seeking": ["us.tc"]}')
    assert ran.exit_code == 2
    assert "us.tn" in ran.stderr


def test_determine_of_a_file_that_is_not_there_says_so() -> None:
    ran = crossing("determine", "nowhere.json")
    assert ran.exit_code == 2
    assert "nowhere.json" in ran.stderr


def test_rules_check_finds_nothing_and_counts_what_it_read() -> None:
    ran = crossing("rules", "check")
    last = ran.stdout.splitlines()[-1]
    assert ran.exit_code == 0, ran.stdout
    assert last.startswith("0 findings")
    counts = {name: int(count) for count, name in re.findall(r"(\d+) ([a-z ]+)", last)}
    assert counts["requirements"] == counts["with citation"] == counts["in en"] == counts["in fr"] == counts["in es"]
    assert counts["verified"] + counts["unverified"] == counts["requirements"]


def test_rules_test_runs_every_worked_case_in_scope() -> None:
    ran = crossing("rules", "test")
    assert re.match(r"\d{3,} worked examples, 0 failing", ran.stdout.splitlines()[-1]), ran.stdout


def test_rules_test_of_a_prefix_that_no_case_has_exits_with_a_failure() -> None:
    assert crossing("rules", "test", "XX-NONE").exit_code == 1


def test_rules_show_tells_a_requirement_as_it_stood_on_a_day() -> None:
    before = crossing("rules", "show", "US-TN-01", "--on", "2020-06-30")
    after = crossing("rules", "show", "US-TN-01", "--on", "2020-07-01", "--lang", "fr")
    assert "NAFTA" in before.stdout or "214(e)" in before.stdout
    assert before.exit_code == after.exit_code == 0
    assert before.stdout != after.stdout


def test_rules_show_of_no_requirement_exits_with_a_failure() -> None:
    assert crossing("rules", "show", "US-TN-99").exit_code == 1


def test_audit_verify_of_a_folder_without_a_database_says_so(tmp_path: Path) -> None:
    ran = crossing("audit", "verify", "--data", str(tmp_path))
    assert ran.exit_code == 2
    assert "no database in" in ran.stdout


def test_token_is_signed_by_the_issuer_of_the_folder(tmp_path: Path) -> None:
    ran = crossing("token", "--role", "supervisor", "--data", str(tmp_path))
    assert ran.exit_code == 0
    assert len(ran.stdout.strip().split(".")) == 3
    assert (tmp_path / "development-issuer.key.json").stat().st_mode & 0o077 == 0


def test_token_for_a_role_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert crossing("token", "--role", "emperor", "--data", str(tmp_path)).exit_code == 2


def test_diff_says_in_words_what_changed_on_the_day_of_the_new_treaty() -> None:
    ran = crossing("rules", "diff", "--from", "2020-06-30", "--to", "2020-07-01", "--into", "US")
    lines = ran.stdout.splitlines()
    assert any(line.startswith("US-B1-01 now cites USMCA") and "NAFTA" in line for line in lines)
    assert lines[-1] == f"{len(lines) - 1} changes from 2020-06-30 to 2020-07-01"
    assert ran.exit_code == 0


def test_diff_of_a_day_with_itself_finds_nothing() -> None:
    ran = crossing("rules", "diff", "--from", "2020-07-01", "--to", "2020-07-01")
    assert ran.stdout.splitlines() == ["0 changes from 2020-07-01 to 2020-07-01"]


def test_diff_tells_the_longer_tn_stay_of_2008_in_french() -> None:
    ran = crossing("rules", "diff", "--from", "2008-10-15", "--to", "2008-10-16", "--lang", "fr")
    assert "us.tn.longest_stay est désormais P3Y (auparavant : P1Y)" in ran.stdout


def test_diff_before_the_first_day_is_refused_with_the_first_day() -> None:
    ran = crossing("rules", "diff", "--from", "1993-12-31", "--to", "2020-07-01", "--into", "US")
    assert ran.exit_code == 2
    assert "1994-01-01" in ran.stderr


def test_freshness_lists_each_requirement_with_its_sources() -> None:
    ran = crossing("rules", "freshness")
    assert any(line.startswith("US-TN-01  verified  P") for line in ran.stdout.splitlines())
    assert ran.stdout.splitlines()[-1].endswith(" 0 without a source")
    assert ran.exit_code == 0


def test_coverage_finds_no_gap() -> None:
    ran = crossing("rules", "coverage")
    assert ran.stdout.splitlines()[-1].endswith(" 0 gaps")
    assert ran.exit_code == 0


LAW = {
    "us-citizen-transferred-to-a-plant-in-quebec": ("qualifies", "ca.work_permit.t37"),
    "canadian-engineer-with-a-licence-and-no-degree": ("qualifies", "us.tn"),
    "canadian-nurse-with-a-degree-and-no-licence": ("does_not_qualify", "us.tn"),
    "repair-crew-under-a-lease-on-2012-06-01": ("does_not_qualify", "us.b1.usmca"),
    "repair-crew-under-a-lease-on-2026-11-21": ("qualifies", "us.b1.ordinary"),
    "french-resident-of-the-us-under-xpt": ("qualifies", "ca.work_permit.t36"),
    "french-resident-of-the-us-without-xpt": ("does_not_qualify", "ca.work_permit.t36"),
    "mexican-architect-into-canada": ("qualifies", "ca.work_permit.t36"),
    "tn-engineer-on-2020-06-30": ("qualifies", "us.tn"),
    "tn-engineer-on-2020-07-01": ("qualifies", "us.tn"),
    "engineer-every-class-tried": ("qualifies", "us.tn"),
}


def told(name: str) -> dict[str, Any]:
    ran = crossing("determine", str(EXAMPLES / "law" / f"{name}.json"), "--format", "json")
    assert ran.exit_code == 0, ran.stderr
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def test_every_case_to_try_is_tested() -> None:
    assert {path.stem for path in (EXAMPLES / "law").glob("*.json")} == set(LAW)


@pytest.mark.parametrize("name", LAW)
def test_a_case_to_try_comes_out_as_the_law_has_it(name: str) -> None:
    answer = told(name)
    assert (answer["outcome"], answer["recommended"]["class"]) == LAW[name]


def test_the_same_case_cites_the_instrument_of_its_day() -> None:
    for day, instrument in (("2020-06-30", "NAFTA"), ("2020-07-01", "USMCA")):
        [citizen] = [
            each for each in told(f"tn-engineer-on-{day}")["classes"][0]["requirements"] if each["id"] == "US-TN-01"
        ]
        assert instrument in citizen["citation"]
