"""YAML files as JSON values, parsed once and kept by the file's digest."""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from crossing.rules import PackError


def read_yaml(path: Path) -> Any:
    """The JSON values in a YAML 1.2 file; days become ISO 8601 strings.

    Parsed values are kept in the cache folder (``CROSSING_CACHE_DIR``), because parsing is slow. Raises ``PackError``
    with the file's line for a file that is not YAML or names a key twice.
    """
    text = path.read_bytes()
    kept = cache_folder() / f"{hashlib.sha256(text).hexdigest()}.json"
    with suppress(OSError, ValueError):
        return json.loads(kept.read_bytes())
    try:
        value = _plain(YAML(typ="safe", pure=True).load(text))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path.name}:{mark.line + 1}" if mark else path.name
        raise PackError((place,), str(getattr(error, "problem", error))) from None
    _keep(kept, value)
    return value


def cache_folder() -> Path:
    """Where parsed files are kept."""
    default = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "crossing"
    return Path(os.environ.get("CROSSING_CACHE_DIR", default))


def _keep(path: Path, value: Any) -> None:
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
    return value.isoformat() if isinstance(value, date) else value
