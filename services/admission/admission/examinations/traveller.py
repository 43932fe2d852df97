"""Who stands at the booth: what a scan says, the facts it shows, and the keys by which the person is found again."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from admission.examinations.problems import MachineReadableZoneUnreadable
from admission.examinations.schemas import ScanIn
from crossing.desk.problems import ContradictoryFacts
from crossing.kit.json_text import json_text
from crossing.kit.problems import FieldError, InvalidRequest, pointer
from crossing.rulings.person import plain
from crossing.wire.countries import alpha2_of
from crossing.wire.mrz import MachineReadableZone, MrzError, MrzProblem, parse_mrz

#: A visa names its holder; who issued it, and until when it may be used, is nothing about the travel document.
VISA: Final = "visa"
#: Document codes of ICAO Doc 9303 that say what a document is; others are for the officer to say.
_DOCUMENT_KINDS: Final = {"P": "passport", "PP": "passport", "PC": "passport_card", "IP": "passport_card"}

_MRZ_TEXTS: Final[dict[str, dict[str, str]]] = {
    "check_digit": {
        "en": "line {line}: the check digit of {field} is wrong",
        "fr": "ligne {line} : le chiffre de contrôle de {field} est erroné",
        "es": "línea {line}: el dígito de control de {field} es incorrecto",
    },
    "date": {
        "en": "line {line}: {field} is no day that the calendar has",
        "fr": "ligne {line} : {field} n’est pas un jour qui existe",
        "es": "línea {line}: {field} no es un día que exista",
    },
    "character": {
        "en": "line {line}: {field} has a character that a machine readable zone cannot have",
        "fr": "ligne {line} : {field} contient un caractère impossible dans une zone de lecture automatique",
        "es": "línea {line}: {field} tiene un carácter imposible en una zona de lectura mecánica",
    },
    "format": {
        "en": "line {line}: {field} has not the form of ICAO Doc 9303",
        "fr": "ligne {line} : {field} n’a pas la forme prévue par le Doc 9303 de l’OACI",
        "es": "línea {line}: {field} no tiene la forma del Doc 9303 de la OACI",
    },
}
_NOT_YET_BORN: Final = {
    "en": "is after today",
    "fr": "est postérieur à aujourd’hui",
    "es": "es posterior a hoy",
}
_CONTRADICTION: Final = {
    "en": "differs from what the document says",
    "fr": "diffère de ce que dit le document",
    "es": "difiere de lo que dice el documento",
}


@dataclass(frozen=True)
class Traveller:
    """A traveller as the document names him or her. A person with one name has no given names."""

    surname: str
    given_names: str
    born_on: str | None
    nationality: str | None
    issued_by: str | None
    document_kind: str | None
    document_number: str
    expires_on: str | None
    read_from: str

    def to_json(self) -> str:
        """The text that is kept."""
        return json_text(vars(self))


def read_traveller(scan: ScanIn, today: date) -> Traveller:
    """The traveller that a scan names.

    Raises ``MachineReadableZoneUnreadable`` naming each wrong check digit, and ``InvalidRequest`` for a birth to come.
    """
    if scan.fields:
        if scan.fields.born_on > today.isoformat():
            raise InvalidRequest(errors=[FieldError("/scan/fields/born_on", _NOT_YET_BORN)])
        return Traveller(**scan.fields.model_dump(), read_from="fields")
    try:
        zone = parse_mrz(scan.mrz or [], today=today)
    except MrzError as error:
        raise MachineReadableZoneUnreadable(errors=[_field_error(problem) for problem in error.problems]) from None
    return Traveller(
        surname=zone.primary_identifier,
        given_names=zone.secondary_identifier,
        born_on=zone.born_on.isoformat() if zone.born_on else None,
        nationality=alpha2_of(zone.nationality),
        issued_by=alpha2_of(zone.issuing_state),
        document_kind=_document_kind(zone),
        document_number=zone.document_number,
        expires_on=zone.expires_on.isoformat(),
        read_from="mrz",
    )


def _document_kind(zone: MachineReadableZone) -> str | None:
    """What the document is, as far as its code tells; a card may be many things, which the officer says."""
    if zone.format.startswith("MRV"):
        return VISA
    return _DOCUMENT_KINDS.get(zone.document_code.rstrip("<"), "passport" if zone.document_code[0] == "P" else None)


def _field_error(problem: MrzProblem) -> FieldError:
    texts = _MRZ_TEXTS[problem.kind]
    where = pointer("scan", "mrz", problem.line - 1) if problem.line else "/scan/mrz"
    return FieldError(
        where, {language: text.format(line=problem.line, field=problem.field) for language, text in texts.items()}
    )


def with_scanned(facts: Mapping[str, Any], traveller: Traveller) -> dict[str, Any]:
    """Facts with what the document shows; raises ``ContradictoryFacts`` where a statement differs from the document.

    The document's nationality joins the citizenships stated, because a person may have two.
    """
    shown = {"traveller.born_on": traveller.born_on}
    if traveller.document_kind != VISA:
        shown |= {
            "travel_document.kind": traveller.document_kind,
            "travel_document.issued_by": traveller.issued_by,
            "travel_document.expires_on": traveller.expires_on,
        }
    known: dict[str, Any] = {path: value for path, value in shown.items() if value is not None}
    differing = [path for path, value in known.items() if facts.get(path, value) != value]
    if differing:
        raise ContradictoryFacts(
            errors=[FieldError(pointer("facts", *path.split(".")), _CONTRADICTION) for path in differing]
        )
    citizenships = {*facts.get("traveller.citizenships", ()), *filter(None, [traveller.nationality])}
    if citizenships:
        known["traveller.citizenships"] = sorted(citizenships)
    return dict(sorted({**facts, **known}.items()))


def document_key(traveller: Traveller, secret: bytes) -> str:
    """Keyed hash of a document's issuer and number: finds the same document without showing it."""
    return _keyed(secret, traveller.issued_by or "", plain(traveller.document_number))


def person_key(traveller: Traveller, secret: bytes) -> str:
    """Keyed hash of name, birth date and nationality: finds a person who shows another document."""
    name = plain(f"{traveller.surname} {traveller.given_names}")
    return _keyed(secret, name, traveller.born_on or "", traveller.nationality or "")


def _keyed(secret: bytes, *parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), key=secret, digest_size=32).hexdigest()
