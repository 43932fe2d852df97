"""What can go wrong with a remedy."""

from crossing.kit.problems import Problem


class RecordUnknown(Problem):
    """The remedy names a record that is not kept here."""

    slug, status = "record-unknown", 404
    titles = {
        "en": "The record that the remedy names is not kept here",
        "fr": "Le dossier que nomme la mesure n’existe pas ici",
        "es": "El registro que nombra la medida no existe aquí",
    }


class RecordChanged(Problem):
    """The record was changed after redress had read it."""

    slug, status = "record-changed", 412
    titles = {
        "en": "The record was changed meanwhile: read it again, then order the remedy anew",
        "fr": "Le dossier a été modifié entre-temps : relisez-le, puis ordonnez de nouveau la mesure",
        "es": "El registro se modificó entretanto: vuelva a leerlo y ordene de nuevo la medida",
    }


class RemedyHasNoPlace(Problem):
    """The record is not one that this remedy could correct."""

    slug, status = "remedy-has-no-place", 409
    titles = {
        "en": "There is nothing in this record that the remedy could correct",
        "fr": "Rien dans ce dossier ne peut être corrigé par cette mesure",
        "es": "No hay nada en este registro que la medida pueda corregir",
    }


class RemedyIsAnother(Problem):
    """A remedy with this id was applied already, and it was another one."""

    slug, status = "remedy-is-another", 422
    titles = {
        "en": "Another remedy was applied under this id",
        "fr": "Une autre mesure a été appliquée sous cet identifiant",
        "es": "Con este identificador se aplicó otra medida",
    }


class SeniorOfficerNeeded(Problem):
    """The traveller was invited by redress; a senior officer decides."""

    slug, status = "senior-officer-needed", 403
    titles = {
        "en": "The traveller was invited after redress: a supervisor decides this examination",
        "fr": "Le voyageur a été invité à la suite d’un recours : un superviseur décide ce contrôle",
        "es": "El viajero fue invitado tras un recurso: un supervisor decide este control",
    }


class NotationUnread(Problem):
    """A statement of the traveller stands beside a record and was not read."""

    slug, status = "notation-unread", 409
    titles = {
        "en": "Read the traveller’s statement beside the record before you decide, and name it in notations_read",
        "fr": "Lisez la déclaration du voyageur jointe au dossier avant de décider, et nommez-la dans notations_read",
        "es": "Lea la declaración del viajero que acompaña al registro antes de decidir y nómbrela en notations_read",
    }
