"""Subject checks as they are answered."""

from typing import Any, Literal

from pydantic import BaseModel, Field

Match = Literal["document", "membership", "control_number", "name"]


class ControlNumberOut(BaseModel):
    """A Redress Control Number that was given, and whether a correction for this subject stands under it."""

    given: str
    known: bool


class PersonOut(BaseModel):
    """Whom an entry names."""

    surname: str
    given_names: str
    born_on: str | None


class SuppressedOut(BaseModel):
    """Under which control number a match does not count, and since which day."""

    control_number: str
    since: str


class LookoutOut(BaseModel):
    """An entry of a lookout list that matches: a reason to look, never a refusal."""

    id: str
    version: int
    list: str
    owner_unit: str
    kind: str
    reason: str
    match: Match
    person: PersonOut
    suppressed: SuppressedOut | None
    text: str
    suppressed_text: str | None


class MemberOut(BaseModel):
    """A trusted-traveller membership; ``valid`` says whether it counts on the day of the check."""

    number: str
    version: int
    programme: str
    state: str
    valid_until: str
    valid: bool
    classes: list[str]
    endorsements: list[str]
    match: Match
    text: str


class CorrectedOut(BaseModel):
    """Under which control number something was corrected, and on which day."""

    control_number: str
    on: str


class StayOut(BaseModel):
    """A stay of which no exit by its last day is on record, or which redress corrected."""

    examination: str
    country: str
    class_: str | None = Field(alias="class")
    from_: str = Field(alias="from")
    until: str | None
    left_on: str | None
    overstay: bool
    corrected: CorrectedOut | None
    text: str


class SubjectOut(BaseModel):
    """What the port sees of whoever stands there, with what redress corrected. It never changes the determination.

    ``checked`` is false when the check did not answer: then nothing is known, and the examination goes on.
    """

    checked: bool
    look_closer: bool
    text: str | None
    control_number: ControlNumberOut | None
    lookouts: list[LookoutOut]
    member: MemberOut | None
    stays: list[StayOut]
    annulled: list[dict[str, Any]]
    amended: list[dict[str, Any]]
    notations: list[dict[str, Any]]
    biometric_reenrol: dict[str, Any] | None
    invitation: dict[str, Any] | None
    routes: list[dict[str, Any]]
    watch: list[dict[str, Any]]
