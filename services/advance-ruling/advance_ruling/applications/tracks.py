"""Which track an application takes, by the procedure's data and by what was decided for the same petitioner."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.applications import queries
from advance_ruling.steps import Application
from crossing.rulings.procedure import load_procedure


async def track_of(
    connection: AsyncConnection, application: Application, content: Mapping[str, Any], facts: Mapping[str, Any]
) -> str:
    """The track: the emergency that was asked for; else fast, complex or standard, as the case is.

    Fast when a ruling in force on an equal pattern stands for another person of the same petitioner, or when the
    petitioner's own blanket ruling is cited.
    """
    if content["asked_track"] == "emergency":
        return "emergency"
    petitioner = application.file.petitioner_id
    if petitioner and await _is_like_one_decided(connection, application, content, petitioner):
        return "fast"
    if petitioner and await _is_under_blanket(connection, application, content, petitioner):
        return "fast"
    is_complex = any(_holds(each, content, facts) for each in load_procedure().content["tracks"]["complex"]["when"])
    return "complex" if is_complex else str(content["asked_track"])


async def _is_like_one_decided(
    connection: AsyncConnection, application: Application, content: Mapping[str, Any], petitioner: str
) -> bool:
    alike = await queries.rulings_alike(connection, content["pattern"], application.opened.into)
    return any(
        row.petitioner_id == petitioner and row.person_key != content["person_key"] and row.is_in_force for row in alike
    )


async def _is_under_blanket(
    connection: AsyncConnection, application: Application, content: Mapping[str, Any], petitioner: str
) -> bool:
    rules = load_procedure().content["tracks"]["fast"]
    number = content["request"].get("blanket_ruling")
    if not number or content["class_id"] not in rules["blanket_serves"]:
        return False
    blanket = await queries.ruling_in_force(connection, number)
    return blanket is not None and (blanket.class_id, blanket.petitioner_id) == (rules["blanket"], petitioner)


def _holds(condition: Mapping[str, Any], content: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    if "request" in condition:
        return bool(content["request"].get(condition["request"]))
    return bool(facts.get(condition["fact"]) == condition["is"])
