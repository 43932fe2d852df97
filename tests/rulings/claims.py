"""Claims of made-up rulings, and hypothesis strategies for any that could be issued."""

import os
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from joserfc.jwk import ECKey, KeySet

from crossing.kit.signed import base64url
from crossing.rulings.token import RulingClaims

SETTLED = 25
#: Material facts of the United States' dictionary, the longest names first.
FACTS = [
    "engagement.arranged_before_entry",
    "engagement.ends_on",
    "engagement.form",
    "engagement.with_entity_in",
    "equipment.made_in",
    "labour_dispute.certified",
    "labour_dispute.would_be_affected",
    "ownership.controls_entity",
    "ownership.share_percent",
    "position.profession",
    "position.hands_on_percent",
    "remuneration.paid_by",
    "remuneration.source_in",
    "service_contract.ends_on",
    "service_contract.kind",
    "service_contract.part_of_sale",
    "service_contract.signed_on",
    "support_letter.states_activities",
    "support_letter.states_profession",
    "support_letter.states_qualifications",
    "traveller.citizenships",
    "traveller.permanent_residences",
    "traveller.specialised_knowledge",
    "credentials[]",
    "tasks[]",
]


def claims(**changes: Any) -> RulingClaims:
    """A ruling that settles 25 requirements on 25 material facts."""
    made = RulingClaims(
        number="US-TN-2026-000123",
        version=1,
        index=4321,
        salt=_hash(16),
        document=_hash(16),
        person=_hash(16),
        into="US",
        class_id="us.b1.usmca",
        valid_from="2026-12-01",
        valid_until="2028-11-30",
        pack_version="2026.11.21",
        pack_digest=os.urandom(32).hex(),
        settled=tuple(f"US-B1-{number:02}" for number in range(1, SETTLED + 1)),
        facts={path: _hash(6) for path in FACTS},
        bounds={
            "traveller.citizenships": ["CA", "FR"],
            "service_contract.ends_on": "2028-11-30",
            "engagement.ends_on": "2028-11-30",
            "ownership.share_percent": 51,
        },
    )
    return replace(made, **changes)


def _hash(size: int) -> str:
    return base64url(os.urandom(size))


def new_key() -> ECKey:
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


def public(*keys: ECKey) -> KeySet:
    """The keys as a port imports them."""
    return KeySet.import_key_set({"keys": [key.as_dict(private=False) for key in keys]})


_TEXT = st.text(max_size=30)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _TEXT, lambda each: st.lists(each, max_size=3)
)
ANY_CLAIMS = st.builds(
    RulingClaims,
    number=_TEXT,
    version=st.integers(1, 10_000),
    index=st.integers(0, 2**31),
    salt=_TEXT,
    document=_TEXT,
    person=_TEXT,
    into=_TEXT,
    class_id=_TEXT,
    valid_from=st.dates().map(str),
    valid_until=st.dates().map(str),
    pack_version=_TEXT,
    pack_digest=_TEXT,
    settled=st.lists(_TEXT, max_size=10).map(tuple),
    facts=st.dictionaries(_TEXT, _TEXT, max_size=10),
    bounds=st.dictionaries(_TEXT, _VALUES, max_size=5),
)
