"""``crossing worker``: the jobs of a service in a process of their own, as production runs them."""

import asyncio
import signal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from fastapi import FastAPI


class WithJobs(StrEnum):
    """The services that have jobs to do."""

    ADMISSION = "admission"
    ADVANCE_RULING = "advance-ruling"
    REDRESS = "redress"


def worker(
    service: Annotated[WithJobs, typer.Argument(help="Whose jobs to do.")],
    once: Annotated[bool, typer.Option("--once", help="Do what is due, then end.")] = False,
) -> None:
    """Do a service's jobs until told to stop: deadlines, messages, events.

    The settings are those of the service, from the environment (CROSSING_DATABASE_URL and so on). Several workers may
    run side by side.
    """
    from crossing.kit.logging import configure_logging

    configure_logging("INFO")
    if once:
        typer.echo(f"worker: {asyncio.run(_do_what_is_due(_app_of(service, run_worker=False)))} jobs tried")
    else:
        asyncio.run(_work(_app_of(service, run_worker=True), service.value))
        typer.echo("worker: stopped")


def _app_of(service: WithJobs, *, run_worker: bool) -> "FastAPI":
    chosen: dict[str, Any] = {"run_worker": run_worker}  # the rest comes from the environment
    if service is WithJobs.ADMISSION:
        from admission.app import create_app as create_admission
        from admission.settings import AdmissionSettings

        return create_admission(AdmissionSettings(**chosen))
    if service is WithJobs.REDRESS:
        from redress.app import create_app as create_redress
        from redress.settings import RedressSettings

        return create_redress(RedressSettings(**chosen))
    from advance_ruling.app import create_app as create_advance_ruling
    from advance_ruling.settings import AdvanceRulingSettings

    return create_advance_ruling(AdvanceRulingSettings(**chosen))


async def _do_what_is_due(app: "FastAPI") -> int:
    async with app.router.lifespan_context(app):
        tried: int = await app.state.worker.run_due()
        return tried


async def _work(app: "FastAPI", name: str) -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with app.router.lifespan_context(app):
        typer.echo(f"The worker of {name} works.")
        await stop.wait()
