"""What follows from the steps of a case for its corrections: rows of remedies, their states, and the jobs they need."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from crossing.casework.procedure import later
from crossing.kit.database import format_instant
from crossing.kit.jobs import job
from crossing.kit.json_text import json_text
from crossing.kit.ledger import Insert
from crossing.redress.remedies import load_remedies
from redress.casework.steps import Case
from redress.remedies.watch import corrected, watch_of
from redress.settings import RedressSettings

REMEDY: Final = "remedy"
PROBE: Final = "probe"
REVIEW: Final = "remedy_review"


def corrections_follow(settings: RedressSettings, before: Case | None, after: Case) -> list[Insert]:
    """Rows and jobs of the corrections that were ordered, or that something became of, between two stands of a case."""
    was = {each["id"]: each for each in _corrections(before)}
    rows: list[Insert] = []
    for each in _corrections(after):
        earlier = was.get(each["id"])
        if earlier is None:
            rows += _ordered(after, each)
        elif earlier != each:
            rows += _became(after, each)
    verified = after.latest.event == "probe_passed"
    rows += [remedy_state(after, each, "verified") for each in _corrections(after) if verified]
    return rows


def probe_follows(settings: RedressSettings, before: Case | None, after: Case) -> list[Insert]:
    """The job that probes a case's corrections, once all of them are applied."""
    if after.state != "correction_verified" or (before and before.latest.entered == after.latest.entered):
        return []
    at, entered = after.latest.at, after.latest.entered
    return [job(PROBE, f"{after.id}/{entered}/probe", at, {"case_id": after.id, "entered": entered}, at=at)]


def watch_follows(settings: RedressSettings, before: Case | None, after: Case) -> list[Insert]:
    """The job that begins or ends the watch at the ports."""
    watch, at = watch_of(before, after), after.latest.at
    return [job(REMEDY, f"remedy/{watch['id']}", at, {"case_id": after.id, "watch": watch}, at=at)] if watch else []


def review_follows(settings: RedressSettings, before: Case | None, after: Case) -> list[Insert]:
    """What follows when a remedy that was due for review was looked at: it holds on, until its next review."""
    if after.latest.event != "confirm_remedy":
        return []
    looked_at = json.loads(after.latest.detail)["remedy"]
    return [
        row
        for each in corrected(after.content)
        if each["id"] == looked_at
        for row in (remedy_state(after, each, "verified"), *_review(after, each))
    ]


def remedy_state(case: Case, correction: Mapping[str, Any], state: str) -> Insert:
    """The row that says how far a remedy is, in the place of the one before."""
    applied = correction.get("applied") or {}
    values = {
        "remedy_id": correction["id"],
        "case_id": case.id,
        "number": correction["number"],
        "state": state,
        "version": applied.get("version"),
        "at": case.latest.at,
    }
    return Insert("remedy_states", values, replacing=("remedy_id",))


def _corrections(case: Case | None) -> list[dict[str, Any]]:
    return (case.content.get("corrections") or []) if case else []


def _ordered(case: Case, correction: Mapping[str, Any]) -> list[Insert]:
    at, identifier = case.latest.at, correction["id"]
    row = {
        "id": identifier,
        "case_id": case.id,
        "revision": case.latest.revision,
        "number": correction["number"],
        "kind": correction["kind"],
        "content": json_text({name: correction[name] for name in ("version", "record", "content")}),
        "ordered_at": at,
    }
    return [
        Insert("remedies", row),
        remedy_state(case, correction, "ordered"),
        job(REMEDY, f"remedy/{identifier}", at, {"case_id": case.id, "id": identifier}, at=at),
    ]


def _became(case: Case, correction: Mapping[str, Any]) -> list[Insert]:
    if correction["refused"]:
        return [remedy_state(case, correction, "refused")]
    if correction["failed"]:
        return [remedy_state(case, correction, "failed")]
    return [remedy_state(case, correction, "applied"), *_review(case, correction)]


def _review(case: Case, correction: Mapping[str, Any]) -> list[Insert]:
    """The job that has a remedy looked at again, years later, where its kind asks for that."""
    after = load_remedies()["kinds"][correction["kind"]].get("review_after")
    if after is None:
        return []
    at = case.latest.at
    due = format_instant(later(datetime.fromisoformat(at), after))
    return [
        job(
            REVIEW,
            f"review/{correction['id']}/{case.latest.revision}",
            due,
            {"case_id": case.id, "id": correction["id"]},
            at=at,
        )
    ]
