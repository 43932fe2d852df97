"""What can be wrong with a dictionary or a pack beyond its shape: names that lead nowhere, holes, missing texts."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crossing.packs.terms import uses

Place = tuple[str | int, ...]
Problem = tuple[Place, str]


def undecided_problems(requirements: Iterable[Mapping[str, Any]], decided: Mapping[str, set[str]]) -> Iterator[Problem]:
    """Requirements that no worked example decides either way."""
    for raw in requirements:
        lacking = {"met", "not_met"} - decided.get(raw["id"], set())
        if raw["kind"] != "provision" and lacking:
            words = " nor ".join(sorted(lacking))
            yield ("requirements", raw["id"]), f"{raw['id']} is never {words} in an example; add one that is"


def unofficial_problems(content: Mapping[str, Any]) -> Iterator[Problem]:
    """Terms whose official French the French text does not use."""
    for where, term, is_official in uses(content):
        if not is_official:
            yield where, f"the English says {term.en!r}, whose official French is {term.fr[0]!r}; use it in the French"


def facts_problems(dictionary: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the dictionary of facts."""
    facts = dictionary["facts"]
    for path, definition in facts.items():
        for document in definition.get("proved_by", ()):
            if document not in dictionary["documents"]:
                yield ("facts", path), f"{path} is proved by {document!r}, which is not among the documents; add it"
        head, bracket, _ = path.partition("[]")
        if bracket and facts.get(head, {}).get("type") != "list":
            yield ("facts", path), f"{head} needs an entry of its own with type: list"
        earlier = definition.get("not_before")
        if earlier and facts.get(earlier, {}).get("type") != "date":
            yield ("facts", path), f"{path} is not before {earlier!r}, which is no date; correct the name"
        parents = [path[:dot] for dot, sign in enumerate(path) if sign == "."]
        if any(parent in facts for parent in parents):
            yield ("facts", path), f"{path} lies inside a fact; rename one of the two"


def content_problems(content: Mapping[str, Any], name: str, country: str) -> Iterator[Problem]:
    """What is wrong with the content of a country's pack."""
    head = content["pack"]
    if (head["id"], head["country"]) != (name, country):
        yield ("pack", "id"), f"the pack of this folder has id {name} and country {country}; correct them"
    outcomes = {row["id"] for row in content["outcomes"]}
    placed = _placed(content)
    for raw in content["requirements"]:
        for key, message in _requirement(raw, content["dictionary"]["documents"], outcomes, placed):
            yield ("requirements", raw["id"], key), f"{raw['id']} {message}"
    provisions = {raw["id"] for raw in content["requirements"] if raw["kind"] == "provision"}
    places: list[tuple[Place, Any]] = [(("classes", raw["id"]), raw) for raw in content["classes"]]
    places += [(("sections", name), section) for name, section in content["sections"].items()]
    for where, raw in places:
        for provision in raw.get("provisions", ()):
            if provision not in provisions:
                yield (*where, "provisions"), f"no provision is called {provision!r}; add it or correct the name"


def is_written(raw: Mapping[str, Any], key: str) -> bool:
    """Whether a requirement has a key at all times: for all its versions, or in each of them."""
    return key in raw or all(key in version for version in raw.get("versions", [{}]))


def _requirement(
    raw: Mapping[str, Any], documents: Mapping[str, Any], outcomes: set[str], placed: set[str]
) -> Iterator[tuple[str, str]]:
    """What is wrong with a requirement, each with the key at which it is wrong."""
    if not is_written(raw, "text"):
        yield "text", "has no text; write what must be true"
    if not is_written(raw, "citation"):
        yield "citation", "has no citation; name the section and paragraph it stands on"
    for part in [raw, *raw.get("versions", ())]:
        if part.get("verified") is False and not (part.get("unverified_note") or raw.get("unverified_note")):
            yield "verified", "is unverified and needs an unverified_note saying what was not seen"
        for document in part.get("evidence", ()):
            if document not in documents:
                yield "evidence", f"names the document {document!r}, which the dictionary does not have; add it"
    if raw["kind"] != "provision":
        yield from _tested(raw, outcomes, placed)
    elif any(key in raw for key in ("test", "evidence", "cure", "on_fail")):
        yield "kind", "is a provision: it has no test, evidence, cure or on_fail; remove them or change its kind"


def _tested(raw: Mapping[str, Any], outcomes: set[str], placed: set[str]) -> Iterator[tuple[str, str]]:
    first = raw.get("versions", [raw["in_force"]])[0]["from"]
    if not is_written(raw, "test"):
        yield "test", "is no provision and needs a test; write it, or make it a provision"
    elif "test" not in raw and first > raw["in_force"]["from"]:
        begin = raw["in_force"]["from"]
        yield "versions", f"has a hole before its first version of {first}; begin that on {begin}"
    if not is_written(raw, "cure"):
        yield "cure", "has no cure; write what would make a failing traveller meet it, or that nothing does"
    if raw.get("on_fail") not in outcomes:
        yield "on_fail", f"needs on_fail: the id of an outcome, not {raw.get('on_fail')!r}"
    for other in raw.get("fails_with", ()):
        if other not in placed:
            yield "fails_with", f"fails with {other!r}, which stands in no class's tree; correct the id"
    if raw["id"] not in placed:
        yield "id", "stands in no class's tree; place it or make it a provision"


def _placed(content: Mapping[str, Any]) -> set[str]:
    """Ids of all requirements that some class's tree asks for."""
    found: set[str] = set()
    pending: list[Any] = [raw["requires"] for raw in content["classes"]]
    sections = dict(content["sections"])
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            found.add(node)
        elif isinstance(node, list):
            pending += node
        elif isinstance(node, Mapping):
            pending += [node[key] for key in ("all_of", "any_of", "then") if key in node]
            if isinstance(node.get("section"), str):
                pending.append(sections.pop(node["section"], ()))
    return found
