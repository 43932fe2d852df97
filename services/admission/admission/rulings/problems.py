"""What can go wrong with a ruling that binds."""

from crossing.kit.problems import Problem


class RulingBinds(Problem):
    """The decision does not honour a ruling that binds, and no departure from it is confirmed."""

    slug, status = "ruling-binds", 409
    titles = {
        "en": "An advance ruling binds: honour it, or depart from it on one of the grounds with a second officer",
        "fr": "Une décision anticipée lie l’agent : respectez-la, ou écartez-vous-en pour l’un des motifs prévus, "
        "avec un second agent",
        "es": "Una resolución anticipada obliga: respétela o apártese de ella por uno de los motivos previstos, "
        "con un segundo agente",
    }


class NoGroundOfDeparture(Problem):
    """What is named is no ground on which an officer may depart from a ruling."""

    slug, status = "no-ground-of-departure", 422
    titles = {
        "en": "This is no ground to depart from a ruling: who sees the case otherwise admits, and proposes to the "
        "authority that gave the ruling that it be changed",
        "fr": "Ce n’est pas un motif de s’écarter d’une décision : l’agent qui n’est pas d’accord admet la personne et "
        "propose à l’autorité qui l’a rendue de la modifier",
        "es": "No es un motivo para apartarse de una resolución: quien no está de acuerdo admite y propone su cambio a "
        "la autoridad que la dictó",
    }


class NoBindingRuling(Problem):
    """No ruling of this number binds here, so that there is nothing to depart from."""

    slug, status = "no-binding-ruling", 409
    titles = {
        "en": "No ruling of this number binds in this examination: there is nothing to depart from",
        "fr": "Aucune décision de ce numéro ne lie l’agent dans ce contrôle : il n’y a rien dont s’écarter",
        "es": "Ninguna resolución con este número obliga en este control: no hay de qué apartarse",
    }


class NoDepartureProposed(Problem):
    """No officer has proposed to depart from this ruling."""

    slug, status = "no-departure-proposed", 409
    titles = {
        "en": "No departure from this ruling is proposed: propose it first, with its ground and reasons",
        "fr": "Aucun écart par rapport à cette décision n’est proposé : proposez-le d’abord, avec motif et raisons",
        "es": "No se propuso apartarse de esta resolución: propóngalo primero, con motivo y razones",
    }


class SecondOfficerNeeded(Problem):
    """Whoever proposed a departure cannot confirm it."""

    slug, status = "second-officer-needed", 409
    titles = {
        "en": "Another officer must confirm a departure from a ruling",
        "fr": "Un autre agent doit confirmer l’écart par rapport à une décision",
        "es": "Otro agente debe confirmar que se aparta de una resolución",
    }
