"""Examines an installation: every check in turn, whatever became of those before."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from crossing.doctor import (
    database_checks,
    identity_checks,
    neighbour_checks,
    role_checks,
    settings_checks,
    storage_checks,
)
from crossing.doctor.finding import Check, Finding, Installation, Outcome, not_checked, wrong

_SECONDS: Final = 90.0
_LOOK: Final = "look at the address, the network between, and whether it runs"


async def examine(it: Installation) -> AsyncIterator[tuple[str, Finding]]:
    """The name of each check with what it says."""
    for check in (*settings_checks.CHECKS, *identity_checks.CHECKS):
        yield _name(check), await _made(check, it)
    reached = await _made(database_checks.database_answers, it)
    yield _name(database_checks.database_answers), reached
    for check in (*database_checks.CHECKS, *role_checks.CHECKS):
        there = reached.outcome is Outcome.OK
        yield _name(check), await _made(check, it) if there else not_checked("the database does not answer")
    for check in (*storage_checks.CHECKS, *neighbour_checks.CHECKS):
        yield _name(check), await _made(check, it)


def _name(check: Check) -> str:
    return check.__name__.replace("_s_", "'s ").replace("_", " ")


async def _made(check: Check, it: Installation) -> Finding:
    """What a check says; one that ends by an error says its name only, since what errors say may be secret."""
    try:
        async with asyncio.timeout(_SECONDS):
            return await check(it)
    except Exception as error:  # whatever keeps a check from its answer is what is wrong
        return wrong(type(error).__name__, _LOOK)
