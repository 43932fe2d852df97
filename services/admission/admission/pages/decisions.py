"""The decision as a form: one panel to admit, one to refuse, and what is seen otherwise than the determination."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from admission.examinations.schemas import DecisionIn, SupersessionIn
from admission.pages.controls import id_of
from admission.pages.posted import Posted, checked

ADMIT: Final = "admit"
REFUSE: Final = "refuse"


@dataclass(frozen=True)
class Departure:
    """A requirement that may be seen otherwise, with what was typed of it."""

    requirement: str
    text: str
    status: str
    classes: tuple[str, ...]
    box: str
    why: str
    ticked: bool
    reason: str
    error: str

    @property
    def why_id(self) -> str:
        """The id of the field for the reason."""
        return id_of(self.why)


@dataclass(frozen=True)
class ClassChoice:
    """A class of admission that can be granted."""

    id: str
    code: str
    title: str
    status: str
    chosen: bool
    until_name: str
    until: str
    longest: str | None
    error: str

    @property
    def until_id(self) -> str:
        """The id of the field for the last day."""
        return id_of(self.until_name)


@dataclass(frozen=True)
class Panel:
    """One panel of the decision."""

    action: str
    classes: tuple[ClassChoice, ...]
    departures: tuple[Departure, ...]
    settled: tuple[Departure, ...]
    reason: str
    superseding: str
    is_advised: bool
    is_open: bool
    needs_departures: bool
    errors: Mapping[str, str]

    @property
    def any_ticked(self) -> bool:
        """Whether a requirement was marked as seen otherwise."""
        return any(each.ticked for each in (*self.departures, *self.settled))

    def error(self, field: str) -> str:
        """What is wrong with a field of the panel."""
        return self.errors.get(f"{self.action}-{field}", "")


def decision_panel(
    action: str, determination: Mapping[str, Any], posted: Posted | None, errors: Mapping[str, str]
) -> Panel:
    """The panel of an action: ``admit`` or ``refuse``, filled with the engine's advice or with what was typed."""
    typed = posted if posted and posted.one("action") == action else None
    classes = determination["classes"]
    advised = determination["recommended"]["action"] == action
    settled = "qualifies" if action == ADMIT else "does_not_qualify"
    departures = list(_departures(action, classes, typed, errors))
    alike = [each["status"] == settled for each in classes]
    return Panel(
        action,
        tuple(_class_choices(determination, typed, errors)) if action == ADMIT else (),
        tuple(each for each in departures if each.status != "met"),
        tuple(each for each in departures if each.status == "met"),
        typed.one(f"{action}.reason") if typed else "",
        typed.one(f"{action}.superseding") if typed else "",
        advised,
        bool(typed) or advised,
        not (any(alike) if action == ADMIT else all(alike)),
        errors,
    )


def _class_choices(
    determination: Mapping[str, Any], typed: Posted | None, errors: Mapping[str, str]
) -> Iterable[ClassChoice]:
    classes = determination["classes"]
    chosen = typed.one("admit.class") if typed else determination["recommended"]["class"]
    for each in classes:
        longest, name = each["grants"].get("until"), f"admit.until.{each['class']}"
        yield ClassChoice(
            each["class"],
            each["code"],
            each["title"],
            each["status"],
            each["class"] == chosen or len(classes) == 1,
            name,
            typed.one(name) if typed else longest or "",
            longest,
            errors.get(id_of(name), ""),
        )


def _departures(
    action: str, classes: Iterable[Mapping[str, Any]], typed: Posted | None, errors: Mapping[str, str]
) -> Iterable[Departure]:
    """What stands in the way of the action: for an admission what is not met, for a refusal what is not failed."""
    in_the_way: Callable[[str], bool] = (lambda s: s != "met") if action == ADMIT else (lambda s: s != "not_met")
    asked_by: dict[str, list[str]] = {}
    parts: dict[str, Mapping[str, Any]] = {}
    for each in classes:
        for part in each["requirements"]:
            if in_the_way(part["status"]):
                asked_by.setdefault(part["id"], []).append(each["title"])
                parts.setdefault(part["id"], part)
    for identifier, part in parts.items():
        box, why = f"{action}.departs.{identifier}", f"{action}.why.{identifier}"
        ticked, reason = (typed.has(box), typed.one(why)) if typed else (False, "")
        error = errors.get(id_of(why), "")
        asking = tuple(asked_by[identifier])
        yield Departure(identifier, part["text"], part["status"], asking, box, why, ticked, reason, error)


def _departed(posted: Posted, action: str) -> list[str]:
    prefix = f"{action}.departs."
    return [name.removeprefix(prefix) for name in posted.fields if name.startswith(prefix)]


def _body(posted: Posted) -> dict[str, Any]:
    action = posted.one("action")
    body: dict[str, Any] = {
        "action": action,
        "reason": posted.one(f"{action}.reason"),
        "departures": [
            {"requirement": each, "reason": posted.one(f"{action}.why.{each}")} for each in _departed(posted, action)
        ],
        "notations_read": posted.all("notations_read"),
    }
    if action == ADMIT:
        granted = posted.one("admit.class")
        body |= {"class": granted or None, "until": posted.one(f"admit.until.{granted}") or None}
    return body


def read_decision(posted: Posted) -> DecisionIn:
    """The decision that a panel states; raises ``InvalidRequest``."""
    return checked(DecisionIn, _body(posted))


def read_supersession(posted: Posted) -> SupersessionIn:
    """The supersession that a panel states; raises ``InvalidRequest``."""
    return checked(
        SupersessionIn, {"reason": posted.one(f"{posted.one('action')}.superseding"), "decision": _body(posted)}
    )


def id_in_panel(pointer: str, posted: Posted) -> str:
    """The id of the field that an error of a decision or a supersession points at."""
    action = posted.one("action")
    if pointer == "/reason" and posted.has(f"{action}.superseding"):
        return f"{action}-superseding"
    place = pointer.removeprefix("/decision").removeprefix("/")
    if place == "until":
        return id_of(f"admit.until.{posted.one('admit.class')}")
    if place.startswith("departures/"):
        departed, number = _departed(posted, action), place.split("/")[1]
        return id_of(f"{action}.why.{departed[int(number)]}")
    return f"{action}-{place}"
