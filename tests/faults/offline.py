"""G6: a ruling binds at a port that reaches nobody: for its holder, while in force, as it was signed, and no other.

The port's part runs in an empty network namespace with the keys and the status list that it fetched before.
"""

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.jwk import KeySet, OctKey
from tests.admission.cases import PASSPORT, TN_FACTS, changed
from tests.admission.rulings import Office, engineers_claims, new_key
from tests.conftest import MovingClock
from tests.faults.report import Report

from admission.examinations.traveller import Traveller
from admission.rulings.assess import Case, assess
from admission.rulings.trust import Trust
from admission.settings import MIGRATIONS
from crossing.facts.statement import flat
from crossing.kit import signed
from crossing.kit.database import create_engine
from crossing.kit.http import new_client
from crossing.kit.migrations import upgrade
from crossing.packs.load import load_pack
from crossing.rules.dates import add
from crossing.rulings.status_list import pack_status
from crossing.rulings.token import TokenRefused, read_ruling, sign_ruling

FULL = ({"every_bit": 1}, {"every_bit": 1, "plant": "signatures not looked at"})
SHORT = ({"every_bit": 7},)
_FROM = "2028-02-29"
_NOON = datetime(2028, 2, 29, 17, 0, tzinfo=UTC)
_REVOKED = 9
_ANOTHER = {**PASSPORT, "document_number": "GA700111", "surname": "Côté", "given_names": "Zoé", "born_on": "1979-09-30"}


def run(*, every_bit: int, plant: str | None = None) -> Report:
    """Show a port rulings of every kind; of the good one flip each bit, or one in so many."""
    command = ["unshare", "-n", sys.executable, "-m", "tests.faults.offline", str(every_bit), plant or ""]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    wrong = found["wrong"]
    return Report(
        fault="G6 rulings without a network",
        done=f"{found['cases']} cases and {found['flips']:,} flipped bits in an empty network namespace",
        acknowledged=found["cases"] + found["flips"],
        found=found["cases"] + found["flips"] - len(wrong),
        lost=len(wrong),
        held=found["alone"] and not wrong,
        detail="; ".join(wrong[:5]) if found["alone"] else "there was a network",
    )


def _rulings(office: Office) -> Iterator[tuple[str, str, dict[str, Any], datetime, str | None]]:
    """A name, the token shown, who shows it, when, and why it must not bind; ``None`` where it must."""
    claims = replace(engineers_claims(), valid_from=_FROM, valid_until=add(_FROM, "P3Y"))
    good, old, thief = sign_ruling(claims, office.key), new_key(), new_key()
    thief_as_ours = type(thief).import_key({**thief.as_dict(private=True), "kid": office.key.kid})
    header, content, signature = good.split(".")
    edited = sign_ruling(replace(claims, valid_until="2099-01-01"), thief).split(".")[1]
    none = signed.base64url(json.dumps({"alg": "none", "kid": office.key.kid, "typ": "ruling+jwt"}).encode())
    hmac = jws.serialize_compact(
        {"alg": "HS256", "kid": office.key.kid, "typ": "ruling+jwt"},
        b"{}",
        OctKey.import_key(json.dumps(office.key.as_dict(private=False))),
    )
    statuses = pack_status([False], _NOON, office.key)
    day = timedelta(days=1)
    yield "genuine", good, PASSPORT, _NOON, None
    yield "on its last day", good, PASSPORT, datetime(2031, 2, 28, 17, tzinfo=UTC), None
    yield "shown by another traveller", good, _ANOTHER, _NOON, "another_person"
    yield "the day before it begins", good, PASSPORT, _NOON - day, "not_yet_valid"
    yield "the day after it ended", good, PASSPORT, datetime(2031, 3, 1, 17, tzinfo=UTC), "expired"
    yield (
        "revoked or superseded",
        sign_ruling(replace(claims, index=_REVOKED), office.key),
        PASSPORT,
        _NOON,
        "not_in_force",
    )
    yield "by a key withdrawn", sign_ruling(claims, old), PASSPORT, _NOON, "unknown_key"
    yield "by a thief's key", sign_ruling(claims, thief), PASSPORT, _NOON, "unknown_key"
    yield "by a thief's key under our name", sign_ruling(claims, thief_as_ours), PASSPORT, _NOON, "bad_signature"
    yield "with its dates edited", f"{header}.{edited}.{signature}", PASSPORT, _NOON, "bad_signature"
    yield "without a signature", f"{none}.{content}.", PASSPORT, _NOON, "wrong_algorithm"
    yield "signed with our public key as a secret", hmac, PASSPORT, _NOON, "wrong_algorithm"
    yield "a status list shown as a ruling", statuses, PASSPORT, _NOON, "malformed"
    yield "spelt another way", good + "=", PASSPORT, _NOON, "malformed"


async def _alone(every_bit: int, folder: Path) -> dict[str, Any]:
    clock = MovingClock(_NOON)
    office = Office(clock, not_in_force={_REVOKED})
    url = f"sqlite+aiosqlite:///{folder / 'admission.sqlite'}"
    await asyncio.to_thread(upgrade, MIGRATIONS, url)
    engine, wrong, cases = create_engine(url), [], 0
    async with new_client("http://office.test/advance-rulings", app=office.app()) as inside:
        for name, token, scan, at, reason in [*_rulings(office)]:
            # What the port fetched while it was on line, an hour before the cut.
            clock.now = at - timedelta(hours=1)
            assert await Trust(engine, inside, clock).refresh()
            clock.now = at
            port = Trust(engine, None, clock)
            await port.load()
            reading = await port.read(token)
            found = assess(reading, _case(scan, at))
            cases += 1
            if (found.binds, found.reason) != (reason is None, reason):
                wrong.append(f"{name}: binds {found.binds}, {found.reason}")
        clock.now = _NOON - timedelta(days=2)
        await Trust(engine, inside, clock).refresh()
    clock.now = _NOON
    stale = Trust(engine, None, clock)
    await stale.load()
    token = sign_ruling(replace(engineers_claims(), valid_from=_FROM), office.key)
    if (found := assess(await stale.read(token), _case(PASSPORT, _NOON))).reason != "status_unknown":
        wrong.append(f"a list two days old is relied on: {found.reason}")
    await engine.dispose()
    flips, taken = _flip(token, office, every_bit)
    return {"cases": cases + 1, "flips": flips, "wrong": wrong + taken}


def _case(scan: dict[str, Any], at: datetime) -> Case:
    facts = flat(changed(TN_FACTS, arrival=None))
    traveller = Traveller(**{name: scan.get(name) for name in Traveller.__dataclass_fields__})
    return Case(load_pack("US"), at.date().isoformat(), ["us.tn"], facts, traveller, reattested=False)


def _flip(token: str, office: Office, every: int) -> tuple[int, list[str]]:
    """Flip single bits of a token; how many, and those that were still read."""
    keys, taken, flips = KeySet([office.key]), [], 0
    for bit in range(0, len(token) * 8, every):
        flips += 1
        letters = bytearray(token.encode())
        letters[bit // 8] ^= 1 << bit % 8
        try:
            read_ruling(letters.decode("latin-1"), keys)
        except TokenRefused:
            continue
        taken.append(f"bit {bit} flipped, and the ruling is read")
    return flips, taken


def _child(every_bit: int, plant: str) -> None:
    if plant:
        signed._ES256.verify = lambda *_: True  # type: ignore[method-assign]
    try:
        socket.create_connection(("192.0.2.1", 80), 1)
        alone = False
    except OSError:
        alone = True
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps({"alone": alone, **asyncio.run(_alone(every_bit, Path(folder)))}))


if __name__ == "__main__":
    _child(int(sys.argv[1]), sys.argv[2])
