"""The voice of a law in one language: its sentences, the labels of facts and what their values are called."""

from collections.abc import Mapping
from typing import Any

from crossing.rules.dictionary import FactDictionary
from crossing.rules.phrases import PHRASES


class Voice:
    """What an explanation is said with."""

    def __init__(self, dictionary: FactDictionary, language: str) -> None:
        self.language = language
        self._dictionary = dictionary
        self._phrases = PHRASES[language]

    def phrase(self, key: str, **parts: Any) -> str:
        """A sentence of the explanation."""
        return self._phrases[key].format(**parts)

    def around_value(self, subject: str) -> tuple[str, str]:
        """What stands before and after the value in the sentence that states it."""
        before, _, after = self._phrases["stated"].partition("{value}")
        return before.format(subject=subject), after

    def around_entry(self) -> tuple[str, str]:
        """What stands before the number of a list's entry, and between it and what is said of the entry."""
        before, _, after = self._phrases["entry"].partition("{number}")
        return before, after.partition("{why}")[0]

    def label(self, path: str) -> str:
        """The noun phrase for a fact, or for the field of a list's entry (``credentials[2].level``)."""
        head, bracket, rest = path.partition("[")
        return self._dictionary.label(f"{head}[]{rest.partition(']')[2]}" if bracket else path, self.language)

    def say(self, path: str, value: Any) -> str:
        """A value of a fact as people say it."""
        return self._dictionary.say(path, value, self.language)

    def texts(self, path: str) -> Mapping[Any, str]:
        """What ``say`` says of the values of a fact that is no set and no list; others are said as they are written."""
        return self._dictionary.texts(path, self.language)
