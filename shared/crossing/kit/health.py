"""Health of a service: alive, and ready to take a decision."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from crossing.kit.identity import open_to_anyone
from crossing.kit.strict_json import StrictRoute

Check = Callable[[], Awaitable[bool]]
_CHECK_SECONDS = 2.0


class Health(BaseModel):
    """Whether the service is well, check by check."""

    status: str
    checks: dict[str, str] = {}


def health_router(checks: Mapping[str, Check]) -> APIRouter:
    """``healthz`` (the process is alive) and ``readyz`` (every check passes); probes find them unversioned too."""
    router = APIRouter(tags=["health"], route_class=StrictRoute, dependencies=[Depends(open_to_anyone)])

    @router.get("/healthz", include_in_schema=False)
    @router.get("/v1/healthz", response_model=Health)
    async def is_alive() -> Health:
        """The process is alive."""
        return Health(status="ok")

    @router.get("/readyz", include_in_schema=False)
    @router.get("/v1/readyz", response_model=Health, responses={503: {"model": Health}})
    async def is_ready(response: Response) -> Health:
        """The database takes a write, its migrations are current; the issuer's keys and the rule packs are at hand."""
        results = await try_checks(checks)
        ready = all(result == "ok" for result in results.values())
        response.status_code = 200 if ready else 503
        return Health(status="ok" if ready else "unavailable", checks=results)

    return router


async def try_checks(checks: Mapping[str, Check]) -> dict[str, str]:
    """What each check says: ``ok``, ``failed``, or the name of what stopped it. They are tried side by side."""
    results = await asyncio.gather(*map(_passes, checks.values()))
    return dict(zip(checks, results, strict=True))


async def _passes(check: Check) -> str:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            return "ok" if await check() else "failed"
    except Exception as error:  # whatever stops a check is the answer to the question it asks
        return type(error).__name__
