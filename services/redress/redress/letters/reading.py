"""How hard a text is to read: the school grade that reads it with ease. Pure but for its data file."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from pyphen import Pyphen

from crossing.packs.files import read_yaml

_SENTENCE: Final = re.compile(r"[^.!?…]*[^\W\d_][^.!?…]*")
_WORD: Final = re.compile(r"[^\W\d_]+")
#: A point inside a number, a citation or an abbreviation of one letter ends no sentence.
_NO_END: Final = re.compile(r"(?<=\d)\.(?=\d)|(?<=\b\w)\.(?=\w|\s[^\W\d_]?[a-z\d])")


def reading_grade(text: str, language: str) -> float:
    """The grade of a text in ``en``, ``fr`` or ``es``, by the published formula of that language; 0 without words.

    Formulas, coefficients and sources are in ``reading.yaml``.
    """
    words = _WORD.findall(text)
    sentences = sentences_of(text)
    if not words or not sentences:
        return 0
    formula, breaks = _data()["formulas"][language], _patterns(language)
    syllables = sum(len(breaks.positions(word.lower())) + 1 for word in words)
    measured = {"words_in_sentence": len(words) / len(sentences), "syllables_in_word": syllables / len(words)}
    if "grade" in formula:
        return _weighed(formula["grade"], measured)
    return _grade_of_ease(_weighed(formula["ease"], measured))


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, each with at least one word; a line ends a sentence too."""
    plain = _NO_END.sub("", text)
    return [each.strip() for line in plain.splitlines() for each in _SENTENCE.findall(line)]


def _weighed(weights: dict[str, float], measured: dict[str, float]) -> float:
    return weights["constant"] + sum(weights[name] * value for name, value in measured.items())


def _grade_of_ease(ease: float) -> float:
    reached = (line["grade"] for line in _data()["grades_of_ease"] if ease >= line["at_least"])
    grade: float = next(reached, _data()["hardest"])
    return grade


@cache
def _patterns(language: str) -> Pyphen:
    # One letter may stand alone as a syllable, though no printer would break a line there.
    return Pyphen(lang=_data()["formulas"][language]["patterns"], left=1, right=1)


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_yaml(Path(__file__).parent / "reading.yaml")
    return data
