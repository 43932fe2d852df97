"""Letters of made-up rulings."""

from dataclasses import replace
from typing import Any

from tests.rulings.claims import claims, new_key

from crossing.rulings.letter import LetterContent, LetterFact, LetterReason
from crossing.rulings.token import sign_ruling

KEY = new_key()
TOKEN = sign_ruling(claims(number="US-B1-2026-000123"), KEY)


def letter(**changes: Any) -> LetterContent:
    """A ruling on after-sales service, issued on 21 November 2026, valid from 1 December."""
    made = LetterContent(
        number="US-B1-2026-000123",
        version=1,
        into="US",
        class_title="B-1 after-sales service",
        class_code="B-1",
        holder="Zoé Côté",
        petitioner="Presses du Saguenay inc.",
        issued_on="2026-11-21",
        valid_from="2026-12-01",
        valid_until="2028-11-30",
        question="Whether the installation of a press under warranty is after-sales service.",
        holding="It is after-sales service.",
        reasons=(
            LetterReason(
                "US-B1-38",
                "The equipment was made outside the United States.",
                "8 CFR 214.2(b)(4)(i)(F)",
                True,
                "Equipment made in: Canada.",
                "rules",
            ),
            LetterReason(
                "US-B1-40",
                "The specialised knowledge is essential.",
                "USMCA Appendix 1",
                False,
                "The manual is the holder’s own work.",
                "adjudicator",
            ),
        ),
        facts=(LetterFact("Where the equipment was made", "Canada"), LetterFact("Kind of contract", "warranty")),
        re_attest=("Was the press made in Canada?", "Is the contract still a warranty?"),
        pack_id="us",
        pack_version="2026.11.21",
        pack_digest="8b1f" * 16,
        token=TOKEN,
        verify_address="http://crossing.test/advance-rulings/verify",
    )
    return replace(made, **changes)
