"""Settings of the redress service."""

from pathlib import Path

from crossing.kit.settings import ServiceSettings

MIGRATIONS = Path(__file__).parent / "migrations"


class RedressSettings(ServiceSettings):
    """What redress needs: so far nothing beyond what every service needs."""
