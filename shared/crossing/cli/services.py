"""The three services as the command line starts them: their names, public prefixes, histories and how they are made."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from fastapi import FastAPI
    from sqlalchemy import MetaData


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

    Ends the command with a line for each setting that is missing or wrong, never with what it was set to.
    """
    from pydantic import ValidationError

    try:
        return _assemble(name, chosen)
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_context=False):
            typer.echo(f"CROSSING_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}", err=True)
        raise typer.Exit(2) from None


def _assemble(name: ServiceName, chosen: dict[str, Any]) -> "FastAPI":
    if name is ServiceName.ADMISSION:
        from admission.app import create_app as create_admission
        from admission.settings import AdmissionSettings

        return create_admission(AdmissionSettings(**chosen))
    if name is ServiceName.REDRESS:
        from redress.app import create_app as create_redress
        from redress.settings import RedressSettings

        return create_redress(RedressSettings(**chosen))
    from advance_ruling.app import create_app as create_advance_ruling
    from advance_ruling.settings import AdvanceRulingSettings

    return create_advance_ruling(AdvanceRulingSettings(**chosen))


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
