"""What a person can do next, to this person's last day."""

import pytest

from redress.letters.letter import letter_data
from redress.letters.next_steps import appeal_until, next_steps

TOLD = "2026-11-22"


def days(steps: list) -> dict[str, tuple[str | None, str | None]]:
    return {step.body: (step.last_day, step.safe_day) for step in steps}


def test_an_appeal_is_open_for_thirty_days_and_the_watch_for_two_years() -> None:
    decided = {"category": "misidentified_fixed", "outcome": "granted_in_part", "recourse": None}
    told = days(next_steps(decided, "US", "en", TOLD))
    assert told == {"Redress appeal panel": ("2026-12-22", None), "Redress": ("2028-11-22", None)}
    assert appeal_until(TOLD) == "2026-12-22"


def test_after_an_appeal_there_is_no_second_one() -> None:
    decided = {"category": "not_correctable_here", "outcome": "upheld", "on_appeal": True}
    assert "Redress appeal panel" not in days(next_steps(decided, "US", "en", TOLD))


def test_a_cancelled_nexus_shows_both_days_of_the_law_and_of_the_published_practice() -> None:
    recourse = {"outcome": "CA-RED-1", "in_person": True, "inside_country": True, "class": None}
    decided = {"category": "not_correctable_here", "outcome": "upheld", "recourse": recourse}
    steps = next_steps(decided, "CA", "fr", TOLD)
    disputed = [step for step in steps if step.safe_day and step.safe_day != step.last_day]
    assert [(step.safe_day, step.last_day) for step in disputed] == [("2026-12-22", "2027-02-20")]


def test_the_nearest_last_day_comes_first() -> None:
    recourse = {"outcome": "CA-OUT-10", "in_person": True, "inside_country": True, "class": None}
    decided = {"category": "not_correctable_here", "outcome": "upheld", "recourse": recourse}
    found = [step.last_day for step in next_steps(decided, "CA", "en", TOLD) if step.last_day]
    assert found == sorted(found)
    assert found[0] == "2026-12-07"  # judicial review of a matter that arose in Canada: 15 days (IRPA 72)


@pytest.mark.parametrize("country", ["US", "CA"])
def test_a_closing_offers_the_same_whatever_was_decided(country: str) -> None:
    recourse = {"outcome": "CA-RED-1", "in_person": True, "inside_country": True, "class": None}
    plain = {"category": "no_link_found", "outcome": "upheld", "recourse": recourse}
    secret = {"category": "neither_confirm_nor_deny", "outcome": "neither_confirm_nor_deny"}
    assert next_steps(plain, country, "en", TOLD) == next_steps(secret, country, "en", TOLD)


@pytest.mark.parametrize("category", list(letter_data()["categories"]))
def test_every_step_is_told_in_every_language(category: str) -> None:
    found = [next_steps({"category": category, "outcome": ""}, "US", language, TOLD) for language in ("en", "fr", "es")]
    assert len({len(steps) for steps in found}) == 1
    assert all(step.body and step.what for steps in found for step in steps)
