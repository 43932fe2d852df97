"""Bodies that keep records, and bodies that a case outside redress is sent to; from units.yaml."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from crossing.packs.files import read_yaml

_FILE: Final = Path(__file__).parent / "units.yaml"


@cache
def load_units() -> Mapping[str, Any]:
    """The data file: ``units`` and ``referral`` by id."""
    read: dict[str, Any] = read_yaml(_FILE)
    return read


def unit_name(unit: str, language: str) -> str:
    """The name of a body that keeps records; its id where the list has none, as for a unit of a port."""
    listed = load_units()["units"].get(unit)
    return str(listed["name"][language]) if listed else unit


def referral_name(body: str, language: str) -> str:
    """The name of a body that cases are sent to; raises ``KeyError``."""
    return str(load_units()["referral"][body]["name"][language])


def any_secret(units: Iterable[str]) -> bool:
    """Whether the records of any of some bodies come from security sources."""
    return any(is_secret(unit) for unit in units)


def is_secret(unit: str) -> bool:
    """Whether the records of a body come from security sources."""
    return bool(load_units()["units"].get(unit, {}).get("secret"))
