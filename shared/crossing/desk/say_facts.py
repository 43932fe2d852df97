"""Facts as people read them: each with its label and its value, in a language."""

from collections.abc import Mapping
from typing import Any

from crossing.rules.dictionary import FactDictionary


def say_facts(facts: Mapping[str, Any], dictionary: FactDictionary, language: str) -> list[dict[str, str]]:
    """Label and value of each fact; a list of entries is told entry by entry."""
    said = []
    for path, value in facts.items():
        label = dictionary.label(path, language)
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, entry in enumerate(value, 1):
                said.append({"label": f"{label} ({number})", "value": _entry(path, entry, dictionary, language)})
        else:
            said.append({"label": label, "value": dictionary.say(path, value, language)})
    return said


def _entry(path: str, entry: Mapping[str, Any], dictionary: FactDictionary, language: str) -> str:
    return "; ".join(
        f"{dictionary.label(f'{path}[].{field}', language)}: {dictionary.say(f'{path}[].{field}', inner, language)}"
        for field, inner in entry.items()
    )
