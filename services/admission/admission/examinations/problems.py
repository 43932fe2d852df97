"""What can go wrong at an examination."""

from crossing.kit.problems import Problem


class MachineReadableZoneUnreadable(Problem):
    """The lines scanned are no machine readable zone, or a check digit is wrong."""

    slug, status = "machine-readable-zone-unreadable", 422
    titles = {
        "en": "The machine readable zone cannot be read: scan again, or enter the fields by hand",
        "fr": "La zone de lecture automatique est illisible : balayez de nouveau ou saisissez les champs",
        "es": "No se puede leer la zona de lectura mecánica: escanee de nuevo o introduzca los campos",
    }


class NoPortForCaller(Problem):
    """The caller's session stands at no port."""

    slug, status = "no-port-for-caller", 403
    titles = {
        "en": "Your session stands at no port: sign in at a terminal of a port",
        "fr": "Votre session n’est rattachée à aucun point d’entrée : ouvrez-la à un poste",
        "es": "Su sesión no está en ningún puerto: iníciela en la terminal de un puerto",
    }


class ExaminationAlreadyDecided(Problem):
    """A decision stands; only a supervisor may supersede it."""

    slug, status = "examination-already-decided", 409
    titles = {
        "en": "This examination is decided; a supervisor may supersede the decision",
        "fr": "Ce contrôle est décidé; un superviseur peut remplacer la décision",
        "es": "Este control está decidido; un supervisor puede sustituir la decisión",
    }


class ApplicationWithdrawn(Problem):
    """The traveller withdrew the application."""

    slug, status = "application-withdrawn", 409
    titles = {
        "en": "The application was withdrawn; open a new examination",
        "fr": "La demande a été retirée; ouvrez un nouveau contrôle",
        "es": "La solicitud fue retirada; abra un nuevo control",
    }


class NotNow(Problem):
    """This cannot follow in the examination's state."""

    slug, status = "not-in-this-state", 409
    titles = {
        "en": "This cannot follow in the state the examination is in",
        "fr": "Cela ne peut suivre dans l’état actuel du contrôle",
        "es": "Esto no puede seguir en el estado actual del control",
    }


class OverlayIsNoLaw(Problem):
    """The examination was determined under a proposal or a drill, by which nobody may be admitted or refused."""

    slug, status = "overlay-is-no-law", 409
    titles = {
        "en": "This examination was determined under a proposal or a drill: open one without it to decide",
        "fr": "Ce contrôle repose sur une proposition ou un exercice : ouvrez-en un autre sans elle pour décider",
        "es": "Este control se basa en una propuesta o un simulacro: abra otro sin ella para decidir",
    }


class DepartureNotExplained(Problem):
    """The decision departs from the determination without saying which requirements the officer sees otherwise."""

    slug, status = "departure-not-explained", 422
    titles = {
        "en": "The decision departs from the determination: name each requirement you see otherwise, and why",
        "fr": "La décision s’écarte de la détermination : nommez chaque exigence appréciée autrement, et pourquoi",
        "es": "La decisión se aparta de la determinación: nombre cada requisito que aprecia de otro modo y por qué",
    }


class NoNotice(Problem):
    """Nothing was refused."""

    slug, status = "no-notice", 404
    titles = {
        "en": "There is no refusal or withdrawal to give notice of",
        "fr": "Il n’y a ni refus ni retrait à notifier",
        "es": "No hay denegación ni retiro que notificar",
    }


class RecordDoesNotVerify(Problem):
    """The record of an examination is not what its audit entries were written of: it was changed, or has rotted."""

    slug, status = "record-does-not-verify", 409
    titles = {
        "en": "The record of this examination does not verify: open a new examination, and report this one",
        "fr": "Le dossier de ce contrôle ne se vérifie pas : ouvrez un nouveau contrôle et signalez celui-ci",
        "es": "El expediente de este control no se verifica: abra un nuevo control e informe de este",
    }
