"""What other services are told when a ruling was honoured or departed from. No name of a traveller is told."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from crossing.kit.events import event_jobs
from crossing.kit.ledger import Insert

SOURCE: Final = "admission"
ADVANCE_RULINGS: Final = "advance-rulings"
REDRESS: Final = "redress"
#: Who is told of what; who has no address is not told.
_TOLD: Final = {"honoured": (ADVANCE_RULINGS,), "departed": (ADVANCE_RULINGS, REDRESS)}


def events_of_decision(
    outcomes: Sequence[Mapping[str, Any]],
    receivers: Collection[str],
    *,
    examination_id: str,
    port_id: str,
    language: str,
    at: str,
) -> list[Insert]:
    """The jobs that tell what a decision made of rulings; ``receivers`` are those whose address is known."""
    rows: list[Insert] = []
    for each in outcomes:
        told = [name for name in _TOLD.get(each["outcome"], ()) if name in receivers]
        data = {**each, "examination": examination_id, "port": port_id, "language": language}
        rows += event_jobs(f"ruling.{each['outcome']}", each["number"], data, told, at, source=SOURCE)
    return rows
