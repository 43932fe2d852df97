"""The registry's data, and what follows from it for facts and sentences. Pure: no I/O once it is read."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from crossing.packs.files import read_yaml
from crossing.packs.load import load_dictionary
from crossing.rules import digest_of

_WORD: Final = re.compile(r"[^\W_]+")
_SENTENCE: Final = re.compile(r"(?<=[.!?…])\s+")


@cache
def rules() -> dict[str, Any]:
    """The data file."""
    read: dict[str, Any] = read_yaml(Path(__file__).parent / "registry.yaml")
    return read


def words(text: str) -> list[str]:
    """The words of a text as they are searched: without case and accents, letters and digits only."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


def public_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts a digest may tell at most: material ones, never a person's, nor what is withheld."""
    definitions = load_dictionary()["facts"]
    told: dict[str, Any] = {}
    for path, value in sorted(facts.items()):
        if _is_about(path, rules()["never_about"]):
            continue
        if definitions.get(path, {}).get("type") == "list":
            entries = [_public_entry(path, entry, definitions) for entry in value]
            told |= {path: [entry for entry in entries if entry]} if any(entries) else {}
        elif _may_be_told(path, definitions):
            told[path] = value
    return told


def _public_entry(path: str, entry: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in entry.items() if _may_be_told(f"{path}[].{field}", definitions)}


def _may_be_told(path: str, definitions: Mapping[str, Any]) -> bool:
    about = definitions.get(path, {})
    if not about.get("material") or about["type"] in rules()["never_kinds"]:
        return False
    return not about.get("personal") or path in rules()["personal_but_told"]


def _is_about(path: str, subjects: Collection[str]) -> bool:
    return any(path == subject or path.startswith(f"{subject}.") for subject in subjects)


def at_level(facts: Mapping[str, Any], level: int) -> dict[str, Any]:
    """Public facts made as general as a level says."""
    said = rules()["levels"][level]
    kept = said.get("only")
    return {
        path: value
        for path, value in facts.items()
        if not _is_about(path, said.get("without", ())) and (kept is None or path in kept)
    }


def patterns(facts: Mapping[str, Any], class_id: str) -> list[str]:
    """The digest of the pattern of facts at each level."""
    levels = range(len(rules()["levels"]))
    return [digest_of({"class": class_id, "facts": at_level(facts, each)}).removeprefix("sha256:") for each in levels]


def holder_hash(key: bytes, holder: str) -> str:
    """A keyed hash of whoever a digest would name, so that several of one firm count as one."""
    return hmac.new(key, holder.encode(), hashlib.sha256).hexdigest()


def public_sentences(text: str, names: Collection[str]) -> list[str]:
    """The sentences of a reason that may be told: without the names in the file, and without what is withheld."""
    forbidden = {word for listed in rules()["never_words"].values() for each in listed for word in words(each)}
    named = [words(name) for name in names if words(name)]
    return [
        sentence
        for sentence in _SENTENCE.split(text.strip())
        if sentence and not _tells(words(sentence), forbidden, named)
    ]


def _tells(said: list[str], forbidden: Collection[str], named: list[list[str]]) -> bool:
    if any(word in forbidden for word in said):
        return True
    return any(said[start : start + len(name)] == name for name in named for start in range(len(said)))


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
