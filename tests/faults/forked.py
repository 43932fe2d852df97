"""Services forked from a process that has read the program once, so that hundreds can be killed and started again."""

import multiprocessing
import os
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final, Self

from tests.stage import ServiceProcess

_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.faults.warm"])


def _run(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    from tests.faults.warm import run

    run(arguments, environment, log)


class ForkedService(ServiceProcess):
    """As its base: the same command in a process of its own, which only need not read the program first."""

    def start(self) -> Self:
        arguments = self._command[self._command.index("-m") + 1 :]
        fork = _FORKS.Process(target=_run, args=(arguments, self.environment, self.log), daemon=True)
        fork.start()
        self.process = _AsPopen(fork)  # type: ignore[assignment]
        return self


class _AsPopen:
    """A forked process as ``subprocess`` would show it."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        self.pid = process.pid
        self.kill: Callable[[], None] = process.kill

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> Any:
        self._process.join(timeout)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        assert self.pid
        os.kill(self.pid, number)
