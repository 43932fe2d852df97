"""Tokens of a real OpenID Connect provider: accepted by its keys as they change, and while it is away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from joserfc.jwk import KeySet
from tests.oidc.running import Provider, running_provider

from crossing.kit.http import new_client
from crossing.kit.identity import Caller, Role, TokenChecker
from crossing.kit.issuer_keys import IssuerKeys, open_issuer_keys
from crossing.kit.problems import NotAuthenticated
from crossing.kit.service_tokens import ClientCredentials, NoToken

pytestmark = pytest.mark.anyio


class Seconds:
    """A clock that counts seconds, moved by tests."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def tokens(provider: Provider, seconds: Seconds) -> AsyncIterator[TokenChecker]:
    async with new_client(provider.keys_address) as client:
        keys = IssuerKeys(KeySet([]), client, provider.keys_address, seconds)
        yield TokenChecker(keys, issuer=provider.issuer, audience="crossing")


async def test_a_person_who_signed_in_is_known_with_roles_port_and_terminal(
    provider: Provider, tokens: TokenChecker
) -> None:
    caller = await tokens.admit(provider.token("first-officer"))
    expected = Caller("first-officer", frozenset({Role.OFFICER}), "US-DETROIT", "LANE-1", caller.expires_at)
    assert caller == expected


async def test_a_service_is_known_by_its_name(provider: Provider, tokens: TokenChecker) -> None:
    caller = await tokens.admit(provider.service_token("advance-ruling"))
    assert (caller.subject, caller.roles, caller.port_id) == ("advance-ruling", {Role.SERVICE}, None)


async def test_a_new_key_is_fetched_when_its_first_token_comes(
    provider: Provider, tokens: TokenChecker, seconds: Seconds
) -> None:
    before = provider.service_token("redress")
    await tokens.admit(before)
    provider.rotate()
    after = provider.service_token("redress")
    with pytest.raises(NotAuthenticated):
        await tokens.admit(after)  # the keys were fetched a moment ago
    seconds.passed += 10
    assert (await tokens.admit(after)).subject == "redress"
    assert tokens.check(before).subject == "redress"


async def test_tokens_of_a_key_that_was_withdrawn_are_refused_though_they_were_accepted_before(
    provider: Provider, tokens: TokenChecker, seconds: Seconds
) -> None:
    before = provider.service_token("redress")
    await tokens.admit(before)
    provider.rotate()
    provider.forget()
    seconds.passed += 10
    await tokens.admit(provider.service_token("admission"))
    with pytest.raises(NotAuthenticated):
        await tokens.admit(before)


async def test_whoever_is_signed_in_stays_so_while_the_provider_is_away(
    provider: Provider, tokens: TokenChecker, seconds: Seconds
) -> None:
    signed_in, not_seen_yet = provider.service_token("redress"), provider.service_token("admission")
    await tokens.admit(signed_in)
    provider.stop()
    try:
        seconds.passed += 3600
        await tokens._keys.refresh()
        assert (await tokens.admit(signed_in)).subject == "redress"
        assert (await tokens.admit(not_seen_yet)).subject == "admission"
    finally:
        provider.start()
    with pytest.raises(NotAuthenticated):
        await tokens.admit(provider.service_token("redress"))  # it has another key now, and was just asked
    seconds.passed += 10
    assert (await tokens.admit(provider.service_token("redress"))).subject == "redress"


async def test_a_service_starts_without_its_provider_and_has_the_keys_once_it_is_there(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crossing.kit.issuer_keys._LEAST_REST", 0.05)
    provider.stop()
    async with open_issuer_keys(None, provider.keys_address) as keys:
        assert not keys.keys
        provider.start()
        async with asyncio.timeout(30):
            while not keys.keys:
                await asyncio.sleep(0.05)


async def test_a_service_keeps_its_token_until_shortly_before_it_ends(
    provider: Provider, tokens: TokenChecker, seconds: Seconds, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("@redress-client-secret@\n")
    async with new_client(provider.token_address) as client:
        token = ClientCredentials(client, provider.token_address, "redress", secret, seconds)
        first = await token()
        assert (await tokens.admit(first)).roles == {Role.SERVICE}
        seconds.passed += 269
        assert await token() == first
        seconds.passed += 1
        second = await token()
        assert second != first
        provider.stop()
        try:
            seconds.passed += 299
            assert await token() == second
            seconds.passed += 1
            with pytest.raises(NoToken):
                await token()
        finally:
            provider.start()
        assert await token() not in (first, second)


async def test_a_service_with_a_wrong_secret_gets_no_token_until_its_file_is_right(
    provider: Provider, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("wrong")
    async with new_client(provider.token_address) as client:
        token = ClientCredentials(client, provider.token_address, "redress", secret)
        with pytest.raises(NoToken):
            await token()
        secret.write_text("@redress-client-secret@")
        assert await token()
