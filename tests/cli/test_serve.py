"""``crossing serve`` as ``make run`` starts it."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

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
    assert printed[-1] == f"Demonstration data: 4 new ports, {len(cases)} new examinations"


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
    assert ran.stdout.strip() == "Demonstration data: 0 new ports, 0 new examinations"


def test_the_audit_chains_of_the_demonstration_verify(served: tuple[str, list[str]], data: Path) -> None:
    assert served
    ran = CliRunner().invoke(app, ["audit", "verify", "--data", str(data)])
    assert ran.exit_code == 0, ran.stdout
    assert ran.stdout.splitlines()[-1].endswith("0 at fault")


def test_demo_without_a_suite_says_so_and_fails(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["demo", "--port", "9", "--data", str(tmp_path)])
    assert ran.exit_code == 1
    assert "did not take" in ran.stdout
