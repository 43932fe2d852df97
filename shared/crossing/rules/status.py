"""The four words of a test and how operators combine them.

Strong Kleene logic over *met*, *not met* and *unknown*, with *judgement* as a fourth word for what only a person may
resolve. While a fact that could still matter is unknown, the answer is *unknown*; *judgement* remains when no missing
fact could change the answer any more. The words are bits, so that a combination is one look-up: ``ALL[a | b | c]``.
"""

from typing import Final

NOT_MET: Final = 1
UNKNOWN: Final = 2
JUDGEMENT: Final = 4
MET: Final = 8

WORDS: Final = {MET: "met", NOT_MET: "not_met", UNKNOWN: "unknown", JUDGEMENT: "judgement"}
CODES: Final = {MET: "M", NOT_MET: "N", UNKNOWN: "U", JUDGEMENT: "J"}

#: What the status of a class of admission means for the traveller.
CLASS_STATUS: Final = {
    MET: "qualifies",
    NOT_MET: "does_not_qualify",
    UNKNOWN: "needs_facts",
    JUDGEMENT: "needs_judgement",
}


def _first_present(order: tuple[int, ...], otherwise: int) -> tuple[int, ...]:
    return tuple(next((word for word in order if bits & word), otherwise) for bits in range(16))


#: ``all of``: one *not met* settles it, however much is unknown; of nothing at all it is *met*.
ALL: Final = _first_present((NOT_MET, UNKNOWN, JUDGEMENT), MET)
#: ``any of``: one *met* settles it, however much is unknown; of nothing at all it is *not met*.
ANY: Final = _first_present((MET, UNKNOWN, JUDGEMENT), NOT_MET)
#: ``not``: *unknown* and *judgement* stay what they are.
NOT: Final = {MET: NOT_MET, NOT_MET: MET, UNKNOWN: UNKNOWN, JUDGEMENT: JUDGEMENT}
