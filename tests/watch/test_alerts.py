"""Alerts fire when they should and not otherwise, by Prometheus' own tool; each has a runbook whose commands exist."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer.main
from ruamel.yaml import YAML
from tests.watch.expressions import (
    REPOSITORY,
    WATCH,
    alerts,
    blocks,
    expressions,
    grouped_labels,
    matched_labels,
    metrics_of,
    runbooks,
)

from crossing.cli import app


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["promtool", *arguments], capture_output=True, text=True, timeout=60, check=False)


def test_each_alert_fires_when_it_should_and_none_else() -> None:
    told = promtool("test", "rules", str(WATCH / "alerts.test.yaml"))
    assert told.returncode == 0, told.stdout + told.stderr


def test_prometheus_takes_the_configuration() -> None:
    told = promtool("check", "config", str(WATCH / "prometheus.yaml"))
    assert told.returncode == 0, told.stdout + told.stderr


def test_an_alert_that_never_fires_is_found(tmp_path: Path) -> None:
    """Each alert is expected to fire in some test, so that the one that is taken out here stands for all."""
    tested = (WATCH / "alerts.test.yaml").read_text()
    assert [rule["alert"] for rule in alerts() if f'alertname="{rule["alert"]}"' not in tested] == []
    declared = (WATCH / "alerts.yaml").read_text()
    never = declared.replace("crossing_chain_faults) > 0", "crossing_chain_faults) > 9")
    assert never != declared
    (tmp_path / "alerts.yaml").write_text(never)
    tests = YAML(typ="safe").load(tested)
    tests["tests"] = [each for each in tests["tests"] if each["name"].startswith("A chain does not verify")]
    YAML().dump(tests, tmp_path / "alerts.test.yaml")
    told = promtool("test", "rules", str(tmp_path / "alerts.test.yaml"))
    assert told.returncode == 1
    assert "ChainAtFault" in told.stdout + told.stderr


def test_every_expression_of_dashboards_and_runbooks_is_one(tmp_path: Path) -> None:
    rules = [{"record": f"r{number}", "expr": expression} for number, (_, expression) in enumerate(expressions())]
    YAML().dump({"groups": [{"name": "all", "rules": rules}]}, tmp_path / "rules.yaml")
    told = promtool("check", "rules", str(tmp_path / "rules.yaml"))
    assert told.returncode == 0, told.stdout + told.stderr
    assert f"{len(rules)} rules found" in told.stdout


def test_each_alert_names_its_runbook_and_each_runbook_is_for_an_alert() -> None:
    named = {rule["alert"]: rule["annotations"]["runbook"] for rule in alerts()}
    assert sorted(named.values()) == sorted(runbooks())
    index = (REPOSITORY / "docs" / "runbooks" / "README.md").read_text()
    for alert, runbook in named.items():
        assert runbooks()[runbook].startswith(f"# {alert}\n")
        assert f"[{alert}]({Path(runbook).name})" in index


def test_what_an_alert_says_holds_for_the_labels_it_has() -> None:
    for rule in alerts():
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert rule["annotations"]["summary"].endswith("."), rule["alert"]


def commands_in(text: str) -> list[list[str]]:
    """The ``crossing`` commands that a page names, as words."""
    quoted = re.findall(r"`(crossing [^`]+)`", text)
    in_blocks = [line for line in blocks(text, "sh") if "crossing " in line]
    said = [line.partition("crossing ")[2] for line in [*quoted, *in_blocks]]
    return [re.sub(r'"\$\([^)]*\)"', "URL", line).rstrip("'").split(" |")[0].split() for line in said]


def unknown(words: list[str]) -> str | None:
    """What of a command line the command does not know; nothing where all of it exists."""
    command: Any = typer.main.get_command(app)
    while commands := getattr(command, "commands", None):
        if not words or words[0] not in commands:
            return " ".join(words[:1]) or "a command of the group"
        command, words = commands[words[0]], words[1:]
    options = {option for parameter in command.params for option in parameter.opts}
    return next((word for word in words if word.startswith("--") and word not in options), None)


@pytest.mark.parametrize("name", runbooks())
def test_the_commands_of_a_runbook_exist(name: str) -> None:
    assert [words for words in commands_in(runbooks()[name]) if unknown(words)] == []


def test_a_command_that_does_not_exist_is_found() -> None:
    page = "Run `crossing jobs bury` and `crossing audit verify --quick`, never `crossing audit verify --record`."
    assert [unknown(words) for words in commands_in(page)] == ["bury", "--quick", None]
    assert len([words for text in runbooks().values() for words in commands_in(text)]) >= 15


def test_a_metric_that_nobody_exports_is_found() -> None:
    text = 'sum by (service) (rate(crossing_request_total{statuz=~"5.."}[5m] offset 1h)) / up > 0.01'
    assert metrics_of(text) == {"crossing_request_total", "up"}
    assert list(matched_labels(text)) == [("crossing_request_total", "statuz")]
    assert grouped_labels(text) == {"service"}
