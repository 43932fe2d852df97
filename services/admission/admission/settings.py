"""Settings of the admission service."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from crossing.casework.settings import WorkSettings
from crossing.kit.setting_types import Link, published

MIGRATIONS = Path(__file__).parent / "migrations"


class AdmissionSettings(WorkSettings):
    """What admission needs beyond what every service needs."""

    redress_address: Link = "/redress/"
    advance_rulings_address: Annotated[str, published("/advance-rulings")] | None = Field(
        default=None,
        description="URL of the advance-ruling service up to /advance-rulings; without it no ruling is known",
    )
    redress_events_address: Annotated[str, published("/redress")] | None = Field(
        default=None, description="URL of the redress service up to /redress, which is told of departures from rulings"
    )
    subject_check_seconds: float = Field(
        default=0.02, gt=0, description="after which an examination opens without knowing what the lists say"
    )
    development_sign_in: bool = Field(default=False, description="offer signing in without a password on the pages")
