"""Bodies of ports and terminals."""

from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from crossing.desk.case import CountryOfAdmission

PortId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9\-]{3,16}$")]
TerminalId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\-]{1,32}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be a time zone of the IANA database")
    return name


class TerminalIn(BaseModel):
    """A terminal to register."""

    model_config = ConfigDict(extra="forbid")

    id: TerminalId
    name: Name


class TerminalOut(BaseModel):
    """An officer's terminal at a port."""

    id: str
    port_id: str
    name: str
    created_at: str


class PortIn(BaseModel):
    """A port of entry to open."""

    model_config = ConfigDict(extra="forbid")

    id: PortId
    country: CountryOfAdmission
    kind: Literal["class_a_port", "international_airport", "preclearance_station", "other_place"]
    mode: Literal["land", "air", "sea"]
    name: Name
    time_zone: Annotated[str, AfterValidator(_known_zone), StringConstraints(max_length=64)]


class PortOut(BaseModel):
    """A port of entry."""

    id: str
    country: str
    kind: str
    mode: str
    name: str
    time_zone: str
    created_at: str


class ListOfPorts(BaseModel):
    """A page of ports."""

    ports: list[PortOut]
    next: str | None


class ListOfTerminals(BaseModel):
    """Terminals of a port."""

    terminals: list[TerminalOut]
