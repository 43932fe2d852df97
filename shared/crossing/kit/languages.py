"""Which of the three languages a caller reads."""

from starlette.requests import Request

from crossing.rules.phrases import LANGUAGES


def negotiate(accept_language: str | None) -> str:
    """The language a caller prefers among English, French and Spanish; English when nothing fits (RFC 9110 §12.5.4)."""
    ranked: list[tuple[float, int, str]] = []
    for position, part in enumerate((accept_language or "").split(",")[:20]):
        name, _, weight = part.partition(";")
        try:
            quality = float(weight.partition("=")[2]) if weight else 1.0
        except ValueError:
            continue
        language = name.strip().lower().partition("-")[0]
        if language in LANGUAGES and 0 < quality <= 1:
            ranked.append((-quality, position, language))
    return min(ranked)[2] if ranked else LANGUAGES[0]


def language_of(request: Request) -> str:
    """The language of a request's answer."""
    return negotiate(request.headers.get("accept-language"))
