"""The guard of what admission does and tells for redress, and for no other service."""

from typing import Annotated

from fastapi import Depends

from admission.rulings.events import REDRESS
from crossing.kit.identity import Caller, Role, caller_with
from crossing.kit.problems import NotAllowed


async def redress_alone(caller: Annotated[Caller, Depends(caller_with(Role.SERVICE))]) -> Caller:
    """Dependency: the caller, who is redress; raises ``NotAllowed`` for another service."""
    if caller.subject != REDRESS:
        raise NotAllowed
    return caller


Redress = Annotated[Caller, Depends(redress_alone)]
