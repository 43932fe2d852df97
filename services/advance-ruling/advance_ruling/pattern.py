"""What a case is about, whoever the person is: the digest by which equal cases are found."""

from collections.abc import Mapping
from typing import Any, Final

from crossing.packs.load import load_dictionary
from crossing.rules import digest_of
from crossing.rulings.fingerprint import material_facts

_FACTS: Final = load_dictionary()["facts"]
_DAY: Final = "date"


def pattern_of(facts: Mapping[str, Any], class_id: str) -> str:
    """The digest of a case's pattern: its class and its material facts, without the person and without days.

    ``facts`` are flat, by path of the dictionary. Two cases with one pattern ask the same question of the law, though
    one may begin later; so they get the same answer, or one that explains the difference.
    """
    kept = {path: value for path, value in material_facts(facts, _FACTS).items() if _is_of_the_case(path)}
    return digest_of({"class": class_id, "facts": kept}).removeprefix("sha256:")


def _is_of_the_case(path: str) -> bool:
    about = _FACTS[path]
    return not about.get("personal") and about["type"] != _DAY
