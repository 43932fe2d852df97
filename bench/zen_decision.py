"""The same decisions in zen-engine: a graph with one decision table (first row that fits) for each requirement."""

import json
from collections.abc import Mapping
from typing import Any

import zen
from bench.cases import Case
from bench.zen_tables import B1, GENERAL, TN, Table

from crossing.facts.statement import nested

_TABLES: Mapping[str, dict[str, Table]] = {"us.tn": {**GENERAL, **TN}, "us.b1.usmca": {**GENERAL, **B1}}


def zen_decision(class_id: str) -> Any:
    """The compiled decision of a class."""
    tables = _TABLES[class_id]
    nodes: list[dict[str, Any]] = [
        {"id": "in", "type": "inputNode", "name": "in", "content": {}},
        {"id": "out", "type": "outputNode", "name": "out", "content": {}},
    ]
    edges = []
    for name, (inputs, rows) in tables.items():
        nodes.append(_node(name, inputs, rows))
        edges.append({"id": f"in-{name}", "type": "edge", "sourceId": "in", "targetId": name})
        edges.append({"id": f"{name}-out", "type": "edge", "sourceId": name, "targetId": "out"})
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def _node(name: str, inputs: list[str], rows: list[list[str]]) -> dict[str, Any]:
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": f"i{number}", "name": path, "field": path} for number, path in enumerate(inputs)],
        "outputs": [{"id": "o", "name": "status", "field": name}],
        "rules": [
            {"_id": f"{name}-{number}", **{f"i{column}": cell for column, cell in enumerate(cells)}, "o": f"'{status}'"}
            for number, (*cells, status) in enumerate(rows)
        ],
    }
    return {"id": name, "type": "decisionTableNode", "name": name, "content": content}


def zen_context(case: Case) -> dict[str, Any]:
    """A case as zen-engine takes it: facts nested, findings by names that its paths can hold."""
    findings = {name.replace("-", "_"): found for name, found in case.findings.items()}
    return {**nested(case.facts), "on": case.on, "findings": findings}


def zen_statuses(answer: Mapping[str, Any]) -> dict[str, str]:
    """Statuses by requirement, of those that are asked."""
    return {name.replace("_", "-"): status for name, status in answer["result"].items() if status != "hidden"}
