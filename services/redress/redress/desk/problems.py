"""What can be wrong with what a caseworker does."""

from collections.abc import Sequence

from crossing.kit.problems import FieldError, InvalidRequest, Problem, Texts
from redress.letters.lint import Finding


class LetterFailsChecks(Problem):
    """The letter does not pass the checks that every letter passes before a case is decided."""

    slug, status = "letter-fails-checks", 422
    titles = {
        "en": "The letter fails checks that every letter passes",
        "fr": "La lettre échoue à des vérifications que toute lettre réussit",
        "es": "La carta no supera comprobaciones que toda carta supera",
    }


class ConflictOfInterest(Problem):
    """Whoever was named took part in what the case is about, or answers to somebody who did."""

    slug, status = "conflict-of-interest", 409
    titles = {
        "en": "This person may not decide the case: they, their unit or someone under them took part",
        "fr": "Cette personne ne peut trancher : elle, son unité ou un subordonné y a pris part",
        "es": "Esta persona no puede decidir: ella, su unidad o un subordinado tomó parte",
    }


class NothingDrafted(Problem):
    """There is no draft to decide by."""

    slug, status = "nothing-drafted", 409
    titles = {
        "en": "Draft the decision first, and see what the checks find",
        "fr": "Rédigez d’abord la décision et voyez ce que trouvent les vérifications",
        "es": "Redacte primero la decisión y vea qué hallan las comprobaciones",
    }


class RecordsUnavailable(Problem):
    """Admission did not answer what its records hold."""

    slug, status = "records-unavailable", 503
    titles = {
        "en": "Admission does not answer now; the case stands as it was: ask again",
        "fr": "Admission ne répond pas pour l’instant; le dossier reste inchangé : redemandez",
        "es": "Admisión no responde ahora; el caso sigue igual: vuelva a pedirlo",
    }


def fails_checks(findings: Sequence[Finding]) -> LetterFailsChecks:
    """The problem that names every check that fired, by pointers into the letter."""
    return LetterFailsChecks(errors=[FieldError(f"/letter{each.pointer}", each.texts) for each in findings])


def in_conflict(pointer: str, why: Texts) -> ConflictOfInterest:
    """The problem that names who may not decide, by a pointer, and why."""
    return ConflictOfInterest(errors=[FieldError(pointer, why)])


def wrong(pointer: str, name: str, **values: str) -> InvalidRequest:
    """The problem of one field, by the name of its text."""
    texts = {language: text.format(**values) for language, text in _TEXTS[name].items()}
    return InvalidRequest(errors=[FieldError(pointer, texts)])


_TEXTS: dict[str, Texts] = {
    "not_on_staff": {
        "en": "must be somebody on the staff list of redress",
        "fr": "doit être une personne de la liste du personnel de la réparation",
        "es": "debe ser alguien de la lista de personal de reparación",
    },
    "not_an_adjudicator": {
        "en": "must be an independent adjudicator on the staff list",
        "fr": "doit être un décideur indépendant de la liste du personnel",
        "es": "debe ser alguien de la lista de personal que decide con independencia",
    },
    "not_a_panellist": {
        "en": "must be somebody of the appeal panel on the staff list",
        "fr": "doit être un membre du comité d’appel de la liste du personnel",
        "es": "debe ser alguien del panel de apelación de la lista de personal",
    },
    "not_of_unit": {
        "en": "must be a component reviewer of the body that owns the record",
        "fr": "doit être un réviseur de l’organisme qui tient le dossier",
        "es": "debe ser un revisor del organismo que lleva el registro",
    },
    "no_such_unit": {
        "en": "must be a body that keeps records, from the list",
        "fr": "doit être un organisme de la liste de ceux qui tiennent des dossiers",
        "es": "debe ser un organismo de la lista de los que llevan registros",
    },
    "outcome_of_category": {
        "en": "with this category the outcome must be one of: {outcomes}",
        "fr": "avec cette catégorie, le résultat doit être l’un de : {outcomes}",
        "es": "con esta categoría el resultado debe ser uno de: {outcomes}",
    },
    "remedies_needed": {
        "en": "what is granted needs at least one remedy",
        "fr": "ce qui est accueilli exige au moins une mesure",
        "es": "lo que se concede necesita al menos una medida",
    },
    "no_remedies": {
        "en": "is left empty: nothing is granted",
        "fr": "est laissé vide : rien n’est accueilli",
        "es": "se deja vacío: nada se concede",
    },
    "may_not_be_ordered": {
        "en": "must be a remedy that an adjudicator may order",
        "fr": "doit être une mesure qu’un décideur peut ordonner",
        "es": "debe ser una medida que quien decide puede ordenar",
    },
    "requirement_needed": {
        "en": "a root cause that lies in a rule names its requirement",
        "fr": "une cause profonde qui tient à une règle nomme son exigence",
        "es": "una causa que está en una regla nombra su requisito",
    },
    "body_needed": {
        "en": "name the body that it is referred to",
        "fr": "nommez l’organisme à qui le dossier est transmis",
        "es": "nombre el organismo al que se remite",
    },
    "no_such_outcome": {
        "en": "must be an outcome or a situation of this country’s recourse map",
        "fr": "doit être une issue ou une situation de la carte des recours de ce pays",
        "es": "debe ser un resultado o una situación del mapa de recursos de este país",
    },
    "no_such_document": {
        "en": "must be the number of a document of the case",
        "fr": "doit être le numéro d’un document du dossier",
        "es": "debe ser el número de un documento del caso",
    },
    "not_in_records": {
        "en": "must be a record of this case, in the version that admission told",
        "fr": "doit être un dossier de ce cas, dans la version transmise par admission",
        "es": "debe ser un registro de este caso, en la versión que dijo admisión",
    },
}
