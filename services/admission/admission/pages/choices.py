"""What can be chosen as the value of a fact: options of the dictionary, rows of a table in force, countries."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from babel import Locale
from markupsafe import Markup, escape

from crossing.packs.load import country_names
from crossing.rules import Pack
from crossing.rules.dates import in_force


class Choice(NamedTuple):
    """A value and how it is called."""

    value: str
    text: str


def choices_of(definition: Mapping[str, Any], pack: Pack, on: str, language: str) -> list[Choice]:
    """The choices of a fact, in the order of the dictionary, or of the alphabet for rows of a table."""
    options: Mapping[str, Mapping[str, str]] = definition.get("options") or {}
    if options:
        return [Choice(value, text[language]) for value, text in options.items()]
    table = pack.content["tables"].get(f"{pack.id}.{definition.get('table')}")
    rows = table["rows"] if table else ()
    rows = [row for row in rows if in_force(row.get("in_force"), on)]
    if definition["type"] == "set":  # several of a long list: officers know its codes, so they are shown
        return [Choice(row["id"], f"{row['id']} · {row['text'][language]}") for row in rows]
    return sorted((Choice(row["id"], row["text"][language]) for row in rows), key=lambda each: _sortable(each.text))


@cache
def _country_options(language: str) -> str:
    names = country_names()[language]
    ordered = sorted(names, key=lambda code: _sortable(names[code]))
    nearby = [code for code in ("CA", "US", "MX") if code in names]
    return "".join(_option(code, names[code]) for code in [*nearby, *(code for code in ordered if code not in nearby)])


def _sortable(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()


def _option(code: str, name: str) -> str:
    return f'<option value="{code}">{escape(name)}</option>'


def country_options(language: str, chosen: str) -> Markup:
    """Options of a list of countries, Canada, the United States and Mexico first; made once for a language."""
    options = _country_options(language)
    if chosen in country_names()[language]:
        options = options.replace(f'value="{chosen}"', f'value="{chosen}" selected', 1)
    return Markup(options)  # noqa: S704 - made above, of codes and escaped names


def language_names(language: str) -> list[Choice]:
    """The three languages of the suite, each as it is called in a language."""
    names = Locale(language).languages
    return [Choice(code, names[code]) for code in ("en", "fr", "es")]
