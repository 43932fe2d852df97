"""What entries of lists may say, and how it is said at the port: data, beside this file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from crossing.packs.files import read_yaml

LISTS: Final[Mapping[str, Any]] = read_yaml(Path(__file__).parent / "lists.yaml")
