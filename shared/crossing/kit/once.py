"""One request, one step: whoever repeats a request gets the answer that the first one was given."""

from collections.abc import Awaitable

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.responses import Response

from crossing.kit.idempotency import Attempt, first_answer
from crossing.kit.problems import Problem, StaleVersion


async def once(connection: AsyncConnection, attempt: Attempt | None, answer: Awaitable[Response]) -> Response:
    """The answer, or the first one when the same key was recorded meanwhile; raises what ``answer`` raises.

    Two requests with one key that run side by side want to append the same revision; the later one finds it taken.
    """
    try:
        return await answer
    except StaleVersion:
        await connection.rollback()
        earlier = await first_answer(connection, attempt)
        if earlier is None:
            raise
        return earlier


async def opened_once(engine: AsyncEngine, attempt: Attempt | None, answer: Awaitable[Response]) -> Response:
    """The answer, or the first one when the same key was recorded before; raises what ``answer`` raises.

    Nearly every request is a first one, so the key is looked up only when it is found taken or the case is refused.
    """
    try:
        return await answer
    except Problem:
        async with engine.connect() as connection:
            earlier = await first_answer(connection, attempt)
        if earlier is None:
            raise
        return earlier
