"""Disks, law, keys of rulings and evidence."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.installations import admission, rulings, said

from crossing.doctor import storage_checks as checks
from crossing.packs.check import Finding, Inspection
from crossing.rulings.keys import SigningKeys

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("total", "free", "outcome"),
    [(100 << 30, 20 << 30, "ok"), (100 << 30, 5 << 30, "wrong"), (2 << 30, 1 << 29, "wrong")],
)
async def test_a_disk_that_is_nearly_full_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, total: int, free: int, outcome: str
) -> None:
    usage: Any = type(shutil.disk_usage(tmp_path))
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(total, total - free, free))
    assert (await said(checks.disks_have_room, rulings(tmp_path)))[0] == outcome


async def test_mistakes_of_rule_packs_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "check_release", lambda: Inspection([Finding("us/tn.yaml:12", "no citation")]))
    outcome, words = await said(checks.rule_packs_hold, admission(tmp_path))
    assert (outcome, "us/tn.yaml:12" in words) == ("wrong", True)


async def test_missing_and_damaged_keys_of_rulings_are_found(tmp_path: Path) -> None:
    assert (await said(checks.keys_of_rulings_are_there, rulings(tmp_path)))[0] == "wrong"
    SigningKeys(tmp_path / "keys")
    assert (await said(checks.keys_of_rulings_are_there, rulings(tmp_path)))[0] == "ok"
    file = tmp_path / "keys/ruling-keys.json"
    held = json.loads(file.read_text())
    file.write_text(json.dumps({**held, "next": held["current"]}))
    outcome, words = await said(checks.keys_of_rulings_are_there, rulings(tmp_path))
    assert (outcome, "rotate-keys" in words) == ("wrong", True)
    assert held["current"]["key"]["d"] not in words


async def test_a_store_that_takes_nothing_is_found(tmp_path: Path) -> None:
    assert (await said(checks.evidence_is_kept, rulings(tmp_path)))[0] == "ok"
    assert not [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]
    it = rulings(tmp_path, evidence_store=str(tmp_path / "another"))
    (tmp_path / "another").touch()
    outcome, words = await said(checks.evidence_is_kept, it)
    assert (outcome, "CROSSING_EVIDENCE_STORE" in words) == ("wrong", True)


async def test_evidence_that_nothing_scans_is_found(tmp_path: Path) -> None:
    outcome, words = await said(checks.evidence_is_scanned, rulings(tmp_path))
    assert (outcome, "CROSSING_CLAMAV_ADDRESS" in words) == ("wrong", True)
