"""How pages say times, countries and classes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from crossing.packs.load import country_names, load_dictionary
from crossing.rules import Pack, RequestError


def local_time(instant: str, time_zone: str) -> str:
    """An instant as the clock on the wall of a port shows it: ``2026-11-21 10:03``."""
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M")


def country_name(code: str | None, language: str) -> str:
    """A country as it is called in a language."""
    return country_names()[language].get(code, code) if code else ""


def document_kind(kind: str | None, language: str) -> str:
    """A kind of travel document as it is called in a language."""
    options: Mapping[str, Mapping[str, str]] = load_dictionary()["facts"]["travel_document.kind"]["options"]
    return options[kind][language] if kind and kind in options else kind or ""


def class_titles(pack: Pack, on: str, language: str) -> dict[str, str]:
    """Titles of the classes of admission in force on a day, by id."""
    try:
        return {each.id: each.title[language] for each in pack.on(on).classes.values()}
    except RequestError:
        return {}


def told_rows(rows: list[dict[str, Any]], port: Row[Any], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Examinations of a list, with times of the port's clock and titles of classes."""
    return [
        {
            **row,
            "opened": local_time(row["opened_at"], port.time_zone),
            "short_id": row["id"][-8:],
            "sought": [titles.get(each, each) for each in row["seeking"]],
            "granted": titles.get(row["class"], row["class"]) if row["class"] else "",
            "is_here": row["port_id"] == port.id,
        }
        for row in rows
    ]
