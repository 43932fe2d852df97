"""What a letter holds, in the language of the letter."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Rule:
    """A rule that the decision rests on: its id, the ISO day from which it has effect, and what it asks."""

    id: str
    effective_from: str
    text: str


@dataclass(frozen=True)
class Fact:
    """A fact relied on, and where it is seen."""

    text: str
    source: str


@dataclass(frozen=True)
class Document:
    """A document of the case by its number; ``why`` says why it was not accepted, and is empty when it was."""

    number: int
    name: str
    why: str = ""


@dataclass(frozen=True)
class Change:
    """What was changed, in which system."""

    system: str
    text: str


@dataclass(frozen=True)
class NextStep:
    """What this person can do next: before which body, in what way, until which day (ISO, included).

    ``safe_day`` is the earlier day to keep to where two sources disagree. Where no day ends it, ``last_day`` is
    ``None``, and ``clock`` says so.
    """

    body: str
    what: str
    clock: str
    last_day: str | None
    safe_day: str | None
    citation: str


@dataclass(frozen=True)
class Letter:
    """All that a letter says of this case. ``outcome`` and ``category`` are the words told, which may stand for more
    than one that is kept."""

    control_number: str
    language: str
    holder: str
    category: str
    outcome: str
    made_on: str
    told_on: str
    decision: str
    lead: tuple[str, ...]
    rules: tuple[Rule, ...]
    facts: tuple[Fact, ...]
    evidence: tuple[Document, ...]
    changes: tuple[Change, ...]
    next_steps: tuple[NextStep, ...]
    file_access: tuple[str, ...]
    secrecy: tuple[str, ...]
    badge: str | None

    def told(self) -> dict[str, Any]:
        """The letter as JSON."""
        return asdict(self)

    def prose(self) -> list[tuple[str, str]]:
        """Everything written in sentences, each with its JSON Pointer."""
        texts = [("/decision", self.decision)]
        texts += [(f"/lead/{place}", each) for place, each in enumerate(self.lead)]
        texts += [(f"/rules/{place}/text", each.text) for place, each in enumerate(self.rules)]
        texts += [(f"/facts/{place}/text", each.text) for place, each in enumerate(self.facts)]
        texts += [(f"/evidence/{place}/why", each.why) for place, each in enumerate(self.evidence)]
        texts += [(f"/changes/{place}/text", each.text) for place, each in enumerate(self.changes)]
        return [(pointer, text) for pointer, text in texts if text.strip()]
