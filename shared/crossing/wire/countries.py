"""Countries as ISO 3166-1 codes them, and the travel-document codes that ICAO Doc 9303 adds.

Names are not here: ``babel`` has them in every language we publish.
"""

import csv
from importlib import resources
from typing import Annotated

from pydantic import AfterValidator

KOSOVO = "XK"
"""User-assigned in ISO 3166-1; nationals of Kosovo hold passports coded RKS, so facts need a code for them."""


def _table(file_name: str) -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath(file_name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


_ISO_3166_1 = {row["alpha3"]: row["alpha2"] for row in _table("countries.csv")}
_ICAO_9303 = {row["code"]: row["maps_to_alpha2"] or None for row in _table("icao_codes.csv")}

COUNTRIES: frozenset[str] = frozenset(_ISO_3166_1.values()) | {KOSOVO}
"""Every alpha-2 code accepted as a country: the 249 of ISO 3166-1, and XK."""


def is_country(alpha2: str) -> bool:
    """Say whether a code is an ISO 3166-1 alpha-2 country code, or XK for Kosovo.

    Parameters:
        alpha2: two capital letters; anything else, ``ca`` too, is not a country.

    Raises:
        Nothing.

    Source:
        ISO 3166-1, clause 5 (alpha-2 codes) and its user-assigned codes.
    """
    return alpha2 in COUNTRIES


def alpha2_of(code: str) -> str | None:
    """Give the alpha-2 country of the code in a machine readable zone.

    Parameters:
        code: an issuing State or nationality as the zone has it, with or without its fillers: ``CAN``, ``D<<``.

    Returns:
        The country; None for a code that stands for no country (stateless persons, refugees, organizations,
        the specimen State Utopia) and for a code that nobody has assigned.

    Raises:
        Nothing.

    Source:
        ISO 3166-1; ICAO Doc 9303-3, section 5, parts A to H.
    """
    code = code.rstrip("<")
    return _ISO_3166_1.get(code) or _ICAO_9303.get(code)


def _must_be_country(code: str) -> str:
    if not is_country(code):
        raise ValueError("must be an ISO 3166-1 alpha-2 country code")
    return code


Country = Annotated[str, AfterValidator(_must_be_country)]
"""A field of a pydantic model that holds a country."""
