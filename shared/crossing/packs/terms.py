"""The official terms: which French stands for which English, and where a text says otherwise."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from crossing.packs.files import read_yaml
from crossing.packs.load import PACKS_FOLDER
from crossing.rules.phrases import LANGUAGES

Place = tuple[str | int, ...]
#: A French word is known again by its beginning, since plural and feminine forms end otherwise.
_ENDING: Final = 2
_SHORTEST_STEM: Final = 4


@dataclass(frozen=True)
class Term:
    """A term in English with its official French; ``verified`` is false where the French is our own proposal."""

    id: str
    en: str
    fr: tuple[str, ...]
    basis: str
    ref: str
    verified: bool


@cache
def load_terms() -> tuple[Term, ...]:
    """Every term, the longest in English first, so that a term within a longer one is not taken for itself."""
    entries = read_yaml(PACKS_FOLDER / "terms.yaml")["terms"]
    terms = [
        Term(
            raw["id"],
            raw["en"],
            (raw["fr"], *raw.get("fr_also", ())),
            raw["basis"],
            raw.get("ref", ""),
            raw["verified"],
        )
        for raw in entries
    ]
    return tuple(sorted(terms, key=lambda term: -len(term.en)))


def uses(value: Any, path: Place = ()) -> Iterator[tuple[Place, Term, bool]]:
    """Each use of a term of several words in the texts below: where, which, and whether the French is the official."""
    if isinstance(value, Mapping) and set(value) == set(LANGUAGES) and isinstance(value["fr"], str):
        for term, is_official in _used(value["en"], value["fr"]):
            yield path, term, is_official
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from uses(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from uses(inner, (*path, inner["id"] if isinstance(inner, Mapping) and "id" in inner else number))


def _used(english: str, french: str) -> Iterator[tuple[Term, bool]]:
    remaining, said = _plain(english), _plain(french)
    for term in load_terms():
        words = _plain(term.en)
        if " " in words and re.search(rf"\b{words}s?\b", remaining):
            remaining = re.sub(rf"\b{words}s?\b", " ", remaining)
            yield term, any(_says(said, form) for form in term.fr)


def _says(text: str, form: str) -> bool:
    return all(word[: max(_SHORTEST_STEM, len(word) - _ENDING)] in text for word in _plain(form).split())


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().replace("œ", "oe"))
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()
