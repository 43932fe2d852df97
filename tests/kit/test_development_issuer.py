"""The development issuer keeps its key to itself and gives out only the public part."""

import json
import stat
from pathlib import Path

from crossing.kit.identity import Role, TokenChecker
from crossing.kit.issuer import AUDIENCE, ISSUER, DevelopmentIssuer
from crossing.kit.issuer_keys import IssuerKeys, read_key_set


def checker(issuer: DevelopmentIssuer) -> TokenChecker:
    return TokenChecker(IssuerKeys(read_key_set(issuer.public_file)), issuer=ISSUER, audience=AUDIENCE)


def test_the_key_is_readable_by_its_owner_only_and_the_public_file_has_no_private_part(tmp_path: Path) -> None:
    issuer = DevelopmentIssuer(tmp_path)
    assert stat.S_IMODE((tmp_path / "development-issuer.key.json").stat().st_mode) == 0o600
    [public] = json.loads(issuer.public_file.read_text())["keys"]
    assert "d" not in public
    assert public["alg"] == "ES256"


def test_the_key_is_made_once(tmp_path: Path) -> None:
    token = DevelopmentIssuer(tmp_path).token(Role.OFFICER, subject="officer", port_id="US-DETROIT")
    caller = checker(DevelopmentIssuer(tmp_path)).check(token)
    assert (caller.subject, caller.roles, caller.port_id) == ("officer", {Role.OFFICER}, "US-DETROIT")


def test_a_caller_is_remembered_and_the_memory_is_bounded(tmp_path: Path) -> None:
    issuer = DevelopmentIssuer(tmp_path)
    tokens = checker(issuer)
    token = issuer.token(Role.OFFICER, subject="officer")
    assert tokens.check(token) is tokens.check(token)
    tokens._remembered = dict.fromkeys(
        (bytes([number >> 8, number & 255]) for number in range(10_000)), tokens.check(token)
    )
    tokens.check(issuer.token(Role.OFFICER, subject="another"))
    assert len(tokens._remembered) == 1
