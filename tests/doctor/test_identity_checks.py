"""What keeps tokens from being checked, or a service from having one, is found."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from tests.doctor.installations import admission, answering, said

from crossing.doctor import identity_checks as checks
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer

pytestmark = pytest.mark.anyio
RSA = {"keys": [{"kty": "RSA", "kid": "1", "n": "AQAB", "e": "AQAB"}]}


async def test_a_key_set_without_a_key_for_tokens_is_found(tmp_path: Path) -> None:
    keys = json.loads(DevelopmentIssuer(tmp_path).public_file.read_text())
    for body, outcome in ((keys, "ok"), (RSA, "wrong"), ({"error": "no such realm"}, "wrong")):
        with answering(body) as address:
            it = admission(tmp_path, key_set_file=None, key_set_url=address)
            assert (await said(checks.keys_of_the_issuer_are_usable, it))[0] == outcome


@pytest.mark.parametrize(("minutes", "outcome"), [(0, "ok"), (-10, "wrong"), (10, "wrong")])
async def test_a_provider_whose_clock_differs_is_found(tmp_path: Path, minutes: int, outcome: str) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=minutes), usegmt=True)
    with answering({}, headers={"Date": date}) as address:
        it = admission(tmp_path, key_set_url=address)
        assert (await said(checks.clocks_of_issuer_and_service_agree, it))[0] == outcome


async def test_a_token_that_ended_or_is_for_others_is_found(tmp_path: Path) -> None:
    issuer = DevelopmentIssuer(tmp_path)
    ended = issuer.token(Role.SERVICE, subject="admission", lifetime_seconds=-60)
    for token, audience, told in (
        (None, "crossing", "has not ended"),
        (ended, "crossing", "its token has ended"),
        (None, "others", "for another audience"),
        ("no token", "crossing", "no token"),
    ):
        it = admission(tmp_path, audience=audience)
        if token:
            (tmp_path / "token").write_text(token)
        _outcome, words = await said(checks.service_has_a_token, it)
        assert told in words


async def test_a_token_is_asked_for_by_client_credentials(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("word")
    token = DevelopmentIssuer(tmp_path).token(Role.SERVICE, subject="admission")
    with answering({"access_token": token, "token_type": "Bearer", "expires_in": 60}) as address:
        it = admission(
            tmp_path, service_token_file=None, token_address=address, client_id="admission", client_secret_file=secret
        )
        assert (await said(checks.service_has_a_token, it))[0] == "ok"


async def test_a_service_without_a_token_for_its_neighbours_is_found(tmp_path: Path) -> None:
    it = admission(tmp_path, service_token_file=None, advance_rulings_address="https://gateway/advance-rulings")
    outcome, words = await said(checks.service_has_a_token, it)
    assert (outcome, "CROSSING_TOKEN_ADDRESS" in words) == ("wrong", True)
