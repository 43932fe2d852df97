"""The texts of messages to people, in three languages, from YAML files: a number, a state and a link, nothing else."""

from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Any, Final

from crossing.packs.files import read_yaml
from crossing.rules.phrases import LANGUAGES

#: What a text may name. Mail is read by others on its way, so that it never holds a name or a fact.
_MAY_NAME: Final = {"number", "state", "link"}
_OWN: Final = Path(__file__).parent / "mail.yaml"
_Texts = Mapping[str, str]


class Letters:
    """Templates by name (``subject`` and ``body`` by language), names of states by code, and the closing lines.

    Those of every service come first; each of ``files`` adds ``templates`` and ``states``. Raises ``ValueError`` for a
    text that misses a language or names anything else than a number, a state and a link.
    """

    def __init__(self, *files: Path) -> None:
        self._templates: dict[str, Mapping[str, _Texts]] = {}
        self._states: dict[str, _Texts] = {}
        own, *others = (_read(file) for file in (_OWN, *files))
        self._closing: _Texts = own["closing"]
        for read in (own, *others):
            self._templates |= read.get("templates", {})
            self._states |= read.get("states", {})
        for name, template in self._templates.items():
            for part in ("subject", "body"):
                _check(f"{name}.{part}", template[part], _MAY_NAME)
        for code, state in self._states.items():
            _check(code, state, set())

    def write(self, template: str, language: str, *, number: str, state: str, link: str) -> tuple[str, str]:
        """Subject and body of a message; raises ``KeyError`` for a template or a state that no file names."""
        told = {"number": number, "state": self._states[state][language], "link": link}
        texts = self._templates[template]
        body = texts["body"][language].format(**told)
        return texts["subject"][language].format(**told), f"{body}\n-- \n{self._closing[language]}"


def _read(file: Path) -> dict[str, Any]:
    read: dict[str, Any] = read_yaml(file)
    return read


def _check(name: str, texts: _Texts, may_name: set[str]) -> None:
    if set(texts) != set(LANGUAGES):
        raise ValueError(f"{name} needs a text in each language")
    for text in texts.values():
        if named := {field for _, field, _, _ in Formatter().parse(text) if field is not None} - may_name:
            raise ValueError(f"{name} may not name {', '.join(sorted(named))}")
