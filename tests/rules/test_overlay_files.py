"""The overlays of this release: each says what it is, holds on its own days, and leaves the pack as it was."""

from typing import Any

import pytest

from crossing.packs import load_overlays, load_pack
from crossing.packs.examples import read_examples
from crossing.packs.load import COUNTRIES_WITH_PACKS, PACKS_FOLDER, overlay_files
from crossing.rules import RequestError, apply_overlay
from crossing.rules.dates import add, day_before
from crossing.rules.overlay import KINDS

OVERLAYS = sorted(load_overlays())


@pytest.fixture(params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> Any:
    return load_overlays()[request.param]


def test_each_file_bears_the_name_of_its_overlay() -> None:
    assert [path.stem for path in overlay_files(PACKS_FOLDER)] == OVERLAYS


def test_there_is_one_of_each_kind() -> None:
    assert {each["kind"] for each in load_overlays().values()} == set(KINDS)


def test_it_can_be_laid_over_its_pack_on_its_first_and_last_day(overlay: Any) -> None:
    pack, days = load_pack(overlay["into"]), overlay["in_force"]
    for day in (days["from"], days["until"]):
        laid_over = apply_overlay(pack, overlay, day)
        assert laid_over.digest != pack.digest
        laid_over.on(day)


def test_it_is_refused_a_day_too_early_and_a_day_too_late(overlay: Any) -> None:
    pack, days = load_pack(overlay["into"]), overlay["in_force"]
    for day in (day_before(days["from"]), add(days["until"], "P1D")):
        with pytest.raises(RequestError):
            apply_overlay(pack, overlay, day)


def test_laying_it_over_changes_nothing_of_the_pack_itself(overlay: Any) -> None:
    pack = load_pack(overlay["into"])
    before = pack.digest
    apply_overlay(pack, overlay, overlay["in_force"]["from"])
    assert type(pack)(pack.content, pack.names).digest == before


def test_what_a_proposal_adds_is_never_marked_as_seen_in_the_law(overlay: Any) -> None:
    changes = [overlay.get(verb, {}) for verb in ("add", "replace")]
    rows = [row for change in changes for table in change.get("tables", {}).values() for row in table]
    requirements = [each for change in changes for each in change.get("requirements", [])]
    assert rows + requirements
    seen = [each["id"] for each in rows + requirements if each["verified"]]
    assert not (overlay.get("proposal") and seen)


def test_every_emergency_ends_within_ninety_days_and_no_drill_stands_as_adopted_law(overlay: Any) -> None:
    if overlay["kind"] == "emergency":
        assert overlay["in_force"]["until"] < add(overlay["in_force"]["from"], "P90D")
    if overlay.get("drill"):
        assert overlay["proposal"] is True


def test_it_has_worked_examples_and_the_same_case_without_it(overlay: Any) -> None:
    examples = list(read_examples(PACKS_FOLDER / COUNTRIES_WITH_PACKS[overlay["into"]]))
    under = {each.id.partition("/")[0] for each in examples if each.overlays == [overlay["id"]]}
    without = {each.id.partition("/")[0] for each in examples if not each.overlays}
    assert under & without
