"""What a step needs besides its state and its party, by the names the procedure gives. Pure: no I/O."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crossing.casework.procedure import Procedure
from crossing.kit.problems import Texts
from crossing.packs.files import read_yaml


@dataclass(frozen=True)
class Moment:
    """A step about to be taken: by whom, when, with what, after which earlier steps.

    ``before`` is the case file as it stands, ``content`` as it would be after the step; ``entered`` is the number of
    the step, from 1, that led to the state it stands in.
    """

    procedure: Procedure
    event: str
    party: str
    actor: str
    at: datetime
    state: str
    entered_at: datetime
    before: Mapping[str, Any]
    content: Mapping[str, Any]
    detail: Mapping[str, Any]
    events: tuple[str, ...]
    entered: int


Check = Callable[[Moment], bool]


@dataclass(frozen=True)
class Requirement:
    """A check and what to say when it does not hold."""

    holds: Check
    otherwise: Texts


def load_requirements(checks: Mapping[str, Check], texts: Path) -> dict[str, Requirement]:
    """Checks with their texts, by name; raises ``KeyError`` for a check that the file of texts does not name."""
    read: Mapping[str, Texts] = read_yaml(texts)
    return {name: Requirement(holds, read[name]) for name, holds in checks.items()}
