"""What can be wrong with a case."""

from collections.abc import Iterable, Mapping

from crossing.kit.problems import FieldError, Problem, pointer
from crossing.rules import RequestError


class CaseCannotBeDetermined(Problem):
    """The case asks for what the law of that day does not have."""

    slug, status = "case-cannot-be-determined", 422
    titles = {
        "en": "The law of that day does not have what is asked for",
        "fr": "Le droit de ce jour ne comporte pas ce qui est demandé",
        "es": "El derecho de ese día no contiene lo que se pide",
    }


class ContradictoryFacts(Problem):
    """Two statements that cannot both be true."""

    slug, status = "contradictory-facts", 422
    titles = {
        "en": "Two statements cannot both be true",
        "fr": "Deux déclarations ne peuvent être vraies toutes les deux",
        "es": "Dos declaraciones no pueden ser ciertas a la vez",
    }


def cannot_be_determined(error: RequestError) -> CaseCannotBeDetermined:
    """The problem for a question the engine refuses."""
    return CaseCannotBeDetermined(errors=[FieldError(error.pointer, error.texts)])


def unknown_overlay(position: int) -> CaseCannotBeDetermined:
    """The problem for an overlay that does not exist."""
    texts = {
        "en": "is not the id of an overlay",
        "fr": "n’est pas l’identifiant d’une modification superposée",
        "es": "no es el identificador de una modificación superpuesta",
    }
    return CaseCannotBeDetermined(errors=[FieldError(f"/overlays/{position}", texts)])


def out_of_order(pairs: Iterable[tuple[str, Mapping[str, str]]]) -> ContradictoryFacts:
    """The problem for days before ones that come first; each fact's path with the label of the other."""
    texts = {
        "en": "lies before “{label}”; give a day on or after it, or correct the other",
        "fr": "est antérieur à « {label} »; donnez un jour qui ne le précède pas, ou corrigez l’autre",
        "es": "es anterior a «{label}»; dé un día igual o posterior, o corrija el otro",
    }
    return ContradictoryFacts(
        errors=[
            FieldError(
                pointer("facts", *path.split(".")),
                {language: text.format(label=label[language]) for language, text in texts.items()},
            )
            for path, label in pairs
        ]
    )
