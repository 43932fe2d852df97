"""What docs/operations.md has an operator type exists."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from crossing.cli import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
CONTINUED = re.sub(r"\\\n\s*", "", PAGE)
COMMANDS = [line.split("#")[0].split() for line in re.findall(r"(?<![/\w])crossing ([a-z][^`\n]*)", CONTINUED)]
SCRIPTS = {"/opt/crossing": ROOT / "deploy" / "postgres"}


def unknown(words: list[str]) -> str | None:
    """What of a command line does not exist; nothing where all of it does."""
    command: Any = typer.main.get_command(app)
    while commands := getattr(command, "commands", None):
        if not words or words[0] not in commands:
            return " ".join(words[:1]) or "a command of the group"
        command, words = commands[words[0]], words[1:]
    options = {option for parameter in command.params for option in parameter.opts}
    return next((word for word in words if word.startswith("--") and word not in options), None)


def test_every_command_of_the_page_exists_with_its_options() -> None:
    assert len(COMMANDS) > 15
    assert [words for words in COMMANDS if unknown(words)] == []


@pytest.mark.parametrize(("words", "what"), [(["audit", "forget"], "forget"), (["backup", "x", "--quick"], "--quick")])
def test_a_command_or_an_option_that_does_not_exist_is_found(words: list[str], what: str) -> None:
    assert unknown(words) == what


def test_every_target_of_make_and_every_file_of_the_page_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^ {4})make ([a-z-]+)\b", PAGE, re.MULTILINE))
    assert {"secrets", "run", "test-faults"} <= named <= targets
    scripts = set(re.findall(r"/opt/crossing/([\w-]+\.sh)", PAGE))
    assert scripts == {"backup.sh", "restore-point.sh", "restore.sh"}
    assert all((SCRIPTS["/opt/crossing"] / name).is_file() for name in scripts)
    assert all((ROOT / path).exists() for path in re.findall(r"(?:docs|deploy)/[\w./-]+\w", PAGE)), PAGE


def test_every_service_of_the_page_is_one_of_the_compose_file() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    services = set(re.findall(r"^  ([a-z-]+):$", compose, re.MULTILINE))
    stopped = re.search(r"DC stop (.*)", PAGE)
    assert stopped
    named = {*stopped[1].split(), *re.findall(r"DC (?:exec|exec -T|run --rm) ([a-z][a-z-]+)", PAGE)}
    assert len(named) > 7
    assert named <= services
