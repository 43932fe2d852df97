"""Packs are not released while a rule gives the wrong answer to what redress decided, and nobody answered for it."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.redress.feedback.cases import TECHNICIAN
from typer.testing import CliRunner

from crossing.cli import app
from crossing.packs.examples import run_examples
from crossing.packs.load import PACKS_FOLDER
from crossing.packs.release import ANSWERS, open_examples
from redress.feedback.examples import example_of
from redress.feedback.export import write_examples

RULE = "US-B1-38"


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A copy of the packs."""
    return Path(shutil.copytree(PACKS_FOLDER, tmp_path / "packs"))


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """What redress exported: the technician's press was made in Canada, so that the rule is met."""
    write_examples([decided()], tmp_path / "exported")
    return tmp_path / "exported"


def decided() -> dict[str, Any]:
    made = example_of(TECHNICIAN, RULE, "rule misread")
    assert made
    return made


def take_up(exported: Path, packs: Path) -> Path:
    """Put the exported file beside the pack's own."""
    return Path(shutil.copy(exported / "us" / "redress.examples.yaml", packs / "us"))


def misread_the_rule(packs: Path) -> None:
    """Write the rule as the officer read it: a press made anywhere but in the United States is not enough."""
    for file in (packs / "us").glob("b1*.yaml"):
        text = file.read_text(encoding="utf-8")
        if f"- id: {RULE}\n" in text:
            before, _, rest = text.partition(f"- id: {RULE}\n")
            test, _, after = rest.partition("    test: ")
            old, _, remaining = after.partition("\n")
            assert old
            wrong = "{is: [equipment.manufactured_in, MX]}"
            file.write_text(f"{before}- id: {RULE}\n{test}    test: {wrong}\n{remaining}", encoding="utf-8")


def findings(packs: Path, exported: Path) -> list[str]:
    """What stops the release: examples that are open, and what fails of those taken up."""
    failing = run_examples("RDX-", packs_folder=packs).differences
    told = [f"{name}: {differences[0]}" for name, differences in failing.items()]
    return [*(str(each) for each in open_examples(exported, packs)), *told]


def test_an_example_that_nobody_took_up_stops_the_release(packs: Path, exported: Path) -> None:
    (finding,) = findings(packs, exported)
    assert decided()["id"] in finding
    assert "is not in the pack" in finding


def test_an_example_taken_up_that_passes_lets_the_packs_go(packs: Path, exported: Path) -> None:
    take_up(exported, packs)
    assert findings(packs, exported) == []


def test_a_rule_that_answers_otherwise_than_redress_decided_stops_the_release(packs: Path, exported: Path) -> None:
    take_up(exported, packs)
    misread_the_rule(packs)
    failing = [each for each in findings(packs, exported) if decided()["id"] in each]
    assert len(failing) == 1
    assert "met: expected ['US-B1-38'], found []" in failing[0]


def test_an_answer_lets_the_packs_go_and_an_empty_one_does_not(packs: Path, exported: Path) -> None:
    answer = "answers:\n  - {{id: {id}, answered: {{on: 2026-11-22, reason: {reason}}}}}\n"
    told = {"id": decided()["id"], "reason": '"The facts were corrected afterwards."'}
    (packs / ANSWERS).write_text(answer.format(**told), encoding="utf-8")
    assert findings(packs, exported) == []
    (packs / ANSWERS).write_text(answer.format(**told | {"reason": '""'}), encoding="utf-8")
    assert len(findings(packs, exported)) == 2


def test_an_example_that_was_changed_on_its_way_into_the_pack_stops_the_release(packs: Path, exported: Path) -> None:
    file = take_up(exported, packs)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("manufactured_in: CA", "manufactured_in: MX"), encoding="utf-8")
    (finding,) = findings(packs, exported)
    assert "says something else than the case" in finding


def test_an_author_may_state_what_was_withheld(packs: Path, exported: Path) -> None:
    file = take_up(exported, packs)
    text = file.read_text(encoding="utf-8")
    stated = text.replace("  facts:\n", "  facts:\n    traveller: {citizenships: [CA]}\n")
    assert stated != text
    file.write_text(stated, encoding="utf-8")
    assert findings(packs, exported) == []


def test_the_command_says_what_is_open_and_ends_so(exported: Path) -> None:
    ran = CliRunner().invoke(app, ["rules", "release", "--redress", str(exported)])
    assert ran.exit_code == 1
    assert decided()["id"] in ran.stdout
    assert ran.stdout.splitlines()[-1] == "1 findings; the packs may not be released"
