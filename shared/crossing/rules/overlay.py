"""Overlays: a change of law laid over a pack without editing it.

A ``reform`` is a proposed change, for simulation; a ``pilot`` holds for a cohort; an ``emergency`` is time-boxed and
scoped, with the authority that ordered it. Each says what it adds, replaces or removes, and when it ends. What a file
says of itself beside that (``title``, ``authority``, ``scope``, ``proposal``, ``drill``) is for people: the engine
reads none of it, but the digest that names the overlay in a determination covers it.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from crossing.rules.dates import in_force
from crossing.rules.digest import digest_of
from crossing.rules.errors import PackError, RequestError
from crossing.rules.pack import Pack

KINDS = ("reform", "pilot", "emergency")
_LISTS = ("requirements", "classes", "outcomes")
_MAPS = ("tests", "values", "sections")


def apply_overlay(pack: Pack, overlay: Mapping[str, Any], on: str) -> Pack:
    """The pack with an overlay laid over it, for a day within the overlay's dates.

    Whom it applies to is tested when a case is determined. Raises ``RequestError`` outside of its dates or for another
    country, ``PackError`` where it replaces or removes what
    is not there, or adds what is.
    """
    require_in_force(pack, overlay, on)
    content = deepcopy(dict(pack.content))
    for key in _LISTS:
        content[key] = _changed_list(content[key], overlay, key, (key,))
    for key in _MAPS:
        content[key] = _changed_map(content[key], overlay, key)
    tables = _named(overlay, "tables")
    for name in tables:
        if name not in content["tables"]:
            raise PackError((overlay["id"], "tables", name), "the pack has no table of this name")
        rows = content["tables"][name]["rows"]
        content["tables"][name]["rows"] = _changed_list(rows, overlay, name, ("tables", name), inside="tables")
    if "applies" in overlay:
        content["scopes"] = [*content.get("scopes", ()), {key: overlay[key] for key in ("id", "applies", "scope")}]
    return Pack(content, pack.names)


def require_in_force(pack: Pack, overlay: Mapping[str, Any], on: str) -> None:
    """Raise ``RequestError`` for an overlay of another country's law, or one that does not hold on a day."""
    if overlay["into"] != pack.country:
        raise RequestError("/overlays", "overlay_elsewhere", country=overlay["into"])
    if not in_force(overlay["in_force"], on):
        span = overlay["in_force"]
        raise RequestError("/overlays", "overlay_out_of_dates", first=span["from"], last=span.get("until", "…"))


def reference(overlay: Mapping[str, Any]) -> dict[str, Any]:
    """How a determination names an overlay: id, kind, whether it is a proposal or a drill, and digest."""
    marks = {key: bool(overlay.get(key)) for key in ("proposal", "drill")}
    return {"id": overlay["id"], "kind": overlay["kind"], **marks, "digest": digest_of(overlay)}


def _part(overlay: Mapping[str, Any], verb: str, key: str, inside: str | None) -> Any:
    part = overlay.get(verb, {})
    return (part.get(inside, {}) if inside else part).get(key, ())


def _named(overlay: Mapping[str, Any], key: str) -> list[str]:
    return list(
        dict.fromkeys(name for verb in ("add", "replace", "remove") for name in overlay.get(verb, {}).get(key, ()))
    )


def _changed_list(
    entries: Sequence[Any], overlay: Mapping[str, Any], key: str, where: tuple[str, ...], inside: str | None = None
) -> list[Any]:
    known = {entry["id"]: entry for entry in entries}
    for identifier in _part(overlay, "remove", key, inside):
        if known.pop(identifier, None) is None:
            raise PackError((overlay["id"], "remove", *where), f"there is no {identifier!r} to remove")
    for entry in _part(overlay, "replace", key, inside):
        if entry["id"] not in known:
            raise PackError((overlay["id"], "replace", *where), f"there is no {entry['id']!r} to replace")
        known[entry["id"]] = entry
    for entry in _part(overlay, "add", key, inside):
        if entry["id"] in known:
            raise PackError((overlay["id"], "add", *where), f"{entry['id']!r} is there already")
        known[entry["id"]] = entry
    return list(known.values())


def _changed_map(entries: Mapping[str, Any], overlay: Mapping[str, Any], key: str) -> dict[str, Any]:
    changed = dict(entries)
    for name in _part(overlay, "remove", key, None):
        if changed.pop(name, None) is None:
            raise PackError((overlay["id"], "remove", key), f"there is no {name!r} to remove")
    for verb in ("replace", "add"):
        for name, entry in dict(_part(overlay, verb, key, None)).items():
            if (name in changed) != (verb == "replace"):
                raise PackError(
                    (overlay["id"], verb, key), f"{name!r} is {'missing' if verb == 'replace' else 'there already'}"
                )
            changed[name] = entry
    return changed
