"""Keys are asked for now and then, within bounds, and never taken from an answer that is none."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import ECKey, KeySet, RSAKey

from crossing.kit.http import HTTPError
from crossing.kit.identity import Role, TokenChecker
from crossing.kit.issuer import AUDIENCE, ISSUER, DevelopmentIssuer
from crossing.kit.issuer_keys import IssuerKeys, read_key_set
from crossing.kit.problems import NotAuthenticated

pytestmark = pytest.mark.anyio
ADDRESS = "http://issuer.test/certs"


class Issuer:
    """Answers with what it is set to; counts how often it was asked."""

    def __init__(self, answer: httpx.Response | None = None) -> None:
        self.answer = answer
        self.asked = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        await asyncio.sleep(0)
        if self.answer is None:
            raise HTTPError("away")
        return self.answer

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self))


def published(*keys: ECKey | RSAKey) -> httpx.Response:
    return httpx.Response(200, json={"keys": [key.as_dict(private=False) for key in keys]})


def another_key() -> ECKey:
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        httpx.Response(500),
        httpx.Response(302, headers={"Location": "http://127.0.0.1/"}),
        httpx.Response(200, html="<p>maintenance</p>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"keys": []}),
        httpx.Response(200, json={"keys": ["a key"]}),
        httpx.Response(200, json={"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]}),
        httpx.Response(200, json={"keys": [], "padding": "x" * 70_000}),
        published(RSAKey.generate_key(2048, auto_kid=True)),
        published(ECKey.generate_key("P-384", auto_kid=True)),
        published(ECKey.generate_key("P-256", {"use": "enc"}, auto_kid=True)),
    ],
)
async def test_what_is_no_set_of_our_keys_leaves_the_keys_as_they_are(answer: httpx.Response | None) -> None:
    key = another_key()
    keys = IssuerKeys(KeySet([key]), Issuer(answer).client(), ADDRESS)
    await keys.refresh()
    assert [each.kid for each in keys.keys] == [key.kid]


async def test_a_key_among_others_is_found() -> None:
    ours, other = another_key(), RSAKey.generate_key(2048, auto_kid=True)
    keys = IssuerKeys(KeySet([]), Issuer(published(other, ours)).client(), ADDRESS)
    await keys.refresh()
    assert [each.kid for each in keys.keys] == [ours.kid]


async def test_tokens_of_keys_nobody_knows_make_the_issuer_be_asked_once(tmp_path: Path) -> None:
    known, stranger = DevelopmentIssuer(tmp_path / "known"), DevelopmentIssuer(tmp_path / "stranger")
    issuer = Issuer(httpx.Response(200, json=json.loads(known.public_file.read_text())))
    keys = IssuerKeys(KeySet([]), issuer.client(), ADDRESS)
    tokens = TokenChecker(keys, issuer=ISSUER, audience=AUDIENCE)
    good, forged = (each.token(Role.OFFICER, subject="officer") for each in (known, stranger))

    answers = await asyncio.gather(*(tokens.admit(each) for each in [forged, good] * 50), return_exceptions=True)
    assert all(isinstance(each, NotAuthenticated) for each in answers[::2])
    assert [each.subject for each in answers[1::2] if not isinstance(each, BaseException)] == ["officer"] * 50
    assert issuer.asked == 1


async def test_keys_of_a_file_hold_until_the_issuer_answers(tmp_path: Path) -> None:
    in_file, fetched = DevelopmentIssuer(tmp_path / "file"), another_key()
    issuer, passed = Issuer(), [0.0]
    keys = IssuerKeys(read_key_set(in_file.public_file), issuer.client(), ADDRESS, lambda: passed[0])
    tokens = TokenChecker(keys, issuer=ISSUER, audience=AUDIENCE)
    token = in_file.token(Role.OFFICER, subject="officer")
    await keys.refresh()
    assert tokens.check(token).subject == "officer"
    issuer.answer, passed[0] = published(fetched), 10.0
    await keys.refresh()
    with pytest.raises(NotAuthenticated):
        tokens.check(token)
