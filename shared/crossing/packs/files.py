"""YAML files as JSON values, parsed once and kept by the file's digest; and the line at which a value stands."""

import hashlib
import json
import math
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from crossing.rules import PackError

_LARGEST_INTEGER = 2**53 - 1


class _Constructor(SafeConstructor):
    """YAML's plain values; a day stays the text it is, so that one that no calendar has is told like any mistake."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)


def read_yaml(path: Path) -> Any:
    """The JSON values in a YAML 1.2 file; days are ISO 8601 strings.

    Parsed values are kept in the cache folder (``CROSSING_CACHE_DIR``), because parsing is slow. Raises ``PackError``
    with the file's line for a file that is not YAML, names a key twice or holds what JSON cannot.
    """
    text = path.read_bytes()
    kept = cache_folder() / f"{hashlib.sha256(text).hexdigest()}.json"
    with suppress(OSError, ValueError):
        return json.loads(kept.read_bytes())
    parser = YAML(typ="safe", pure=True)
    parser.Constructor = _Constructor
    try:
        value = _plain(parser.load(text))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        cure = "keep one of the two" if "duplicate key" in str(error) else "correct the YAML"
        problem = str(getattr(error, "problem", None) or error).splitlines()[0]
        raise PackError((place(path, mark.line + 1 if mark else 1),), f"{problem}; {cure}") from None
    except RecursionError:
        raise PackError((place(path, 1),), "a value holds itself; correct the YAML") from None
    except ValueError as error:
        raise PackError((place(path, 1),), f"{error}; correct the YAML") from None
    keep(kept, value)
    return value


def place(path: Path, line: int) -> str:
    """How a line of a file is named: folder, file and line."""
    return f"{path.parent.name}/{path.name}:{line}"


def line_of(path: Path, steps: Sequence[str | int]) -> int:
    """The line of the value that keys, indexes and ids of entries lead to, or of the last on the way that is there."""
    node, line = _composed(path.read_bytes()), 1
    for step in steps:
        found = _entry(node, step)
        if found is None:
            break
        line, node = found
    return line


@lru_cache(maxsize=1)
def _composed(text: bytes) -> Node | None:
    composed: Node | None = YAML(typ="safe", pure=True).compose(text)
    return composed


def _entry(node: Node | None, step: str | int) -> tuple[int, Node] | None:
    """Line and node of one entry of a map (by key) or a list (by index, or by the entry's ``id``)."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line + 1, value
            merged = _entry(value, step) if key.value == "<<" else None
            if merged:
                return merged
    if isinstance(node, SequenceNode):
        for number, value in enumerate(node.value):
            found = _entry(value, "id") if isinstance(step, str) and isinstance(value, MappingNode) else None
            if number == step or (found and found[1].value == step):
                return value.start_mark.line + 1, value
    return None


def cache_folder() -> Path:
    """Where parsed files are kept."""
    default = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "crossing"
    return Path(os.environ.get("CROSSING_CACHE_DIR", default))


def keep(path: Path, value: Any) -> None:
    """Keep a JSON value as a file of the cache folder, written whole or not at all."""
    # A cache that cannot be written (a read-only container) costs time, never correctness.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        unfinished.replace(path)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool | str | None):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST_INTEGER:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    raise ValueError(f"{value!r} has no place in a pack")
