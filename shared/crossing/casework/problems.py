"""What can be wrong with a step of a case."""

from collections.abc import Iterable

from crossing.kit.problems import FieldError, Problem, Texts


class IllegalStep(Problem):
    """The step has no place where the case stands."""

    slug, status = "illegal-step", 409
    titles = {
        "en": "This step is not possible where the case stands",
        "fr": "Cette étape n’est pas possible au point où en est le dossier",
        "es": "Este paso no es posible en el estado actual del expediente",
    }


class NotYourStep(Problem):
    """The step is for somebody else to take."""

    slug, status = "not-your-step", 403
    titles = {
        "en": "This step is for somebody else to take",
        "fr": "Cette étape revient à une autre personne",
        "es": "Este paso corresponde a otra persona",
    }


class GroundNotListed(Problem):
    """The step needs a ground from a closed list."""

    slug, status = "ground-not-listed", 422
    titles = {
        "en": "Name a ground from the list of those allowed",
        "fr": "Indiquez un motif figurant sur la liste des motifs permis",
        "es": "Indique un motivo de la lista de los permitidos",
    }


class StepNotReady(Problem):
    """Something that the step needs is missing."""

    slug, status = "step-not-ready", 409
    titles = {
        "en": "Something that this step needs is missing",
        "fr": "Il manque un élément nécessaire à cette étape",
        "es": "Falta algo que este paso necesita",
    }


def illegal_step(state: str, possible: Iterable[str]) -> IllegalStep:
    """The problem that says where the case stands and what is possible there."""
    listed = ", ".join(sorted(possible)) or "–"
    return IllegalStep(
        {
            "en": f"It stands at {state}; possible there: {listed}.",
            "fr": f"Il en est à l’étape {state}; étapes possibles : {listed}.",
            "es": f"Está en {state}; pasos posibles: {listed}.",
        }
    )


def ground_not_listed(allowed: Iterable[str]) -> GroundNotListed:
    """The problem that names the grounds allowed."""
    listed = ", ".join(sorted(allowed))
    texts = {
        "en": f"must be one of: {listed}",
        "fr": f"doit être l’un de : {listed}",
        "es": f"debe ser uno de: {listed}",
    }
    return GroundNotListed(errors=[FieldError("/ground", texts)])


def not_ready(texts: Texts) -> StepNotReady:
    """The problem that says what is missing."""
    return StepNotReady(texts)
