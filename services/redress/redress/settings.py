"""Settings of the redress service."""

from pathlib import Path

from pydantic import Field

from crossing.casework.settings import MailSettings

MIGRATIONS = Path(__file__).parent / "migrations"
LETTERS = Path(__file__).parent / "letters.yaml"


class RedressSettings(MailSettings):
    """What redress needs beyond what every service needs."""

    public_address: str = Field(description="where the gateway publishes this service, for links in messages")
    evidence_store: str = Field(description="folder of the evidence, or the URL of a store: s3://…")
    clamav_address: str | None = Field(default=None, description="host:port or socket of a ClamAV daemon")
    admission_address: str | None = Field(
        default=None, description="URL of the admission service up to /admission; without it corrections wait"
    )
    advance_rulings_address: str | None = Field(
        default=None, description="URL of the advance-ruling service up to /advance-rulings"
    )
    on_call_mailbox: str | None = Field(default=None, description="who is told what nobody did in its time")
