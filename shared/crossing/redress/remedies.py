"""Remedies as redress sends them and admission takes them, and what a port must see once one is applied.

Source: shared/domain/redress.md, section 10. The kinds and their probes are data (``remedies.yaml``).
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from crossing.desk.case import ClassId
from crossing.kit.problems import FieldError, field_errors
from crossing.packs.files import read_yaml
from crossing.wire.countries import Country
from crossing.wire.day import Day

_FILE: Final = Path(__file__).parent / "remedies.yaml"
_STRICT: Final = ConfigDict(extra="forbid")


@cache
def load_remedies() -> Mapping[str, Any]:
    """The data file: kinds of remedies, which may be ordered, and the routes that may be pointed to."""
    content: Mapping[str, Any] = read_yaml(_FILE)
    return content


if TYPE_CHECKING:
    Kind = str
    RecordKind = str
    RouteId = str
else:
    Kind = Literal[tuple(load_remedies()["kinds"])]
    RecordKind = Literal[
        tuple(sorted({each for kind in load_remedies()["kinds"].values() for each in kind["acts_on"]}))
    ]
    RouteId = Literal[tuple(load_remedies()["routes"])]
Text = Annotated[str, StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True)]
ControlNumber = Annotated[str, StringConstraints(pattern=r"^[2-9A-HJKMNP-Z]{9}$")]
_Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
_Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:\-]{1,64}$")]


class DocumentIn(BaseModel):
    """A document as it is printed."""

    model_config = _STRICT

    issued_by: Country
    number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\- ]{1,30}$")]


class SubjectIn(BaseModel):
    """Whom a remedy is for, by what a port finds a person by. A person with one name has no given names."""

    model_config = _STRICT

    surname: _Name
    given_names: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)] = ""
    born_on: Day
    document: DocumentIn | None = None
    membership: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\-]{1,32}$")] | None = None


class RecordIn(BaseModel):
    """The record a remedy acts on, in the version that redress has read."""

    model_config = _STRICT

    kind: RecordKind
    id: _Id
    version: int = Field(ge=1)


class _Content(BaseModel):
    model_config = _STRICT


class Nothing(_Content):
    """A remedy that says everything by its record."""


class Disambiguated(_Content):
    """The subject is not the person of the entry; the match of this sort is suppressed."""

    match: Literal["name", "document"] = "name"


class StayCorrected(_Content):
    """The day on which the subject left, and what proves it."""

    left_on: Day
    proof: Text


class Amended(_Content):
    """The class and the last day that the admission should have had, and by which version of the rules."""

    class_: ClassId = Field(alias="class")
    until: Day
    rule_version: Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Annulled(_Content):
    """The root cause for which the refusal is set aside."""

    reason_code: Annotated[str, StringConstraints(pattern=r"^RC[0-9]{1,2}$")]


class Invited(_Content):
    """The classes that the next examination decides again, and the last day on which it may open."""

    classes: list[ClassId] = Field(min_length=1, max_length=20)
    valid_until: Day


class Notated(_Content):
    """The statement that stands beside the record."""

    text: Text


class Reenrolled(_Content):
    """Why biometrics are taken anew."""

    reason: Text


class Pointed(_Content):
    """The route that is open to the subject."""

    route: RouteId


class WatchedFor(_Content):
    """What would be a repeat: a hit by an entry or by another one of its list, or a refusal for a requirement."""

    kind: Literal["lookout", "requirement"]
    id: _Id
    list: _Id | None = None


class Watched(_Content):
    """What is watched for, and the last day of the watch."""

    recurs_on: list[WatchedFor] = Field(max_length=50)
    until: Day


_CONTENTS: Final[Mapping[str, type[_Content]]] = {
    "identity_disambiguated": Disambiguated,
    "stay_corrected": StayCorrected,
    "admission_amended": Amended,
    "refusal_annulled": Annulled,
    "examination_invited": Invited,
    "ruling_restored": Nothing,
    "member_restored": Nothing,
    "biometric_reenrolled": Reenrolled,
    "record_notated": Notated,
    "route_pointed": Pointed,
    "watch_set": Watched,
    "watch_ended": Nothing,
}
_RECORD_WRONG: Final = {
    "en": "must be a record of one of the kinds {kinds}",
    "fr": "doit être un dossier de l’un des genres {kinds}",
    "es": "debe ser un registro de una de las clases {kinds}",
}
_NO_RECORD: Final = {
    "en": "is left out: a remedy of this kind names no record",
    "fr": "est omis : ce genre de mesure ne nomme aucun dossier",
    "es": "se omite: este tipo de medida no nombra ningún registro",
}


class Remedy(BaseModel):
    """A remedy, as ``PUT /v1/remedies/{id}`` takes it. ``content`` has the form of its kind: see ``remedy_errors``."""

    model_config = _STRICT

    kind: Kind
    case_id: UUID
    control_number: ControlNumber
    version: int = Field(default=1, ge=1, description="which order of this correction it is")
    subject: SubjectIn
    record: RecordIn | None = None
    content: dict[str, Any] = Field(default_factory=dict, max_length=20)


class RemedyApplied(BaseModel):
    """The acknowledgement of a remedy: it holds at every port from ``applied_at`` on."""

    id: str
    kind: str
    version: int
    applied_at: str


def content_of(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """A remedy's content in the form of its kind; raises ``ValidationError``."""
    return _CONTENTS[kind].model_validate(content).model_dump(mode="json", by_alias=True)


def remedy_errors(kind: str, record: Mapping[str, Any] | None, content: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with the record and the content of a remedy of a kind, with pointers into the remedy."""
    acts_on = load_remedies()["kinds"][kind]["acts_on"]
    errors: list[FieldError] = []
    if not acts_on and record is not None:
        errors.append(FieldError("/record", _NO_RECORD))
    elif acts_on and (record is None or record["kind"] not in acts_on):
        kinds = ", ".join(acts_on)
        says = {language: text.format(kinds=kinds) for language, text in _RECORD_WRONG.items()}
        errors.append(FieldError("/record/kind" if record else "/record", says))
    try:
        content_of(kind, content)
    except ValidationError as error:
        errors += [FieldError(f"/content{each.pointer}", each.texts) for each in field_errors(error.errors())]
    return errors


def sees(remedy: Mapping[str, Any], check: Mapping[str, Any]) -> bool:
    """Whether what a port sees of a subject is what a remedy promises; pure.

    ``remedy`` is its body as JSON with its ``id``, ``check`` a subject check of admission (or, for a ruling, what its
    verification says under ``ruling``). A remedy that was used up meanwhile was seen.
    """
    probe = load_remedies()["kinds"][remedy["kind"]]["probe"]
    if remedy["id"] in check.get("used", ()):
        return True
    wanted = {path: _meant(remedy, value) for path, value in probe["entry"].items()}
    found = any(all(_at(entry, path) == value for path, value in wanted.items()) for entry in _entries(check, probe))
    return found != bool(probe.get("absent"))


def _entries(check: Mapping[str, Any], probe: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    part = check.get(probe["in"])
    if part is None:
        return ()
    return (part,) if isinstance(part, Mapping) else part


def _meant(remedy: Mapping[str, Any], value: Any) -> Any:
    return _at(remedy, value[1:]) if isinstance(value, str) and value.startswith("/") else value


def _at(value: Any, path: str) -> Any:
    """The value at a path of names, or ``None`` where there is none."""
    for step in path.split("/"):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
