"""Entries of lists as they are brought in: the bodies of their routes and the lines of their files."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from admission.covered import LISTS as TABLES
from admission.subjects.keys import keys_of
from admission.subjects.lists import LISTS
from crossing.desk.case import ClassId
from crossing.kit.json_text import json_text
from crossing.redress.remedies import DocumentIn
from crossing.wire.countries import Country
from crossing.wire.day import Day

if TYPE_CHECKING:
    LookoutKind = str
    LookoutReason = str
    MemberState = str
else:
    LookoutKind = Literal[tuple(LISTS["lookout_kinds"])]
    LookoutReason = Literal[tuple(LISTS["lookout_reasons"])]
    MemberState = Literal[tuple(LISTS["member_states"])]
EntryId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:\-]{1,64}$")]
MemberNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\-]{1,32}$")]
_Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._\-]{1,32}$")]
_Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=64, strip_whitespace=True)]


class _PersonIn(BaseModel):
    """By what a port finds a person. A person with one name has no given names."""

    model_config = ConfigDict(extra="forbid")

    surname: _Name
    given_names: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)] = ""
    born_on: Day | None = Field(
        default=None, description="without it a name is found only among those of whom none is known either"
    )
    document: DocumentIn | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of its own, by name."""
        raise NotImplementedError

    def row(self, secret: bytes) -> dict[str, Any]:
        """The row of this entry, but for its version and with whom it came."""
        issued_by, number = (self.document.issued_by, self.document.number) if self.document else (None, None)
        keys = keys_of(secret, self.surname, self.given_names, self.born_on, issued_by, number)
        return {**self.columns(), "person_key": keys.person, "document_key": keys.document}


class LookoutIn(_PersonIn):
    """An entry of a lookout list: a reason to look, never a refusal. ``withdrawn`` takes it back."""

    id: EntryId
    list: _Text
    owner_unit: _Text
    kind: LookoutKind
    reason: LookoutReason
    ends_on: Day | None = None
    withdrawn: bool = False

    def columns(self) -> dict[str, Any]:
        """See ``_PersonIn.columns``."""
        plain = ("id", "list", "owner_unit", "kind", "reason", "surname", "given_names", "born_on", "ends_on")
        return {name: getattr(self, name) for name in plain} | {
            "issued_by": self.document and self.document.issued_by,
            "document_number": self.document and self.document.number,
            "withdrawn": int(self.withdrawn),
        }


class MemberIn(_PersonIn):
    """A trusted-traveller membership. Of the person only the keys are kept."""

    number: MemberNumber
    programme: _Code
    state: MemberState
    valid_until: Day
    classes: list[ClassId] = Field(default_factory=list, max_length=20, description="classes of admission on file")
    endorsements: list[_Code] = Field(default_factory=list, max_length=20)

    def columns(self) -> dict[str, Any]:
        """See ``_PersonIn.columns``."""
        lists = {name: json_text(getattr(self, name)) for name in ("classes", "endorsements")}
        return {name: getattr(self, name) for name in ("number", "programme", "state", "valid_until")} | lists


class ExitIn(_PersonIn):
    """A person who left a country. Of the person only the keys are kept."""

    id: EntryId
    country: Country
    left_on: Day
    port: _Text
    carrier: _Text | None = None

    def columns(self) -> dict[str, Any]:
        """See ``_PersonIn.columns``."""
        return {name: getattr(self, name) for name in ("id", "country", "left_on", "port", "carrier")}


EntryIn = LookoutIn | MemberIn | ExitIn
#: The body of each list's entries, by the list's name.
BODIES: Final[Mapping[str, type[EntryIn]]] = {"lookouts": LookoutIn, "members": MemberIn, "exits": ExitIn}


def name_of(entry: EntryIn) -> str:
    """By what an entry is known from one version to the next."""
    return entry.number if isinstance(entry, MemberIn) else entry.id


def key_of(name: str) -> str:
    """The column that names an entry of a list."""
    return TABLES[name][1]
