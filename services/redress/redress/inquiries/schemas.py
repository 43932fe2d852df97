"""Bodies of inquiries that come in. A draft may leave out everything but who complains and of what country."""

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from crossing.desk.case import CountryOfAdmission
from crossing.wire.countries import Country
from crossing.wire.day import Day
from redress.inquiries.experiences import load_experiences
from redress.inquiries.representatives import load_representatives

STRICT = ConfigDict(extra="forbid")
Language = Literal["en", "fr", "es"]
#: One line without signs that turn the direction of writing round: names stand in letters and in lists.
_ONE_LINE: Final = r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$"
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True, pattern=_ONE_LINE)]
GivenNames = Annotated[str, StringConstraints(max_length=120, strip_whitespace=True, pattern=_ONE_LINE)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True, pattern=_ONE_LINE)]
LongText = Annotated[str, StringConstraints(min_length=3, max_length=4_000, strip_whitespace=True)]
Narrative = Annotated[str, StringConstraints(min_length=3, max_length=10_000, strip_whitespace=True)]
DocumentNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\- ]{1,30}$")]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
RulingNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Za-z0-9_.\-]{1,36}$")]
#: As the mail module takes it (RFC 5321 §4.5.3.1), without quoted local parts.
MailAddress = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[^\s@<>(),;:\"\[\]\\]{1,64}@[^\s@<>(),;:\"\[\]\\]{1,189}$")
]
if TYPE_CHECKING:
    ExperienceCode = str
    RepresentativeKind = str
    Scope = str
    Guardian = str
else:
    ExperienceCode = Literal[tuple(load_experiences().by_code)]
    RepresentativeKind = Literal[tuple(load_representatives()["kinds"])]
    Scope = Literal[tuple(load_representatives()["reads"])]
    Guardian = Literal[tuple(load_representatives()["guardians"])]
_MOST = load_experiences().most
Experiences = Annotated[list[ExperienceCode], Field(max_length=_MOST["experiences"])]
DocumentKind = Literal["passport", "passport_card", "drivers_licence", "permanent_resident_card", "visa", "other"]


class IdentityIn(BaseModel):
    """The one person whom an inquiry is about, as the document names them. Who has one name has no given names."""

    model_config = STRICT

    surname: Name
    given_names: GivenNames = ""
    other_names: list[Name] = Field(default_factory=list, max_length=10)
    born_on: Day
    sex: Literal["F", "M", "X"] | None = None
    birthplace: Text | None = None
    citizenships: list[Country] = Field(default_factory=list, max_length=10)


class DocumentIn(BaseModel):
    """A travel document of the traveller."""

    model_config = STRICT

    kind: DocumentKind
    number: DocumentNumber
    issued_by: Country
    expires_on: Day | None = None


class ContactIn(BaseModel):
    """Where the traveller is reached. Without an e-mail address the secret is told once, in the answer."""

    model_config = STRICT

    email: MailAddress | None = None
    postal: Annotated[str, StringConstraints(min_length=3, max_length=500)] | None = None


class JourneyIn(BaseModel):
    """Where it happened, and when the traveller travels next."""

    model_config = STRICT

    port: Text | None = None
    on: Day | None = None
    carrier: Text | None = None
    flight: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3} ?[0-9]{1,4}[A-Z]?$")] | None = None
    travel_on: Day | None = Field(default=None, description="day of the next journey; it sets the priority")


class ConsentIn(BaseModel):
    """The traveller's consent: for what, from which day, and until when."""

    model_config = STRICT

    scope: list[Scope] = Field(min_length=1, max_length=5)
    given_on: Day
    until: Day | None = None


class LicenceIn(BaseModel):
    """By whom a representative is licensed, and under which number."""

    model_config = STRICT

    body: Text
    number: DocumentNumber


class RepresentativeIn(BaseModel):
    """Who acts for the traveller; they get a secret of their own."""

    model_config = STRICT

    name: Text
    kind: RepresentativeKind
    paid: bool
    licence: LicenceIn | None = None
    email: MailAddress
    consent: ConsentIn


class GuardianIn(BaseModel):
    """The parent or guardian who files for a child."""

    model_config = STRICT

    name: Text
    relation: Guardian


class InquiryIn(BaseModel):
    """An inquiry: one person, what happened, and the statement that it is true. ``draft`` keeps it unsent."""

    model_config = STRICT

    country: CountryOfAdmission = Field(description="whose officers or records it is about")
    language: Language
    identity: IdentityIn
    documents: list[DocumentIn] = Field(default_factory=list, max_length=10)
    contact: ContactIn = Field(default_factory=ContactIn)
    experiences: Experiences = Field(default_factory=list)
    narrative: Narrative | None = None
    journey: JourneyIn = Field(default_factory=JourneyIn)
    examination_id: Id | None = Field(default=None, description="of the examination complained of, on its notice")
    ruling: RulingNumber | None = None
    filed_by: Literal["applicant", "representative"] = "applicant"
    representative: RepresentativeIn | None = None
    guardian: GuardianIn | None = None
    statement_of_truth: bool = False
    draft: bool = False


class ChangesIn(BaseModel):
    """Changes to an inquiry, each part in place of the one before. A null takes back what need not be said."""

    model_config = STRICT

    language: Language | None = None
    identity: IdentityIn | None = None
    documents: list[DocumentIn] | None = Field(default=None, max_length=10)
    contact: ContactIn | None = None
    experiences: Experiences | None = None
    narrative: Narrative | None = None
    journey: JourneyIn | None = None
    examination_id: Id | None = None
    ruling: RulingNumber | None = None
    guardian: GuardianIn | None = None


class RecoveryIn(BaseModel):
    """What somebody who lost number or secret knows. A message goes to the address on file, and nowhere else."""

    model_config = STRICT

    surname: Name
    given_names: GivenNames = ""
    born_on: Day
    email: MailAddress


class SubmissionIn(BaseModel):
    """The statement that the inquiry is true and complete."""

    model_config = STRICT

    statement_of_truth: bool


class AnswerIn(BaseModel):
    """An answer to one question."""

    model_config = STRICT

    question: Annotated[int, Field(strict=True, ge=1, le=1_000)]
    text: LongText


class AnswersIn(BaseModel):
    """Answers to the questions asked."""

    model_config = STRICT

    answers: list[AnswerIn] = Field(min_length=1, max_length=50)


class AppealIn(BaseModel):
    """Why the decision is wrong; and, when the time to appeal is over, why the appeal is late."""

    model_config = STRICT

    reason: LongText
    late_reason: LongText | None = None
