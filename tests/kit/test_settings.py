"""Settings come from the environment, or from files of secrets; what is missing is named."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from crossing.casework.settings import WorkSettings
from crossing.kit.settings import ServiceSettings


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All that must be set, but for where the keys are."""
    known = {
        "DATABASE_URL": "sqlite+aiosqlite:///environment",
        "ISSUER": "https://issuer.test/",
        "IDENTITY_KEY": "a key that is long enough",
    }
    for name, value in known.items():
        monkeypatch.setenv(f"CROSSING_{name}", value)
    monkeypatch.setenv("CROSSING_SECRETS", str(tmp_path))


def test_secrets_come_from_files_and_the_environment_goes_before_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CROSSING_IDENTITY_KEY")
    in_files = {
        "database_url": "sqlite+aiosqlite:///file",
        "identity_key": "a key that comes from a file",
        "key_set_url": "https://issuer.test/keys",
    }
    for name, value in in_files.items():
        (tmp_path / f"crossing_{name}").write_text(f"{value}\n")
    settings = ServiceSettings()  # type: ignore[call-arg]
    assert settings.identity_key.get_secret_value() == "a key that comes from a file"
    assert settings.key_set_url == "https://issuer.test/keys"
    assert settings.database_url == "sqlite+aiosqlite:///environment"


def test_a_service_that_could_not_check_a_token_is_told_what_to_set() -> None:
    with pytest.raises(ValidationError) as refused:
        ServiceSettings()  # type: ignore[call-arg]
    [fault] = refused.value.errors()
    assert fault["loc"] == ("key_set_url",)
    assert "CROSSING_KEY_SET_FILE" in fault["msg"]


@pytest.mark.parametrize("missing", ["TOKEN_ADDRESS", "CLIENT_ID", "CLIENT_SECRET_FILE"])
def test_credentials_of_a_service_are_whole_or_none(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in {"KEY_SET_URL", "TOKEN_ADDRESS", "CLIENT_ID", "CLIENT_SECRET_FILE"} - {missing}:
        monkeypatch.setenv(f"CROSSING_{name}", "https://issuer.test/set")
    with pytest.raises(ValidationError) as refused:
        WorkSettings()  # type: ignore[call-arg]
    assert f"CROSSING_{missing}" in str(refused.value) or refused.value.errors()[0]["loc"] == ("client_secret_file",)
