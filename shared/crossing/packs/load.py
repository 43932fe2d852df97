"""Loads rule packs, the fact dictionary and overlays from the package's own folders."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

from crossing.packs.files import read_yaml
from crossing.rules import Pack, PackError
from crossing.rules.phrases import LANGUAGES
from crossing.wire.countries import COUNTRIES

PACKS_FOLDER = Path(__file__).parent
FACTS_FOLDER = PACKS_FOLDER.parent / "facts"
COUNTRIES_WITH_PACKS = {"US": "us", "CA": "ca"}
_LISTS = ("requirements", "classes", "outcomes")
_MAPS = ("tests", "values", "tables", "sections")


@cache
def load_pack(country: str) -> Pack:
    """The rule pack of a country of admission (ISO 3166-1 alpha-2).

    Raises ``KeyError`` for a country without one and ``PackError`` for a pack that cannot be merged.
    """
    return Pack(merged(PACKS_FOLDER / COUNTRIES_WITH_PACKS[country], load_dictionary()), {"country": country_names()})


@cache
def load_overlays() -> dict[str, Mapping[str, Any]]:
    """Overlays by id."""
    files = sorted((PACKS_FOLDER / "overlays").glob("*.yaml"))
    overlays = [read_yaml(path) for path in files]
    return {overlay["id"]: overlay for overlay in overlays}


@cache
def load_dictionary(folder: Path = FACTS_FOLDER) -> dict[str, Any]:
    """The fact dictionary: ``facts`` by path and ``documents`` by id, each defined once."""
    merged_files: dict[str, Any] = {"facts": {}, "documents": {}}
    for path in sorted(folder.glob("*.yaml")):
        for key, entries in (read_yaml(path) or {}).items():
            if key not in merged_files:
                raise PackError((path.name, key), "a file of the dictionary has only facts and documents")
            _merge_map(merged_files[key], entries, (path.name, key))
    return merged_files


def pack_files(folder: Path, *, examples: bool = False) -> list[Path]:
    """The files of a pack: its law, or its worked examples."""
    return [path for path in sorted(folder.glob("*.yaml")) if path.name.endswith(".examples.yaml") == examples]


def merged(folder: Path, dictionary: Mapping[str, Any]) -> dict[str, Any]:
    """The law files of a folder as one content, with the dictionary it is written against."""
    content: dict[str, Any] = {key: [] for key in _LISTS} | {key: {} for key in _MAPS}
    for path in pack_files(folder):
        for key, entries in (read_yaml(path) or {}).items():
            if key in _LISTS:
                content[key] += entries
            elif key in _MAPS:
                _merge_map(content[key], entries, (path.name, key))
            elif key == "pack" and "pack" not in content:
                content["pack"] = entries
            else:
                raise PackError((path.name, key), f"expected one of pack, {', '.join(_LISTS + _MAPS)}")
    if "pack" not in content:
        raise PackError((folder.name,), "the pack has no pack.yaml with the key `pack`")
    for key in _LISTS:
        _refuse_twice((entry["id"] for entry in content[key]), (folder.name, key))
    return content | {"dictionary": dict(dictionary)}


@cache
def country_names() -> dict[str, dict[str, str]]:
    """Names of countries in each language, by alpha-2 code."""
    return {
        language: {code: name for code, name in Locale(language).territories.items() if code in COUNTRIES}
        for language in LANGUAGES
    }


def _merge_map(into: dict[str, Any], entries: Mapping[str, Any], where: tuple[str, ...]) -> None:
    if not isinstance(entries, Mapping):
        raise PackError(where, f"{where[-1]} is a map of names, not a list")
    for name, entry in entries.items():
        if name in into:
            raise PackError((*where, name), f"{name!r} is defined twice; keep one of the two")
        into[name] = entry


def _refuse_twice(identifiers: Iterable[str], where: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for identifier in identifiers:
        if identifier in seen:
            raise PackError((*where, identifier), f"the id {identifier!r} is used twice")
        seen.add(identifier)
