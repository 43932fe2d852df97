"""Who may act for a traveller, what a consent covers, and what a representative reads. Pure, from its data file."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from crossing.kit.problems import Texts
from crossing.packs.files import read_yaml
from redress.inquiries.ages import is_younger
from redress.procedure import load_procedure

_FILE: Final = Path(__file__).parents[1] / "representatives.yaml"


@cache
def load_representatives() -> Mapping[str, Any]:
    """The data file: kinds, scopes, the age of a child, and who files for one."""
    read: dict[str, Any] = read_yaml(_FILE)
    return read


def is_child(identity: Mapping[str, Any], today: date) -> bool:
    """Whether an inquiry's person is a child, for whom a parent or guardian files."""
    return is_younger(identity.get("born_on"), load_representatives()["child"]["younger_than"], today)


def may_be_paid(kind: str, country: str) -> bool:
    """Whether a kind of representative may act for pay in a country's matters."""
    return country in load_representatives()["kinds"][kind]["paid_in"]


def paid_kinds(country: str) -> list[Texts]:
    """Names of the kinds that may act for pay in a country's matters."""
    return [each["label"] for each in load_representatives()["kinds"].values() if country in each["paid_in"]]


def needs_licence(kind: str) -> bool:
    """Whether a kind is known by the body that licenses it."""
    return bool(load_representatives()["kinds"][kind].get("licence"))


def is_represented(content: Mapping[str, Any], today: str, access: int) -> bool:
    """Whether the holder of an access represents the traveller on a day, the consent being neither over nor gone."""
    representative = content.get("representative")
    if not representative or representative["access"] != access:
        return False
    consent = representative["consent"]
    return not consent.get("revoked_on") and (consent.get("until") is None or today <= consent["until"])


def may_take(representative: Mapping[str, Any], event: str) -> bool:
    """Whether the traveller's consent covers a step."""
    scopes = load_procedure().content["consent_scopes"]
    return any(event in scopes[each] for each in representative["consent"]["scope"])


def reads(representative: Mapping[str, Any], part: str) -> bool:
    """Whether the traveller's consent covers a part of the answer."""
    scopes = load_representatives()["reads"]
    return any(part in scopes[each] for each in representative["consent"]["scope"])


def never_reads(representative: Mapping[str, Any]) -> frozenset[str]:
    """What this representative reads in no case: ``criminal``, ``medical``, ``security``."""
    return frozenset(load_procedure().content["never_shown_to"].get(representative["kind"], ()))
