"""``crossing service`` and ``crossing migrate``: one service as production runs it."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import httpx
import pytest
from tests.admission.cases import engineer
from tests.stage import ServiceProcess, Stage, stage

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def there() -> Iterator[Stage]:
    with stage("admission", on_postgres=False) as made:
        yield made


@pytest.fixture
def admission(there: Stage) -> Iterator[ServiceProcess]:
    """Admission, which goes on answering for two seconds after it was told to end."""
    yield there.service("admission", drain_seconds="2").start().wait()


def test_a_service_that_is_told_to_end_is_not_ready_and_answers_until_it_ends(
    there: Stage, admission: ServiceProcess
) -> None:
    there.open_ports(admission)
    ended: list[int] = []
    ending = threading.Thread(target=lambda: ended.append(admission.terminate()))
    with there.client(admission.address) as client:
        client.post("/v1/examinations", json=engineer()).raise_for_status()
        inside = httpx.get(f"http://127.0.0.1:{admission.inside_port}/metrics")
        assert 'crossing_requests_total{method="POST",route="/v1/examinations",status="201"} 1.0' in inside.text
        for outside in ("/metrics", "/v1/metrics"):
            assert client.get(outside).status_code == 404
        ending.start()
        while (health := client.get("/v1/readyz")).status_code == 200:
            pass
        assert health.json()["checks"]["serving"] == "failed"
        assert client.post("/v1/examinations", json=engineer()).status_code == 201
    ending.join()
    assert ended == [0]
    lines = [json.loads(line) for line in admission.log.read_text().splitlines()]  # and no access log of uvicorn's
    assert {"request.ended"} <= {line["event"] for line in lines}
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{admission.address}/v1/healthz")


def test_a_service_names_each_setting_that_is_missing_or_wrong_and_does_not_start() -> None:
    environment = {"PATH": os.environ["PATH"], "CROSSING_POOL_SIZE": "3", "CROSSING_IDENTITY_KEY": "secret"}
    environment |= {"CROSSING_DATABASE_URL": "sqlite+aiosqlite:///x", "CROSSING_REQUEST_DEADLINE_SECONDS": "secret-3"}
    command = [sys.executable, "-m", "crossing.cli", "service", "redress"]
    refused = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    named = [line.partition(":")[0] for line in refused.stderr.splitlines()]
    assert {"CROSSING_ISSUER", "CROSSING_EVIDENCE_STORE", "CROSSING_REQUEST_DEADLINE_SECONDS"} <= set(named)
    assert "secret" not in refused.stderr
    assert "Traceback" not in refused.stderr
