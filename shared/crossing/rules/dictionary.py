"""The fact dictionary as the engine reads it: types, labels and how a value is said in a language."""

from collections.abc import Mapping
from typing import Any

from crossing.rules.errors import PackError
from crossing.rules.phrases import PHRASES

Text = Mapping[str, str]
Facts = Mapping[str, Any]


class FactDictionary:
    """Definitions of facts by path (``equipment.manufactured_in``, ``credentials[].level``).

    ``names`` says how values of a type are named in each language, such as countries: ``{"country": {"en": {…}}}``.
    ``rows`` gives the texts of the rows that a fact's values name: ``{"position.profession": {"engineer": {…}}}``.
    """

    def __init__(
        self,
        facts: Mapping[str, Mapping[str, Any]],
        documents: Mapping[str, Text],
        names: Mapping[str, Mapping[str, Mapping[str, str]]] | None = None,
        rows: Mapping[str, Mapping[str, Text]] | None = None,
    ) -> None:
        self.facts = facts
        self.documents = documents
        self._names = names or {}
        self._rows = rows or {}
        self._texts: dict[tuple[str, str], Mapping[Any, str]] = {}

    def definition(self, path: str, where: tuple[str | int, ...]) -> Mapping[str, Any]:
        """The definition of a fact; raises ``PackError`` at ``where`` for a path that is not in the dictionary."""
        try:
            return self.facts[path]
        except KeyError:
            raise PackError(where, f"no fact is called {path!r}; add it to the fact dictionary or correct it") from None

    def label(self, path: str, language: str) -> str:
        """The noun phrase for a fact."""
        label: str = self.facts[path]["label"][language]
        return label

    def say(self, path: str, value: Any, language: str) -> str:
        """A value of a fact as people say it in a language: an option's text, a country's name, yes or no."""
        if value is True or value is False:
            return PHRASES[language]["true" if value else "false"]
        texts = self.texts(path, language)
        if not isinstance(value, list | tuple):
            return texts.get(value) or str(value) if texts else str(value)
        said = [texts.get(each) or str(each) for each in value] if texts else map(str, value)
        return ", ".join(said) or PHRASES[language]["none"]

    def texts(self, path: str, language: str) -> Mapping[Any, str]:
        """What single values of a fact are called in a language: their type's names, their options' or rows' texts."""
        found = self._texts.get((path, language))
        if found is None:
            found = self._texts[path, language] = self._read_texts(path, language)
        return found

    def _read_texts(self, path: str, language: str) -> Mapping[Any, str]:
        definition = self.facts[path]
        kind = definition.get("of") or definition["type"]
        if kind == "boolean":
            return {True: PHRASES[language]["true"], False: PHRASES[language]["false"]}
        named = self._names.get(kind, {}).get(language, {})
        options = definition.get("options") or self._rows.get(path) or {}
        return {**named, **{value: text[language] for value, text in options.items()}}
