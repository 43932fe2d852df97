"""What is missing from an application: section 5 of the specification, and what the rule packs ask for. Pure."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from advance_ruling.eligibility import Considered
from crossing.packs.files import read_yaml
from crossing.packs.load import load_dictionary
from crossing.rules import tell
from crossing.rulings.procedure import load_procedure

_DATA: Final = read_yaml(Path(__file__).parent / "completeness.yaml")
_ITEMS: Final = {item["id"]: item for item in [*_DATA["items"], _DATA["of_the_class"]]}
#: Kinds of documents by id, with their names.
DOCUMENT_KINDS: Final[Mapping[str, Mapping[str, str]]] = {**load_dictionary()["documents"], **_DATA["documents"]}
Item = Mapping[str, Any]


def missing_items(content: Mapping[str, Any], considered: Considered, sent: Collection[str]) -> list[Item]:
    """What is missing: each with the requirement that asks for it, and with ``says``, ``fact`` or ``documents``.

    ``sent`` are the kinds of the documents that are there. Judgement is the adjudicator's and never missing here;
    neither is anything that only admissibility asks for, since no ruling decides that.
    """
    told = tell(considered.ruled, "en")
    items: list[Item] = [*_of_request(content, considered.ruled.facts, sent)]
    for question in told["next_questions"]:
        decides = question["decides"] or [_DATA["of_the_class"]["id"]]
        items.append({"requirement": decides[0], "fact": question["fact"]})
    no_documents = set(load_procedure().content["no_documents"])
    for line in told["classes"][0]["requirements"]:
        kinds = [each["id"] for each in line["evidence"]]
        if kinds and line["status"] != "not_met" and not {*kinds}.intersection({*sent, *no_documents}):
            items.append({"requirement": line["id"], "documents": kinds})
    return items


def _of_request(content: Mapping[str, Any], facts: Mapping[str, Any], sent: Collection[str]) -> list[Item]:
    found: list[Item] = []
    for item in _DATA["items"]:
        if not _applies(item, content, facts):
            continue
        if unsaid := [path for path in item.get("says", ()) if not _is_said(content, path)]:
            found.append({"requirement": item["id"], "says": unsaid})
        if "documents" in item and not {*item["documents"]}.intersection(sent):
            found.append({"requirement": item["id"], "documents": item["documents"]})
    return found


def _applies(item: Mapping[str, Any], content: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    class_id = content["class_id"]
    return (
        ("only" not in item or any(class_id.startswith(each) for each in item["only"]))
        and not any(class_id.startswith(each) for each in item.get("except", ()))
        and item.get("track", content["track"]) == content["track"]
        and all({*facts.get(path, ())}.intersection(values) for path, values in item.get("facts", {}).items())
    )


def _is_said(content: Mapping[str, Any], path: str) -> bool:
    value: Any = content
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value is not None and value != ""


def tell_items(items: Collection[Item], considered: Considered, language: str) -> list[dict[str, Any]]:
    """The missing items in a language: the requirement, what it asks, and what cures the lack."""
    return [_tell(item, considered, language) for item in items]


def _tell(item: Item, considered: Considered, language: str) -> dict[str, Any]:
    """One item, with JSON Pointers to what is to be filled in, or the kinds of documents that would do."""
    about = _ITEMS.get(item["requirement"])
    requirement = considered.whole.law.requirement(item["requirement"]) if about is None else None
    text = about["text"] if about else requirement.text if requirement else {language: ""}
    told = {
        "requirement": item["requirement"],
        "text": text[language],
        "cure": about["cure"][language] if about and "cure" in about else _cure(item, language),
        "fields": ["/" + path.replace(".", "/") for path in item.get("says", ())],
        "documents": list(item.get("documents", ())),
    }
    if "fact" in item:
        told["fields"] = ["/facts/" + item["fact"].replace(".", "/").replace("[", "/").replace("]", "")]
    return told


def _cure(item: Item, language: str) -> str:
    says = _DATA["says"]
    if "text" in item:  # an adjudicator's own words
        return str(item["text"])
    if "fact" in item:
        return str(says["answer"][language]).format(question=_question(item["fact"], language))
    kinds = ", ".join(DOCUMENT_KINDS[kind][language] for kind in item["documents"] if kind in DOCUMENT_KINDS)
    return str(says["send"][language]).format(documents=kinds)


def _question(path: str, language: str) -> str:
    head, bracket, rest = path.partition("[")
    generic = f"{head}[]{rest.partition(']')[2]}" if bracket else path
    question: str = load_dictionary()["facts"][generic]["question"][language]
    return question
