"""``POST /examinations`` beside its floor, by wrk, in one run: first one, then the other, and so on in turn."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.load import Run, post
from bench.samples import keep_sample, ordinary_body, take_sample
from bench.serving import first_answer_seconds, officer_token, serving, suite

CONNECTIONS = (1, 16, 64)
_PAIRS, _SECONDS = 5, 4


@dataclass(frozen=True)
class PortFigures:
    """Runs by connections, of the service and of its floor; memory and the time to the first answer.

    Of the pairs run in turn, the one with the middle ratio stands for all: neither luck nor a busy moment decides.
    """

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
            with serving("bench.floor", beneath) as bare:
                ways = [
                    (f"{service.address}/admission/v1/examinations", database),
                    (f"{bare.address}/examinations", beneath / "floor.sqlite"),
                ]
                pairs: dict[int, tuple[Run, Run]] = {}
                for connections in CONNECTIONS:
                    found = [
                        tuple(
                            post(address, body, token, kept, connections=connections, seconds=_SECONDS)
                            for address, kept in ways
                        )
                        for _ in range(_PAIRS)
                    ]
                    pairs[connections] = sorted(found, key=_ratio)[_PAIRS // 2]
        return PortFigures(
            {number: pair[0] for number, pair in pairs.items()},
            {number: pair[1] for number, pair in pairs.items()},
            resident,
            first_answer,
        )


def _ratio(pair: tuple[Run, Run]) -> float:
    return pair[0].per_second / pair[1].per_second
