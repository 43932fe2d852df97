"""What can go wrong with a pack or with what is asked of it.

RulesError
├── PackError       the pack is wrong; names the place and the cure
└── RequestError    the question cannot be put to this pack
    └── UnknownClass
"""

from collections.abc import Mapping

from crossing.rules.phrases import REQUEST_ERRORS


class RulesError(Exception):
    """Anything the rules engine refuses."""


class PackError(RulesError):
    """A rule pack is wrong at a place, with what would put it right."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(f"{'/'.join(map(str, path))}: {message}")
        self.path = path
        self.message = message


class RequestError(RulesError):
    """A question that the pack cannot answer, with the JSON Pointer of what is at fault and what would be accepted."""

    def __init__(self, pointer: str, key: str, **parts: object) -> None:
        self.texts = {
            language: text.format(**{name: _in(part, language) for name, part in parts.items()})
            for language, text in REQUEST_ERRORS[key].items()
        }
        super().__init__(self.texts["en"])
        self.key = key
        self.pointer = pointer


def _in(part: object, language: str) -> object:
    return part[language] if isinstance(part, Mapping) else part


class UnknownClass(RequestError):
    """A class of admission that does not exist in this country on that day."""
