"""Rulings presented, as an answer, a page and a notice tell of them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from admission.rulings.trust import age_seconds
from crossing.packs.files import read_yaml
from crossing.rules import question_of
from crossing.rules.dictionary import FactDictionary

TEXTS: Final[Mapping[str, Any]] = read_yaml(Path(__file__).parent / "texts.yaml")


def tell_rulings(
    rulings: Sequence[Mapping[str, Any]], dictionary: FactDictionary, at: str, language: str
) -> list[dict[str, Any]]:
    """The rulings of an examination that was opened at ``at``, each with its outcome in codes and in words."""
    return [_tell(row, json.loads(row["assessment"]), dictionary, at, language) for row in rulings]


def _tell(
    row: Mapping[str, Any], found: Mapping[str, Any], dictionary: FactDictionary, at: str, language: str
) -> dict[str, Any]:
    claims = json.loads(row["claims"]) if row["claims"] else {}
    text = TEXTS["outcomes"][row["outcome"]][language]
    if found["reason"]:
        text += " " + TEXTS["notice"]["refused"][language].format(reason=TEXTS["reasons"][found["reason"]][language])
    return {
        "number": row["number"],
        "version": claims.get("version"),
        "class": claims.get("class_id"),
        "outcome": row["outcome"],
        "binds": found["binds"],
        "reason": found["reason"],
        "text": text,
        "changed": _named(found["changed"], dictionary, language),
        "tolerated": _named(found["tolerated"], dictionary, language),
        "settled": found["settled"],
        "re_attest": [question_of(path, dictionary.facts, language) for path in found["re_attest"]],
        "status_list_age_seconds": age_seconds(found["status_at"], at),
        "follow_up_by": found["follow_up_by"],
        "binding_note": TEXTS["binding_note"][language],
    }


def _named(paths: Sequence[str], dictionary: FactDictionary, language: str) -> list[dict[str, str]]:
    others = TEXTS["others"]
    return [
        {"fact": path, "label": others[path][language] if path in others else dictionary.label(path, language)}
        for path in paths
    ]


def sentences_of_notice(
    rulings: Sequence[Mapping[str, Any]], departures: Mapping[str, Mapping[str, Any]], language: str
) -> list[str]:
    """What a notice says of rulings as ``tell_rulings`` tells them; ``departures`` are the confirmed ones by number."""
    texts = {key: text[language] for key, text in TEXTS["notice"].items()}
    said = []
    for each in rulings:
        parts = [f"{each['number'] or texts['without_number']}: {each['text']}"]
        if each["changed"]:
            parts.append(texts["changed"].format(facts="; ".join(moved["label"] for moved in each["changed"])))
        departed = departures.get(each["number"] or "")
        if departed:
            ground = TEXTS["grounds"][departed["ground"]][language]
            reason = departed["reason"].rstrip(".") + "."
            parts.append(texts["departed"].format(ground=ground, reason=reason, by=departed["confirmed_by"]))
        said.append(" ".join(parts))
    return said
