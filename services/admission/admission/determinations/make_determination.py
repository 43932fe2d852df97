"""Make a determination: facts as stated in, the engine's determination out."""

from collections.abc import Mapping
from typing import Any

from admission.determinations.problems import cannot_be_determined, unknown_overlay
from admission.determinations.schemas import CaseIn
from admission.lawbook import Lawbook
from crossing.facts.statement import flat
from crossing.rules import Determination, RequestError, determine


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
) -> Determination:
    """Determine a case by the packs of this release; raises ``CaseCannotBeDetermined``."""
    for position, name in enumerate(overlays):
        if name not in lawbook.overlays:
            raise unknown_overlay(position)
    try:
        law = lawbook.pack(country, overlays, on)
        return determine(facts, law.pack, on, seeking=seeking, findings=findings, overlays=law.overlays)
    except RequestError as error:
        raise cannot_be_determined(error) from None
