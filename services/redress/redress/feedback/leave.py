"""What a decision leaves behind: a worked example for the rule pack, and the question whether the port must be told."""

from collections.abc import Mapping
from typing import Any, Final

from crossing.kit.jobs import job
from crossing.kit.json_text import json_text
from crossing.kit.ledger import Insert
from redress.casework.steps import Case
from redress.feedback.examples import example_of
from redress.procedure import load_procedure
from redress.settings import RedressSettings

#: Kind of the job that asks whether a port must be told, and tells it.
PORT_NOTICE: Final = "port_notice"


def left_by(settings: RedressSettings, before: Case | None, after: Case) -> list[Insert]:
    """The rows that a new decision of a case leaves; none where it finds no fault in a rule or in its reading."""
    decision = after.content.get("decision")
    if not decision or (before and before.content.get("decision") == decision):
        return []
    rows = examples_of(after, decision)
    if rows and _causes()[decision["root_cause"]].get("notice_to_port"):
        latest = after.latest
        payload = {"case_id": after.id, "revision": latest.revision}
        rows.append(job(PORT_NOTICE, f"{PORT_NOTICE}/{after.id}/{latest.revision}", latest.at, payload, at=latest.at))
    return rows


def examples_of(case: Case, decision: Mapping[str, Any]) -> list[Insert]:
    """The worked example that a decision of a case leaves: one, or none.

    It takes a root cause that leaves one and an outcome that corrects (``procedure.yaml``), the requirement that was
    held wrongly, and the examination as admission told it.
    """
    cause = _causes().get(decision["root_cause"], {})
    requirement = decision.get("requirement")
    examination = _examination(case)
    corrects = decision["outcome"] in load_procedure().content["corrects"]
    if not (cause.get("leaves_example") and corrects and requirement and examination):
        return []
    example = example_of(examination, requirement, cause["text"]["en"])
    if example is None:
        return []
    kept = {"example": example, "root_cause": decision["root_cause"], "port_id": examination["port_id"]}
    row = {
        "case_id": case.id,
        "revision": case.latest.revision,
        "requirement": requirement,
        "country": example["into"],
        "content": json_text(kept),
        "made_at": case.latest.at,
    }
    return [Insert("worked_examples", row)]


def _causes() -> Mapping[str, Any]:
    causes: Mapping[str, Any] = load_procedure().content["root_causes"]
    return causes


def _examination(case: Case) -> Mapping[str, Any] | None:
    """The examination that a case is about: the one it names, or else the only one that admission told of."""
    told = (case.content.get("records") or {}).get("examinations") or []
    named = case.content.get("examination_id")
    found = [each for each in told if each["id"] == named] if named else told
    return found[0] if len(found) == 1 else None
