"""How much of its time a case has used, and until when somebody must act. Pure."""

from datetime import datetime, timedelta

from advance_ruling.steps import Application
from crossing.casework.procedure import duration
from crossing.rulings.procedure import load_procedure


def time_used(application: Application, at: datetime) -> timedelta:
    """What a case has used of its time by an instant; while it waits for the applicant, nothing is used."""
    latest = application.latest
    used = timedelta(seconds=latest.clock_used_s)
    return used + (at - datetime.fromisoformat(latest.clock_since)) if latest.clock_since else used


def is_late(application: Application, at: datetime) -> bool:
    """Whether a case is open for longer than the law's last day; nothing is deemed granted then."""
    runs = application.latest.clock_since is not None
    return runs and time_used(application, at) >= duration(load_procedure().content["legal_backstop"])


def due_at(application: Application) -> datetime | None:
    """Until when somebody must act: the deadline of the state, or the end of the track's time."""
    latest = application.latest
    if latest.due_at:
        return datetime.fromisoformat(latest.due_at)
    if not latest.clock_since:
        return None
    since = datetime.fromisoformat(latest.clock_since)
    return since + budget(application.content["track"]) - timedelta(seconds=latest.clock_used_s)


def budget(track: str) -> timedelta:
    """The whole time of a track."""
    return duration(load_procedure().content["tracks"][track]["total"])


def levels(application: Application) -> dict[str, timedelta]:
    """After how much time used which level is told: shares of the track's time in percent, and the law's last day."""
    procedure = load_procedure()
    total = budget(application.content["track"])
    shares = {str(share): total * share / 100 for share in procedure.content["told_at_percent"]}
    return {**shares, "late": duration(procedure.content["legal_backstop"])}
