"""A real OpenID Connect provider on loopback (npm oidc-provider), with the realm that production imports."""

import base64
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import httpx
from tests.debian_postgres import free_port

HERE = Path(__file__).parent
REALM = HERE.parents[1] / "deploy" / "compose" / "realm-crossing.json"
PROTOCOL = "protocol/openid-connect"
CALLBACK = "http://127.0.0.1/callback"


class Provider:
    """The provider; secrets and passwords are as they stand in the realm's file, such as ``@redress-client-secret@``."""

    def __init__(self) -> None:
        self._port = free_port()
        self.issuer = f"http://127.0.0.1:{self._port}/identity/realms/crossing"
        self.keys_address = f"{self.issuer}/{PROTOCOL}/certs"
        self.token_address = f"{self.issuer}/{PROTOCOL}/token"
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> Self:
        """Start it, with a key of its own; at a second start with another."""
        node = shutil.which("node")
        assert node, "There is no node: run deploy/install-tools.sh nodejs"
        assert (HERE / "node_modules").is_dir(), "The provider is not installed: run make tests/oidc/node_modules"
        settings = {"ISSUER": self.issuer, "PORT": str(self._port), "REALM": str(REALM)}
        self._process = subprocess.Popen(
            [node, str(HERE / "provider.mjs")],
            env={**os.environ, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._says("is ready")
        return self

    def stop(self) -> None:
        """End it, if it runs."""
        if self._process:
            self._process.terminate()
            self._process.wait(30)
            assert self._process.stdout
            self._process.stdout.close()
            self._process = None

    def rotate(self) -> None:
        """Sign with a new key from now on; the others are still published."""
        self._tell(signal.SIGHUP)

    def forget(self) -> None:
        """Publish only the key that signs now."""
        self._tell(signal.SIGUSR2)

    def _tell(self, sign: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(sign)
        self._says("keys")

    def _says(self, words: str) -> None:
        assert self._process
        assert self._process.stdout
        assert any(words in line for line in self._process.stdout), "The provider ended."

    def service_token(self, name: str) -> str:
        """A token of a service, by client credentials."""
        answer = httpx.post(
            self.token_address,
            data={"grant_type": "client_credentials"},
            auth=(name, f"@{name}-client-secret@"),
        )
        token: str = answer.raise_for_status().json()["access_token"]
        return token

    def token(self, username: str) -> str:
        """A token of a person, who signs in with the password of the realm's file."""
        with httpx.Client() as browser:
            return sign_in(browser, self.issuer, username, f"@{username}-password@")


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider that runs until the block ends."""
    provider = Provider()
    try:
        yield provider.start()
    finally:
        provider.stop()


def sign_in(browser: httpx.Client, issuer: str, username: str, password: str) -> str:
    """The access token that a terminal gets for a person: authorization code with PKCE (RFC 6749 §4.1, RFC 7636).

    ``browser`` keeps the cookies. Raises ``httpx.HTTPStatusError`` when the provider refuses the name or the password.
    """
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "client_id": "terminals",
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": CALLBACK,
        "state": secrets.token_urlsafe(8),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    form = browser.get(f"{issuer}/{PROTOCOL}/auth", params=asked, follow_redirects=True).raise_for_status()
    answer = browser.post(form.url, data={"username": username, "password": password})
    while not answer.headers.get("location", "").startswith(CALLBACK):
        if not answer.has_redirect_location:
            answer.raise_for_status()
            raise AssertionError("The provider neither refused nor sent back.")
        answer = browser.get(urllib.parse.urljoin(str(answer.url), answer.headers["location"]))
    told = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.headers["location"]).query))
    assert told["state"] == asked["state"]
    exchange = {
        "grant_type": "authorization_code",
        "client_id": "terminals",
        "code": told["code"],
        "redirect_uri": CALLBACK,
        "code_verifier": verifier,
    }
    token: str = browser.post(f"{issuer}/{PROTOCOL}/token", data=exchange).raise_for_status().json()["access_token"]
    return token
