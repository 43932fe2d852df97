"""Bodies of files and applications that come in. Everything of a draft may be left out; completeness is told later."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from crossing.desk.case import ClassId, CountryOfAdmission, Facts
from crossing.packs.load import load_dictionary
from crossing.rulings.procedure import load_procedure
from crossing.wire.countries import Country
from crossing.wire.day import Day

Language = Literal["en", "fr", "es"]
Publication = Literal["full", "anonymised", "withheld"]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
LongText = Annotated[str, StringConstraints(min_length=3, max_length=4_000, strip_whitespace=True)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.\-/]{0,63}$")]
RulingNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Za-z0-9_.\-]{1,36}$")]
DocumentNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\- ]{1,30}$")]
#: As the mail module takes it (RFC 5321 §4.5.3.1), without quoted local parts.
MailAddress = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[^\s@<>(),;:\"\[\]\\]{1,64}@[^\s@<>(),;:\"\[\]\\]{1,189}$")
]
if TYPE_CHECKING:
    DocumentKind = str
    Scope = str
    Track = str
else:
    DocumentKind = Literal[tuple(load_dictionary()["facts"]["travel_document.kind"]["options"])]
    Scope = Literal[tuple(load_procedure().content["consent_scopes"])]
    Track = Literal[tuple(load_procedure().content["tracks"])]
_STRICT = ConfigDict(extra="forbid")


class ConsentIn(BaseModel):
    """A traveller's consent to be represented: for what, and from which day."""

    model_config = _STRICT

    given_on: Day
    scope: list[Scope] = Field(min_length=1, max_length=5)


class RepresentativeIn(BaseModel):
    """Who acts for the travellers. The consent here is that of each traveller who has none of his own."""

    model_config = _STRICT

    name: Text
    organisation: Text | None = None
    consent: ConsentIn | None = None


class PetitionerIn(BaseModel):
    """The employer or client who petitions; ``id`` is a registration number, which a change of name leaves as it is."""

    model_config = _STRICT

    id: Identifier
    legal_name: Text


class ContactIn(BaseModel):
    """Where messages go, and in which language."""

    model_config = _STRICT

    email: MailAddress
    language: Language


class IdentityIn(BaseModel):
    """The traveller as the document names him or her. A person with one name has no given names."""

    model_config = _STRICT

    surname: Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)] | None = None
    given_names: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)] | None = None
    born_on: Day | None = None
    nationality: Country | None = None
    document_kind: DocumentKind | None = None
    issued_by: Country | None = None
    document_number: DocumentNumber | None = None
    expires_on: Day | None = None
    passid: Identifier | None = Field(default=None, description="number in a trusted traveller programme")


class OrganisationIn(BaseModel):
    """A company or body that takes part."""

    model_config = _STRICT

    legal_name: Text | None = None
    registration_id: Identifier | None = None
    address: Text | None = None
    country: Country | None = None


class OwnerIn(BaseModel):
    """A link of an ownership chain."""

    model_config = _STRICT

    legal_name: Text
    registration_id: Identifier | None = None
    share_percent: Annotated[int, Field(strict=True, ge=0, le=100)]


class PlaceIn(BaseModel):
    """A place of work; ``subdivision`` is the state or province (ISO 3166-2)."""

    model_config = _STRICT

    country: Country
    subdivision: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]
    address: Text | None = None


class RegulationIn(BaseModel):
    """Whether a state or province regulates the occupation, and the licence held there."""

    model_config = _STRICT

    subdivision: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]
    regulated: bool
    licence: Text | None = None


class PriorDecisionIn(BaseModel):
    """An earlier refusal, withdrawal or waiver."""

    model_config = _STRICT

    kind: Literal["refusal", "withdrawal", "waiver"]
    on: Day
    country: Country
    note: Text | None = None


class RequestIn(BaseModel):
    """What an application says besides the facts of the dictionary (specification, section 5)."""

    model_config = _STRICT

    first_entry: Day | None = None
    last_entry: Day | None = None
    ports: list[Text] | None = Field(default=None, max_length=20)
    employer: OrganisationIn | None = None
    receiving_entity: OrganisationIn | None = None
    relation: Text | None = None
    ownership_chain: list[OwnerIn] | None = Field(default=None, max_length=20)
    duties: LongText | None = None
    places_of_work: list[PlaceIn] | None = Field(default=None, max_length=20)
    pay_source: Text | None = None
    profits_to: Text | None = None
    hands_on_percent: Annotated[int, Field(strict=True, ge=0, le=100)] | None = None
    regulated_occupation: list[RegulationIn] | None = Field(default=None, max_length=70)
    prior_decisions: list[PriorDecisionIn] | None = Field(default=None, max_length=50, description="[] when none")
    labour_dispute: bool | None = None
    pending_in_court: bool | None = None
    new_office: bool | None = None
    ownership_changed: bool | None = None
    credential_unlisted: bool | None = None
    blanket_ruling: RulingNumber | None = None


class TravellerIn(BaseModel):
    """A traveller of a file."""

    model_config = _STRICT

    identity: IdentityIn = Field(default_factory=IdentityIn)
    facts: Facts = Field(default_factory=Facts)
    request: RequestIn = Field(default_factory=RequestIn)
    consent: ConsentIn | None = None


class FileIn(BaseModel):
    """A file for one or more travellers who seek the same class."""

    model_config = _STRICT

    into: CountryOfAdmission
    class_: ClassId = Field(alias="class")
    language: Language = "en"
    publication: Publication = "anonymised"
    filed_by: Literal["applicant", "petitioner", "agent"] = "applicant"
    track: Track = "standard"
    facts: Facts = Field(default_factory=Facts, description="facts common to every traveller")
    request: RequestIn = Field(default_factory=RequestIn, description="what is common to every traveller")
    petitioner: PetitionerIn | None = None
    representative: RepresentativeIn | None = None
    contact: ContactIn
    travellers: list[TravellerIn] = Field(min_length=1, max_length=50)

    @model_validator(mode="after")
    def _whoever_files_is_named(self) -> "FileIn":
        if self.filed_by == "agent" and self.representative is None:
            raise ValueError("a file by a representative names the representative")
        if self.filed_by == "petitioner" and self.petitioner is None:
            raise ValueError("a file by a petitioner names the petitioner")
        return self


class DraftIn(BaseModel):
    """Changes to a draft. They are laid over what it says; whatever is given as null is taken back."""

    model_config = _STRICT

    identity: IdentityIn = Field(default_factory=IdentityIn)
    facts: Facts = Field(default_factory=Facts)
    request: RequestIn = Field(default_factory=RequestIn)
    publication: Publication | None = None
    language: Language | None = None
    track: Track | None = None
    consent: ConsentIn | None = None


class CommonIn(BaseModel):
    """Changes to every draft of a file."""

    model_config = _STRICT

    facts: Facts = Field(default_factory=Facts)
    request: RequestIn = Field(default_factory=RequestIn)
