"""Settings of the advance-ruling service."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from crossing.casework.settings import MailSettings
from crossing.kit.setting_types import EventAddresses, KeyFolder, Mailbox, OpenFolder, Scanner, Store, published

MIGRATIONS = Path(__file__).parent / "migrations"
LETTERS = Path(__file__).parent / "letters.yaml"


class AdvanceRulingSettings(MailSettings):
    """What advance rulings need beyond what every service needs."""

    public_address: Annotated[str, published("/advance-rulings")] = Field(
        description="where the gateway publishes this service, for links in messages"
    )
    signing_keys: KeyFolder = Field(description="folder of the keys that rulings are signed with")
    registry_files: OpenFolder = Field(description="folder of the registry's file for whoever wants all of it")
    evidence_store: Store = Field(description="folder of the evidence, or the URL of a store: s3://…")
    clamav_address: Scanner | None = Field(default=None, description="host:port or socket of a ClamAV daemon")
    event_addresses: EventAddresses = Field(
        default_factory=dict, description="where each service that is told of rulings takes events, by its name"
    )
    escalation_mailbox: Mailbox | None = Field(default=None, description="who is told how far a case has used its time")
    adjudicator_classes: dict[str, list[str]] = Field(
        default_factory=dict, description="classes that an adjudicator decides, by subject; all of them when not listed"
    )
