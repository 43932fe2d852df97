"""Work beside the requests of a service."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager


@asynccontextmanager
async def in_background(work: Callable[[asyncio.Event], Awaitable[None]]) -> AsyncIterator[None]:
    """Work that ends by itself once it is told to stop: what is cut off might leave a connection open."""
    stop = asyncio.Event()
    running = asyncio.ensure_future(work(stop))
    try:
        yield
    finally:
        stop.set()
        await running
