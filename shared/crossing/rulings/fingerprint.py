"""The material facts of a ruling: their fingerprint, and whether what a port hears is still what was ruled on."""

import hashlib
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from crossing.casework.procedure import Procedure
from crossing.rules.digest import canonical
from crossing.rulings.person import salted
from crossing.rulings.token import RulingClaims

Facts = Mapping[str, Any]
Definitions = Mapping[str, Mapping[str, Any]]
#: Stands among the paths of facts for the law that a ruling was given under.
LAW: Final = "law"
_BYTES: Final = 6


@dataclass(frozen=True)
class Comparison:
    """What a port found: the outcome, and the paths of material facts that changed, within what is tolerated or beyond.

    ``unstated`` are material facts of the ruling that nobody stated again; they count as unchanged.
    """

    outcome: Literal["equal", "tolerated", "changed", "unverifiable"]
    changed: tuple[str, ...]
    tolerated: tuple[str, ...]
    unstated: tuple[str, ...]


def material_facts(facts: Facts, definitions: Definitions) -> dict[str, Any]:
    """The facts that the dictionary marks as material, each in the one form that it is hashed in.

    ``facts`` are flat, by path. Of a list's entries only the material fields count, in any order; texts are in NFC.
    """
    found: dict[str, Any] = {}
    for path, value in sorted(facts.items()):
        if definitions.get(path, {}).get("type") == "list":
            entries = [_material_entry(path, entry, definitions) for entry in value]
            if any(entries) or (not entries and _has_material_fields(path, definitions)):
                found[path] = _sorted([entry for entry in entries if entry])
        elif definitions.get(path, {}).get("material"):
            found[path] = _sorted(value) if isinstance(value, list) else _nfc(value)
    return found


def _material_entry(path: str, entry: Facts, definitions: Definitions) -> dict[str, Any]:
    return {
        field: _nfc(value)
        for field, value in sorted(entry.items())
        if definitions.get(f"{path}[].{field}", {}).get("material")
    }


def _has_material_fields(path: str, definitions: Definitions) -> bool:
    return any(name.startswith(f"{path}[].") and each.get("material") for name, each in definitions.items())


def _nfc(value: Any) -> Any:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _sorted(values: list[Any]) -> list[Any]:
    by_text = {canonical(_nfc(value)): _nfc(value) for value in values}
    return [by_text[key] for key in sorted(by_text)]


def fingerprint(facts: Facts, definitions: Definitions, *, salt: str = "") -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of the material facts, as 64 hexadecimal digits.

    Unsalted inside the service; with the ruling's ``salt`` where others read it.
    """
    return hashlib.sha256(salt.encode() + canonical(material_facts(facts, definitions))).hexdigest()


def fact_hashes(facts: Facts, definitions: Definitions, salt: str) -> dict[str, str]:
    """Salted hash of each material fact by its path: 6 bytes in base64url, as a token holds them."""
    return {path: _hash(path, value, salt) for path, value in material_facts(facts, definitions).items()}


def _hash(path: str, value: Any, salt: str) -> str:
    return salted(_BYTES, salt, path, canonical(value).decode())


def bounds(facts: Facts, definitions: Definitions, procedure: Procedure) -> dict[str, Any]:
    """The values of those material facts that may move within limits: without them a port could not tell how far."""
    rules = procedure.content["tolerated"]
    return {
        path: value
        for path, value in material_facts(facts, definitions).items()
        if rules.get(path, {"rule": "any"})["rule"] != "any"
    }


def compare(
    claims: RulingClaims,
    facts: Facts,
    on: str,
    *,
    definitions: Definitions,
    procedure: Procedure,
    pack_head: Mapping[str, Any],
    shown: Collection[str] = (),
) -> Comparison:
    """Hold the facts of an examination against those that a ruling rests on.

    Only what the examination states is compared; a material fact that the ruling does not rest on is none of its own.
    ``on`` is the day at the port. ``pack_head`` is the head of the pack in force there, which may say of an earlier
    version that nothing changed for some classes. ``shown`` are facts that the travel document shows: they are
    compared, but do not count as stated again by the holder.
    """
    stated = material_facts(facts, definitions)
    compared = [path for path in stated if path in claims.facts]
    moved = [path for path in compared if _hash(path, stated[path], claims.salt) != claims.facts[path]]
    rules = procedure.content["tolerated"]
    tolerated = [
        path for path in moved if _is_tolerated(rules.get(path), claims.bounds.get(path), path, facts, on, stated)
    ]
    changed = [path for path in moved if path not in tolerated]
    law = _law(claims, pack_head)
    (tolerated if law == "tolerated" else changed).extend([] if law == "equal" else [LAW])
    restated = [path for path in compared if path not in shown]
    outcome: Literal["equal", "tolerated", "changed", "unverifiable"] = "equal"
    if changed:
        outcome = "changed"
    elif not restated and set(claims.facts) - set(shown):
        outcome = "unverifiable"
    elif tolerated:
        outcome = "tolerated"
    unstated = tuple(path for path in claims.facts if path not in restated and path not in shown)
    return Comparison(outcome, tuple(changed), tuple(tolerated), unstated)


def _law(claims: RulingClaims, pack_head: Mapping[str, Any]) -> str:
    if claims.pack_version == pack_head["version"]:
        return "equal"
    unchanged = pack_head.get("no_effect", {}).get(claims.pack_version, ())
    return "tolerated" if claims.class_id in unchanged else "changed"


def _is_tolerated(
    rule: Mapping[str, Any] | None, ruled: Any, path: str, facts: Facts, on: str, stated: Mapping[str, Any]
) -> bool:
    if rule is None:
        return False
    if any(facts.get(name) == value for name, value in rule.get("any_if", {}).items()):
        return True
    if rule["rule"] == "any":
        return True
    return ruled is not None and _RULES[rule["rule"]](ruled, stated[path], rule, on)


def _may_gain(ruled: Any, now: Any, rule: Mapping[str, Any], on: str) -> bool:
    return {canonical(each) for each in ruled} <= {canonical(each) for each in now}


def _may_lose(ruled: Any, now: Any, rule: Mapping[str, Any], on: str) -> bool:
    """Whether each entry stands among those ruled on, or is less than one: what was true of that may be false of it."""
    lesser = rule.get("may_be_false", ())
    return all(any(_is_at_most(entry, one, lesser) for one in ruled) for entry in now)


def _is_at_most(entry: Any, ruled: Any, lesser: Collection[str]) -> bool:
    if not isinstance(entry, Mapping):
        return bool(entry == ruled)
    differing = {key for key in {*entry, *ruled} if entry.get(key) != ruled.get(key)}
    return all(key in lesser and entry.get(key) is False for key in differing)


def _may_be_later(ruled: Any, now: Any, rule: Mapping[str, Any], on: str) -> bool:
    """Whether a day moved back while it had not yet come: ISO days sort as they follow."""
    return bool(on <= ruled <= now)


def _within_percent(ruled: Any, now: Any, rule: Mapping[str, Any], on: str) -> bool:
    return bool(abs(now - ruled) * 100 <= rule["percent"] * ruled)


def _keeps(ruled: Any, now: Any, rule: Mapping[str, Any], on: str) -> bool:
    if "at_least" in rule:
        return bool((now >= rule["at_least"]) == (ruled >= rule["at_least"]))
    return bool((now > rule["more_than"]) == (ruled > rule["more_than"]))


_RULES: Final[Mapping[str, Callable[[Any, Any, Mapping[str, Any], str], bool]]] = {
    "may_gain": _may_gain,
    "may_lose": _may_lose,
    "may_be_later": _may_be_later,
    "may_become": lambda ruled, now, rule, on: bool(now == rule["value"]),
    "not_above": lambda ruled, now, rule, on: bool(now <= ruled),
    "within_percent": _within_percent,
    "keeps": _keeps,
}
