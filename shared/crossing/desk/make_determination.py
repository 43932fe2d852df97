"""Make a determination: facts as stated in, the engine's determination out."""

from collections.abc import Mapping
from typing import Any, Final

from crossing.desk.case import CaseIn
from crossing.desk.lawbook import LaidOver, Lawbook
from crossing.desk.problems import cannot_be_determined, out_of_order, unknown_overlay
from crossing.facts.statement import days_out_of_order, flat
from crossing.packs.load import load_dictionary
from crossing.rules import Determination, RequestError, determine

#: Facts that may not lie before another one, each with that one.
_ORDERED: Final = [
    (path, each["not_before"]) for path, each in load_dictionary()["facts"].items() if "not_before" in each
]


def stated_facts(case: CaseIn) -> dict[str, Any]:
    """The facts of a case, flat by path."""
    return flat(case.facts.model_dump(mode="json", exclude_none=True))


def make_determination(
    lawbook: Lawbook,
    country: str,
    on: str,
    *,
    seeking: list[str],
    overlays: list[str],
    facts: Mapping[str, Any],
    findings: Mapping[str, str],
    settled: Mapping[str, str] | None = None,
) -> Determination:
    """Determine a case by the packs of this release.

    Raises ``CaseCannotBeDetermined``, also for an overlay that is none or does not hold on the day, and
    ``ContradictoryFacts`` for days in an order that no life has; for ``settled`` see ``determine_by``.
    """
    for position, name in enumerate(overlays):
        if name not in lawbook.overlays:
            raise unknown_overlay(position)
    try:
        law = lawbook.pack(country, overlays, on)
    except RequestError as error:
        raise cannot_be_determined(error) from None
    return determine_by(law, on, seeking=seeking, facts=facts, findings=findings, settled=settled)


def determine_by(
    law: LaidOver,
    on: str,
    *,
    seeking: list[str],
    facts: Mapping[str, Any],
    findings: Mapping[str, str],
    settled: Mapping[str, str] | None = None,
) -> Determination:
    """Determine a case by a law.

    ``settled`` says of requirements which ruling decided them; what the law of the day does not let a ruling settle is
    examined as ever.
    Raises ``CaseCannotBeDetermined``, and ``ContradictoryFacts`` for days in an order that no life has.
    """
    _refuse_days_out_of_order(facts)
    try:
        may_be_ruled = law.pack.on(on).may_be_ruled if settled else None
        return determine(
            facts,
            law.pack,
            on,
            seeking=seeking,
            findings=findings,
            overlays=law.overlays,
            settled={key: ruling for key, ruling in (settled or {}).items() if may_be_ruled and may_be_ruled(key)},
        )
    except RequestError as error:
        raise cannot_be_determined(error) from None


def _refuse_days_out_of_order(facts: Mapping[str, Any]) -> None:
    if pairs := days_out_of_order(facts, _ORDERED):
        definitions = load_dictionary()["facts"]
        raise out_of_order([(path, definitions[earlier]["label"]) for path, earlier in pairs])
