"""What no inquiry may say, whoever files it. Pure."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from crossing.kit.problems import FieldError, InvalidRequest, Texts
from crossing.rulings.person import plain
from redress.inquiries.representatives import is_child, may_be_paid, needs_licence, paid_kinds

_TEXTS: Final[dict[str, Texts]] = {
    "to_come": {
        "en": "is after today",
        "fr": "est postérieur à aujourd’hui",
        "es": "es posterior a hoy",
    },
    "over": {
        "en": "is before today",
        "fr": "est antérieur à aujourd’hui",
        "es": "es anterior a hoy",
    },
    "no_name": {
        "en": "must have at least one letter",
        "fr": "doit compter au moins une lettre",
        "es": "debe tener al menos una letra",
    },
    "child": {
        "en": "the traveller is a child: a parent or guardian files, and is named here",
        "fr": "le voyageur est un enfant : un parent ou un tuteur présente la demande et est nommé ici",
        "es": "el viajero es menor de edad: presenta la solicitud un padre, madre o tutor, que se nombra aquí",
    },
    "no_child": {
        "en": "the traveller is of age: files alone, or with a representative who has consent",
        "fr": "le voyageur est majeur : il agit seul, ou par un représentant muni de son consentement",
        "es": "el viajero es mayor de edad: actúa solo, o con un representante que tenga su consentimiento",
    },
    "licence": {
        "en": "name the body that licenses this representative, and the number there",
        "fr": "indiquez l’organisme qui autorise ce représentant et le numéro qu’il y détient",
        "es": "indique el organismo que habilita a este representante y su número",
    },
    "no_representative": {
        "en": "whoever files for the traveller is named here",
        "fr": "la personne qui présente la demande au nom du voyageur est nommée ici",
        "es": "aquí se nombra a quien presenta la solicitud por el viajero",
    },
    "own_address": {
        "en": "an address of the traveller’s own is needed, by which the representation can be ended at any time",
        "fr": "une adresse propre au voyageur est nécessaire, pour qu’il puisse mettre fin au mandat en tout temps",
        "es": "se necesita una dirección propia del viajero, para que pueda terminar la representación en todo momento",
    },
    "needed": {
        "en": "cannot be taken back; give another in its place",
        "fr": "ne peut être retiré; indiquez-en un autre à la place",
        "es": "no puede retirarse; indique otro en su lugar",
    },
    "only_the_traveller": {
        "en": "is for the traveller alone to change",
        "fr": "ne peut être modifié que par le voyageur",
        "es": "solo puede cambiarlo el viajero",
    },
    "no_such_kind": {
        "en": "is no kind of document that is known",
        "fr": "n’est pas un type de document connu",
        "es": "no es un tipo de documento conocido",
    },
    "too_many_documents": {
        "en": "there are as many documents as an inquiry may have",
        "fr": "la demande compte déjà le nombre maximal de documents",
        "es": "la solicitud ya tiene el máximo de documentos",
    },
    "no_such_question": {
        "en": "is not the number of a question that was asked",
        "fr": "n’est pas le numéro d’une question posée",
        "es": "no es el número de una pregunta formulada",
    },
}
_PAID: Final[Texts] = {
    "en": "for pay, only these may act here: {kinds}",
    "fr": "contre rémunération, seuls peuvent agir ici : {kinds}",
    "es": "con remuneración, aquí solo pueden actuar: {kinds}",
}


#: Somewhere on earth it is already tomorrow, and elsewhere still yesterday, by so much.
_AHEAD: Final = timedelta(hours=14)
_BEHIND: Final = timedelta(hours=12)


def require_sound(content: Mapping[str, Any], given: Collection[str], at: datetime) -> None:
    """Let an inquiry pass whose parts agree; raises ``InvalidRequest`` that names each part that does not.

    ``content`` is the case file as it would be, ``given`` the parts that somebody states now: what was right when it
    was stated is not held against a traveller later, such as a journey that is over.
    """
    errors = [*_of_person(content, given, at)]
    if "journey" in given:
        errors += _of_journey(content["journey"] or {}, at)
    if "representative" in given and content["representative"]:
        errors += of_representative(content["representative"], content["country"], at, "/representative")
    if errors:
        raise InvalidRequest(errors=errors)


def of_representative(
    representative: Mapping[str, Any], country: str, at: datetime, where: str
) -> Iterator[FieldError]:
    """What is wrong with a representative in a country's matters; ``where`` is the pointer to it, or empty."""
    consent = representative["consent"]
    if representative["paid"] and not may_be_paid(representative["kind"], country):
        kinds = paid_kinds(country)
        texts = {
            language: text.format(kinds=", ".join(each[language] for each in kinds)) for language, text in _PAID.items()
        }
        yield FieldError(f"{where}/paid", texts)
    elif representative["paid"] and needs_licence(representative["kind"]) and not representative.get("licence"):
        yield FieldError(f"{where}/licence", _TEXTS["licence"])
    if consent["given_on"] > _latest(at):
        yield FieldError(f"{where}/consent/given_on", _TEXTS["to_come"])
    if consent.get("until") and consent["until"] < _earliest(at):
        yield FieldError(f"{where}/consent/until", _TEXTS["over"])


def require_own_way(content: Mapping[str, Any], filed_by: str) -> None:
    """Let pass what the traveller can open without the representative; raises ``InvalidRequest``."""
    if filed_by != "representative":
        return
    representative = content.get("representative")
    if not representative:
        raise InvalidRequest(errors=[FieldError("/representative", _TEXTS["no_representative"])])
    own = content["contact"].get("email")
    if not own or own.lower() == representative["email"].lower():
        raise InvalidRequest(errors=[FieldError("/contact/email", _TEXTS["own_address"])])


def _of_person(content: Mapping[str, Any], given: Collection[str], at: datetime) -> Iterator[FieldError]:
    identity = content["identity"]
    if not plain(identity["surname"]):
        yield FieldError("/identity/surname", _TEXTS["no_name"])
    if identity["born_on"] > _latest(at):
        yield FieldError("/identity/born_on", _TEXTS["to_come"])
    elif is_child(identity, at.date()) and not content.get("guardian"):
        yield FieldError("/guardian", _TEXTS["child"])
    elif "guardian" in given and content["guardian"] and not is_child(identity, at.date()):
        yield FieldError("/guardian", _TEXTS["no_child"])


def _of_journey(journey: Mapping[str, Any], at: datetime) -> Iterator[FieldError]:
    if journey.get("on") and journey["on"] > _latest(at):
        yield FieldError("/journey/on", _TEXTS["to_come"])
    if journey.get("travel_on") and journey["travel_on"] < _earliest(at):
        yield FieldError("/journey/travel_on", _TEXTS["over"])


def _latest(at: datetime) -> str:
    return (at + _AHEAD).date().isoformat()


def _earliest(at: datetime) -> str:
    return (at - _BEHIND).date().isoformat()


def fault(pointer: str, what: str) -> FieldError:
    """What is wrong with one field, by its name among the texts here."""
    return FieldError(pointer, _TEXTS[what])
