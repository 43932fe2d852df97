"""What alerts, dashboards and runbooks ask Prometheus for: their expressions, and the metrics and labels in them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

REPOSITORY = Path(__file__).parents[2]
WATCH = REPOSITORY / "deploy" / "watch"
RUNBOOKS = REPOSITORY / "docs" / "runbooks"
_FUNCTIONS = {"sum", "rate", "increase", "max", "min", "count", "topk", "histogram_quantile"}
_WORDS = {"and", "or", "unless", "by", "ignoring"}


def alerts() -> list[dict[str, Any]]:
    """The alerts, as they are declared."""
    declared = YAML(typ="safe").load(WATCH / "alerts.yaml")
    return [rule for group in declared["groups"] for rule in group["rules"]]


def runbooks() -> dict[str, str]:
    """The text of each runbook by its path in the repository."""
    files = (file for file in RUNBOOKS.glob("*.md") if file.name != "README.md")
    return {str(file.relative_to(REPOSITORY)): file.read_text() for file in files}


def blocks(text: str, language: str) -> Iterator[str]:
    """The lines of code of a language in a page."""
    for block in re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL):
        yield from block.splitlines()


def expressions() -> Iterator[tuple[str, str]]:
    """Every expression, and where it stands."""
    for rule in alerts():
        yield rule["alert"], rule["expr"]
    for file in (WATCH / "grafana" / "dashboards").glob("*.json"):
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel["targets"]:
                yield f"{file.name}: {panel['title']}", target["expr"].replace('=~"$service"', '="x"')
    for name, text in runbooks().items():
        for line in blocks(text, "promql"):
            yield name, line


def metrics_of(expression: str) -> set[str]:
    """The names of the metrics that an expression asks for."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(by|ignoring) \([^)]*\)|offset \w+", " ", expression)
    return set(re.findall(r"[a-z_]\w*", bare)) - _FUNCTIONS - _WORDS


def matched_labels(expression: str) -> Iterator[tuple[str, str]]:
    """Each metric with a label that an expression compares."""
    for metric, matchers in re.findall(r"(\w+)\{([^}]*)\}", expression):
        for label in re.findall(r'(\w+)\s*[=!]~?"', matchers):
            yield metric, label


def grouped_labels(expression: str) -> set[str]:
    """The labels that an expression groups by or sets aside."""
    groups = re.findall(r"\b(?:by|ignoring) \(([^)]*)\)", expression)
    return {label.strip() for group in groups for label in group.split(",")}
