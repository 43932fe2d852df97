"""The shapes of rule-pack files, said once: what keys there are, which must stand and what each may hold.

Shapes only: whether the names in a pack lead anywhere is for ``check``, and what a test says is for the rules engine.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationError,
    model_validator,
)

from crossing.packs.load import COUNTRIES_WITH_PACKS
from crossing.rules.dates import add
from crossing.rules.overlay import KINDS
from crossing.rules.phrases import LANGUAGES, REQUEST_ERRORS
from crossing.wire.day import Day

Steps = tuple[str | int, ...]


class OpenShape(BaseModel):
    """A map with these keys, and others that the law of one country needs."""

    model_config = ConfigDict(extra="allow", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_empty(cls, raw: Any) -> Any:
        empty = [key for key, value in raw.items() if value is None] if isinstance(raw, Mapping) else []
        if empty:
            raise ValueError(f"{empty[0]} is empty; write it or remove the key")
        return raw


class Shape(OpenShape):
    """A map with these keys and no other."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _one_of(known: Iterable[str]) -> Callable[[str], str]:
    def check(name: str) -> str:
        if name not in known:
            raise ValueError(f"write one of {', '.join(known)}")
        return name

    return check


Sentence = Annotated[str, StringConstraints(min_length=1)]
Country = Annotated[str, AfterValidator(_one_of(COUNTRIES_WITH_PACKS))]
Word = Literal["met", "not_met"]
Amount = Annotated[str, StringConstraints(pattern=r"^\d+\.\d{2}$")]


def _one_operator(test: dict[str, Any]) -> dict[str, Any]:
    if len(test) != 1:
        raise ValueError("a test is a map with one operator; keep one")
    return test


Test = Annotated[dict[str, Any], AfterValidator(_one_operator)]


class Text(Shape):
    """A text in every language."""

    en: Sentence
    fr: Sentence
    es: Sentence


class Span(Shape):
    """Days from which and until which something holds; both belong to it."""

    from_: Annotated[Day, Field(alias="from")]
    until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Span":
        if self.until and self.until < self.from_:
            raise ValueError(f"ends on {self.until}, before it begins on {self.from_}; correct the days")
        return self


class CitationText(Shape):
    """A citation in the languages that write it differently."""

    en: Sentence
    fr: Sentence | None = None
    es: Sentence | None = None


class DatedCitation(Span):
    """A citation as it reads for a time; it may mark the wording of that time as one that was not seen."""

    en: Sentence
    fr: Sentence | None = None
    es: Sentence | None = None
    verified: Literal[False] | None = None
    unverified_note: Sentence | None = None

    @model_validator(mode="after")
    def _says_what_was_not_seen(self) -> "DatedCitation":
        if (self.verified is False) != (self.unverified_note is not None):
            raise ValueError("`verified: false` and an unverified_note saying what was not seen stand together")
        return self


def _unbroken(series: list[Any]) -> list[Any]:
    for earlier, later in pairwise(series):
        if earlier.until and add(earlier.until, "P1D") != later.from_:
            raise ValueError(
                f"there is a hole or an overlap: one entry ends on {earlier.until}, the next begins on {later.from_};"
                " make the end the day before the beginning"
            )
        if earlier.from_ >= later.from_:
            raise ValueError("the entries are not in the order of their days; sort them")
    return series


def _spelling(citation: Any) -> str:
    if isinstance(citation, str):
        return "one"
    return "dated" if isinstance(citation, list) else "languages"


Citation = Annotated[
    Annotated[Sentence, Tag("one")]
    | Annotated[CitationText, Tag("languages")]
    | Annotated[list[DatedCitation], Field(min_length=1), AfterValidator(_unbroken), Tag("dated")],
    Discriminator(_spelling),
]


class Version(Span):
    """What of a requirement reads differently from a day on."""

    text: Text | None = None
    citation: Citation | None = None
    test: Test | None = None
    cure: Text | None = None
    evidence: list[Sentence] | None = None
    on_fail: Sentence | None = None
    verified: bool | None = None
    unverified_note: Sentence | None = None


class Requirement(Shape):
    """One atomic test of the law, or a provision."""

    id: Sentence
    kind: Literal["bright_line", "judgement", "mixed", "provision"]
    fails_with: list[Sentence] = []
    text: Text | None = None
    citation: Citation | None = None
    in_force: Span
    test: Test | None = None
    versions: Annotated[list[Version], Field(min_length=1), AfterValidator(_unbroken)] | None = None
    evidence: list[Sentence] = []
    on_fail: Sentence | None = None
    cure: Text | None = None
    verified: bool
    unverified_note: Sentence | None = None
    source: list[Sentence] = []


class DatedValue(Span):
    """A value for a time: a number, a day or a duration."""

    value: str | int | float
    citation: Citation | None = None
    verified: bool | None = None
    unverified_note: Sentence | None = None


class Value(Shape):
    """A value that changed."""

    dated: Annotated[list[DatedValue], Field(min_length=1), AfterValidator(_unbroken)]


class DatedAmount(Span):
    """What is paid for a time."""

    amount: Amount
    citation: Citation | None = None
    verified: bool | None = None
    unverified_note: Sentence | None = None


Amounts = Annotated[list[DatedAmount], Field(min_length=1), AfterValidator(_unbroken)]


class Row(OpenShape):
    """A row of a table; its other columns are the table's own."""

    id: Sentence
    text: Text
    in_force: Span | None = None
    when: Test | None = None
    amounts: Amounts | None = None
    regulation_amounts: Amounts | None = None


def _rows_differ(rows: list[Row]) -> list[Row]:
    twice = [name for name, count in Counter(row.id for row in rows).items() if count > 1]
    if twice:
        raise ValueError(f"the row {twice[0]!r} stands there twice; keep one")
    return rows


class Table(Shape):
    """A table of the law."""

    rows: Annotated[list[Row], AfterValidator(_rows_differ)]


class Section(OpenShape):
    """A part of trees that several classes share."""

    provisions: list[Sentence] = []


class Until(Shape):
    """The days of which the earliest ends the stay."""

    earliest: list[Any]


class Fees(Shape):
    """Rows of a table that are paid."""

    table: Sentence
    rows: list[Sentence]


class Grants(Shape):
    """What a class grants."""

    class_: Annotated[Sentence, Field(alias="class")]
    until: Until | None = None
    fees: Fees | None = None
    status_document: Any = None


class AdmissionClass(Shape):
    """A class of admission."""

    id: Sentence
    code: Sentence
    title: Text
    in_force: Span
    requires: dict[str, Any]
    provisions: list[Sentence] = []
    grants: Grants


class Outcome(OpenShape):
    """What an examination can end in."""

    id: Sentence
    action: Literal["admit", "refer", "refuse"]
    text: Text
    paper: Text
    effect: Text
    recourse: Text
    statutory_notice: bool
    verified: bool


class PackHead(OpenShape):
    """What a pack is."""

    id: Sentence
    country: Sentence
    version: Sentence
    title: Text
    earliest: Day


class PackFile(Shape):
    """A file of law."""

    pack: PackHead | None = None
    tests: dict[str, Test] = {}
    values: dict[str, Value] = {}
    tables: dict[str, Table] = {}
    requirements: list[Requirement] = []
    sections: dict[str, Section] = {}
    classes: list[AdmissionClass] = []
    outcomes: list[Outcome] = []


class Fact(Shape):
    """What may be stated."""

    type: Literal["boolean", "date", "country", "code", "text", "integer", "percent", "set", "list"]
    of: Literal["country", "code"] | None = None
    unit: Sentence | None = None
    label: Text
    question: Text
    options: Annotated[dict[str, Text], Field(min_length=1)] | None = None
    table: Sentence | None = None
    not_before: Sentence | None = None
    material: bool = False
    personal: bool = False
    proved_by: list[Sentence] = []

    @model_validator(mode="after")
    def _says_what_it_holds(self) -> "Fact":
        if self.type == "set" and not self.of:
            raise ValueError("a set says what it is of; add of: country or of: code")
        if self.type in ("integer", "percent") and not self.unit:
            raise ValueError(f"an {self.type} says what it counts; add a unit")
        if self.not_before and self.type != "date":
            raise ValueError("only a date has not_before; remove it")
        return self


class DictionaryFile(Shape):
    """A file of the fact dictionary."""

    facts: dict[str, Fact] = {}
    documents: dict[str, Text] = {}


class Expected(Shape):
    """What a worked example expects."""

    outcome: Literal["qualifies", "does_not_qualify", "needs_facts", "needs_judgement"] | None = None
    not_met: list[Sentence] = []
    not_met_includes: list[Sentence] = []
    met: list[Sentence] = []
    judgement: list[Sentence] = []
    missing: list[Sentence] = []
    outcomes: list[Sentence] = []
    action: Literal["admit", "refer", "refuse"] | None = None
    until: Day | None = None
    fees: dict[str, Amount] = {}
    classes: dict[str, Sentence] = {}
    refused: Annotated[str, AfterValidator(_one_of(REQUEST_ERRORS))] | None = None


class Variant(Shape):
    """A worked example with something changed."""

    id: Sentence
    change: Sentence
    on: Day | None = None
    seeking: list[Sentence] = []
    overlays: list[Sentence] = []
    facts: dict[str, Any] = {}
    findings: dict[str, Word | None] = {}
    expect: Expected


class Example(Shape):
    """A worked example."""

    id: Sentence
    title: Sentence
    source: Sentence
    into: Country
    on: Day
    seeking: list[Sentence]
    overlays: list[Sentence] = []
    facts: dict[str, Any]
    findings: dict[str, Word] = {}
    expect: Expected
    variants: list[Variant] = []


class ExamplesFile(Shape):
    """A file of worked examples."""

    examples: list[Example]


class Changed(Shape):
    """What an overlay adds or replaces."""

    tests: dict[str, Test] = {}
    values: dict[str, Value] = {}
    tables: dict[str, list[Row]] = {}
    requirements: list[Requirement] = []
    sections: dict[str, Section] = {}
    classes: list[AdmissionClass] = []
    outcomes: list[Outcome] = []


class Removed(Shape):
    """What an overlay takes away, by name."""

    tests: list[Sentence] = []
    values: list[Sentence] = []
    tables: dict[str, list[Sentence]] = {}
    requirements: list[Sentence] = []
    sections: list[Sentence] = []
    classes: list[Sentence] = []
    outcomes: list[Sentence] = []


class OverlayFile(Shape):
    """A change of law laid over a pack."""

    id: Sentence
    kind: Annotated[str, AfterValidator(_one_of(KINDS))]
    into: Country
    title: Text
    authority: Text
    scope: Text
    applies: Test | None = None
    proposal: bool = False
    drill: bool = False
    in_force: Span
    add: Changed | None = None
    replace: Changed | None = None
    remove: Removed | None = None

    @model_validator(mode="after")
    def _ends_unless_reform(self) -> "OverlayFile":
        if self.kind in ("pilot", "emergency") and not self.in_force.until:
            raise ValueError(f"in_force has no until; a change of kind {self.kind} ends, so write its last day")
        return self


def problems(shape: type[BaseModel], raw: Any) -> Iterator[tuple[Steps, str]]:
    """What is wrong with the shape of a file's content: the steps that lead there, and what would cure it."""
    try:
        shape.model_validate(raw)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            steps, owner = _walk(raw, each["loc"])
            if each["type"] == "missing":
                steps = (*steps, each["loc"][-1])
            message = _message(each["type"], steps, each)
            yield steps, f"{owner}: {message}" if owner else message


def _walk(raw: Any, loc: Steps) -> tuple[Steps, str]:
    """The steps of a location that lead somewhere in the content, and the name of the entry they lead into."""
    steps: list[str | int] = []
    owner = ""
    for step in loc:
        if (isinstance(raw, Mapping) and step in raw) or (isinstance(raw, list) and step in range(len(raw))):
            raw = raw[step]  # type: ignore[index]
            steps.append(step)
            if isinstance(raw, Mapping) and isinstance(raw.get("id"), str):
                owner = raw["id"]
            elif len(steps) == 2 and isinstance(step, str):
                owner = step
    return tuple(steps), owner


def _message(kind: str, steps: Steps, error: Any) -> str:
    last = steps[-1] if steps else "the file"
    if kind == "missing":
        if last in LANGUAGES and len(steps) > 1:
            return f"{steps[-2]} is not there in {last}; write it"
        return f"{last} is missing; write it"
    if kind == "extra_forbidden":
        return f"no key is called {last!r} here; correct its name or remove it"
    if kind == "value_error":
        said = str(error["ctx"]["error"])
        return f"{last} is {error['input']!r}; {said}" if isinstance(error["input"], str) else said
    if kind == "literal_error":
        return f"{last} is {error['input']!r}; write {error['ctx']['expected']}"
    if kind == "string_type" and isinstance(error["input"], int | float):
        return f"{last} is {error['input']!r}, which is no text; put it in quotes"
    if kind == "string_too_short":
        return f"{last} is empty; write it"
    return f"{last} is {error['input']!r:.80}; {error['msg'][0].lower()}{error['msg'][1:]}"
