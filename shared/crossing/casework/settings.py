"""Settings of services that keep cases: how they reach people and other services."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from crossing.kit.settings import ServiceSettings


class WorkSettings(ServiceSettings):
    """What a service with jobs needs."""

    service_token_file: Path | None = Field(
        default=None, description="file with the token by which this service calls others, read at each call"
    )
    run_worker: bool = Field(default=False, description="do jobs inside this process: deadlines, messages, events")


class MailSettings(WorkSettings):
    """What a service that writes to people needs."""

    mail_folder: Path | None = Field(
        default=None, description="where messages are kept as files, without a mail server"
    )
    mail_sender: str = Field(default="noreply@localhost", description="address that messages come from")
    smtp_host: str | None = Field(default=None, description="mail server; messages wait while there is none")
    smtp_port: int = Field(default=587, gt=0, lt=65_536)
    smtp_security: Literal["tls", "starttls", "none"] = "starttls"
