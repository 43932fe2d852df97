"""The watch for a repeat: what the port looks out for once a case is settled. Pure: no I/O."""

from collections.abc import Mapping
from typing import Any, Final

from uuid_utils.compat import uuid7

from crossing.casework.steps import Case

_WATCH: Final = "watch"


def watched_for(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What would be a repeat of what was corrected: the entry taken for the subject, the requirement refused for."""
    lists = {each["id"]: each.get("list") for each in (content.get("records") or {}).get("lookouts") or ()}
    found: list[dict[str, Any]] = []
    for each in corrected(content):
        if each["kind"] == "identity_disambiguated":
            entry = each["record"]["id"]
            found.append({"kind": "lookout", "id": entry, "list": lists.get(entry)})
        elif each["kind"] == "refusal_annulled":
            found += [{"kind": "requirement", "id": name, "list": None} for name in _refused_for(content, each)]
    return found


def corrected(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The corrections of a case: those of what was decided before a repeat, and those of the latest decision."""
    return [*content.get("settled", ()), *(content.get("corrections") or ())]


def _refused_for(content: Mapping[str, Any], correction: Mapping[str, Any]) -> list[str]:
    """The requirement that the decision names, else all that the refusal rested on."""
    named = (content.get("decision") or {}).get("requirement")
    if named:
        return [str(named)]
    for examination in (content.get("records") or {}).get("examinations") or ():
        if examination["id"] == correction["record"]["id"]:
            return list((examination.get("decision") or {}).get("not_met") or ())
    return []


def watch_of(before: Case | None, after: Case) -> dict[str, Any] | None:
    """The remedy that begins or ends the watch where a step enters or leaves that state; ``None`` where it does not."""
    was, stands = before.state if before else None, after.state
    entered, left = stands == _WATCH != was, was == _WATCH != stands
    recurs_on = watched_for(after.content)
    if not recurs_on or not (entered or left):
        return None
    content = {"recurs_on": recurs_on, "until": str(after.latest.due_at)[:10]} if entered else {}
    kind = "watch_set" if entered else "watch_ended"
    return {"id": str(uuid7()), "kind": kind, "version": 1, "record": None, "content": content}
