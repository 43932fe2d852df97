"""``make bench``: what the suite costs, as ratios inside one run. Writes ``var/bench.json``."""

import json
import sys
from pathlib import Path
from typing import Any

from bench.case_lists import measure_case_lists
from bench.engine import EngineFigures, measure_engine
from bench.gateway import measure_gateway, p50_over_direct
from bench.history import measure_history
from bench.law import LawFigures, measure_law
from bench.load import LoadFailed, Run, require_wrk
from bench.port import CONNECTIONS, PortFigures, measure_port
from bench.production import measure_production
from bench.registry import measure_registry
from bench.remedies import measure_remedies
from bench.rulings import RulingFigures, measure_rulings
from bench.rulings_service import measure_verification
from bench.subjects import SUBJECTS, SubjectFigures, measure_subjects
from bench.telemetry import measure_telemetry
from rich.console import Console
from rich.table import Table

_RESULT = Path("var/bench.json")


def _figure(name: str, value: float, unit: str, goal: str) -> dict[str, Any]:
    relation, _, bound = goal.partition(" ")
    holds = value <= float(bound) if relation == "<=" else value >= float(bound)
    return {"name": name, "value": round(value, 3), "unit": unit, "goal": goal, "holds": holds}


def figures(engine: EngineFigures, law: LawFigures, port: PortFigures) -> list[dict[str, Any]]:
    """The figures of decisions and examinations that have goals."""
    service, floor = port.service[16], port.floor[16]
    return [
        _figure("engine_explained_vs_handwritten", engine.explained / engine.by_hand, "times", "<= 7"),
        _figure("engine_explained_vs_zen", engine.zen / engine.explained, "times faster", ">= 8"),
        _figure("examinations_c16_vs_floor", service.per_second / floor.per_second, "of the floor", ">= 0.45"),
        _figure("examinations_c16_p99_over_p50", service.p99_ms / service.p50_ms, "times", "<= 5"),
        _figure("resident_mb", port.resident_mb, "MB", "<= 250"),
        _figure("first_answer_s", port.first_answer_s, "s", "<= 5"),
        _figure("all_classes_vs_one", law.all_over_one, "times", "<= 3"),
        _figure("packs_load_ms", law.load_ms, "ms", "<= 300"),
        _figure("packs_memory_mb", law.memory_mb, "MB", "<= 60"),
    ]


def figures_of_rulings(
    tokens: RulingFigures, verification: tuple[Run, Run], registry: dict[str, float]
) -> list[dict[str, Any]]:
    """The figures of rulings that have goals."""
    service, bare = verification
    searches = [
        _figure(f"registry_search_p99_over_pk_p50_{engine}", ratio, "times", "<= 10")
        for engine, ratio in registry.items()
    ]
    return [
        _figure("ruling_token_verifications_per_s", tokens.per_second, "a second", ">= 2000"),
        _figure("ruling_token_verify_ms", tokens.each_ms, "ms", "<= 2"),
        _figure("ruling_verify_c64_vs_bare", service.per_second / bare.per_second, "of a bare route", ">= 0.6"),
        *searches,
    ]


def figures_of_redress() -> list[dict[str, Any]]:
    """The figures of redress that have goals."""
    return [
        _figure("remedy_visible_s", measure_remedies(), "s", "<= 60"),
        _figure("case_list_15000_over_150", measure_case_lists(), "times", "<= 1.5"),
    ]


def figures_of_histories() -> list[dict[str, Any]]:
    """The figure of histories that has a goal."""
    return [_figure("history_1m_over_10k", measure_history(), "times", "<= 1.3")]


def figures_of_subjects(subjects: SubjectFigures) -> list[dict[str, Any]]:
    """The figures of subject checks that have goals."""
    return [_figure("subject_check_p99_ms", subjects.p99_ms, f"ms among {SUBJECTS:,} subjects", "<= 20")]


def figures_of_production() -> list[dict[str, Any]]:
    """The figures of the suite on PostgreSQL, behind its gateway, that have goals."""
    found = measure_production()
    journeys, largest = found.journeys, max(found.resident_mb.values())
    # A journey that failed leaves nothing to be proud of.
    rate = 0.0 if journeys.failed else journeys.per_second
    return [
        _figure(
            "examinations_pg_c16_vs_floor", found.service.per_second / found.floor.per_second, "of the floor", ">= 0.5"
        ),
        _figure("journeys_per_s", rate, "a second", ">= 60"),
        _figure("journeys_open_p99_ms", journeys.open_p99_ms, "ms", "<= 150"),
        _figure("service_resident_mb", largest, "MB", "<= 200"),
    ]


def figures_of_the_gateway() -> list[dict[str, Any]]:
    """The figures of the gateway that have goals."""
    return [_figure("gateway_p50_over_direct", p50_over_direct(measure_gateway()), "times", "<= 1.15")]


def figures_of_telemetry() -> list[dict[str, Any]]:
    """What it costs to be watched."""
    found = measure_telemetry()
    return [
        _figure("metrics_us_per_request", found.counting_us, "µs", "<= 20"),
        _figure("traced_opening_over_untraced", found.traced_over_untraced, "times", "<= 1.25"),
    ]


def show(engine: EngineFigures, port: PortFigures, found: list[dict[str, Any]]) -> None:
    """Print what was measured."""
    console = Console()
    decisions = Table("decision", "CPU µs", "a second", title="One decision (mean of TN and B-1 after-sales)")
    for name, microseconds in (
        ("engine, codes only", engine.compact),
        ("engine, explained", engine.explained),
        ("hand-written ifs, explained", engine.by_hand),
        ("zen-engine, explained", engine.zen),
    ):
        decisions.add_row(name, f"{microseconds:.1f}", f"{1e6 / microseconds:,.0f}")
    console.print(decisions)
    requests = Table("connections", "requests/s", "floor", "ratio", "p50 ms", "p99 ms", "floor p50", "floor p99")
    requests.title = "POST /examinations"
    for number in CONNECTIONS:
        run, floor = port.service[number], port.floor[number]
        row = (run.per_second, floor.per_second, run.per_second / floor.per_second)
        times = (run.p50_ms, run.p99_ms, floor.p50_ms, floor.p99_ms)
        requests.add_row(str(number), *(f"{each:,.2f}" for each in row), *(f"{each:.1f}" for each in times))
    console.print(requests)
    goals = Table("figure", "value", "goal", "holds", title="Goals")
    for each in found:
        goals.add_row(each["name"], f"{each['value']} {each['unit']}", each["goal"], "yes" if each["holds"] else "NO")
    console.print(goals)


def main() -> int:
    """Measure, show and keep; 0 when everything could be measured."""
    try:
        require_wrk()
        engine, law, port = measure_engine(), measure_law(), measure_port()
        of_rulings = figures_of_rulings(measure_rulings(), measure_verification(), measure_registry())
        of_subjects = figures_of_subjects(measure_subjects())
        of_redress = figures_of_redress()
        of_production = [*figures_of_production(), *figures_of_histories(), *figures_of_the_gateway()]
        of_telemetry = figures_of_telemetry()
    except (LoadFailed, RuntimeError) as error:
        print(f"bench: nothing measured: {error}", file=sys.stderr)
        return 1
    found = [*figures(engine, law, port), *of_rulings, *of_subjects, *of_redress, *of_production, *of_telemetry]
    show(engine, port, found)
    _RESULT.parent.mkdir(exist_ok=True)
    _RESULT.write_text(json.dumps({"figures": found}, indent=2) + "\n", encoding="utf-8")
    held = sum(each["holds"] for each in found)
    print(f"bench: {held} of {len(found)} goals hold; written to {_RESULT}")
    return 0


sys.exit(main())
