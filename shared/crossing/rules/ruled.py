"""What an advance ruling may decide before travel: everything but what is examined anew at every entry."""

from collections.abc import Iterator, Mapping
from typing import Any

from crossing.rules.errors import PackError


def never_ruled(content: Mapping[str, Any]) -> frozenset[str]:
    """Ids of the requirements that no ruling may settle: those of the sections that the pack's head lists.

    Raises ``PackError`` for a section that the pack does not have.
    """
    sections, found = content["sections"], set[str]()
    for position, name in enumerate(content["pack"].get("never_ruled", ())):
        if name not in sections:
            raise PackError(("pack", "never_ruled", position), f"no section is called {name!r}; correct the name")
        found.update(_requirements(sections[name], sections))
    return frozenset(found)


def _requirements(raw: Any, sections: Mapping[str, Any]) -> Iterator[str]:
    """Ids of the requirements in a part of a tree, whichever way leads there."""
    if isinstance(raw, str):
        yield raw
    elif "section" in raw:
        yield from _requirements(sections[raw["section"]], sections)
    else:
        parts = [*raw.get("all_of", ()), *raw.get("any_of", ()), *([raw["then"]] if "then" in raw else ())]
        for part in parts:
            yield from _requirements(part, sections)
