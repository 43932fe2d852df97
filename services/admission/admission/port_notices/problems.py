"""What can go wrong with notices to ports."""

from crossing.kit.problems import Problem


class PortNoticeUnread(Problem):
    """The officer has not read a notice that concerns the class, and its time is over."""

    slug, status = "port-notice-unread", 409
    titles = {
        "en": "A notice to your port about this class is unread: read it at your desk and confirm it, then repeat",
        "fr": "Un avis au point d’entrée sur cette catégorie n’est pas lu : lisez-le et confirmez, puis recommencez",
        "es": "Un aviso al puerto sobre esta clase está sin leer: léalo en su puesto y confírmelo; luego repita",
    }


class PortNoticeDiffers(Problem):
    """A notice of this id is kept already and says something else."""

    slug, status = "port-notice-differs", 422
    titles = {
        "en": "A notice of this id is kept already and says something else",
        "fr": "Un avis de cet identifiant est déjà conservé et dit autre chose",
        "es": "Ya se conserva un aviso con este identificador y dice otra cosa",
    }
