"""Settings of the advance-ruling service."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from crossing.kit.settings import ServiceSettings

MIGRATIONS = Path(__file__).parent / "migrations"
LETTERS = Path(__file__).parent / "letters.yaml"


class AdvanceRulingSettings(ServiceSettings):
    """What advance rulings need beyond what every service needs."""

    public_address: str = Field(description="where the gateway publishes this service, for links in messages")
    signing_keys: Path = Field(description="folder of the keys that rulings are signed with")
    registry_files: Path = Field(description="folder of the registry's file for whoever wants all of it")
    evidence_store: str = Field(description="folder of the evidence, or the URL of a store: s3://…")
    clamav_address: str | None = Field(default=None, description="host:port or socket of a ClamAV daemon")
    run_worker: bool = Field(default=False, description="run deadlines and deliveries inside this process")
    mail_folder: Path | None = Field(
        default=None, description="where messages are kept as files, without a mail server"
    )
    mail_sender: str = Field(default="noreply@localhost", description="address that messages come from")
    smtp_host: str | None = Field(default=None, description="mail server; messages wait while there is none")
    smtp_port: int = Field(default=587, gt=0, lt=65_536)
    smtp_security: Literal["tls", "starttls", "none"] = "starttls"
    event_addresses: dict[str, str] = Field(
        default_factory=dict, description="where each service that is told of rulings takes events, by its name"
    )
    service_token_file: Path | None = Field(
        default=None, description="file with the token by which this service calls others, read at each call"
    )
    escalation_mailbox: str | None = Field(default=None, description="who is told how far a case has used its time")
    adjudicator_classes: dict[str, list[str]] = Field(
        default_factory=dict, description="classes that an adjudicator decides, by subject; all of them when not listed"
    )
