"""Settings of services that keep cases: how they reach people and other services."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from crossing.kit.setting_types import Host, Mailbox, OpenFolder, SecretFile, TokenFile, WebAddress, Word
from crossing.kit.settings import ServiceSettings


class WorkSettings(ServiceSettings):
    """What a service with jobs needs."""

    service_token_file: TokenFile | None = Field(
        default=None, description="file with the token by which this service calls others, read at each call"
    )
    token_address: WebAddress | None = Field(
        default=None,
        description="the provider's token endpoint, where this service gets its token by client credentials",
    )
    client_id: Word | None = Field(default=None, description="this service at the provider; its tokens' `sub`")
    client_secret_file: SecretFile | None = Field(
        default=None,
        validate_default=True,
        description="file with the secret of `client_id`, read whenever a token is asked for",
    )
    run_worker: bool = Field(default=False, description="do jobs inside this process: deadlines, messages, events")

    @field_validator("client_secret_file")
    @classmethod
    def _credentials_are_whole(cls, file: Path | None, given: ValidationInfo) -> Path | None:
        together = [given.data.get("token_address"), given.data.get("client_id"), file]
        if any(together) and not all(together):
            raise ValueError("CROSSING_TOKEN_ADDRESS, CROSSING_CLIENT_ID and this go together: set all three or none")
        return file


class MailSettings(WorkSettings):
    """What a service that writes to people needs."""

    mail_folder: OpenFolder | None = Field(
        default=None, description="where messages are kept as files, without a mail server"
    )
    mail_sender: Mailbox = Field(default="noreply@localhost", description="address that messages come from")
    smtp_host: Host | None = Field(default=None, description="mail server; messages wait while there is none")
    smtp_port: int = Field(default=587, gt=0, lt=65_536)
    smtp_security: Literal["tls", "starttls", "none"] = "starttls"
