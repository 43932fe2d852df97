"""How long a ruling holds, by the procedure's data."""

from collections.abc import Mapping
from typing import Any

from crossing.casework.procedure import Procedure
from crossing.rules.dates import add


def valid_until(procedure: Procedure, class_id: str, facts: Mapping[str, Any], day: str) -> str:
    """The last day of a ruling that begins on an ISO day.

    By class, less for a new office, and never past the days that the facts name: of a passport, of a contract. A ruling
    of three years from 29 February ends on 28 February.
    """
    rules = procedure.content["validity"]
    days = [add(day, rules["by_class"].get(class_id, rules["otherwise"]))]
    if _is_new_office(rules["new_office"], facts, day):
        days.append(add(day, rules["new_office"]["holds"]))
    days += [facts[path] for path in rules["never_past"] if facts.get(path)]
    return min(days)


def _is_new_office(rules: Mapping[str, Any], facts: Mapping[str, Any], day: str) -> bool:
    stated = any(facts.get(path) == value for path, value in rules["facts"].items())
    young = any(facts.get(path) and add(facts[path], age) > day for path, age in rules["younger_than"].items())
    return stated or young
