"""Settings of the admission service."""

from pathlib import Path

from pydantic import Field

from crossing.kit.settings import ServiceSettings

MIGRATIONS = Path(__file__).parent / "migrations"


class AdmissionSettings(ServiceSettings):
    """What admission needs beyond what every service needs."""

    redress_address: str = "/redress/"
    development_sign_in: bool = Field(default=False, description="offer signing in without a password on the pages")
