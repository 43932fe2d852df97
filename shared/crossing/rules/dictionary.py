"""The fact dictionary as the engine reads it: types, labels and how a value is said in a language."""

from collections.abc import Mapping
from typing import Any

from crossing.rules.errors import PackError
from crossing.rules.phrases import PHRASES

_FEW_VALUED = frozenset({"boolean", "code", "country"})
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
        self._few: dict[str | None, bool] = {}

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

    def has_few_values(self, operand: Any) -> bool:
        """Whether an operand is a fact whose values are few: yes or no, a code, a country, or a set of these."""
        path = getattr(operand, "path", None)
        if path not in self._few:
            definition = self.facts.get(path or "", {})
            self._few[path] = (definition.get("of") or definition.get("type")) in _FEW_VALUED
        return self._few[path]

    def may_be_remembered(self, path: str) -> bool:
        """Whether sentences about a fact may be kept beyond an answer: those that tell nothing personal."""
        fields = [each for name, each in self.facts.items() if name == path or name.startswith(f"{path}[].")]
        return not any(each.get("personal") and (each.get("of") or each["type"]) not in _FEW_VALUED for each in fields)

    def say(self, path: str, value: Any, language: str) -> str:
        """A value of a fact as people say it in a language: an option's text, a country's name, yes or no."""
        if isinstance(value, list | tuple):
            if not value:
                return PHRASES[language]["none"]
            return ", ".join(self.say(path, entry, language) for entry in value)
        if value is True or value is False:
            return PHRASES[language]["true" if value else "false"]
        definition = self.facts[path]
        kind = definition.get("of") or definition["type"]
        options = definition.get("options") or self._rows.get(path)
        if options and value in options:
            text: str = options[value][language]
            return text
        named = self._names.get(kind)
        return named[language].get(value, str(value)) if named else str(value)
