"""F12: clocks that jump, stand wrong or come to odd hours; what is recorded keeps its order and its day.

A service runs under libfaketime, which moves its clock while it runs; the machine's own clock is not touched.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.admission.cases import admit, engineer
from tests.faults.report import Report
from tests.stage import ServiceProcess, Stage, stage

from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer

FULL = ({"moments": 8}, {"moments": 8, "plant": "a port in another zone"})
SHORT = ({"moments": 8},)


@dataclass(frozen=True)
class Moment:
    """An instant to examine at, and the day that it is at Detroit then."""

    at: datetime
    day: str
    why: str


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


MOMENTS = (
    Moment(_utc(2026, 11, 1, 5, 30), "2026-11-01", "01:30, the first time"),
    Moment(_utc(2026, 11, 1, 6, 30), "2026-11-01", "01:30, the second time"),
    Moment(_utc(2027, 3, 14, 6, 59), "2027-03-14", "01:59, before an hour that is left out"),
    Moment(_utc(2027, 3, 14, 7, 0), "2027-03-14", "03:00, a minute later"),
    Moment(_utc(2028, 2, 29, 4, 59), "2028-02-28", "the last minute before a leap day"),
    Moment(_utc(2028, 2, 29, 5, 0), "2028-02-29", "a leap day's first minute"),
    Moment(_utc(2027, 12, 31, 12, 0), "2027-12-31", "a clock that was put back"),
    Moment(_utc(2038, 1, 19, 3, 14, 8), "2038-01-18", "a second after 31 bits"),
)
