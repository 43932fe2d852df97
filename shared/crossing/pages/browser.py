"""What a browser is told about a page, and which forms it may send."""

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from crossing.kit.problems import Problem

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
_OWN_SITE: Final = ("same-origin", "none")


class SentFromElsewhere(Problem):
    """A form that another site sent in this person's name."""

    slug, status = "sent-from-elsewhere", 403
    titles = {
        "en": "This form was not sent from our own page: open the page and send it from there",
        "fr": "Ce formulaire n’a pas été envoyé depuis notre propre page : ouvrez la page et envoyez-le de là",
        "es": "Este formulario no se envió desde nuestra propia página: abra la página y envíelo desde ahí",
    }


def protect(response: Response) -> Response:
    """A page's answer with what a browser must hold to; what the answer says of itself stays."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


async def from_own_page(request: Request) -> None:
    """Dependency: refuse a form that another site sent; raises ``SentFromElsewhere``.

    Browsers say where a request comes from (Fetch Metadata, RFC 6454). A caller that says nothing is no browser, and
    carries no cookie it did not mean to send.
    """
    if request.method in _SAFE_METHODS:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site not in _OWN_SITE:
        raise SentFromElsewhere
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise SentFromElsewhere
