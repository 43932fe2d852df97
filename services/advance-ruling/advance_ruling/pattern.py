"""What a case is about, whoever the person is: the digest by which equal cases are found."""

from collections.abc import Mapping
from typing import Any, Final

from crossing.packs.load import load_dictionary
from crossing.rules import digest_of

_FACTS: Final = load_dictionary()["facts"]


def pattern_of(facts: Mapping[str, Any], class_id: str) -> str:
    """The digest of a case's pattern: its class and its material facts, without the person and without days.

    ``facts`` are flat, by path of the dictionary. Two cases with one pattern ask the same question of the law, though
    one may begin later; so they get the same answer, or one that explains the difference.
    """
    kept = {path: _plain(path, value) for path, value in facts.items() if path in _FACTS or f"{path}[]" in _LISTS}
    told = {path: value for path, value in kept.items() if value is not None}
    return digest_of({"class": class_id, "facts": dict(sorted(told.items()))}).removeprefix("sha256:")


_LISTS: Final = {f"{path.partition('[]')[0]}[]" for path in _FACTS if "[]" in path}


def _plain(path: str, value: Any) -> Any:
    """The value as far as it is material; lists of entries whole, in one order; ``None`` for what does not count."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        entries = [
            {key: inner for key, inner in entry.items() if _counts(f"{path}[].{key}") and inner is not None}
            for entry in value
        ]
        return sorted(filter(None, entries), key=lambda entry: str(sorted(entry.items()))) or None
    return value if _counts(path) else None


def _counts(path: str) -> bool:
    about = _FACTS.get(path, {})
    return bool(about.get("material")) and not about.get("personal") and about["type"] != "date"
