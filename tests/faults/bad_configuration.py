"""F17: every setting of every service missing, wrong, or swapped with another; and a bad version rolled out.

The cases are made from the fields of the settings, so that none is forgotten. A setting is refused when the command ends
with a line that names it, without a trace and without what it was set to.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Final, get_args, get_origin
from unittest import mock

import httpx
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import SettingsError
from tests.faults.report import Report
from tests.stage import ServiceProcess, Stage, stage

from crossing.cli.services import ServiceName, faults_of, settings_of
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer

_NONSENSE: Final = "¿no?"
_PATIENCE_SECONDS: Final = 120
_POLL_SECONDS: Final = 0.05
_UNAVAILABLE: Final = 503
#: One that ends by itself, and one that runs and has no keys to check tokens with.
_BAD_VERSIONS: Final[dict[str, dict[str, str]]] = {
    "a version with a wrong setting": {"request_deadline_seconds": "soon"},
    "a version without keys": {"key_set_file": "", "key_set_url": "http://127.0.0.1:1/keys"},
}
#: Pairs that look alike to whoever reads only them; ``crossing doctor`` asks those whom they lead to.
_ALIKE: Final = (
    {"issuer", "key_set_url", "token_address"},
    {"audience", "client_id", "smtp_host"},
    {"mail_sender", "escalation_mailbox", "on_call_mailbox"},
    {"mail_folder", "evidence_store", "registry_files", "redress_address"},
)
PLANTS: Final = tuple(
    {"services": ["advance-ruling"], "plant": f"unchecked {each}"} for each in ("database_url", "smtp_port")
)
FULL: Final[tuple[dict[str, Any], ...]] = ({"processes": 60, "roll": True}, *PLANTS)
SHORT: Final[tuple[dict[str, Any], ...]] = ({"processes": 1, "roll": True}, *PLANTS)


@dataclass(frozen=True)
class Case:
    """A change of a whole environment, and the settings of which one must be named."""

    service: ServiceName
    name: str
    changes: Mapping[str, str | None]
    named: frozenset[str]


Refused = Callable[[Case, Mapping[str, str]], str]


def variable(field: str) -> str:
    """A setting as the environment names it."""
    return f"CROSSING_{field.upper()}"


def whole_environment(service: ServiceName, folder: Path) -> dict[str, str]:
    """An environment in which every setting of a service is set, as production might."""
    issuer = DevelopmentIssuer(folder)
    (folder / "client-secret").write_text("of-the-client")
    known = Stage(folder).environment(service.value) | {
        variable("key_set_url"): "https://identity.example/keys",
        variable("issuer"): "https://identity.example/realms/crossing",
        variable("token_address"): "https://identity.example/token",
        variable("client_id"): service.value,
        variable("client_secret_file"): str(folder / "client-secret"),
        variable("admission_address"): "https://gateway.example/admission",
        variable("advance_rulings_address"): "https://gateway.example/advance-rulings",
        variable("redress_events_address"): "https://gateway.example/redress",
        variable("redress_address"): "/redress/",
        variable("event_addresses"): '{"admission": "https://gateway.example/admission"}',
        variable("adjudicator_classes"): '{"adjudicator-7": ["us.tn"]}',
        variable("clamav_address"): "clamav.example:3310",
        variable("smtp_host"): "mail.example",
        variable("mail_sender"): "noreply@crossing.example",
        variable("escalation_mailbox"): "lead@crossing.example",
        variable("on_call_mailbox"): "on-call@crossing.example",
    }
    (folder / "ruling-keys").mkdir(exist_ok=True)
    (folder / "ruling-keys/ruling-keys.json").write_text("{}")
    (folder / "service.token").write_text(issuer.token(Role.SERVICE, subject=service.value))
    fields = settings_of(service).model_fields
    for name, field in fields.items():
        if variable(name) not in known and field.default is not None and not field.is_required():
            known[variable(name)] = str(field.default)
    return {name: value for name, value in known.items() if name in {variable(each) for each in fields}}


def cases_of(service: ServiceName, environment: Mapping[str, str]) -> Iterator[Case]:
    """Each setting missing where it is needed, each wrong in the ways of its kind, each two swapped that differ."""
    fields = settings_of(service).model_fields
    for name, field in fields.items():
        for missing in (None, "") if field.is_required() else ():
            yield Case(service, f"{name} missing", {variable(name): missing}, frozenset({name}))
        for wrong in _wrong(field):
            yield Case(service, f"{name} wrong", {variable(name): wrong}, frozenset({name}))
    texts = [name for name, field in fields.items() if variable(name) in environment and _is_text(field)]
    for one, other in combinations(texts, 2):
        if not any({one, other} <= alike for alike in _ALIKE):
            swapped = {variable(one): environment[variable(other)], variable(other): environment[variable(one)]}
            yield Case(service, f"{one} and {other} swapped", swapped, frozenset({one, other}))


def _wrong(field: FieldInfo) -> Iterator[str]:
    if field.annotation is SecretStr:
        yield "short"
        return
    yield _NONSENSE
    if field.annotation in (int, float):
        yield "-1"


def _is_text(field: FieldInfo) -> bool:
    """Whether it holds one text, address or path, given or not."""
    kinds = [get_args(each)[0] if get_origin(each) is Annotated else each for each in get_args(field.annotation)]
    return bool({field.annotation, *kinds} & {str, Path}) and get_origin(field.annotation) is not dict


def read_settings(case: Case, environment: Mapping[str, str]) -> str:
    """What the settings say of a case, read in this process."""
    try:
        with mock.patch.dict(os.environ, environment, clear=True):
            settings_of(case.service)()  # type: ignore[call-arg]
    except (ValidationError, SettingsError) as error:
        return "\n".join(faults_of(error))
    return ""


def start_service(case: Case, environment: Mapping[str, str]) -> str:
    """What the command that starts the service says of a case; empty when it does not end with a refusal."""
    command = [sys.executable, "-m", "crossing.cli", "service", case.service.value, "--port", "0"]
    paths = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "CROSSING_CACHE_DIR") if name in os.environ}
    try:
        ran = subprocess.run(
            command,
            env={**paths, **environment},
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return ran.stderr if ran.returncode == 2 else ""


def fault_of(case: Case, environment: Mapping[str, str], refused: Refused) -> str:
    """What fell short in the refusal of a case; empty when it was as promised."""
    changed = {**environment, **{name: value for name, value in case.changes.items() if value is not None}}
    for name, value in case.changes.items():
        if value is None:
            del changed[name]
    said = refused(case, changed)
    lines = said.splitlines()
    if not any(line.startswith(f"{variable(name)}:") for line in lines for name in case.named):
        return f"{case.service.value}: {case.name}: it is not refused by name"
    if "Traceback" in said or not all(line.startswith("CROSSING_") for line in lines):
        return f"{case.service.value}: {case.name}: more is said than which setting is wrong"
    if any(value and len(value) > 3 and value in said for value in case.changes.values()):
        return f"{case.service.value}: {case.name}: the value is told"
    return ""


def rolled_out(there: Stage) -> list[str]:
    """Bring in bad versions beside a good one: what the old one, which must go on, did not do meanwhile."""
    old = there.service("admission").start().wait()
    there.open_ports(old)
    faults = []
    for name, bad in _BAD_VERSIONS.items():
        new = there.service("admission", **bad).start()
        until = time.monotonic() + _PATIENCE_SECONDS
        while not (ended := new.process and new.process.poll() is not None) and not _says_not_ready(new):
            if time.monotonic() > until:
                faults.append(f"{name}: it neither ends nor says that it is not ready")
                break
            time.sleep(_POLL_SECONDS)
        if new.is_ready() or (ended and new.process and new.process.returncode == 0):
            faults.append(f"{name}: it seems to be well")
        with there.client(old.address, Role.SUPERVISOR) as client:
            if not old.is_ready() or client.get("/v1/examinations").status_code != httpx.codes.OK:
                faults.append(f"{name}: the old version does not serve")
        new.kill()
    return faults


def _says_not_ready(service: ServiceProcess) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{service.inside_port}/v1/readyz", timeout=4).status_code == _UNAVAILABLE
    except httpx.HTTPError:
        return False


def run(
    *, services: Sequence[str] = tuple(ServiceName), processes: int = 0, roll: bool = False, plant: str | None = None
) -> Report:
    """Refuse every case by reading settings, and so many of them, spread over all, by starting the service.

    With ``roll``, bad versions are brought in beside a good one. ``plant`` names a setting whose check is taken away:
    ``unchecked FIELD``.
    """
    reading = _forgetful(plant.removeprefix("unchecked ")) if plant else read_settings
    faults: list[str] = []
    every: list[tuple[Case, dict[str, str]]] = []
    with tempfile.TemporaryDirectory(prefix="crossing-settings-") as folder:
        for service in map(ServiceName, services):
            own = Path(folder) / service.value
            own.mkdir()
            environment = whole_environment(service, own)
            if said := read_settings(Case(service, "nothing wrong", {}, frozenset()), environment):
                faults.append(f"{service.value}: what is right is refused: {said}")
            every += [(case, environment) for case in cases_of(service, environment)]
        faults += [fault for case, environment in every if (fault := fault_of(case, environment, reading))]
        chosen = every[:: max(1, len(every) // processes)] if processes else []
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            faults += filter(None, pool.map(lambda each: fault_of(*each, start_service), chosen))
    if roll:
        with stage("admission", on_postgres=False) as there:
            faults += rolled_out(there)
    return Report(
        fault="F17 bad configuration",
        done=f"{len(every)} settings missing, wrong or swapped, {len(chosen)} of them at a start; "
        f"{len(_BAD_VERSIONS) if roll else 0} bad versions rolled out",
        held=not faults,
        detail="; ".join(faults[:5]) or "every one is refused by name, and the old version goes on",
    )


def _forgetful(field: str) -> Refused:
    """Reads settings, and does not look at one of them."""

    def refused(case: Case, environment: Mapping[str, str]) -> str:
        said = read_settings(case, environment).splitlines()
        return "\n".join(line for line in said if not line.startswith(f"{variable(field)}:"))

    return refused
