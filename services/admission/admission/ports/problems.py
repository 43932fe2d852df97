"""What can go wrong with ports."""

from crossing.kit.problems import Problem


class PortExists(Problem):
    """A port or terminal of this id is there already."""

    slug, status = "port-exists", 409
    titles = {
        "en": "A port or terminal of this id is there already",
        "fr": "Un point d’entrée ou un poste de cet identifiant existe déjà",
        "es": "Ya existe un puerto o una terminal con este identificador",
    }
