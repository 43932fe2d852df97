"""What can be complained of, and which documents a complaint needs. Pure, from experiences.yaml."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from crossing.kit.problems import Texts
from crossing.packs.files import read_yaml
from crossing.packs.load import load_dictionary
from redress.inquiries.ages import is_younger

_FILE: Final = Path(__file__).parents[1] / "experiences.yaml"


@dataclass(frozen=True)
class Experience:
    """A category of complaint: who keeps the record, by country, and of which groups a document is needed."""

    code: str
    label: Texts
    routed_to: Mapping[str, Sequence[str]]
    groups: Sequence[str]
    about: str | None
    in_scope: bool


@dataclass(frozen=True)
class Experiences:
    """The data file: experiences by code, kinds of documents with their names, and the most of each."""

    by_code: Mapping[str, Experience]
    groups: Mapping[str, Any]
    documents: Mapping[str, Texts]
    about_documents: Mapping[str, Collection[str]]
    most: Mapping[str, int]

    def about_of(self, kind: str) -> str | None:
        """What a kind of document tells of that not everybody may read: ``criminal`` or ``medical``."""
        return next((about for about, kinds in self.about_documents.items() if kind in kinds), None)


@cache
def load_experiences() -> Experiences:
    """The experiences of this release."""
    read: dict[str, Any] = read_yaml(_FILE)
    by_code = {
        code: Experience(
            code, each["label"], each["routed_to"], each["documents"], each.get("about"), each.get("in_scope", True)
        )
        for code, each in read["experiences"].items()
    }
    documents = {**load_dictionary()["documents"], **read["documents"]}
    return Experiences(by_code, read["groups"], documents, read["about"], read["most"])


def in_scope(content: Mapping[str, Any]) -> bool:
    """Whether anything complained of is for redress to decide."""
    known = load_experiences().by_code
    return any(known[code].in_scope for code in content["experiences"])


def routes(content: Mapping[str, Any]) -> list[str]:
    """Units that keep the records complained of, the first one first: where a case goes unless its officer differs."""
    known, country = load_experiences().by_code, content["country"]
    return list(
        dict.fromkeys(unit for code in content["experiences"] for unit in known[code].routed_to.get(country, ()))
    )


def missing_documents(content: Mapping[str, Any], sent: Collection[str], today: date) -> list[dict[str, Any]]:
    """Groups of which a document is still needed, each with the kinds that would do.

    ``content`` is the inquiry, ``sent`` the kinds of the documents that are there, ``today`` the day by which a person
    is a child or not.
    """
    read = load_experiences()
    wanted = dict.fromkeys(group for code in content["experiences"] for group in read.by_code[code].groups)
    missing = []
    for group in wanted:
        kinds = _kinds(read.groups[group]["of_person"], content["identity"], today)
        if not set(kinds) & set(sent):
            missing.append({"group": group, "one_of": list(kinds)})
    return missing


def _kinds(rows: Sequence[Mapping[str, Any]], identity: Mapping[str, Any], today: date) -> Sequence[str]:
    kinds: Sequence[str] = next(row["one_of"] for row in rows if _fits(row.get("when", {}), identity, today))
    return kinds


def _fits(when: Mapping[str, str], identity: Mapping[str, Any], today: date) -> bool:
    if "citizen_of" in when and when["citizen_of"] not in identity.get("citizenships", ()):
        return False
    return "younger_than" not in when or is_younger(identity.get("born_on"), when["younger_than"], today)
