"""``POST /examinations`` beside its floor, by wrk, in one run: first one, then the other, then both again."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.load import Run, post
from bench.samples import keep_sample, ordinary_body, take_sample
from bench.serving import first_answer_seconds, floor, officer_token, suite

CONNECTIONS = (1, 16, 64)
_SECONDS = 6


@dataclass(frozen=True)
class PortFigures:
    """Runs by connections, of the service and of its floor; memory and the time to the first answer."""

    service: Mapping[int, Run]
    floor: Mapping[int, Run]
    resident_mb: float
    first_answer_s: float


def measure_port() -> PortFigures:
    """Measure the running suite; raises ``LoadFailed`` when an answer was not 201."""
    with tempfile.TemporaryDirectory(prefix="crossing-bench-") as name:
        folder = Path(name)
        first_answer = first_answer_seconds(folder / "fresh")
        data, beneath = folder / "suite", folder / "floor"
        body = folder / "body.json"
        body.write_text(json.dumps(ordinary_body()))
        with suite(data, demonstration=True) as service:
            service.wait_for("Demonstration data:")
            resident = service.resident_mb()
            token, database = officer_token(data), data / "admission.sqlite"
            beneath.mkdir()
            keep_sample(take_sample(service.address, token, database), beneath)
            with floor(beneath) as bare:
                runs: dict[str, dict[int, list[Run]]] = {"service": {}, "floor": {}}
                ways = {
                    "service": (f"{service.address}/admission/v1/examinations", database),
                    "floor": (f"{bare.address}/examinations", beneath / "floor.sqlite"),
                }
                for connections in CONNECTIONS:
                    for way in ("service", "floor", "service", "floor"):
                        address, kept = ways[way]
                        run = post(address, body, token, kept, connections=connections, seconds=_SECONDS)
                        runs[way].setdefault(connections, []).append(run)
        best = {way: {number: _better(found) for number, found in by.items()} for way, by in runs.items()}
        return PortFigures(best["service"], best["floor"], resident, first_answer)


def _better(runs: list[Run]) -> Run:
    return max(runs, key=lambda run: run.per_second)
