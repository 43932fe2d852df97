"""What can be wrong with what is sent about an application."""

from typing import Final

from crossing.kit.problems import FieldError, InvalidRequest, Texts

_TEXTS: Final[dict[str, Texts]] = {
    "consent_to_come": {
        "en": "is after today; a consent is recorded once it is given",
        "fr": "est postérieur à aujourd’hui; un consentement se consigne une fois donné",
        "es": "es posterior a hoy; un consentimiento se registra una vez dado",
    },
    "no_such_question": {
        "en": "is not the number of a question that was asked",
        "fr": "n’est pas le numéro d’une question posée",
        "es": "no es el número de una pregunta formulada",
    },
    "no_such_requirement": {
        "en": "is no requirement of the law of that day",
        "fr": "n’est pas une exigence du droit de ce jour",
        "es": "no es un requisito del derecho de ese día",
    },
    "never_ruled": {
        "en": "is examined at every entry, so that no ruling decides it",
        "fr": "est vérifiée à chaque entrée; aucune décision anticipée ne la tranche",
        "es": "se examina en cada entrada; ninguna resolución anticipada lo decide",
    },
    "is_met": {
        "en": "is met, or does not bear on the case; a denial rests on requirements that are not met",
        "fr": "est remplie ou ne vise pas le dossier; un refus repose sur des exigences non remplies",
        "es": "se cumple o no atañe al caso; una denegación se basa en requisitos que no se cumplen",
    },
    "no_such_precedent": {
        "en": "is no ruling on an equal pattern of facts",
        "fr": "n’est pas une décision portant sur des faits semblables",
        "es": "no es una resolución sobre hechos iguales",
    },
    "no_such_kind": {
        "en": "is no kind of document that is known",
        "fr": "n’est pas un type de document connu",
        "es": "no es un tipo de documento conocido",
    },
}


def consent_to_come(pointer: str) -> InvalidRequest:
    """The problem for a consent of a day to come."""
    return wrong(pointer, "consent_to_come")


def wrong(pointer: str, what: str) -> InvalidRequest:
    """The problem that names one field and what is wrong with it, by its name among the texts here."""
    return InvalidRequest(errors=[FieldError(pointer, _TEXTS[what])])
