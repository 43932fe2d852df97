"""What a harness found, and the table of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

_HEADINGS = ("fault", "what was done", "acknowledged", "found", "lost", "recovered in", "held")


@dataclass(frozen=True, kw_only=True)
class Report:
    """What came of one fault: what was promised to callers, and what was there afterwards."""

    fault: str
    """Its number, or that of the goal, and its name: ``F2 PostgreSQL killed``."""
    done: str
    """What was done, with its numbers."""
    acknowledged: int = 0
    """Requests answered as done."""
    found: int = 0
    """Those of them that were found afterwards as they were answered."""
    lost: int = 0
    recovered_seconds: float | None = None
    """The longest time until requests were answered as done again; ``None`` where nothing had to come back."""
    held: bool
    """That every promise was kept."""
    detail: str = ""
    """What fell short, or what else was measured."""
    seed: int | None = None

    def of_plant(self, plant: str) -> "Report":
        """The report about a fault that was put in on purpose: it holds when the harness found something."""
        return replace(self, done=f"{self.done}; planted: {plant}", held=not self.held)

    def line(self) -> tuple[str, ...]:
        """The cells of its line in the table."""
        back = "" if self.recovered_seconds is None else f"{self.recovered_seconds:.2f} s"
        done = self.done if self.seed is None else f"{self.done}; seed {self.seed}"
        counted = (str(self.acknowledged), str(self.found), str(self.lost)) if self.acknowledged else ("", "", "")
        return (self.fault, done, *counted, back, "yes" if self.held else "NO")


def table(reports: Sequence[Report]) -> str:
    """The reports one a line in columns, each with its detail below, and a line that sums them up."""
    lines = [_HEADINGS, *(report.line() for report in reports)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    said = [_in_columns(_HEADINGS, widths)]
    for report in reports:
        said.append(_in_columns(report.line(), widths))
        if report.detail:
            said.append(f"    {report.detail}")
    return "\n".join([*said, "", _summary(reports)])


def _in_columns(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _summary(reports: Sequence[Report]) -> str:
    short = [report.fault for report in reports if not report.held]
    sound = [report for report in reports if "; planted: " not in report.done]
    acknowledged, lost = sum(report.acknowledged for report in sound), sum(report.lost for report in sound)
    return (
        f"{len(sound)} faults caused and {len(reports) - len(sound)} planted: {acknowledged} requests acknowledged, "
        f"{lost} lost; " + (f"{len(short)} fell short: {', '.join(short)}" if short else "all held")
    )
