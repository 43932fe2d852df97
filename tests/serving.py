"""The suite as ``make run`` starts it: a process of its own on a free port of loopback."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_PATIENCE_SECONDS = 60


@contextmanager
def served_suite(
    data: Path, environment: Mapping[str, str] | None = None, *, printed: list[str] | None = None
) -> Iterator[str]:
    """The address of a suite with its demonstration data loaded; what it prints is added to ``printed``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "crossing.cli", "serve", "--port", str(port), "--data", str(data), "--demo"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
    ) as suite:
        assert suite.stdout is not None
        # Ends the reading below by ending the suite, should it never say that it is ready.
        patience = threading.Timer(_PATIENCE_SECONDS, suite.kill)
        patience.start()
        lines = []
        for line in suite.stdout:
            lines.append(line.strip())
            if line.startswith("Demonstration data"):
                break
        patience.cancel()
        assert lines, "The suite ended before it printed anything."
        assert lines[-1].startswith("Demonstration data"), lines
        if printed is not None:
            printed += lines
        yield f"http://127.0.0.1:{port}"
        suite.send_signal(signal.SIGINT)
        assert suite.wait(_PATIENCE_SECONDS) == 0
