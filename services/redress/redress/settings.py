"""Settings of the redress service."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from crossing.casework.settings import MailSettings
from crossing.kit.setting_types import Mailbox, Scanner, Store, published

MIGRATIONS = Path(__file__).parent / "migrations"
LETTERS = Path(__file__).parent / "letters.yaml"
#: Where an inquiry is opened, below the address of the service.
PAGE = "/v1/inquiry"


class RedressSettings(MailSettings):
    """What redress needs beyond what every service needs."""

    public_address: Annotated[str, published("/redress")] = Field(
        description="where the gateway publishes this service, for links in messages"
    )
    evidence_store: Store = Field(description="folder of the evidence, or the URL of a store: s3://…")
    clamav_address: Scanner | None = Field(default=None, description="host:port or socket of a ClamAV daemon")
    admission_address: Annotated[str, published("/admission")] | None = Field(
        default=None, description="URL of the admission service up to /admission; without it corrections wait"
    )
    advance_rulings_address: Annotated[str, published("/advance-rulings")] | None = Field(
        default=None, description="URL of the advance-ruling service up to /advance-rulings"
    )
    on_call_mailbox: Mailbox | None = Field(default=None, description="who is told what nobody did in its time")
