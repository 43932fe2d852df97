"""JSON that can be read without doubt (RFC 8259, RFC 7493): no duplicate names, no NaN, no half characters."""

import json
import math
import re
from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from crossing.kit.problems import MalformedBody, UnsupportedMediaType

_DEEPEST = 32
_MOST_NAMES = 2_000
_MOST_DIGITS = 400
_NO_CHARACTER = re.compile("[\ud800-\udfff\x00]")

_TEXTS: dict[str, dict[str, str]] = {
    "not_utf8": {
        "en": "The body is not UTF-8.",
        "fr": "Le corps n’est pas en UTF-8.",
        "es": "El cuerpo no está en UTF-8.",
    },
    "not_json": {
        "en": "The body is not JSON: look near character {position}.",
        "fr": "Le corps n’est pas du JSON : voyez près du caractère {position}.",
        "es": "El cuerpo no es JSON: mire cerca del carácter {position}.",
    },
    "number": {
        "en": "A number is too large, or is NaN or Infinity.",
        "fr": "Un nombre est trop grand, ou est NaN ou Infinity.",
        "es": "Un número es demasiado grande, o es NaN o Infinity.",
    },
    "duplicate": {
        "en": "An object names the same field twice.",
        "fr": "Un objet nomme deux fois le même champ.",
        "es": "Un objeto nombra dos veces el mismo campo.",
    },
    "too_many": {
        "en": "The body has more than {most} fields.",
        "fr": "Le corps compte plus de {most} champs.",
        "es": "El cuerpo tiene más de {most} campos.",
    },
    "too_deep": {
        "en": "The body is nested deeper than {deepest} levels.",
        "fr": "Le corps est imbriqué au-delà de {deepest} niveaux.",
        "es": "El cuerpo está anidado a más de {deepest} niveles.",
    },
    "character": {
        "en": "A text holds half a character (a lone surrogate) or the NUL character.",
        "fr": "Un texte contient un demi-caractère (substitut isolé) ou le caractère NUL.",
        "es": "Un texto contiene medio carácter (un sustituto aislado) o el carácter NUL.",
    },
}


def parse(body: bytes) -> Any:
    """The JSON value of a body; raises ``MalformedBody`` for whatever two readers could understand differently."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("not_utf8")
    names = _Names()
    try:
        value = json.loads(
            text,
            object_pairs_hook=names.collect,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_whole,
        )
    except json.JSONDecodeError as error:
        _refuse("not_json", position=error.pos)
    except RecursionError:
        _refuse("too_deep", deepest=_DEEPEST)
    # Counting brackets is quick; only where there are many does it matter how they are nested.
    if text.count("{") + text.count("[") > _DEEPEST and _depth(value) > _DEEPEST:
        _refuse("too_deep", deepest=_DEEPEST)
    if "\\u" in text and not _whole_characters(value):
        _refuse("character")
    return value


class _Names:
    def __init__(self) -> None:
        self.count = 0

    def collect(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self.count += len(pairs)
        if self.count > _MOST_NAMES:
            _refuse("too_many", most=_MOST_NAMES)
        found = dict(pairs)
        if len(found) != len(pairs):
            _refuse("duplicate")
        return found


def _refuse(key: str, **parts: Any) -> NoReturn:
    raise MalformedBody({language: text.format(**parts) for language, text in _TEXTS[key].items()}) from None


def _no_constant(_: str) -> NoReturn:
    _refuse("number")


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        _refuse("number")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        _refuse("number")
    return number


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level and deepest <= _DEEPEST:
        deepest += 1
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
            if isinstance(inner, dict | list)
        ]
    return deepest


def _whole_characters(value: Any) -> bool:
    """Whether no text in a value, which is not nested too deep, holds half a character or NUL."""
    if isinstance(value, str):
        return not _NO_CHARACTER.search(value)
    if isinstance(value, dict):
        return all(_whole_characters(name) and _whole_characters(inner) for name, inner in value.items())
    return all(map(_whole_characters, value)) if isinstance(value, list) else True


class StrictRequest(Request):
    """A request whose JSON is read strictly."""

    async def json(self) -> Any:
        """The body's JSON value; raises ``MalformedBody``."""
        return parse(await self.body())


class StrictRoute(APIRoute):
    """A route that reads JSON strictly, and nothing but JSON of its media type."""

    media_type: ClassVar[str] = "application/json"
    refusal: ClassVar[type[UnsupportedMediaType]] = UnsupportedMediaType

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            if self.body_field and not _is_of(self.media_type, request):
                raise self.refusal
            response: Response = await handle(StrictRequest(request.scope, request.receive))
            return response

        return handle_strictly


def _is_of(media_type: str, request: Request) -> bool:
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return sent == media_type and request.headers.get("content-encoding", "identity") == "identity"
