"""Settings every service has; read once at start, passed on, never changed.

Each comes from the environment, as ``CROSSING_`` and its name, or from a file of that name in small letters in the
folder of secrets: ``/run/secrets``, or what ``CROSSING_SECRETS`` names.
"""

import os
from pathlib import Path

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict

from crossing.kit.postgres import Bounds
from crossing.kit.setting_types import DatabaseUrl, KeySetFile, Level, WebAddress, Word

_SECRETS = "/run/secrets"


def folder_of_secrets() -> Path | None:
    """The folder with a file for each secret, if there is one."""
    folder = Path(os.environ.get("CROSSING_SECRETS", _SECRETS))
    return folder if folder.is_dir() else None


class DatabaseSettings(BaseSettings):
    """What is needed to reach a service's database, and how settings are read."""

    model_config = SettingsConfigDict(env_prefix="CROSSING_", env_ignore_empty=True, frozen=True, extra="ignore")

    database_url: DatabaseUrl = Field(
        description="SQLAlchemy URL with its driver: sqlite+aiosqlite:// or postgresql+asyncpg://, where several"
        " servers may be named (?host=first:5432&host=second:5432): the one that takes writes is used"
    )
    pool_size: int = Field(
        default=Bounds.pool_size, gt=0, description="PostgreSQL connections of each pool; a process has up to three"
    )
    pool_wait_seconds: float = Field(
        default=Bounds.pool_wait_seconds, gt=0, description="how long a request waits for one of them"
    )
    statement_seconds: float = Field(default=2.5, gt=0, description="after which PostgreSQL ends a statement")
    lock_seconds: float = Field(
        default=Bounds.lock_seconds, gt=0, description="how long a statement waits for what another holds"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where settings come from, the first that has one: whoever assembles, the environment, files of secrets."""
        folder = folder_of_secrets()
        in_files = [SecretsSettingsSource(settings_cls, folder)] if folder else []
        return init_settings, env_settings, *in_files

    @property
    def bounds(self) -> Bounds:
        """What the pools of the service keep to."""
        return Bounds(self.pool_size, self.pool_wait_seconds, self.statement_seconds, self.lock_seconds)


class ServiceSettings(DatabaseSettings):
    """Settings of one service, from the environment or from whoever assembles it."""

    key_set_file: KeySetFile | None = Field(
        default=None, description="JSON Web Key Set with the public keys of the identity issuer"
    )
    key_set_url: WebAddress | None = Field(
        default=None,
        validate_default=True,
        description="where the issuer publishes them; those in the file, if any, hold until it answers",
    )
    issuer: WebAddress = Field(description="`iss` of the tokens accepted")
    audience: Word = Field(default="crossing", description="`aud` of the tokens accepted")
    request_deadline_seconds: float = Field(
        default=3.0, gt=0, description="after which a request ends in a 503 problem"
    )
    max_body_bytes: int = Field(default=262_144, gt=0, description="largest body accepted")
    identity_key: SecretStr = Field(
        min_length=16, description="secret of the keyed hash by which a traveller is found again"
    )
    open_requests_per_minute: int = Field(default=600, gt=0, description="for one address on routes without a token")
    drain_seconds: float = Field(
        default=5.0, ge=0, description="how long readiness says no before a service that was told to end stops taking"
    )
    log_level: Level = Field(default="INFO", description="lowest level of log lines")

    @field_validator("key_set_url")
    @classmethod
    def _keys_are_named(cls, address: str | None, given: ValidationInfo) -> str | None:
        if address is None and given.data.get("key_set_file") is None:
            raise ValueError("set it, or CROSSING_KEY_SET_FILE: tokens cannot be checked without keys")
        return address
