"""Examinations as admission tells them to redress."""

import copy
from typing import Any

from tests.admission.cases import AFTER_SALES_FACTS, AFTER_SALES_FINDINGS, TN_FACTS, TN_FINDINGS

#: The technician whose press was made in Canada, refused because an officer read US-B1-38 otherwise.
TECHNICIAN: dict[str, Any] = {
    "id": "01a20203-589b-755d-8f73-8fa02fc3653f",
    "port_id": "US-DETROIT",
    "day": "2026-11-21",
    "seeking": ["us.b1.usmca"],
    "overlays": [],
    "facts": AFTER_SALES_FACTS | {"home": {"country": "CA", "kept_during_visit": True}},
    "findings": AFTER_SALES_FINDINGS,
}
ENGINEER: dict[str, Any] = TECHNICIAN | {"seeking": ["us.tn"], "facts": TN_FACTS, "findings": TN_FINDINGS}


def examined(base: dict[str, Any] = TECHNICIAN, **changes: Any) -> dict[str, Any]:
    """An examination with something changed."""
    return copy.deepcopy(base) | changes
