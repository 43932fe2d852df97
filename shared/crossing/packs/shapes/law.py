"""Shapes of the law: requirements, tables, sections, classes, outcomes."""

from collections import Counter
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    Tag,
)

from crossing.packs.shapes.base import (
    Amount,
    Citation,
    OpenShape,
    Sentence,
    Shape,
    Span,
    Test,
    Text,
    unbroken,
)
from crossing.wire.day import Day


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
    versions: Annotated[list[Version], Field(min_length=1), AfterValidator(unbroken)] | None = None
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

    dated: Annotated[list[DatedValue], Field(min_length=1), AfterValidator(unbroken)]


class DatedAmount(Span):
    """What is paid for a time."""

    amount: Amount
    citation: Citation | None = None
    verified: bool | None = None
    unverified_note: Sentence | None = None


Amounts = Annotated[list[DatedAmount], Field(min_length=1), AfterValidator(unbroken)]


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


class DatedCode(Span):
    """A code as it reads for a time; it may mark that it was not seen for all of it."""

    value: Sentence
    verified: Literal[False] | None = None
    unverified_note: Sentence | None = None


def _code_spelling(code: Any) -> str:
    return "dated" if isinstance(code, list) else "one"


Code = Annotated[
    Annotated[Sentence, Tag("one")]
    | Annotated[list[DatedCode], Field(min_length=1), AfterValidator(unbroken), Tag("dated")],
    Discriminator(_code_spelling),
]


class Until(Shape):
    """The days of which the earliest ends the stay."""

    earliest: list[Any]


class Fees(Shape):
    """Rows of a table that are paid."""

    table: Sentence
    rows: list[Sentence]


class Grants(Shape):
    """What a class grants."""

    class_: Annotated[Code, Field(alias="class")]
    until: Until | None = None
    fees: Fees | None = None
    status_document: Any = None


class AdmissionClass(Shape):
    """A class of admission."""

    id: Sentence
    code: Code
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


class OutcomesWhere(Shape):
    """Which column of an outcome names the one that takes its place, by the value of a fact."""

    fact: Sentence
    columns: dict[str, Sentence]


class PackHead(OpenShape):
    """What a pack is."""

    id: Sentence
    country: Sentence
    version: Sentence
    title: Text
    earliest: Day
    outcomes_where: OutcomesWhere | None = None


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
