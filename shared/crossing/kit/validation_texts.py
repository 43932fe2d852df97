"""What is wrong with a field, said in three languages and without repeating what was sent."""

from collections.abc import Mapping
from typing import Any

_TEXTS: dict[str, dict[str, str]] = {
    "missing": {"en": "is required", "fr": "est obligatoire", "es": "es obligatorio"},
    "extra_forbidden": {
        "en": "is not a field that is known here",
        "fr": "n’est pas un champ connu ici",
        "es": "no es un campo conocido aquí",
    },
    "bool_type": {"en": "must be true or false", "fr": "doit être true ou false", "es": "debe ser true o false"},
    "string_type": {"en": "must be a text", "fr": "doit être un texte", "es": "debe ser un texto"},
    "int_type": {"en": "must be a whole number", "fr": "doit être un nombre entier", "es": "debe ser un número entero"},
    "float_type": {"en": "must be a number", "fr": "doit être un nombre", "es": "debe ser un número"},
    "list_type": {"en": "must be a list", "fr": "doit être une liste", "es": "debe ser una lista"},
    "too_long": {
        "en": "has more than {max_length} entries",
        "fr": "compte plus de {max_length} éléments",
        "es": "tiene más de {max_length} elementos",
    },
    "too_short": {
        "en": "needs at least {min_length} entries",
        "fr": "exige au moins {min_length} éléments",
        "es": "necesita al menos {min_length} elementos",
    },
    "string_too_long": {
        "en": "is longer than {max_length} characters",
        "fr": "dépasse {max_length} caractères",
        "es": "supera los {max_length} caracteres",
    },
    "string_too_short": {
        "en": "needs at least {min_length} characters",
        "fr": "exige au moins {min_length} caractères",
        "es": "necesita al menos {min_length} caracteres",
    },
    "greater_than_equal": {
        "en": "must be at least {ge}",
        "fr": "doit être au moins {ge}",
        "es": "debe ser al menos {ge}",
    },
    "less_than_equal": {
        "en": "must be at most {le}",
        "fr": "doit être au plus {le}",
        "es": "debe ser como máximo {le}",
    },
    "literal_error": {
        "en": "must be one of {expected}",
        "fr": "doit être l’une des valeurs {expected}",
        "es": "debe ser uno de {expected}",
    },
    "enum": {
        "en": "must be one of {expected}",
        "fr": "doit être l’une des valeurs {expected}",
        "es": "debe ser uno de {expected}",
    },
    "uuid_parsing": {"en": "must be a UUID", "fr": "doit être un UUID", "es": "debe ser un UUID"},
    "string_pattern_mismatch": {
        "en": "has a form that is not accepted here",
        "fr": "a une forme qui n’est pas acceptée ici",
        "es": "tiene una forma que no se acepta aquí",
    },
    "country": {
        "en": "must be an ISO 3166-1 alpha-2 country code, such as CA",
        "fr": "doit être un code de pays ISO 3166-1 alpha-2, comme CA",
        "es": "debe ser un código de país ISO 3166-1 alfa-2, como CA",
    },
    "day": {
        "en": "must be a day that the calendar has, written YYYY-MM-DD",
        "fr": "doit être un jour qui existe, écrit AAAA-MM-JJ",
        "es": "debe ser un día que exista, escrito AAAA-MM-DD",
    },
    "otherwise": {
        "en": "has a value that is not accepted here",
        "fr": "a une valeur qui n’est pas acceptée ici",
        "es": "tiene un valor que no se acepta aquí",
    },
}
_SAME = {
    "model_attributes_type": "object",
    "model_type": "object",
    "dict_type": "object",
    "int_parsing": "int_type",
    "int_from_float": "int_type",
    "bool_parsing": "bool_type",
    "uuid_type": "uuid_parsing",
}
_TEXTS["object"] = {"en": "must be a JSON object", "fr": "doit être un objet JSON", "es": "debe ser un objeto JSON"}


def says(error: Mapping[str, Any]) -> dict[str, str]:
    """What one of pydantic's errors means for the caller, by language."""
    kind = error["type"]
    if kind == "value_error":
        message = str(error.get("msg", ""))
        kind = "country" if "ISO 3166" in message else "day" if "a day" in message else "otherwise"
    texts = _TEXTS.get(_SAME.get(kind, kind), _TEXTS["otherwise"])
    context = {key: value for key, value in (error.get("ctx") or {}).items() if key != "error"}
    return {language: text.format_map(_Known(context)) for language, text in texts.items()}


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"
