"""What all shapes are made of: texts, spans of days, citations."""

from collections.abc import Callable, Iterable, Mapping
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
    model_validator,
)

from crossing.packs.load import COUNTRIES_WITH_PACKS
from crossing.rules.dates import add
from crossing.wire.day import Day


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


def one_of(known: Iterable[str]) -> Callable[[str], str]:
    def check(name: str) -> str:
        if name not in known:
            raise ValueError(f"write one of {', '.join(known)}")
        return name

    return check


Sentence = Annotated[str, StringConstraints(min_length=1)]
Country = Annotated[str, AfterValidator(one_of(COUNTRIES_WITH_PACKS))]
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


def unbroken(series: list[Any]) -> list[Any]:
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
    | Annotated[list[DatedCitation], Field(min_length=1), AfterValidator(unbroken), Tag("dated")],
    Discriminator(_spelling),
]
