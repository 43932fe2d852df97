"""Checks that packs are whole: every mistake is told with file, line and cure."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

import crossing.packs
import crossing.rules
from crossing.packs.contents import (
    Place,
    Problem,
    content_problems,
    facts_problems,
    is_written,
    undecided_problems,
    unofficial_problems,
)
from crossing.packs.examples import run_examples
from crossing.packs.files import cache_folder, keep, line_of, place, read_yaml
from crossing.packs.load import (
    COUNTRIES_WITH_PACKS,
    FACTS_FOLDER,
    PACKS_FOLDER,
    dictionary_files,
    merged,
    overlay_files,
    pack_files,
    read_dictionary,
)
from crossing.packs.shapes import DictionaryFile, ExamplesFile, OverlayFile, PackFile, problems
from crossing.rules import Pack, PackError, RequestError, apply_overlay
from crossing.rules.phrases import LANGUAGES


@dataclass(frozen=True)
class Finding:
    """One mistake: where it stands, what it is and what would cure it."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass
class Inspection:
    """What a check of all packs found, and what it counted."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def check_law(packs_folder: Path = PACKS_FOLDER, facts_folder: Path = FACTS_FOLDER) -> Inspection:
    """Check the dictionary, every pack and every overlay without running examples: what a service does as it starts."""
    inspection = Inspection()
    folders = [packs_folder / name for name in COUNTRIES_WITH_PACKS.values()]
    inspection.findings += _shapes(dictionary_files(facts_folder), DictionaryFile)
    inspection.findings += _shapes([file for folder in folders for file in pack_files(folder)], PackFile)
    inspection.findings += _shapes(overlay_files(packs_folder), OverlayFile)
    if not inspection.findings:
        dictionary = _dictionary(facts_folder, inspection)
        if dictionary:
            packs = {name: _pack(packs_folder, name, dictionary, inspection) for name in COUNTRIES_WITH_PACKS}
            for file in overlay_files(packs_folder):
                _overlay(file, packs, inspection)
    return inspection


def check_release() -> Inspection:
    """Check the law of this release as a service does when it starts; what was found whole is not checked again.

    That it was is kept beside the parsed files, under a digest of every file that has a part in it: law and engine.
    """
    kept = cache_folder() / f"{_release_digest()}.whole"
    if kept.exists():
        return Inspection()
    inspection = check_law()
    if not inspection.findings:
        keep(kept, True)
    return inspection


def _release_digest() -> str:
    law = [path for folder in (PACKS_FOLDER, FACTS_FOLDER) for path in folder.rglob("*.yaml")]
    engine = [path for package in (crossing.packs, crossing.rules) for path in Path(package.__path__[0]).rglob("*.py")]
    digest = hashlib.sha256()
    for path in sorted({*law, *engine}):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def check_packs(packs_folder: Path = PACKS_FOLDER, facts_folder: Path = FACTS_FOLDER) -> Inspection:
    """Check everything ``check_law`` does, and that every requirement is decided both ways by some worked example.

    What an overlay adds or replaces is decided by examples under that overlay.
    """
    inspection = check_law(packs_folder, facts_folder)
    folders = [packs_folder / name for name in COUNTRIES_WITH_PACKS.values()]
    inspection.findings += _shapes(
        [file for folder in folders for file in pack_files(folder, examples=True)], ExamplesFile
    )
    if inspection.findings:
        return inspection
    report = run_examples(packs_folder=packs_folder, facts_folder=facts_folder)
    for name, differences in report.differences.items():
        inspection.findings.append(Finding(name, f"the worked example fails: {differences[0]}"))
    for folder in folders:
        content = merged(folder, {})
        found = [*undecided_problems(content["requirements"], report.decided), *unofficial_problems(content)]
        inspection.findings += _located(found, pack_files(folder), content)
    for file in overlay_files(packs_folder):
        overlay = read_yaml(file)
        for verb in ("add", "replace"):
            changed = overlay.get(verb, {}).get("requirements", [])
            for steps, message in undecided_problems(changed, report.decided_under.get(overlay["id"], {})):
                where = place(file, line_of(file, (verb, *steps)))
                inspection.findings.append(Finding(where, f"under {overlay['id']}, {message}"))
    return inspection


def _shapes(files: Iterable[Path], shape: type[BaseModel]) -> Iterator[Finding]:
    for file in files:
        try:
            raw = read_yaml(file)
        except PackError as error:
            yield Finding(str(error.path[0]), error.message)
        else:
            for steps, message in problems(shape, {} if raw is None else raw):
                yield Finding(place(file, line_of(file, steps)), message)


def _dictionary(folder: Path, inspection: Inspection) -> dict[str, Any] | None:
    files = dictionary_files(folder)
    try:
        dictionary = read_dictionary(folder)
    except PackError as error:
        inspection.findings += _located([(error.path, error.message)], files)
        return None
    found = list(facts_problems(dictionary))
    inspection.findings += _located(found, files)
    return None if found else dictionary


def _pack(packs_folder: Path, country: str, dictionary: Mapping[str, Any], inspection: Inspection) -> Pack | None:
    name = COUNTRIES_WITH_PACKS[country]
    files = pack_files(packs_folder / name)
    try:
        content = merged(packs_folder / name, dictionary)
    except PackError as error:
        inspection.findings += _located([(error.path, error.message)], files)
        return None
    _count(content, inspection.counts)
    found = list(content_problems(content, name, country))
    pack = Pack(content)
    found = found or list(_reads(pack))
    inspection.findings += _located(found, files, content)
    return None if found else pack


def _overlay(file: Path, packs: Mapping[str, Pack | None], inspection: Inspection) -> None:
    overlay = read_yaml(file)
    pack, day = packs.get(overlay["into"]), overlay["in_force"]["from"]
    if pack is None:
        return
    try:
        laid_over = apply_overlay(pack, overlay, day)
        found = list(content_problems(laid_over.content, pack.id, pack.country)) or list(_reads(laid_over, [day]))
    except PackError as error:
        found = [(error.path[1:], error.message)]
    except RequestError as error:
        found = [((), str(error))]
    for path, message in found:
        steps = _by_id(path, laid_over.content) if path and isinstance(path[-1], int) else path
        lines = [line_of(file, way) for way in (steps, ("add", *steps), ("replace", *steps))]
        inspection.findings.append(Finding(place(file, max(lines)), message))


def _count(content: Mapping[str, Any], counts: Counter[str]) -> None:
    for raw in content["requirements"]:
        counts["requirements"] += 1
        counts["with citation"] += bool(is_written(raw, "citation"))
        counts["verified" if raw["verified"] else "unverified"] += 1
        for language in LANGUAGES:
            counts[f"in {language}"] += bool(is_written(raw, "text"))


def _reads(pack: Pack, days: Iterable[str] = ()) -> Iterator[Problem]:
    """What the engine cannot read, on any day on which the law changes."""
    for day in days or [pack.earliest, *pack.days_of_change()]:
        try:
            pack.on(day)
        except PackError as error:
            yield error.path, error.message
            return


def _located(
    found: Iterable[Problem], files: list[Path], content: Mapping[str, Any] | None = None
) -> Iterator[Finding]:
    for path, message in dict.fromkeys(found):
        steps = _by_id(path, content) if content else path
        yield Finding(_place(files, steps), message)


def _by_id(path: Place, content: Mapping[str, Any]) -> Place:
    """The path with an entry's id in the stead of its index among the entries of all files."""
    if len(path) > 1 and isinstance(path[1], int):
        return (path[0], content[str(path[0])][path[1]]["id"], *path[2:])
    return path


def _place(files: list[Path], steps: Place) -> str:
    """File and line of an entry: in the file that a path begins with, or in the one that holds the entry."""
    for file in files:
        if steps[0] == file.name:
            return place(file, line_of(file, steps[1:]))
        entries = (read_yaml(file) or {}).get(steps[0], ())
        names = entries if isinstance(entries, Mapping) else [entry["id"] for entry in entries]
        if len(steps) > 1 and steps[1] in names:
            return place(file, line_of(file, steps))
    return "/".join(map(str, steps))


if __name__ == "__main__":
    # Run when the suite is set up, so that the first start need not check.
    raise SystemExit("\n".join(map(str, check_release().findings)) or None)
