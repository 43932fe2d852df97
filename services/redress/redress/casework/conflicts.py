"""Who may not decide a case, because they or their unit took part in what it is about (section 7). Pure: no I/O."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from redress.casework.staff import Staff


def conflict_set(involved: Iterable[str], owner: str | None, staff: Mapping[str, Staff]) -> list[dict[str, str]]:
    """Persons (``who``) and units (``unit``) that may not decide, each with the reason (``why``).

    ``involved`` are the subjects who decided, concurred or edited the record, ``owner`` is the unit that owns it. With
    each of them goes their unit, as far as the staff list knows it, and whoever they report to, up to the top.
    """
    found = {("unit", owner): "owner"} if owner else {}
    for subject in involved:
        found.setdefault(("who", subject), "involved")
        if subject in staff:
            found.setdefault(("unit", staff[subject].unit), "unit_of_involved")
        for above in _above(subject, staff):
            found.setdefault(("who", above), "reports_to")
    return [{kind: str(name), "why": why} for (kind, name), why in found.items()]


def _above(subject: str, staff: Mapping[str, Staff]) -> list[str]:
    """Whoever a person reports to, and those above; a ring in the list ends where it began."""
    found: list[str] = []
    while (person := staff.get(subject)) and person.reports_to and person.reports_to not in found:
        subject = person.reports_to
        found.append(subject)
    return found


def in_conflict(person: Mapping[str, Any], conflicts: Sequence[Mapping[str, Any]]) -> bool:
    """Whether somebody (``subject``, ``unit``) is in a conflict set."""
    return any(
        each.get("who") == person["subject"] or ("unit" in each and each["unit"] == person.get("unit"))
        for each in conflicts
    )
