"""``crossing serve`` as ``make run`` starts it."""

import base64
import email
import json
import re
import time
import urllib.request
from collections.abc import Iterator
from email import policy
from pathlib import Path
from typing import Any

import pytest
from tests.serving import served_suite
from typer.testing import CliRunner

from crossing.cli import app
from crossing.packs.examples import read_examples
from crossing.packs.load import COUNTRIES_WITH_PACKS, PACKS_FOLDER

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("suite")


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[tuple[str, list[str]]]:
    """The address of a suite with its demonstration data loaded, and what it printed."""
    printed: list[str] = []
    with served_suite(data, printed=printed) as address:
        yield address, printed


def test_serve_prints_the_addresses_and_what_it_loaded(served: tuple[str, list[str]]) -> None:
    address, printed = served
    assert f"Crossing is at {address}/" in printed
    folders = [PACKS_FOLDER / name for name in COUNTRIES_WITH_PACKS.values()]
    ids = [example.id for folder in folders for example in read_examples(folder)]
    cases = [identifier for identifier in ids if "-CASE-" in identifier and "/" not in identifier]
    listed = "8 new caseworkers, 2 new lookouts"
    assert printed[-1] == f"Demonstration data: 4 new ports, {len(cases)} new examinations, {listed}"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/admission/",
        "/admission/v1/docs",
        "/admission/v1/openapi.json",
        "/admission/v1/healthz",
        "/admission/v1/readyz",
        "/advance-rulings/v1/healthz",
        "/redress/v1/healthz",
    ],
)
def test_every_address_printed_or_promised_answers(served: tuple[str, list[str]], path: str) -> None:
    with urllib.request.urlopen(served[0] + path, timeout=10) as answer:
        assert answer.status == 200


def test_a_determination_is_answered_over_http(served: tuple[str, list[str]]) -> None:
    body = (EXAMPLES / "tn-engineer.json").read_bytes()
    request = urllib.request.Request(
        f"{served[0]}/admission/v1/determinations", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert json.load(answer)["outcome"] == "qualifies"


def test_loading_the_demonstration_again_adds_nothing(served: tuple[str, list[str]], data: Path) -> None:
    port = served[0].rpartition(":")[2]
    ran = CliRunner().invoke(app, ["demo", "--port", port, "--data", str(data)])
    assert ran.stdout.strip() == (
        "Demonstration data: 0 new ports, 0 new examinations, 0 new caseworkers, 0 new lookouts"
    )


def test_redress_can_be_tried_as_the_readme_says(served: tuple[str, list[str]], data: Path) -> None:
    address, desk = served[0], f"{served[0]}/redress/v1"
    filed = _sent(f"{desk}/inquiries", _example("inquiry-mistaken-identity"))
    number = filed["control_number"]
    credentials = f"{number}:{_secret_of(data, number)}"
    own = {"Authorization": f"Basic {base64.b64encode(credentials.encode()).decode()}"}
    assert _sent(f"{desk}/inquiry", headers=own)["state"] == "documents_needed"
    queue = _sent(f"{desk}/cases", headers=_signed_in(data, "caseworker"))["cases"]
    assert number in [each["control_number"] for each in queue]
    examined = _sent(
        f"{address}/admission/v1/examinations", _example("examination-tn-engineer"), _signed_in(data, "officer")
    )
    assert [each["id"] for each in examined["subject"]["lookouts"]] == ["DEMO-LOOKOUT-1"]
    assert examined["determination"]["outcome"] == "qualifies"


def test_the_staff_of_the_demonstration_has_somebody_for_every_duty(served: tuple[str, list[str]], data: Path) -> None:
    staff = _sent(f"{served[0]}/redress/v1/staff", headers=_signed_in(data, "caseworker"))["staff"]
    duties = {duty for each in staff for duty in each["duties"]}
    assert duties == {"case_officer", "component_reviewer", "independent_adjudicator", "appeal_panel"}
    assert all(each["subject"].startswith("demonstration-") for each in staff)


def _signed_in(data: Path, role: str) -> dict[str, str]:
    """The header of whoever ``crossing token`` signs in."""
    printed = CliRunner().invoke(app, ["token", "--role", role, "--data", str(data)]).stdout
    return {"Authorization": f"Bearer {printed.strip()}"}


def _example(name: str) -> bytes:
    return (EXAMPLES / f"{name}.json").read_bytes()


def _sent(address: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """The answer to a request, as JSON."""
    request = urllib.request.Request(address, body, {"Content-Type": "application/json", **(headers or {})})
    with urllib.request.urlopen(request, timeout=10) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


def _secret_of(data: Path, number: str) -> str:
    """The secret of an inquiry, from the message that brings it, which takes a moment."""
    for _ in range(100):
        for file in (data / "mail").glob("*.eml"):
            message: Any = email.message_from_bytes(file.read_bytes(), policy=policy.default)
            link = re.search(r"http\S+#(\S+)", message.get_content())
            if link and number in message["Subject"]:
                return link[1]
        time.sleep(0.1)
    raise AssertionError("no message came")


def test_the_audit_chains_of_the_demonstration_verify(served: tuple[str, list[str]], data: Path) -> None:
    assert served
    ran = CliRunner().invoke(app, ["audit", "verify", "--data", str(data)])
    assert ran.exit_code == 0, ran.stdout
    assert ran.stdout.splitlines()[-1].endswith("0 at fault")


def test_demo_without_a_suite_says_so_and_fails(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["demo", "--port", "9", "--data", str(tmp_path)])
    assert ran.exit_code == 1
    assert "did not take" in ran.stdout
