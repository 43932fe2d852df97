"""What a port sees of a subject, in words. No I/O."""

from collections.abc import Mapping
from typing import Any

from admission.subjects.lists import LISTS


def tell_subject(check: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A subject check as it is answered: every part, with its text in a language."""
    texts = {key: text[language] for key, text in LISTS["check"].items()}
    text = None if check["checked"] else texts["no_answer"]
    member = check.get("member")
    return {
        "checked": check["checked"],
        "look_closer": check["look_closer"],
        "text": texts["look_closer"] if check["look_closer"] else text,
        "control_number": check.get("control_number"),
        "lookouts": [_hit(hit, texts, language) for hit in check.get("lookouts", ())],
        "member": member and member | {"text": LISTS["member_states"][member["state"]][language]},
        "stays": [_stay(stay, texts) for stay in check.get("stays", ())],
        "annulled": check.get("annulled", []),
        "amended": check.get("amended", []),
        "notations": check.get("notations", []),
        "biometric_reenrol": check.get("biometric_reenrol"),
        "invitation": check.get("invitation"),
        "routes": [{**route, "title": route["title"][language]} for route in check.get("routes", ())],
        "watch": check.get("watch", []),
    }


def _hit(hit: Mapping[str, Any], texts: Mapping[str, str], language: str) -> dict[str, Any]:
    kind, reason = LISTS["lookout_kinds"][hit["kind"]][language], LISTS["lookout_reasons"][hit["reason"]][language]
    said = texts["hit"].format(kind=kind, reason=reason, match=LISTS["matches"][hit["match"]][language])
    suppressed = texts["suppressed"].format(**hit["suppressed"]) if hit["suppressed"] else None
    return {**hit, "text": said, "suppressed_text": suppressed}


def _stay(stay: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    if stay["corrected"]:
        said = texts["stay_corrected"].format(**stay, control_number=stay["corrected"]["control_number"])
    else:
        said = texts["overstay"].format(**stay)
    return {**stay, "text": said}
