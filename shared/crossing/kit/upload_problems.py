"""What can go wrong with a file that somebody uploads. Texts name the field, never what the file holds."""

from typing import Final

from crossing.kit.problems import FieldError, Problem, Texts

FILE: Final = "/file"


class UploadTooLarge(Problem):
    """The file is larger than accepted."""

    slug, status = "upload-too-large", 413
    titles = {
        "en": "The file is too large",
        "fr": "Le fichier est trop volumineux",
        "es": "El archivo es demasiado grande",
    }


class MalformedUpload(Problem):
    """The form cannot be read."""

    slug, status = "malformed-upload", 400
    titles = {
        "en": "Send one file as multipart/form-data (RFC 7578), in the field named file",
        "fr": "Envoyez un seul fichier en multipart/form-data (RFC 7578), dans le champ nommé file",
        "es": "Envíe un solo archivo como multipart/form-data (RFC 7578), en el campo llamado file",
    }


class UploadTypeNotAccepted(Problem):
    """Files of this type are not accepted."""

    slug, status = "upload-type-not-accepted", 415
    titles = {
        "en": "Files of this type are not accepted",
        "fr": "Les fichiers de ce type ne sont pas acceptés",
        "es": "No se aceptan archivos de este tipo",
    }


class UploadIsSomethingElse(Problem):
    """The file is not of the type it is said to be, or is damaged."""

    slug, status = "upload-is-something-else", 422
    titles = {
        "en": "The file is not of the type it is said to be, or is damaged: save it again and repeat",
        "fr": "Le fichier n’est pas du type annoncé, ou il est endommagé : enregistrez-le de nouveau et recommencez",
        "es": "El archivo no es del tipo que se indica o está dañado: guárdelo de nuevo y repita",
    }


class UploadIsUnsafe(Problem):
    """The document unpacks to too much, holds an archive or macros, or is locked."""

    slug, status = "upload-is-unsafe", 422
    titles = {
        "en": "The document cannot be accepted for its safety: save it as PDF and repeat",
        "fr": "Le document ne peut être accepté, par sécurité : enregistrez-le en PDF et recommencez",
        "es": "El documento no se puede aceptar por seguridad: guárdelo como PDF y repita",
    }


class MalwareFound(Problem):
    """The scanner found something in the file."""

    slug, status = "malware-found", 422
    titles = {
        "en": "The scanner found malicious software in the file; it was not kept",
        "fr": "L’analyse a trouvé un logiciel malveillant dans le fichier, qui n’a pas été conservé",
        "es": "El análisis encontró software malicioso en el archivo, que no se guardó",
    }


class ScannerUnavailable(Problem):
    """The scanner does not answer, so that nothing is kept."""

    slug, status = "scanner-unavailable", 503
    titles = {
        "en": "Files cannot be checked for malicious software just now; nothing was kept: repeat later",
        "fr": "L’analyse des fichiers est indisponible pour l’instant; rien n’a été conservé : recommencez plus tard",
        "es": "Por ahora no se pueden analizar los archivos; no se guardó nada: repita más tarde",
    }


class EvidenceDamaged(Problem):
    """What is stored is not what was kept."""

    slug, status = "evidence-damaged", 500
    titles = {
        "en": "The stored file is not the one that was kept; it is not shown",
        "fr": "Le fichier stocké n’est pas celui qui a été conservé; il n’est pas montré",
        "es": "El archivo almacenado no es el que se guardó; no se muestra",
    }


#: Why a document is unsafe.
UNSAFE: Final[dict[str, Texts]] = {
    "unpacks": {
        "en": "unpacks to more than is accepted",
        "fr": "se décompresse au-delà de ce qui est accepté",
        "es": "se descomprime más allá de lo aceptado",
    },
    "nested": {
        "en": "holds another archive",
        "fr": "contient une autre archive",
        "es": "contiene otro archivo comprimido",
    },
    "macros": {"en": "holds macros", "fr": "contient des macros", "es": "contiene macros"},
    "locked": {
        "en": "is locked by a password",
        "fr": "est verrouillé par un mot de passe",
        "es": "está bloqueado con una contraseña",
    },
}


def unsafe(reason: str) -> UploadIsUnsafe:
    """The problem of a document that is unsafe for a reason of ``UNSAFE``."""
    return UploadIsUnsafe(errors=[FieldError(FILE, UNSAFE[reason])])
