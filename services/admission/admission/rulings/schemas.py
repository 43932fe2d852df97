"""Bodies of rulings presented, and of departures from them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from crossing.desk.case import AskedOut

Reason = Annotated[str, StringConstraints(min_length=3, max_length=4_000, strip_whitespace=True)]
#: As a scanner reads it; whatever is not a token is recorded as one that is refused.
Token = Annotated[str, StringConstraints(pattern=r"^[!-~]+$", max_length=8_192)]
RulingNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._\-]{1,64}$")]
_STRICT = ConfigDict(extra="forbid")


class RulingDepartureIn(BaseModel):
    """An officer's departure from a ruling that binds, for another officer to confirm."""

    model_config = _STRICT

    ruling: RulingNumber
    ground: Annotated[str, StringConstraints(max_length=64)] = Field(description="one of the procedure's closed list")
    reason: Reason
    document: Annotated[str, StringConstraints(min_length=3, max_length=200)] | None = Field(
        default=None, description="the document that shows it, where the ground wants one"
    )


class DepartureConfirmationIn(BaseModel):
    """The second officer's confirmation of a departure."""

    model_config = _STRICT

    ruling: RulingNumber


class MovedOut(BaseModel):
    """Something that is not as it was ruled on."""

    fact: str
    label: str


class RulingOut(BaseModel):
    """An advance ruling presented, and what was found of it."""

    number: str | None
    version: int | None
    class_: str | None = Field(alias="class")
    outcome: Literal["equal", "tolerated", "changed", "unverifiable", "refused"]
    binds: bool
    reason: str | None
    text: str
    changed: list[MovedOut]
    tolerated: list[MovedOut]
    settled: list[str]
    re_attest: list[AskedOut]
    status_list_age_seconds: int | None
    follow_up_by: str | None
    binding_note: str


class RulingDepartureOut(RulingDepartureIn):
    """A departure from a ruling as it stands; it has effect once another officer has confirmed it."""

    proposed_by: str
    confirmed_by: str | None


class RulingInDecisionOut(BaseModel):
    """What a decision made of a ruling that binds."""

    number: str
    version: int
    outcome: Literal["honoured", "departed", "not_called_upon"]
    ground: str | None = None
    reason: str | None = None
    document: str | None = None
    proposed_by: str | None = None
    confirmed_by: str | None = None
