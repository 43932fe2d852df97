"""Signing keys: announced before they sign, published until what they signed has ended, and never seen by others."""

import hashlib
import json
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc.jwk import KeySet
from tests.rulings.claims import claims

from crossing.kit.signed import base64url
from crossing.rulings.keys import KeyNotAnnounced, KeyNotHeld, SigningKeys
from crossing.rulings.status_list import pack_status, read_status_list
from crossing.rulings.token import RulingClaims, TokenRefused, read_ruling, sign_ruling

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def published(keys: SigningKeys) -> KeySet:
    return KeySet.import_key_set(keys.public_set())


def ids(keys: SigningKeys) -> list[str | None]:
    return [key.kid for key in published(keys)]


def token(keys: SigningKeys, made: RulingClaims) -> str:
    return sign_ruling(made, keys.signing_key(made.valid_until))


def test_a_new_folder_publishes_the_key_that_signs_and_the_next_one(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path / "keys")
    current, following = ids(keys)
    assert current != following
    assert keys.signing_key("2028-11-30").kid == current
    assert read_ruling(token(keys, claims()), published(keys)).number == "US-TN-2026-000123"


def test_a_key_is_named_by_its_thumbprint(tmp_path: Path) -> None:
    """RFC 7638 §3.2: SHA-256 over the required members, in the order of their names."""
    for each in SigningKeys(tmp_path).public_set()["keys"]:
        required = {name: each[name] for name in ("crv", "kty", "x", "y")}
        digest = hashlib.sha256(json.dumps(required, separators=(",", ":"), sort_keys=True).encode()).digest()
        assert each["kid"] == base64url(digest)


def test_nothing_private_is_published_nor_kept_of_a_retired_key(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path)
    token(keys, claims())
    keys.rotate(NOW)
    assert len(ids(keys)) == 3
    for each in keys.public_set()["keys"]:
        assert set(each) == {"crv", "kty", "x", "y", "kid", "use", "alg"}
        assert (each["crv"], each["use"], each["alg"]) == ("P-256", "sig", "ES256")
    kept = json.loads((tmp_path / "ruling-keys.json").read_text())
    assert "d" in kept["current"]["key"]
    assert "d" not in kept["retired"][0]["key"]


def test_only_the_owner_may_read_the_keys_at_any_time(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path / "keys")
    for change in (lambda: None, lambda: token(keys, claims()), lambda: keys.rotate(NOW)):
        change()
        for file in (tmp_path / "keys").glob("*.json*"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_the_same_folder_gives_the_same_keys_to_every_process(tmp_path: Path) -> None:
    first, second = SigningKeys(tmp_path), SigningKeys(tmp_path)
    first.rotate(NOW)
    assert first.public_set() == second.public_set()
    assert read_ruling(token(second, claims()), published(first))


def test_a_token_signed_before_rotations_reads_until_the_ruling_ends(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path)
    signed = token(keys, claims(valid_until="2026-12-01"))
    token(keys, claims(valid_until="2026-11-25"))
    before = ids(keys)
    for days in range(11):  # up to 2026-12-01
        assert keys.rotate(NOW + days * DAY) in before, "the key that signs now was published before"
        before = ids(keys)
        assert read_ruling(signed, published(keys)).valid_until == "2026-12-01"
    keys.rotate(NOW + 11 * DAY)  # 2026-12-02 in UTC, the day before in Hawaii
    assert read_ruling(signed, published(keys))
    keys.rotate(NOW + 12 * DAY)
    with pytest.raises(TokenRefused, match="unknown_key"):
        read_ruling(signed, published(keys))
    assert len(ids(keys)) == 2, "keys that signed nothing are not kept"


def test_a_key_that_ports_off_line_may_not_know_yet_does_not_sign(tmp_path: Path) -> None:
    """A port lives up to 24 hours with the keys it had."""
    keys = SigningKeys(tmp_path)
    keys.rotate(NOW)
    before = keys.public_set()
    with pytest.raises(KeyNotAnnounced, match="2026-11-21T15:00"):
        keys.rotate(NOW + timedelta(hours=23, minutes=59))
    assert keys.public_set() == before
    keys.rotate(NOW + timedelta(hours=24))


def test_a_token_of_a_withdrawn_key_is_refused_at_once(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path)
    signed = token(keys, claims())
    lost, following = ids(keys)
    assert lost is not None
    keys.withdraw(lost, NOW)
    with pytest.raises(TokenRefused, match="unknown_key"):
        read_ruling(signed, published(keys))
    assert lost not in ids(keys)
    assert keys.signing_key("2028-11-30").kid == following
    assert read_ruling(token(keys, claims()), published(keys))


def test_a_next_key_and_a_retired_key_may_be_withdrawn_too(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path)
    signed = token(keys, claims())
    keys.rotate(NOW)
    current, following, retired = ids(keys)
    assert following is not None
    assert retired is not None
    keys.withdraw(following, NOW)
    keys.withdraw(retired, NOW)
    assert ids(keys)[0] == current
    assert {following, retired}.isdisjoint(ids(keys))
    assert len(ids(keys)) == 2
    with pytest.raises(TokenRefused, match="unknown_key"):
        read_ruling(signed, published(keys))
    with pytest.raises(KeyNotHeld):
        keys.withdraw(retired, NOW)


def test_a_status_list_signed_before_a_rotation_still_reads(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path)
    signed = pack_status([True], NOW, keys.signing_key("2026-11-22"))
    keys.rotate(NOW)
    assert read_status_list(signed, published(keys)).is_set(0)


def test_signing_while_keys_rotate_loses_no_token(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path)
    signed: list[str] = []

    def sign(first_year: int) -> None:
        mine = SigningKeys(tmp_path)
        for year in range(first_year, first_year + 20):
            signed.append(token(mine, claims(valid_until=f"{year}-01-01")))

    threads = [threading.Thread(target=sign, args=(year,)) for year in (2030, 2040, 2050)]
    for thread in threads:
        thread.start()
    for days in range(1, 6):
        keys.rotate(NOW + days * DAY)
    for thread in threads:
        thread.join()
    assert len(signed) == 60
    for each in signed:
        assert read_ruling(each, published(keys))


def test_a_file_left_half_written_by_a_crash_changes_nothing(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path)
    before = keys.public_set()
    (tmp_path / "ruling-keys.json.new").write_text('{"current": {"ke')
    again = SigningKeys(tmp_path)
    assert again.public_set() == before
    assert again.rotate(NOW) == before["keys"][1]["kid"]
