"""Loads rule packs, the fact dictionary and overlays from the package's own folders."""

from collections.abc import Mapping, Sequence
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
    return read_pack(PACKS_FOLDER / COUNTRIES_WITH_PACKS[country], load_dictionary())


def read_pack(folder: Path, dictionary: Mapping[str, Any]) -> Pack:
    """The rule pack in a folder, written against a dictionary; raises ``PackError`` if it cannot be merged."""
    return Pack(merged(folder, dictionary), {"country": country_names()})


@cache
def load_overlays() -> dict[str, Mapping[str, Any]]:
    """Overlays by id."""
    return read_overlays(PACKS_FOLDER)


def read_overlays(packs_folder: Path) -> dict[str, Mapping[str, Any]]:
    """Overlays beside the packs of a folder, by id."""
    overlays = [read_yaml(path) for path in overlay_files(packs_folder)]
    return {overlay["id"]: overlay for overlay in overlays}


@cache
def load_dictionary() -> dict[str, Any]:
    """The fact dictionary: ``facts`` by path and ``documents`` by id."""
    return read_dictionary(FACTS_FOLDER)


def read_dictionary(folder: Path) -> dict[str, Any]:
    """The fact dictionary in a folder; raises ``PackError`` for what is defined twice."""
    dictionary: dict[str, Any] = {"facts": {}, "documents": {}}
    for path in dictionary_files(folder):
        for key, entries in (read_yaml(path) or {}).items():
            _merge_map(dictionary[key], entries, (path.name, key))
    return dictionary


def dictionary_files(folder: Path) -> list[Path]:
    """The files of the fact dictionary."""
    return sorted(folder.glob("*.yaml"))


def overlay_files(packs_folder: Path) -> list[Path]:
    """The files of overlays, one for each."""
    return sorted((packs_folder / "overlays").glob("*.yaml"))


def pack_files(folder: Path, *, examples: bool = False) -> list[Path]:
    """The files of a pack: its law, or its worked examples."""
    return [path for path in sorted(folder.glob("*.yaml")) if path.name.endswith(".examples.yaml") == examples]


def merged(folder: Path, dictionary: Mapping[str, Any]) -> dict[str, Any]:
    """The law files of a folder as one content, with the dictionary it is written against.

    Raises ``PackError`` for what is defined twice and for a folder without ``pack.yaml``.
    """
    content: dict[str, Any] = {key: [] for key in _LISTS} | {key: {} for key in _MAPS}
    for path in pack_files(folder):
        for key, entries in (read_yaml(path) or {}).items():
            if key in _LISTS:
                _merge_list(content[key], entries, (path.name, key))
            elif key in _MAPS:
                _merge_map(content[key], entries, (path.name, key))
            elif key in content:
                raise PackError((path.name, key), "the pack is described twice; keep one of the two")
            else:
                content[key] = entries
    if "pack" not in content:
        raise PackError((folder.name,), "the pack has no file with the key `pack`; add pack.yaml")
    return content | {"dictionary": dict(dictionary)}


@cache
def country_names() -> dict[str, dict[str, str]]:
    """Names of countries in each language, by alpha-2 code."""
    return {
        language: {code: name for code, name in Locale(language).territories.items() if code in COUNTRIES}
        for language in LANGUAGES
    }


def _merge_map(into: dict[str, Any], entries: Mapping[str, Any], where: tuple[str, ...]) -> None:
    for name, entry in entries.items():
        if name in into:
            raise PackError((*where, name), f"{name!r} is defined twice; keep one of the two")
        into[name] = entry


def _merge_list(into: list[Any], entries: Sequence[Mapping[str, Any]], where: tuple[str, ...]) -> None:
    known = {entry["id"] for entry in into}
    for number, entry in enumerate(entries):
        if entry["id"] in known:
            raise PackError((*where, number), f"the id {entry['id']!r} is used twice; keep one of the two")
        known.add(entry["id"])
        into.append(entry)
