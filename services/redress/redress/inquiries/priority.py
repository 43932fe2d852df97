"""How urgent a case is, from the day of the next journey. Pure; the numbers are the procedure's."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from crossing.casework.procedure import Procedure, duration


def priority_of(procedure: Procedure, content: Mapping[str, Any], at: datetime) -> str:
    """The first priority within whose time the traveller travels; the last one when no journey is near."""
    priorities: Mapping[str, Mapping[str, Any]] = procedure.content["priorities"]
    day = (content.get("journey") or {}).get("travel_on")
    if day:
        begins = datetime.fromisoformat(day).replace(tzinfo=UTC)
        for name, rules in priorities.items():
            within = rules.get("travel_within")
            if within and at < begins + timedelta(days=1) and begins - at <= duration(within):
                return name
    return list(priorities)[-1]
