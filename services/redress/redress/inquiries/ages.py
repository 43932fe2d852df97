"""How old a person is."""

import re
from datetime import date
from typing import Final

_YEARS: Final = re.compile(r"P(\d{1,3})Y\Z")


def is_younger(born_on: str | None, age: str, today: date) -> bool:
    """Whether somebody born on an ISO day is younger than an age in whole years (``P18Y``); no one is, unknown when.

    Who was born on 29 February comes of age on 1 March of a year without that day: a protection ends late, never
    early.
    """
    if born_on is None:
        return False
    years = _YEARS.match(age)
    if years is None:
        raise ValueError("an age is told in whole years")
    born = date.fromisoformat(born_on)
    return (today.year - int(years[1]), today.month, today.day) < (born.year, born.month, born.day)
