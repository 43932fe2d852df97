"""Shapes of what stands around the law: facts, worked examples, overlays."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    model_validator,
)

from crossing.packs.shapes.base import Amount, Country, Sentence, Shape, Span, Test, Text, Word, one_of
from crossing.packs.shapes.law import AdmissionClass, Outcome, Requirement, Row, Section, Value
from crossing.rules.overlay import KINDS
from crossing.rules.phrases import REQUEST_ERRORS
from crossing.wire.day import Day


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
    code: Sentence | None = None
    until: Day | None = None
    fees: dict[str, Amount] = {}
    classes: dict[str, Sentence] = {}
    refused: Annotated[str, AfterValidator(one_of(REQUEST_ERRORS))] | None = None


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
    kind: Annotated[str, AfterValidator(one_of(KINDS))]
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
