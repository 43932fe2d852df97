"""Who may see a ruling and act on it: its holder, the adjudicators, and the authority of the country entered."""

from typing import Annotated

from fastapi import Depends

from advance_ruling.rulings.load import Ruling
from crossing.casework.problems import NotYourStep
from crossing.kit.identity import Caller, Role, caller_with
from crossing.kit.problems import NotFound
from crossing.packs import COUNTRIES_WITH_PACKS

Anyone = Annotated[Caller, Depends(caller_with(Role.APPLICANT, Role.ADJUDICATOR, Role.SUPERVISOR))]
Holder = Annotated[Caller, Depends(caller_with(Role.APPLICANT))]
Authority = Annotated[Caller, Depends(caller_with(Role.SUPERVISOR))]
Adjudicator = Annotated[Caller, Depends(caller_with(Role.ADJUDICATOR))]
_WITHIN = frozenset({Role.ADJUDICATOR, Role.SUPERVISOR})


def require_sight(ruling: Ruling, caller: Caller) -> None:
    """Let whoever may read a ruling pass; raises ``NotFound`` for anyone else, who learns nothing of it."""
    if not caller.roles & _WITHIN and ruling.application.opened.created_by != caller.subject:
        raise NotFound


def require_holder(ruling: Ruling, caller: Caller) -> str:
    """The holder's part in the file; raises ``NotFound`` for anyone else."""
    if ruling.application.opened.created_by != caller.subject:
        raise NotFound
    return str(ruling.application.file.party)


def require_authority(ruling: Ruling, caller: Caller) -> str:
    """The authority's part; raises ``NotYourStep`` for a supervisor at a port of the other country."""
    country = (caller.port_id or "").partition("-")[0]
    if country in COUNTRIES_WITH_PACKS and country != ruling.row.into:
        raise NotYourStep
    return "destination_authority"
