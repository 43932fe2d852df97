"""The check of a subject inside ``POST /examinations``, at 64 connections, with 100,000 subjects in the lists.

``python -m bench.subjects suite FOLDER PORT`` serves the suite; the time of each check is taken where it is done, and
written into the folder at the end.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.load import LoadFailed, Run, post
from bench.samples import ordinary_body
from bench.serving import officer_token, serving, suite

from admission.subjects.check import SubjectChecks

SUBJECTS = 100_000
#: Travellers who come: half of them are on a list.
_TRAVELLERS = 2 * SUBJECTS
_CONNECTIONS, _SECONDS, _FLOW = 64, 10, "SUBJECT-NUMBER"
_TIMES = "checks.json"


@dataclass(frozen=True)
class SubjectFigures:
    """Milliseconds of checks, and the load they were measured under."""

    p50_ms: float
    p99_ms: float
    checks: int
    load: Run


def measure_subjects() -> SubjectFigures:
    """Measure the running suite; raises ``LoadFailed`` when one check of a hundred did not answer.

    One that gave up counts with the time it took.
    """
    with tempfile.TemporaryDirectory(prefix="crossing-bench-") as name:
        folder = Path(name)
        with suite(folder, demonstration=True) as first:
            first.wait_for("Demonstration data:")
        _fill(folder)
        body, token = folder / "body.json", officer_token(folder)
        body.write_text(json.dumps(_body()))
        with serving("bench.subjects", folder, "suite") as service:
            load = post(
                f"{service.address}/admission/v1/examinations",
                body,
                token,
                folder / "admission.sqlite",
                connections=_CONNECTIONS,
                seconds=_SECONDS,
                subjects=_TRAVELLERS,
            )
        taken = json.loads((folder / _TIMES).read_text())
    times = sorted(taken["ms"])
    if taken["unanswered"] > len(times) / 100:
        raise LoadFailed(f"{taken['unanswered']} of {len(times)} checks of subjects did not answer")
    return SubjectFigures(times[len(times) // 2], times[int(len(times) * 0.99)], len(times), load)


def _body() -> dict[str, Any]:
    """The ordinary examination, of a traveller with a number for a name."""
    fields = {
        "issued_by": "CA",
        "document_number": f"S{_FLOW}",
        "surname": f"Subject{_FLOW}",
        "given_names": "Demo",
        "nationality": "CA",
        "born_on": "1988-04-12",
        "expires_on": "2035-05-31",
    }
    return {**ordinary_body(), "scan": {"fields": fields}}


def _fill(folder: Path) -> None:
    """Bring the lists in, as the command does: six of ten a lookout, two a membership, two an exit."""
    from crossing.cli.subjects import import_exits, import_lookouts, import_members

    importing = {"lookouts": import_lookouts, "members": import_members, "exits": import_exits}
    lines: dict[str, list[str]] = {name: [] for name in importing}
    for number in range(1, SUBJECTS + 1):
        name = ("lookouts",) * 6 + ("members",) * 2 + ("exits",) * 2
        lines[name[number % 10]].append(json.dumps(_entry(name[number % 10], number)))
    for name, bring in importing.items():
        file = folder / f"{name}.jsonl"
        file.write_text("\n".join(lines[name]))
        bring(file, folder)


def _entry(name: str, number: int) -> dict[str, Any]:
    person = {
        "surname": f"Subject{number}",
        "given_names": "Demo",
        "born_on": "1988-04-12",
        "document": {"issued_by": "CA", "number": f"S{number}"},
    }
    if name == "lookouts":
        of_list = {"list": "demo", "owner_unit": "demo", "kind": "person", "reason": "customs"}
        return {"id": f"L{number}", **of_list, **person}
    if name == "members":
        return {
            "number": f"M{number}",
            "programme": "nexus",
            "state": "active",
            "valid_until": "2035-01-01",
            "classes": ["us.tn"],
            **person,
        }
    return {"id": f"E{number}", "country": "US", "left_on": "2026-01-31", "port": "demo", **person}


@contextmanager
def _timed(folder: Path) -> Iterator[None]:
    """Take the time of every check in this process, and keep the times when it ends."""
    taken: list[float] = []
    unanswered = 0
    check = SubjectChecks.at_the_port

    async def timed(*arguments: Any) -> dict[str, Any]:
        nonlocal unanswered
        started = time.perf_counter()
        found = await check(*arguments)
        taken.append((time.perf_counter() - started) * 1000)
        unanswered += not found["checked"]
        return found

    SubjectChecks.at_the_port = timed  # type: ignore[method-assign]
    try:
        yield
    finally:
        (folder / _TIMES).write_text(json.dumps({"ms": taken, "unanswered": unanswered}))


def main(folder: Path, port: int) -> None:
    """Serve the suite on loopback until it is told to stop."""
    import signal

    from crossing.embedded.serve import serve

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # what the server passes on when it has stopped
    with _timed(folder):
        serve(folder, port, demonstration=False)


if __name__ == "__main__":
    main(Path(sys.argv[2]), int(sys.argv[3]))
