"""A letter that passes every check, in each language, for tests to change."""

from dataclasses import replace
from typing import Any, Final

from redress.letters.compose import Subject, compose
from redress.letters.lint import LintContext
from redress.letters.parts import Letter, NextStep

HIGHEST: Final = 9.0
APPEAL: Final = NextStep("Appeal panel", "Ask for an appeal.", "30 days", "2026-12-22", None, "")

SAID: Final[dict[str, dict[str, Any]]] = {
    "en": {
        "decision": "Your claim is granted: the port now knows that you are not the person on the list.",
        "rules": [
            {
                "id": "49 U.S.C. 44926",
                "effective_from": "2007-08-03",
                "text": "A person who was taken for someone else can have the record put right.",
            }
        ],
        "facts": [{"text": "You were born in another year than the person on the list.", "source": "Your passport"}],
        "evidence": [{"number": 1}, {"number": 2, "why": "The copy is too dark to read."}],
        "changes": [{"system": "admission", "text": "The match with that person is shut off for you."}],
        "secrecy": [],
        "badge": "4412",
    },
    "fr": {
        "decision": "Votre demande est accueillie : le point d’entrée sait que vous n’êtes pas la personne de la liste.",
        "rules": [
            {
                "id": "49 U.S.C. 44926",
                "effective_from": "2007-08-03",
                "text": "La personne qu’on a prise pour une autre peut faire corriger la donnée.",
            }
        ],
        "facts": [{"text": "Vous êtes née une autre année que la personne de la liste.", "source": "Votre passeport"}],
        "evidence": [{"number": 1}, {"number": 2, "why": "La copie est trop sombre pour être lue."}],
        "changes": [{"system": "admission", "text": "Le lien avec cette personne est coupé pour vous."}],
        "secrecy": [],
        "badge": "4412",
    },
    "es": {
        "decision": "Se le da la razón: el puerto ya sabe que usted no es la persona de la lista.",
        "rules": [
            {
                "id": "49 U.S.C. 44926",
                "effective_from": "2007-08-03",
                "text": "A quien se tomó por otra persona se le corrige el dato.",
            }
        ],
        "facts": [{"text": "Usted nació en otro año que la persona de la lista.", "source": "Su pasaporte"}],
        "evidence": [{"number": 1}, {"number": 2, "why": "La copia es tan oscura que no se lee."}],
        "changes": [{"system": "admission", "text": "El lazo con esa persona ya no sale para usted."}],
        "secrecy": [],
        "badge": "4412",
    },
}
EXPERIENCES: Final = {
    "en": "You were sent to more checks.",
    "fr": "On vous a envoyé à plus de contrôles.",
    "es": "Le mandaron a más controles.",
}


def subject_in(language: str, **changes: Any) -> Subject:
    """The case of an ordinary traveller."""
    made = Subject(
        control_number="7K3M9PQ2X",
        language=language,
        holder="Éloïse Côté",
        country="US",
        experiences=(EXPERIENCES[language],),
        documents={1: "Passport", 2: "Letter"},
        made_on="2026-11-21",
        told_on="2026-11-22",
    )
    return replace(made, **changes)


def granted(language: str = "en", **said: Any) -> Letter:
    """A letter that grants, with changes to what its adjudicator wrote."""
    parts = {**SAID[language], **said}
    decided = {"category": "misidentified_fixed", "outcome": "granted", "letter": parts}
    return compose(subject_in(language), decided, [APPEAL])


def context(language: str = "en", **changes: Any) -> LintContext:
    """What such a letter is checked against."""
    made = LintContext(
        language=language,
        documents=frozenset({1, 2}),
        systems=frozenset({"admission"}),
        grants=True,
        keeps_secret=False,
        officers=frozenset({"test-officer", "Harriet Vane"}),
        highest_grade=HIGHEST,
    )
    return replace(made, **changes)
