"""Machine readable zones for the tests, printed by hand as ICAO Doc 9303 lays them out."""

import string

_SIGNS = string.digits + string.ascii_uppercase


def digit(text: str) -> str:
    """The check digit of Doc 9303-3, section 4.9, worked out apart from the code under test."""
    return str(sum(max(_SIGNS.find(sign), 0) * (7, 3, 1)[place % 3] for place, sign in enumerate(text)) % 10)


def passport_zone(
    *,
    name: str = "TREMBLAY<<ELOISE",
    number: str = "GA302922",
    state: str = "CAN",
    nationality: str = "CAN",
    birth: str = "880412",
    expiry: str = "320531",
    code: str = "P",
) -> list[str]:
    """The two lines of a passport (TD3)."""
    padded = number.ljust(9, "<")
    lower = padded + digit(padded) + nationality.ljust(3, "<") + birth + digit(birth) + "F" + expiry + digit(expiry)
    lower += "<" * 14 + "0"
    lower += digit(lower[:10] + lower[13:20] + lower[21:43])
    return [f"{code.ljust(2, '<')}{state.ljust(3, '<')}{name}".ljust(44, "<"), lower]


def card_zone(
    *, code: str = "IP", state: str = "USA", number: str = "C03005988", nationality: str = "USA"
) -> list[str]:
    """The three lines of a card (TD1): a passport card of the United States unless said otherwise."""
    upper = code + state + number + digit(number) + "<" * 15
    birth, expiry = "710630", "321129"
    middle = birth + digit(birth) + "F" + expiry + digit(expiry) + nationality + "<" * 11
    middle += digit(upper[5:] + middle[:7] + middle[8:15] + middle[18:])
    return [upper, middle, "TRAVELER<<HAPPY".ljust(30, "<")]


def visa_zone(*, state: str = "USA", nationality: str = "MEX") -> list[str]:
    """The two lines of a visa (MRV-A), which the United States issued to a Mexican unless said otherwise."""
    number, birth, expiry = "555123ABC", "650101", "290101"
    lower = number + digit(number) + nationality + birth + digit(birth) + "M" + expiry + digit(expiry)
    return [f"V<{state}VIAJERO<<JUAN".ljust(44, "<"), lower.ljust(44, "<")]
