"""Settings that production may not have are found."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from tests.doctor.installations import KEY, admission, rulings, said

from admission.settings import AdmissionSettings
from crossing.doctor import settings_checks as checks

pytestmark = pytest.mark.anyio


def test_a_misspelled_name_is_found_with_what_was_meant() -> None:
    found = list(checks.misspelled(AdmissionSettings, {"CROSSING_ISUER": "x", "CROSSING_CACHE_DIR": "x", "PATH": "x"}))
    assert [(each.said, each.cure) for each in found] == [
        ("CROSSING_ISUER is no setting", "write CROSSING_ISSUER, if that is meant")
    ]


def test_settings_of_another_service_are_left_alone() -> None:
    assert list(checks.misspelled(AdmissionSettings, {"CROSSING_SIGNING_KEYS": "x", "CROSSING_ISSUER": "x"})) == []


@pytest.mark.parametrize(
    ("key", "outcome"),
    [(KEY, "ok"), (KEY[:20], "wrong"), ("ab" * 40, "wrong"), ("the demo key of a suite that nobody uses", "wrong")],
)
async def test_a_key_that_can_be_guessed_is_found_and_not_told(tmp_path: Path, key: str, outcome: str) -> None:
    found, words = await said(checks.identity_key_is_secret, admission(tmp_path, identity_key=SecretStr(key)))
    assert found == outcome
    assert key not in words


@pytest.mark.parametrize(
    ("changes", "outcome", "told"),
    [
        ({}, "ok", ""),
        ({"advance_rulings_address": "http://gateway/advance-rulings"}, "wrong", "CROSSING_ADVANCE_RULINGS_ADDRESS"),
        ({"key_set_url": "http://identity.example/keys"}, "wrong", "CROSSING_KEY_SET_URL"),
        ({"key_set_url": "http://127.0.0.1:9/keys"}, "ok", ""),
    ],
)
async def test_an_address_without_tls_is_found(
    tmp_path: Path, changes: dict[str, Any], outcome: str, told: str
) -> None:
    found, words = await said(checks.addresses_are_encrypted, admission(tmp_path, **changes))
    assert found == outcome
    assert told in words


@pytest.mark.parametrize(("mode", "outcome"), [(0o600, "ok"), (0o640, "ok"), (0o644, "wrong")])
async def test_a_secret_that_everybody_may_read_is_found(tmp_path: Path, mode: int, outcome: str) -> None:
    it = rulings(tmp_path)
    (tmp_path / "token").chmod(mode)
    found, words = await said(checks.files_of_secrets_are_private, it)
    assert found == outcome
    if outcome == "wrong":
        assert f"chmod o-rwx {tmp_path / 'token'}" in words


async def test_the_development_issuer_is_found_where_the_database_is_production_s(tmp_path: Path) -> None:
    url = "postgresql+asyncpg://nobody@127.0.0.1:1/admission"
    issuer = await said(checks.development_is_over, admission(tmp_path, database_url=url))
    assert issuer[0] == "wrong"
    assert "development issuer" in issuer[1]
    signing_in = admission(tmp_path, database_url=url, issuer="https://identity.example", development_sign_in=True)
    assert "without a password" in (await said(checks.development_is_over, signing_in))[1]
    assert (await said(checks.development_is_over, admission(tmp_path)))[0] == "not checked"
