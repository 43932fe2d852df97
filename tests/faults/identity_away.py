"""F10: the identity provider is away: whoever is signed in works on, nobody unknown is let in, and a restart is survived.

The provider is a small server of its own that publishes the keys of the development issuer; away it refuses or hangs.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from tests.admission.cases import admit, engineer
from tests.debian_postgres import free_port
from tests.faults.report import Report
from tests.stage import ServiceProcess, Stage, stage

from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer

FULL = ({"examinations": 50}, {"examinations": 3, "plant": "the provider is asked by nobody"})
SHORT = ({"examinations": 3},)
_LONGEST_SECONDS = 3.0


class _Provider:
    """Publishes keys at an address, unless it hangs."""

    def __init__(self, port: int, keys: Path) -> None:
        hanging = self.hanging = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if hanging.is_set():
                    hanging_over.wait(60)
                content = keys.read_bytes()
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        hanging_over = self.hanging_over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self.hanging_over.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def _provider(port: int, keys: Path) -> Iterator[_Provider]:
    provider = _Provider(port, keys)
    try:
        yield provider
    finally:
        provider.stop()


def run(*, examinations: int, plant: str | None = None) -> Report:
    """Decide so many examinations while the provider hangs, is gone, and is gone at a restart."""
    said: list[str] = []
    decided = 0
    with stage("admission", on_postgres=False) as here:
        port, keys = free_port(), here.folder / "published.json"
        keys.write_text(here.issuer.public_file.read_text())
        unknown = DevelopmentIssuer(here.folder / "another")
        kept = here.folder / "kept.json"
        kept.write_text(keys.read_text())
        address = f"http://127.0.0.1:{port}/keys" if not plant else ""
        settings = {"key_set_url": address} if address else {}
        admission = here.service("admission", key_set_file=str(kept), **settings)
        with _provider(port, keys) as provider:
            admission.start().wait()
            here.open_ports(admission)
            provider.hanging.set()
            decided += _decide(here, admission, examinations, "hanging", said)
            said += _not_let_in(admission, unknown, "hanging")
        decided += _decide(here, admission, examinations, "gone", said)
        said += _not_let_in(admission, unknown, "gone")
        admission.kill()
        admission.start().wait()
        decided += _decide(here, admission, examinations, "gone at the start", said)
        keys.write_text(json.dumps({"keys": _keys(keys) + _keys(unknown.public_file)}))
        with _provider(port, keys):
            said += _let_in(admission, unknown)
    return Report(
        fault="F10 identity provider away",
        done=f"{examinations} examinations decided while it hung, was gone, and was gone at a restart",
        acknowledged=3 * examinations,
        found=decided,
        lost=3 * examinations - decided,
        held=not said and decided == 3 * examinations,
        detail="; ".join(said[:4]),
    )


def _keys(file: Path) -> list[Any]:
    found: list[Any] = json.loads(file.read_text())["keys"]
    return found


def _decide(here: Stage, admission: ServiceProcess, examinations: int, when: str, said: list[str]) -> int:
    """How many examinations were decided by an officer who was signed in before."""
    decided = 0
    with here.client(admission.address, timeout=30) as officer:
        for _ in range(examinations):
            opened = officer.post("/v1/examinations", json=engineer())
            if opened.status_code != 201:
                said.append(f"{when}: opening is answered {opened.status_code}")
                continue
            address = f"/v1/examinations/{opened.json()['id']}/decision"
            decided += officer.post(address, json=admit(), headers={"If-Match": '"1"'}).status_code == 200
    return decided


def _not_let_in(admission: ServiceProcess, issuer: DevelopmentIssuer, when: str) -> list[str]:
    """What is wrong with the answers to somebody whose key nobody knows: refused, and soon."""
    answer = _as_somebody(admission, issuer)
    said = [] if answer.status_code == 401 else [f"{when}: an unknown key is answered {answer.status_code}"]
    took = answer.elapsed.total_seconds()
    return said if took < _LONGEST_SECONDS else [*said, f"{when}: an unknown key is answered after {took:.1f} s"]


def _let_in(admission: ServiceProcess, issuer: DevelopmentIssuer) -> list[str]:
    """Whether a new key is known once the provider is back; it is asked again after ten seconds at most."""
    until = time.monotonic() + 60
    while _as_somebody(admission, issuer).status_code == 401:
        if time.monotonic() > until:
            return ["the new key is not known a minute after the provider is back"]
        time.sleep(0.2)
    return []


def _as_somebody(admission: ServiceProcess, issuer: DevelopmentIssuer) -> httpx.Response:
    token = issuer.token(Role.OFFICER, subject="somebody", port_id="US-DETROIT", terminal_id="LANE-1")
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{admission.address}/v1/examinations", headers=headers, timeout=60)
