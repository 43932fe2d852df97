"""Checks that packs are whole: every mistake is told with file, line and cure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from crossing.packs.examples import run_examples
from crossing.packs.files import read_yaml
from crossing.packs.load import (
    COUNTRIES_WITH_PACKS,
    FACTS_FOLDER,
    PACKS_FOLDER,
    load_dictionary,
    load_overlays,
    merged,
    pack_files,
)
from crossing.rules import Pack, PackError, RequestError, apply_overlay
from crossing.rules.dates import add
from crossing.rules.phrases import LANGUAGES

_KINDS = ("bright_line", "judgement", "mixed", "provision")


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
    """Check the dictionary and every pack without running examples: what a service does before it starts."""
    inspection = Inspection()
    try:
        dictionary = load_dictionary(facts_folder)
    except PackError as error:
        inspection.findings.append(Finding("/".join(map(str, error.path)), error.message))
        return inspection
    inspection.findings += [Finding(_place(facts_folder, path), text) for path, text in _dictionary(dictionary)]
    if inspection.findings:
        return inspection
    for folder in COUNTRIES_WITH_PACKS.values():
        _check_pack(packs_folder / folder, dictionary, inspection)
    return inspection


def check_packs() -> Inspection:
    """Check everything ``check_law`` does, and that every requirement is decided both ways by some worked example."""
    inspection = check_law()
    if inspection.findings:
        return inspection
    report = run_examples()
    for name, differences in report.differences.items():
        inspection.findings.append(Finding(name, f"the worked example fails: {differences[0]}"))
    dictionary = load_dictionary()
    for folder in COUNTRIES_WITH_PACKS.values():
        content = merged(PACKS_FOLDER / folder, dictionary)
        for raw in content["requirements"]:
            lacking = {"met", "not_met"} - report.decided.get(raw["id"], set())
            if raw["kind"] != "provision" and lacking:
                place = _place(PACKS_FOLDER / folder, ("requirements", raw["id"]))
                inspection.findings.append(
                    Finding(
                        place, f"{raw['id']} is never {' nor '.join(sorted(lacking))} in an example; add one that is"
                    )
                )
    return inspection


def _check_pack(folder: Path, dictionary: Mapping[str, Any], inspection: Inspection) -> None:
    try:
        content = merged(folder, dictionary)
    except PackError as error:
        inspection.findings.append(Finding(_place(folder, error.path), error.message))
        return
    problems = list(_requirements(content, inspection.counts))
    problems += list(_other_texts(content))
    problems += list(_holes(content))
    if not problems:
        problems += list(_compiles(content))
    inspection.findings += [Finding(_place(folder, path), text) for path, text in dict.fromkeys(problems)]


def _requirements(content: Mapping[str, Any], counts: Counter[str]) -> Iterator[tuple[tuple[Any, ...], str]]:
    documents, outcomes = content["dictionary"]["documents"], {row["id"] for row in content["outcomes"]}
    placed = _placed(content)
    for raw in content["requirements"]:
        where = ("requirements", raw["id"])
        counts["requirements"] += 1
        counts["with citation"] += bool(raw.get("citation")) or all("citation" in v for v in raw.get("versions", [{}]))
        counts["verified" if raw.get("verified") else "unverified"] += 1
        for language in LANGUAGES:
            counts[f"in {language}"] += bool(raw.get("text", {}).get(language))
        yield from _texts(raw, ("text",), where)
        if raw.get("kind") not in _KINDS:
            yield where, f"{raw['id']} needs a kind: one of {', '.join(_KINDS)}"
            continue
        if not raw.get("citation") and not all(version.get("citation") for version in raw.get("versions", [{}])):
            yield where, f"{raw['id']} has no citation; name the section and paragraph it stands on"
        if not isinstance(raw.get("verified"), bool):
            yield where, f"{raw['id']} needs verified: true or false"
        elif not raw["verified"] and not raw.get("unverified_note"):
            yield where, f"{raw['id']} is unverified and needs an unverified_note saying what was not seen"
        if raw["kind"] == "provision":
            continue
        yield from _texts(raw, ("cure",), where)
        for document in raw.get("evidence", ()):
            if document not in documents:
                yield where, f"{raw['id']} names the document {document!r}, which the dictionary does not have; add it"
        if raw.get("on_fail") not in outcomes:
            yield where, f"{raw['id']} needs on_fail: the id of an outcome, not {raw.get('on_fail')!r}"
        if raw["id"] not in placed:
            yield where, f"{raw['id']} stands in no class's tree; place it or make it a provision"


def _placed(content: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, str):
            found.add(node)
        elif isinstance(node, Mapping):
            for key, inner in node.items():
                if key == "section":
                    walk(content["sections"].get(inner, ()))
                elif key in ("all_of", "any_of", "then"):
                    walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    for raw in content["classes"]:
        walk(raw.get("requires", ()))
    return found


def _other_texts(content: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], str]]:
    requirements = {raw["id"] for raw in content["requirements"]}
    for raw in content["classes"]:
        yield from _texts(raw, ("title",), ("classes", raw["id"]))
        for provision in raw.get("provisions", ()):
            if provision not in requirements:
                yield ("classes", raw["id"]), f"no provision is called {provision!r}; correct it"
    for name, section in content["sections"].items():
        for provision in section.get("provisions", ()):
            if provision not in requirements:
                yield ("sections", name), f"no provision is called {provision!r}; correct it"
    for raw in content["outcomes"]:
        yield from _texts(raw, ("text", "recourse"), ("outcomes", raw["id"]))
    for name, table in content["tables"].items():
        seen = Counter(row["id"] for row in table["rows"])
        for row in table["rows"]:
            yield from _texts(row, ("text",), ("tables", name, row["id"]))
            if seen[row["id"]] > 1:
                yield ("tables", name, row["id"]), f"the row {row['id']!r} stands there twice; keep one"


def _texts(
    raw: Mapping[str, Any], keys: tuple[str, ...], where: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], str]]:
    for key in keys:
        text = raw.get(key) or {}
        lacking = [language for language in LANGUAGES if not (isinstance(text, Mapping) and text.get(language))]
        if lacking and not (key == "text" and all(key in version for version in raw.get("versions", [{}]))):
            yield where, f"{where[-1]} has no {key} in {', '.join(lacking)}; write it"


def _holes(content: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], str]]:
    series = [(("values", name), value["dated"]) for name, value in content["values"].items()]
    for name, table in content["tables"].items():
        series += [(("tables", name, row["id"]), row["amounts"]) for row in table["rows"] if "amounts" in row]
    for raw in content["requirements"]:
        if isinstance(raw.get("citation"), list):
            series.append((("requirements", raw["id"]), raw["citation"]))
    for where, dated in series:
        for earlier, later in zip(dated, dated[1:], strict=False):
            if "until" in earlier and add(earlier["until"], "P1D") != later["from"]:
                yield (
                    where,
                    f"{where[-1]} has a hole or an overlap: one entry ends on {earlier['until']}, the next begins on"
                    f" {later['from']}; make the end the day before the beginning",
                )
            elif earlier["from"] >= later["from"]:
                yield where, f"{where[-1]}: the entries are not in the order of their days; sort them"


def _compiles(content: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], str]]:
    pack = Pack(content)
    for day in [pack.earliest, *pack.days_of_change()]:
        try:
            pack.on(day)
        except PackError as error:
            path = error.path
            if path[0] in ("requirements", "classes") and isinstance(path[1], int):
                path = (path[0], content[path[0]][path[1]]["id"], *path[2:])
            yield path, error.message
            return


def _dictionary(dictionary: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], str]]:
    types = ("boolean", "date", "country", "code", "text", "integer", "percent", "set", "list")
    for path, definition in dictionary["facts"].items():
        where = ("facts", path)
        yield from _texts(definition, ("label", "question"), where)
        if definition.get("type") not in types:
            yield where, f"{path} needs a type: one of {', '.join(types)}"
        for option, text in (
            dict.fromkeys(definition.get("options") or ()).items()
            if isinstance(definition.get("options"), list)
            else (definition.get("options") or {}).items()
        ):
            yield from _texts({"text": text}, ("text",), (*where, option))
        for document in definition.get("proved_by", ()):
            if document not in dictionary["documents"]:
                yield where, f"{path} is proved by {document!r}, which is not among the documents; add it"
        head, bracket, _ = path.partition("[]")
        if bracket and dictionary["facts"].get(head, {}).get("type") != "list":
            yield where, f"{head} needs an entry of its own with type: list"
    for name, text in dictionary["documents"].items():
        yield from _texts({"text": text}, ("text",), ("documents", name))


def check_overlays(packs: Mapping[str, Pack]) -> Iterator[Finding]:
    """Whether every overlay can be laid over the pack it changes, on its first day."""
    for name, overlay in load_overlays().items():
        try:
            day = overlay["in_force"]["from"]
            apply_overlay(packs[overlay["into"]], overlay, day).on(day)
        except (PackError, RequestError) as error:
            yield Finding(f"overlays/{name}", str(error))


def _place(folder: Path, path: tuple[Any, ...]) -> str:
    """``file:line`` of an entry, found by the names on the way to it."""
    names = [str(step) for step in path]
    for file in [*pack_files(folder)]:
        document = read_yaml(file) or {}
        if names and names[0] == file.name:
            names = names[1:]
        if _reach(document, names) == 0:
            continue
        marked = YAML(typ="rt").load(file.read_text(encoding="utf-8"))
        return f"{file.parent.name}/{file.name}:{_line(marked, names)}"
    return "/".join([folder.name, *names])


def _step(value: Any, name: str) -> Any:
    """The key or index under which a named entry stands in a map or a list of entries with ids."""
    if isinstance(value, Mapping):
        return name if name in value else ("rows" if "rows" in value else None)
    if isinstance(value, list):
        for number, entry in enumerate(value):
            if isinstance(entry, Mapping) and entry.get("id") == name:
                return number
        return int(name) if name.isdigit() and int(name) < len(value) else None
    return None


def _reach(value: Any, names: list[str]) -> int:
    """How many of the first two names lead somewhere; 0 when the entry is not in this file."""
    for depth, name in enumerate(names[:2]):
        key = _step(value, name)
        if key is None:
            return 0
        value = value[key]
        if depth == 1 or len(names) == 1:
            return depth + 1
    return 0


def _line(value: Any, names: list[str]) -> int:
    line = 1
    pending = list(names)
    while pending:
        key = _step(value, pending[0])
        if key is None:
            break
        position = value.lc.key(key) if isinstance(value, Mapping) else value.lc.item(key)
        line = position[0] + 1
        value = value[key]
        if key != "rows" or pending[0] == "rows":
            pending.pop(0)
    return line
