"""What is wrong with a form: a summary with a link to each field, and a sentence at the field itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from admission.pages.controls import id_of
from crossing.kit.problems import Problem

IdOf = Callable[[str], str]


@dataclass(frozen=True)
class Fault:
    """One line of the summary."""

    text: str
    id: str = ""


@dataclass(frozen=True)
class Faults:
    """What a problem means for a form; ``by_id`` says it at each field."""

    title: str = ""
    detail: str = ""
    lines: tuple[Fault, ...] = ()
    by_id: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.title)

    def at(self, identifier: str) -> str:
        """What is wrong with a field; nothing, most often."""
        return self.by_id.get(identifier, "")


def faults_of(problem: Problem | None, language: str, labels: Mapping[str, str], id_of_pointer: IdOf = id_of) -> Faults:
    """The faults of a form whose fields are called as ``labels`` says, by id."""
    if problem is None:
        return Faults()
    document: dict[str, Any] = problem.document(language)
    colon = " : " if language == "fr" else ": "
    lines: list[Fault] = []
    by_id: dict[str, str] = {}
    for error in document.get("errors", ()):
        place = _nearest(id_of_pointer(error["pointer"]), labels)
        by_id.setdefault(place, error["detail"])
        label = labels.get(place)
        lines.append(Fault(f"{label}{colon}{error['detail']}" if label else error["detail"], place))
    return Faults(document["title"], document.get("detail", ""), tuple(lines), by_id)


def _nearest(identifier: str, labels: Mapping[str, str]) -> str:
    """The field itself, or the one that contains it."""
    while identifier and identifier not in labels:
        identifier = identifier.rpartition("-")[0]
    return identifier
