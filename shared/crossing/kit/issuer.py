"""The development issuer: signs tokens for roles, on loopback only. Production trusts an OpenID Connect provider."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from crossing.kit.identity import Role

ISSUER = "http://127.0.0.1/crossing-development-issuer"
AUDIENCE = "crossing"
_KEY_FILE = "development-issuer.key.json"
_PUBLIC_FILE = "development-issuer.jwks.json"


class DevelopmentIssuer:
    """Signs with a key of its own, kept in the data folder and readable by its owner only."""

    def __init__(self, data_folder: Path, *, now: Callable[[], float] = time.time) -> None:
        self._now = now
        data_folder.mkdir(parents=True, exist_ok=True)
        key_file = data_folder / _KEY_FILE
        if not key_file.exists():
            key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
            _write_once(key_file, json.dumps(key.as_dict(private=True)))
        self._key = ECKey.import_key(json.loads(key_file.read_text()))
        self.public_file = data_folder / _PUBLIC_FILE
        self.public_file.write_text(json.dumps({"keys": [self._key.as_dict(private=False)]}))

    def token(
        self,
        role: Role,
        *,
        subject: str,
        port_id: str | None = None,
        terminal_id: str | None = None,
        lifetime_seconds: int = 8 * 3600,
    ) -> str:
        """A signed token for a role."""
        now = int(self._now())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject,
            "roles": [role.value],
            "iat": now,
            "exp": now + lifetime_seconds,
        }
        claims |= {key: value for key, value in (("port", port_id), ("terminal", terminal_id)) if value}
        return jwt.encode({"alg": "ES256", "kid": self._key.kid}, claims, self._key)


def _write_once(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
