"""Colours of the style sheet keep the contrast that WCAG 2.2 asks for, computed from the sheet itself."""

import re

import pytest

from crossing.pages.style import STYLE

TEXT, SIGN = 4.5, 3.0
SHEET = STYLE.decode()
COLOURS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", SHEET))
#: What stands on a ground of its own rule's choosing is found below; this stands on the page's or a panel's ground.
ON_ANY_GROUND = ["ink", "quiet", "link", "not-met"]
GROUNDS = ["paper", "sheet"]


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(COLOURS[first]), luminance(COLOURS[second])))
    return (lighter + 0.05) / (darker + 0.05)


def pairs() -> list[tuple[str, str]]:
    """Every colour of a text with the ground that the same rule gives it."""
    found = set()
    for rule in re.findall(r"\{([^{}]*)\}", SHEET):
        ink = re.search(r"(?:^|;|\s)color: var\(--([a-z-]+)\)", rule)
        ground = re.search(r"background: var\(--([a-z-]+)\)", rule)
        if ink and ground:
            found.add((ink[1], ground[1]))
    return sorted(found)


def test_black_on_white_is_21_to_1() -> None:
    COLOURS.update({"black": "#000000", "white": "#ffffff"})
    assert round(contrast("black", "white"), 2) == 21


@pytest.mark.parametrize(("ink", "ground"), pairs())
def test_a_text_is_readable_on_its_own_ground(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= TEXT


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", ON_ANY_GROUND)
def test_a_text_is_readable_on_every_ground(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= TEXT


def test_a_colour_without_a_ground_is_one_that_every_ground_carries() -> None:
    for rule in re.findall(r"\{([^{}]*)\}", SHEET):
        ink = re.search(r"(?:^|;|\s)color: var\(--([a-z-]+)\)", rule)
        if ink and "background" not in rule:
            assert ink[1] in [*ON_ANY_GROUND, "head-ink"], rule
    assert contrast("head-ink", "head") >= TEXT


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("sign", ["edge", "focus", "met", "not-met", "unknown", "judgement"])
def test_borders_of_fields_and_the_focus_are_seen(sign: str, ground: str) -> None:
    assert contrast(sign, ground) >= SIGN


def test_colours_stand_in_one_place() -> None:
    """So that what is computed here is what is shown."""
    rules = SHEET.split("}", 1)[1]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", rules) == []


def test_the_focus_is_never_taken_away() -> None:
    hidden = [line for line in SHEET.splitlines() if "outline: none" in line]
    assert hidden == ["main:focus { outline: none; }"], "the page itself, which the skip link leads to"
    assert ":focus-visible { outline: 3px solid" in SHEET


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert "url(" not in SHEET
    assert "@import" not in SHEET
