"""The engine beside hand-written ``if``s and beside zen-engine, on the same decisions: CPU time, best of many rounds.

All ways take turns within a round, so that whatever else the machine does falls on each of them alike.
"""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.cases import Case, measured_cases
from bench.handwritten_b1 import decide_b1
from bench.handwritten_tn import decide_tn
from bench.zen_decision import zen_context, zen_decision, zen_statuses

from crossing.packs import load_pack
from crossing.rules import determine, explain

_BY_HAND: Mapping[str, Callable[..., dict[str, Any]]] = {"us.tn": decide_tn, "us.b1.usmca": decide_b1}
_ROUNDS, _SECONDS = 60, 0.02


class Disagreement(RuntimeError):
    """Two ways to decide the same case came to different statuses."""


@dataclass(frozen=True)
class EngineFigures:
    """Microseconds of CPU time for one decision, on average over the cases."""

    compact: float
    explained: float
    by_hand: float
    zen: float


def measure_engine() -> EngineFigures:
    """Measure every way to decide; raises ``Disagreement`` unless all come to the same statuses."""
    pack = load_pack("US")
    cases = measured_cases()
    sums = [0.0, 0.0, 0.0, 0.0]
    gc.collect()
    gc.freeze()
    for case in cases:
        by_hand, graph, context = _BY_HAND[case.class_id], zen_decision(case.class_id), zen_context(case)

        def decide(case: Case = case) -> Any:
            return determine(case.facts, pack, case.on, seeking=[case.class_id], findings=case.findings)

        ways: list[Callable[[], Any]] = [
            decide,
            lambda decide=decide: explain(decide(), "en"),
            lambda case=case, by_hand=by_hand: by_hand(case.facts, case.findings, case.on),
            lambda graph=graph, context=context: graph.evaluate(context, {"trace": True}),
        ]
        _agree(case, ways[1]()["classes"][0], ways[2](), zen_statuses(ways[3]()))
        sums = [before + best for before, best in zip(sums, best_microseconds(ways), strict=True)]
    return EngineFigures(*(total / len(cases) for total in sums))


def _agree(case: Case, told: dict[str, Any], by_hand: dict[str, Any], zen: dict[str, str]) -> None:
    engine = _statuses(told)
    for name, statuses in (("hand-written", _statuses(by_hand)), ("zen-engine", zen)):
        if statuses != engine:
            differing = {each for each in engine.keys() | statuses.keys() if engine.get(each) != statuses.get(each)}
            raise Disagreement(f"{case.name}, {name}: {', '.join(sorted(differing))} differ from the engine's statuses")


def _statuses(told: dict[str, Any]) -> dict[str, str]:
    return {each["id"]: each["status"] for each in told["requirements"]}


def best_microseconds(ways: list[Callable[[], Any]]) -> list[float]:
    """CPU time of one call of each: the best of many rounds, each of as many calls as fit a fiftieth of a second."""
    calls = [max(1, round(_SECONDS / _seconds(way, 5) * 5)) for way in ways]
    rounds = [[_seconds(way, number) / number for way, number in zip(ways, calls, strict=True)] for _ in range(_ROUNDS)]
    return [min(column) * 1e6 for column in zip(*rounds, strict=True)]


def _seconds(way: Callable[[], Any], calls: int) -> float:
    started = time.process_time()
    for _ in range(calls):
        way()
    return time.process_time() - started
