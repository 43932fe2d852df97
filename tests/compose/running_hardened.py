"""What each container may do: no more than its work. What is published: the gateway, and nothing else."""

import re
import subprocess

import pytest
from tests.compose.suite import RUNNING, SECRETS, Suite

pytestmark = pytest.mark.anyio
OURS = sorted(RUNNING - {"gateway", "postgres", "identity"})
MIGRATIONS = ["migrate-admission", "migrate-advance-ruling", "migrate-redress"]
#: Keycloak writes how it was set up beside its own programs.
WRITABLE = {"identity"}


@pytest.mark.parametrize("service", [*sorted(RUNNING), *MIGRATIONS])
def test_a_container_has_no_right_that_its_work_does_not_need(suite: Suite, service: str) -> None:
    found = suite.inspect(service)
    host = found["HostConfig"]
    assert host["ReadonlyRootfs"] is (service not in WRITABLE)
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert not host["Privileged"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0


@pytest.mark.parametrize("service", sorted(RUNNING))
def test_a_process_runs_as_nobody_in_particular(suite: Suite, service: str) -> None:
    status = dict(
        line.split(":\t", 1) for line in suite.inside(service, "cat", "/proc/1/status").splitlines() if ":\t" in line
    )
    assert "0" not in status["Uid"].split()
    assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 0
    assert status["NoNewPrivs"] == "1"


@pytest.mark.parametrize("service", OURS)
def test_a_process_of_ours_writes_nowhere_but_where_it_must(suite: Suite, service: str) -> None:
    program = (
        "import os\n"
        "for folder in ('/', '/opt/venv', '/opt/crossing/packs', '/etc', '/run', '/run/secrets'):\n"
        "    try: open(os.path.join(folder, 'written'), 'w')\n"
        "    except OSError: pass\n"
        "    else: print(folder)\n"
    )
    assert suite.inside(service, "python", "-c", program).split() == []


def test_only_the_gateway_is_published(suite: Suite) -> None:
    published = {
        service: sorted(port for port, bound in suite.inspect(service)["NetworkSettings"]["Ports"].items() if bound)
        for service in RUNNING
    }
    assert published.pop("gateway") == ["8443/tcp", "9443/tcp"]
    assert not any(published.values()), published


@pytest.mark.parametrize("service", ["admission", "postgres", "identity"])
def test_what_is_inside_reaches_nothing_outside(suite: Suite, service: str) -> None:
    networks = suite.inspect(service)["NetworkSettings"]["Networks"]
    for name in networks:
        assert suite.docker("network", "inspect", "--format", "{{.Internal}}", name).strip() == "true"


@pytest.mark.parametrize(
    "path", ["/metrics", "/admission/metrics", "/admission/v1/metrics", "/identity/admin/", "/identity/realms/master/"]
)
async def test_what_is_for_those_inside_is_not_found_outside(suite: Suite, path: str) -> None:
    async with suite.client() as anyone:
        assert (await anyone.get(path)).status_code == 404


def secrets() -> re.Pattern[bytes]:
    """Any of the secrets as they stand in their files."""
    found = [file.read_bytes().strip() for file in SECRETS.iterdir() if re.search("password|secret|_key$", file.name)]
    assert len(found) >= 20
    return re.compile(b"|".join(map(re.escape, found)))


@pytest.mark.parametrize("service", [*sorted(RUNNING), *MIGRATIONS])
def test_no_secret_stands_where_the_engine_shows_a_container(suite: Suite, service: str) -> None:
    assert not secrets().search(suite.docker("inspect", suite.container(service)).encode())


def test_no_secret_stands_in_a_layer_of_the_image(suite: Suite) -> None:
    pattern, kept = secrets(), b""
    with subprocess.Popen(["docker", "save", "crossing:local"], stdout=subprocess.PIPE) as saving:
        assert saving.stdout
        while part := saving.stdout.read(1 << 22):
            assert not pattern.search(kept + part)
            kept = part[-256:]
    assert saving.returncode == 0
