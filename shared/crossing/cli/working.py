"""``crossing worker``: the jobs of a service in a process of their own, as production runs them."""

import asyncio
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from crossing.cli.services import Named, assemble

if TYPE_CHECKING:
    from fastapi import FastAPI


def worker(
    service: Named,
    once: Annotated[bool, typer.Option("--once", help="Do what is due, then end.")] = False,
    host: Annotated[str, typer.Option(help="Address of health and metrics.")] = "127.0.0.1",
    inside_port: Annotated[int, typer.Option(help="TCP port of health and metrics; 0 for none.")] = 0,
) -> None:
    """Do a service's jobs until told to stop: deadlines, messages, events.

    The settings are those of the service, from the environment (CROSSING_DATABASE_URL and so on). Several workers may
    run side by side.
    """
    if once:
        typer.echo(f"worker: {asyncio.run(_do_what_is_due(assemble(service, run_worker=False)))} jobs tried")
    else:
        asyncio.run(_work(assemble(service, run_worker=True), service.value, host, inside_port))
        typer.echo("worker: stopped")


async def _do_what_is_due(app: "FastAPI") -> int:
    async with app.router.lifespan_context(app):
        tried: int = await app.state.worker.run_due()
        return tried


async def _work(app: "FastAPI", name: str, host: str, inside_port: int) -> None:
    from crossing.kit.serving import served_inside

    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with app.router.lifespan_context(app), served_inside(app, host, inside_port):
        typer.echo(f"The worker of {name} works.")
        await stop.wait()
