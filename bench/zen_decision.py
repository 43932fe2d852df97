"""The same decisions in zen-engine: a graph with one decision table (first row that fits) for each requirement.

A row gives what the engine's answer gives of a requirement: its status, kind, text, citation, mark, evidence and the
facts it reads, and as its reason a sentence for each fact that the row looks at; of sets and lists how many they hold,
since no template of zen's says more.
"""

import json
from collections.abc import Mapping
from typing import Any

import zen
from bench.cases import Case
from bench.handwritten import FEES, LAW, STATIC, STATUS_DOCUMENT
from bench.zen_tables import B1, GENERAL, TN, Table

from crossing.facts.statement import nested

_TABLES: Mapping[str, dict[str, Table]] = {"us.tn": {**GENERAL, **TN}, "us.b1.usmca": {**GENERAL, **B1}}


_GRANTS_EDGES = (("in", "grants"), ("grants", "out"))
_LATER = "d(on).add('{0}').format('%Y-%m-%d')"
#: Of each class: the dates beyond which no stay goes, with why; the fees of all, and of those who come by land.
_CEILINGS = {
    "us.tn": [("engagement.ends_on", "Last day of the engagement"), (_LATER.format("3y"), "3 years")],
    "us.b1.usmca": [
        ("visit.ends_on", "Last day of the visit"),
        (_LATER.format("6M"), "6 months"),
        (_LATER.format("1y"), "1 year"),
    ],
}
_FEES = {"us.tn": (["tn_application"], ["tn_application", "i94_land"])}


def zen_decision(class_id: str) -> Any:
    """The compiled decision of a class."""
    tables = _TABLES[class_id]
    nodes: list[dict[str, Any]] = [
        {"id": "in", "type": "inputNode", "name": "in", "content": {}},
        {"id": "out", "type": "outputNode", "name": "out", "content": {}},
    ]
    nodes.append({"id": "grants", "type": "expressionNode", "name": "grants", "content": _granted(class_id)})
    edges = [{"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b} for a, b in _GRANTS_EDGES]
    for name, (inputs, rows) in tables.items():
        nodes.append(_node(name, inputs, rows))
        edges.append({"id": f"in-{name}", "type": "edge", "sourceId": "in", "targetId": name})
        edges.append({"id": f"{name}-out", "type": "edge", "sourceId": name, "targetId": "out"})
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def _granted(class_id: str) -> dict[str, Any]:
    ceilings, (fees, by_land) = _CEILINGS[class_id], _FEES.get(class_id, ([], []))
    listed = ", ".join(f"{{until: {day}, because: {json.dumps(why)}}}" for day, why in ceilings)
    earliest = ceilings[0][0]
    for day, _ in ceilings[1:]:
        earliest = f"(date({earliest}) < date({day}) ? {earliest} : {day})"
    fees_text, land_text = (json.dumps([FEES[each] for each in names], ensure_ascii=False) for names in (fees, by_land))
    values = {
        "until": earliest,
        "ceilings": f"[{listed}]",
        "fees": f"arrival.mode == 'land' ? {land_text} : {fees_text}",
        "status_document": json.dumps(STATUS_DOCUMENT if class_id == "us.tn" else None),
    }
    return {"expressions": [{"id": key, "key": f"grants.{key}", "value": value} for key, value in values.items()]}


def _node(name: str, inputs: list[str], rows: list[list[str]]) -> dict[str, Any]:
    part = STATIC[name.replace("_", "-")]
    fixed = {
        key: json.dumps(part[key], ensure_ascii=False) for key in ("kind", "text", "citation", "verified", "evidence")
    }
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": f"i{number}", "name": path, "field": path} for number, path in enumerate(inputs)],
        "outputs": [
            {"id": key, "name": key, "field": f"{name}.{key}"} for key in ("status", "reason", "facts", *fixed)
        ],
        "rules": [
            {
                "_id": f"{name}-{number}",
                **{f"i{column}": cell for column, cell in enumerate(cells)},
                "status": f"'{status}'",
                "reason": _reason(inputs, cells),
                "facts": _object(inputs),
                **fixed,
            }
            for number, (*cells, status) in enumerate(rows)
        ],
    }
    return {"id": name, "type": "decisionTableNode", "name": name, "content": content}


def _object(paths: list[str]) -> str:
    return "{" + ", ".join(f'"{path}": {path}' for path in paths) + "}"


def _reason(inputs: list[str], cells: list[str]) -> str:
    looked_at = [pair for pair in zip(inputs, cells, strict=True) if pair[1]] or [(path, "") for path in inputs]
    return f"`{' '.join(_sentence(path, cell) for path, cell in looked_at)}`"


def _sentence(path: str, cell: str) -> str:
    definition = LAW.dictionary.facts.get(path)
    label = definition["label"]["en"] if definition else "Finding of an officer"
    if cell == "null":
        return f"Not stated: {label}."
    is_several = definition and definition["type"] in ("set", "list")
    return f"{label}: ${{{f'len({path})' if is_several else path}}}."


def zen_context(case: Case) -> dict[str, Any]:
    """A case as zen-engine takes it: facts nested, findings by names that its paths can hold."""
    findings = {name.replace("-", "_"): found for name, found in case.findings.items()}
    return {**nested(case.facts), "on": case.on, "findings": findings}


def zen_statuses(answer: Mapping[str, Any]) -> dict[str, str]:
    """Statuses by requirement, of those that are asked."""
    told = {name.replace("_", "-"): each["status"] for name, each in answer["result"].items() if name != "grants"}
    return {name: status for name, status in told.items() if status != "hidden"}
