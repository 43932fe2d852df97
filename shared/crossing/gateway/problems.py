"""What the gateway itself answers, in the words of the services."""

from typing import Final

from crossing.kit.problems import (
    BodyTooLarge,
    MethodNotAllowed,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    Problem,
    TooManyRequests,
    Unavailable,
    Unexpected,
)


class MalformedRequest(Problem):
    """No request that can be read without doubt: its head, its path or how its body ends."""

    slug, status = "malformed-request", 400
    titles = {
        "en": "The request cannot be read without doubt",
        "fr": "La demande n’est pas lisible sans équivoque",
        "es": "La solicitud no puede leerse sin duda",
    }


class RequestTooSlow(Problem):
    """The request did not arrive in time."""

    slug, status = "request-too-slow", 408
    titles = {
        "en": "The request did not arrive in time",
        "fr": "La demande n’est pas arrivée à temps",
        "es": "La solicitud no llegó a tiempo",
    }


class HeadTooLarge(Problem):
    """More headers, or longer ones, than accepted."""

    slug, status = "head-too-large", 431
    titles = {
        "en": "The headers are too large or too many",
        "fr": "Les en-têtes sont trop volumineux ou trop nombreux",
        "es": "Las cabeceras son demasiado grandes o demasiadas",
    }


class UpgradeRequired(Problem):
    """A version of HTTP that is too old."""

    slug, status = "upgrade-required", 426
    titles = {"en": "Send HTTP/1.1 or HTTP/2", "fr": "Utilisez HTTP/1.1 ou HTTP/2", "es": "Use HTTP/1.1 o HTTP/2"}


#: What is answered where the gateway comes to a status. Whatever silence it meets, the caller may repeat: 503.
PROBLEMS: Final[dict[int, type[Problem]]] = {
    **{
        kind.status: kind
        for kind in (
            MalformedRequest,
            NotAuthenticated,
            NotAllowed,
            NotFound,
            MethodNotAllowed,
            RequestTooSlow,
            BodyTooLarge,
            UpgradeRequired,
            TooManyRequests,
            HeadTooLarge,
            Unexpected,
            Unavailable,
        )
    },
    501: MalformedRequest,  # a way to end a body that nobody knows
    502: Unavailable,
    504: Unavailable,
}
#: Headers that belong to a status, as the services send them.
HEADERS: Final[dict[int, list[tuple[str, str]]]] = {
    401: [("www-authenticate", 'Bearer realm="crossing"')],
    429: [("retry-after", "10")],
    503: [("retry-after", "1")],
}
