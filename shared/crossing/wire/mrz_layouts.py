"""Where the elements of a machine readable zone stand, for each format of ICAO Doc 9303 (parts 4 to 7)."""

from typing import Literal, NamedTuple

MrzFormat = Literal["TD1", "TD2", "TD3", "MRV-A", "MRV-B"]


class Span(NamedTuple):
    """Characters of a line, both counted from 1, the last one included."""

    line: int
    first: int
    last: int

    def next(self) -> "Span":
        """The character after these: where a check digit stands."""
        return Span(self.line, self.last + 1, self.last + 1)


def _two_lines(width: int, optional_data_ends: int) -> dict[str, Span]:
    return {
        "document_code": Span(1, 1, 2),
        "issuing_state": Span(1, 3, 5),
        "name": Span(1, 6, width),
        "document_number": Span(2, 1, 9),
        "nationality": Span(2, 11, 13),
        "born_on": Span(2, 14, 19),
        "sex": Span(2, 21, 21),
        "expires_on": Span(2, 22, 27),
        "optional_data": Span(2, 29, optional_data_ends),
    }


# Doc 9303-4, -5 and -6 section 4.2.2; 9303-7 sections 4.2.2 and 7.2.2.
LAYOUTS: dict[MrzFormat, dict[str, Span]] = {
    "TD1": {
        "document_code": Span(1, 1, 2),
        "issuing_state": Span(1, 3, 5),
        "document_number": Span(1, 6, 14),
        "optional_data": Span(1, 16, 30),
        "born_on": Span(2, 1, 6),
        "sex": Span(2, 8, 8),
        "expires_on": Span(2, 9, 14),
        "nationality": Span(2, 16, 18),
        "optional_data_2": Span(2, 19, 29),
        "name": Span(3, 1, 30),
    },
    "TD2": _two_lines(36, 35),
    "TD3": _two_lines(44, 42),
    "MRV-A": _two_lines(44, 44),
    "MRV-B": _two_lines(36, 36),
}
# Doc 9303-4, -5 and -6 section 4.2.4.
COMPOSITES: dict[MrzFormat, tuple[Span, ...]] = {
    "TD1": (Span(1, 6, 30), Span(2, 1, 7), Span(2, 9, 15), Span(2, 19, 29)),
    "TD2": (Span(2, 1, 10), Span(2, 14, 20), Span(2, 22, 35)),
    "TD3": (Span(2, 1, 10), Span(2, 14, 20), Span(2, 22, 43)),
}
