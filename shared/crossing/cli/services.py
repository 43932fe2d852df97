"""The three services as the command line starts them: their names, public prefixes, histories and how they are made."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from sqlalchemy import MetaData

    from crossing.kit.settings import ServiceSettings

Made = TypeVar("Made")


class ServiceName(StrEnum):
    """The services."""

    ADMISSION = "admission"
    ADVANCE_RULING = "advance-ruling"
    REDRESS = "redress"


Named = Annotated[ServiceName, typer.Argument(help="Which service.")]
#: Under which path the gateway publishes each service.
PREFIXES: Final = {
    ServiceName.ADMISSION: "/admission",
    ServiceName.ADVANCE_RULING: "/advance-rulings",
    ServiceName.REDRESS: "/redress",
}


def assemble(name: ServiceName, **chosen: Any) -> "FastAPI":
    """A service with the settings chosen here; the rest comes from the environment.

    Ends the command with a line for each setting that is missing, wrong or meant for another service, never with what
    it was set to.
    """
    from crossing.kit.logging import configure_logging

    settings = _with_settings(lambda: settings_of(name)(**chosen))
    refuse_foreign_database(name, settings.database_url)
    configure_logging(settings.log_level)
    return _maker_of(name)(settings)


def refuse_foreign_database(name: ServiceName, url: str) -> None:
    """End the command when a database holds the tables of another service; one that does not answer is let pass."""
    import asyncio

    from crossing.kit.migrations import holds_others

    if asyncio.run(holds_others(metadata_of(name), url)):
        typer.echo("CROSSING_DATABASE_URL: names the database of another service", err=True)
        raise typer.Exit(2)


def database_of_settings() -> str:
    """The SQLAlchemy URL in the settings; ends the command when there is none."""
    from crossing.kit.settings import DatabaseSettings

    return _with_settings(lambda: DatabaseSettings().database_url)  # type: ignore[call-arg]


def database_known() -> str | None:
    """The SQLAlchemy URL in the settings, if there is one."""
    from pydantic import ValidationError

    from crossing.kit.settings import DatabaseSettings

    try:
        return DatabaseSettings().database_url  # type: ignore[call-arg]
    except ValidationError:
        return None


def _with_settings(make: "Callable[[], Made]") -> "Made":
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    try:
        return make()
    except (ValidationError, SettingsError) as error:
        for fault in faults_of(error):
            typer.echo(fault, err=True)
        raise typer.Exit(2) from None


def faults_of(error: ValueError) -> list[str]:
    """Which settings an error of theirs is about and what is wrong, never what they were set to."""
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        faults = error.errors(include_input=False, include_context=False, include_url=False)
        named = [
            ("_".join(map(str, each["loc"])).upper(), each["msg"].removeprefix("Value error, ")) for each in faults
        ]
        return [f"CROSSING_{name}: {said}" for name, said in named]
    field = str(error).split('"')[1]  # error parsing value for field "event_addresses" from source …
    return [f"CROSSING_{field.upper()}: Input should be valid JSON"]


def settings_of(name: ServiceName) -> "type[ServiceSettings]":
    """The class of a service's settings."""
    if name is ServiceName.ADMISSION:
        from admission.settings import AdmissionSettings

        return AdmissionSettings
    if name is ServiceName.REDRESS:
        from redress.settings import RedressSettings

        return RedressSettings
    from advance_ruling.settings import AdvanceRulingSettings

    return AdvanceRulingSettings


def _maker_of(name: ServiceName) -> "Callable[[Any], FastAPI]":
    if name is ServiceName.ADMISSION:
        from admission.app import create_app as create_admission

        return create_admission
    if name is ServiceName.REDRESS:
        from redress.app import create_app as create_redress

        return create_redress
    from advance_ruling.app import create_app as create_advance_ruling

    return create_advance_ruling


def migrations_of(name: ServiceName) -> Path:
    """The folder of a service's Alembic history."""
    if name is ServiceName.ADMISSION:
        from admission.settings import MIGRATIONS
    elif name is ServiceName.REDRESS:
        from redress.settings import MIGRATIONS
    else:
        from advance_ruling.settings import MIGRATIONS
    return MIGRATIONS


def metadata_of(name: ServiceName) -> "MetaData":
    """The tables of a service."""
    if name is ServiceName.ADMISSION:
        from admission.subjects.tables import lookouts

        return lookouts.metadata
    if name is ServiceName.REDRESS:
        from redress.tables import cases

        return cases.metadata
    from advance_ruling.tables import applications

    return applications.metadata
