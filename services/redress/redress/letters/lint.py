"""The letter linter: eleven checks that a letter passes before a case is decided (specification, section 9). Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from crossing.kit.problems import Texts
from crossing.packs.files import read_yaml
from redress.letters.parts import Letter
from redress.letters.reading import reading_grade, sentences_of

_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class LintContext:
    """What a letter is checked against.

    ``language`` is that of the application; ``documents`` are the numbers of the documents in the case; ``systems`` are
    those that the remedies act on; ``grants`` says whether the decision orders a correction, ``keeps_secret`` whether
    an answer of a component was given under a ground of secrecy; ``officers`` are names and subjects that may not
    stand in it; ``highest_grade`` is the school grade that must be able to read it.
    """

    language: str
    documents: frozenset[int]
    systems: frozenset[str]
    grants: bool
    keeps_secret: bool
    officers: frozenset[str]
    highest_grade: float


@dataclass(frozen=True)
class Finding:
    """A check that fired: its number from 1 to 11, the JSON Pointer into the letter, and what to do."""

    check: int
    pointer: str
    texts: Texts

    def told(self, language: str) -> dict[str, Any]:
        """The finding as JSON."""
        return {"check": self.check, "pointer": self.pointer, "text": self.texts[language]}


def lint(letter: Letter, context: LintContext) -> list[Finding]:
    """What keeps a letter from being sent, by the number of the check; empty when it may go."""
    return [
        _finding(number, pointer, values)
        for number, check in enumerate(_CHECKS, 1)
        for pointer, values in check(letter, context)
    ]


_Fired = Iterator[tuple[str, Mapping[str, Any]]]


def _one_sentence(letter: Letter, context: LintContext) -> _Fired:
    limit = _data()["longest_decision"]
    words = _WORD.findall(letter.decision)
    if len(sentences_of(letter.decision)) != 1 or len(words) > limit:
        yield "/decision", {"limit": limit}


def _rules_with_dates(letter: Letter, context: LintContext) -> _Fired:
    if not letter.rules:
        yield "/rules", {}
    for place, rule in enumerate(letter.rules):
        if not re.fullmatch(_data()["rule_id"], rule.id):
            yield f"/rules/{place}/id", {}
        if not rule.effective_from or rule.effective_from > letter.made_on:
            yield f"/rules/{place}/effective_from", {}


def _facts_with_sources(letter: Letter, context: LintContext) -> _Fired:
    if not letter.facts:
        yield "/facts", {}
    for place, fact in enumerate(letter.facts):
        for name in ("text", "source"):
            if not getattr(fact, name).strip():
                yield f"/facts/{place}/{name}", {}


def _every_document(letter: Letter, context: LintContext) -> _Fired:
    named = [each.number for each in letter.evidence]
    if len(named) != len(set(named)) or set(named) != context.documents:
        yield "/evidence", {}


def _changes_by_system(letter: Letter, context: LintContext) -> _Fired:
    named = {each.system for each in letter.changes}
    if (context.grants and not named) or not context.systems <= named:
        yield "/changes", {}
    for place, change in enumerate(letter.changes):
        if not change.text.strip():
            yield f"/changes/{place}/text", {}


def _next_remedy(letter: Letter, context: LintContext) -> _Fired:
    if not any(each.last_day and each.last_day >= letter.told_on for each in letter.next_steps):
        yield "/next_steps", {}


def _way_to_the_file(letter: Letter, context: LintContext) -> _Fired:
    if not any(each.strip() for each in letter.file_access):
        yield "/file_access", {}


def _secrecy_named(letter: Letter, context: LintContext) -> _Fired:
    if context.keeps_secret and not any(re.search(r"\d", each) for each in letter.secrecy):
        yield "/secrecy", {}


def _readable(letter: Letter, context: LintContext) -> _Fired:
    text = "\n".join(each for _, each in letter.prose())
    grade = reading_grade(text, letter.language)
    if grade > context.highest_grade:
        yield "", {"grade": f"{grade:.1f}", "limit": f"{context.highest_grade:g}"}


def _no_officer(letter: Letter, context: LintContext) -> _Fired:
    named = [re.escape(each) for each in context.officers if each and not re.fullmatch(_data()["badge"], each)]
    known = [rf"(?i:(?<!\w)(?:{'|'.join(named)})(?!\w))"] if named else []
    patterns = [re.compile(each) for each in (*_data()["officer_data"], *known)]
    written = [*letter.prose(), *((f"/facts/{n}/source", each.source) for n, each in enumerate(letter.facts))]
    for pointer, text in written:
        if any(pattern.search(text) for pattern in patterns):
            yield pointer, {}
    if letter.badge and not re.fullmatch(_data()["badge"], letter.badge):
        yield "/badge", {}


def _own_language(letter: Letter, context: LintContext) -> _Fired:
    if letter.language != context.language:
        yield "/language", {}
    for pointer, text in letter.prose():
        if _another_language(text, context.language):
            yield pointer, {}


def _another_language(text: str, language: str) -> bool:
    words = [word.lower() for word in _WORD.findall(text)]
    small: Mapping[str, list[str]] = _data()["small_words"]
    found = {name: sum(word in listed for word in words) for name, listed in small.items()}
    return len(words) >= _data()["least_words"] and max(found.values()) > found[language]


_CHECKS: Final[tuple[Callable[[Letter, LintContext], _Fired], ...]] = (
    _one_sentence,
    _rules_with_dates,
    _facts_with_sources,
    _every_document,
    _changes_by_system,
    _next_remedy,
    _way_to_the_file,
    _secrecy_named,
    _readable,
    _no_officer,
    _own_language,
)


def _finding(number: int, pointer: str, values: Mapping[str, Any]) -> Finding:
    texts: Texts = _data()["checks"][str(number)]
    return Finding(number, pointer, {language: text.format(**values) for language, text in texts.items()})


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_yaml(Path(__file__).parent / "lint.yaml")
    return data
