"""The reasons that a decision gave, wherever the case file has them."""

from collections.abc import Mapping
from typing import Any


def reasons_of(content: Mapping[str, Any], detail: Mapping[str, Any]) -> list[dict[str, str]]:
    """Reasons by requirement: those the step brought, else those of a denial, else those of the findings."""
    brought = detail.get("reasons") or (content.get("denial_draft") or {}).get("reasons")
    if brought:
        return [{"requirement": each["requirement"], "text": each["text"]} for each in brought]
    return [
        {"requirement": name, "text": found["reason"]}
        for name, found in content.get("findings", {}).items()
        if found.get("reason")
    ]
