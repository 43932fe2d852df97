"""``crossing doctor``: checks an installation and says what to fix."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossing.cli.services import ServiceName, faults_of, metadata_of, migrations_of, settings_of

if TYPE_CHECKING:
    from crossing.doctor.finding import Finding
    from crossing.kit.settings import ServiceSettings


def doctor(
    name: Annotated[ServiceName | None, typer.Argument(help="The service whose CROSSING_* settings to check.")] = None,
    data: Annotated[Path | None, typer.Option(help="Check the embedded suite in this folder instead.")] = None,
) -> None:
    """Check an installation: settings, keys, database, disks, law, neighbours. Says of each what to do."""
    from crossing.kit.logging import configure_logging

    if (name is None) == (data is None):
        raise typer.BadParameter("name a service, or the folder of an embedded suite with --data")
    configure_logging("CRITICAL")  # what checks meet they say themselves
    count = asyncio.run(_examine_folder(data) if data else _examine_service(name or ServiceName.ADMISSION))
    told = ", ".join(f"{count[outcome]} {outcome}" for outcome in ("ok", "wrong", "not checked"))
    typer.echo(f"doctor: {told}")
    raise typer.Exit(bool(count["wrong"]))


async def _examine_service(name: ServiceName) -> "Counter[str]":
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from crossing.doctor.finding import ok, wrong
    from crossing.doctor.settings_checks import misspelled

    made = settings_of(name)
    count = Counter(_say(name, "settings are known", finding) for finding in misspelled(made, os.environ))
    try:
        settings = made()  # type: ignore[call-arg]
    except (ValidationError, SettingsError) as error:
        cure = "set it; nothing else is checked before"
        return count + Counter(_say(name, "settings are complete", wrong(fault, cure)) for fault in faults_of(error))
    count[_say(name, "settings are complete", ok("every one that it needs"))] += 1
    return count + await _examine(name, settings, embedded=False)


async def _examine_folder(data: Path) -> "Counter[str]":
    if not (data / "admission.sqlite").exists():
        typer.echo(f"There is no suite in {data}; name its folder with --data.")
        raise typer.Exit(2)
    count: Counter[str] = Counter()
    for name, settings in _embedded(data):
        count += await _examine(name, settings, embedded=True)
    return count


def _embedded(data: Path) -> "Iterator[tuple[ServiceName, ServiceSettings]]":
    from crossing.embedded.suite import admission_settings, advance_ruling_settings, redress_settings
    from crossing.kit.issuer import DevelopmentIssuer

    issuer = DevelopmentIssuer(data)
    yield ServiceName.ADMISSION, admission_settings(data, issuer)
    yield ServiceName.ADVANCE_RULING, advance_ruling_settings(data, issuer, "http://127.0.0.1:8000")
    yield ServiceName.REDRESS, redress_settings(data, issuer)


async def _examine(name: ServiceName, settings: "ServiceSettings", *, embedded: bool) -> "Counter[str]":
    from crossing.doctor.examine import examine
    from crossing.doctor.finding import Installation
    from crossing.kit.clock import system_clock
    from crossing.kit.database import create_engine

    engine = create_engine(settings.database_url, settings.bounds)
    place = Installation(
        name.value, settings, migrations_of(name), metadata_of(name), engine, embedded=embedded, now=system_clock
    )
    try:
        return Counter([_say(name, check, finding) async for check, finding in examine(place)])
    finally:
        await engine.dispose()


def _say(name: ServiceName, check: str, finding: "Finding") -> str:
    """Print what a check says, and answer what came of it."""
    cure = f"; {finding.cure}" if finding.cure else ""
    typer.echo(f"{finding.outcome.value:<12} {name.value}: {check}: {finding.said}{cure}")
    return finding.outcome.value
