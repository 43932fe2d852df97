"""Settings every service has; read once at start, passed on, never changed."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from crossing.kit.postgres import Bounds


class ServiceSettings(BaseSettings):
    """Settings of one service, from the environment or from whoever assembles it."""

    model_config = SettingsConfigDict(env_prefix="CROSSING_", frozen=True, extra="ignore")

    database_url: str = Field(
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
    key_set_file: Path = Field(description="JSON Web Key Set with the public keys of the identity issuer")
    issuer: str = Field(description="`iss` of the tokens accepted")
    audience: str = Field(default="crossing", description="`aud` of the tokens accepted")
    request_deadline_seconds: float = Field(
        default=3.0, gt=0, description="after which a request ends in a 503 problem"
    )
    max_body_bytes: int = Field(default=262_144, gt=0, description="largest body accepted")
    identity_key: SecretStr = Field(description="secret of the keyed hash by which a traveller is found again")
    open_requests_per_minute: int = Field(default=600, gt=0, description="for one address on routes without a token")
    drain_seconds: float = Field(
        default=5.0, ge=0, description="how long readiness says no before a service that was told to end stops taking"
    )
    log_level: str = Field(default="INFO", description="lowest level of log lines")

    @property
    def bounds(self) -> Bounds:
        """What the pools of the service keep to."""
        return Bounds(self.pool_size, self.pool_wait_seconds, self.statement_seconds, self.lock_seconds)
