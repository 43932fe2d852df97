"""What a process has read when services are forked from it: the program and the law; imported by nobody else."""

import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import redress.app  # noqa: F401 - to have it read
from crossing.desk.lawbook import Lawbook

Lawbook().prepare(datetime.now(UTC).date().isoformat())


def run(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    """Run ``python -m ARGUMENTS`` in this process, which its output leaves for ``log``."""
    with log.open("ab") as output:
        for descriptor in (1, 2):
            os.dup2(output.fileno(), descriptor)
    os.environ.update(environment)
    sys.argv = list(arguments)
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
