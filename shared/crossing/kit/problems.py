"""Problem details (RFC 9457): one shape for everything that can go wrong, in three languages, without personal data.

Problem
├── InvalidRequest            422  /problems/invalid-request
├── MalformedBody             400  /problems/malformed-body
└── …                         a service's own problems stand beside the verbs that raise them
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, ClassVar, Final

from fastapi import FastAPI, HTTPException
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crossing.kit.languages import language_of
from crossing.kit.validation_texts import says

Texts = Mapping[str, str]
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field: its JSON Pointer (RFC 6901) and what would be accepted."""

    pointer: str
    texts: Texts


class Problem(HTTPException):
    """Something a caller can understand and act upon. Subclasses name the type; ``texts`` say what happened now."""

    slug: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    titles: ClassVar[Texts]

    def __init__(
        self, texts: Texts | None = None, *, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status_code=self.status, headers=dict(headers or {}))
        self.texts = texts
        self.errors = errors

    def document(self, language: str) -> dict[str, Any]:
        """The problem document in a language."""
        document: dict[str, Any] = {
            "type": f"/problems/{self.slug}",
            "title": self.titles[language],
            "status": self.status,
        }
        if self.texts:
            document["detail"] = self.texts[language]
        if self.errors:
            document["errors"] = [{"pointer": each.pointer, "detail": each.texts[language]} for each in self.errors]
        return document


class ProblemError(BaseModel):
    """One field at fault."""

    pointer: str = Field(description="JSON Pointer (RFC 6901) to the field")
    detail: str


class ProblemDocument(BaseModel):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[ProblemError] = Field(default_factory=list)


class InvalidRequest(Problem):
    """Fields that cannot be accepted as they are."""

    slug, status = "invalid-request", 422
    titles = {
        "en": "Some fields cannot be accepted",
        "fr": "Certains champs ne peuvent être acceptés",
        "es": "Algunos campos no se pueden aceptar",
    }


class MalformedBody(Problem):
    """The body is no JSON that can be read without doubt."""

    slug, status = "malformed-body", 400
    titles = {
        "en": "The body is not JSON that can be read without doubt",
        "fr": "Le corps n’est pas du JSON lisible sans équivoque",
        "es": "El cuerpo no es JSON que pueda leerse sin duda",
    }


class BodyTooLarge(Problem):
    """The body is larger than accepted."""

    slug, status = "body-too-large", 413
    titles = {
        "en": "The body is too large",
        "fr": "Le corps est trop volumineux",
        "es": "El cuerpo es demasiado grande",
    }


class UnsupportedMediaType(Problem):
    """The body is no plain JSON."""

    slug, status = "unsupported-media-type", 415
    titles = {
        "en": "Send the body as application/json, without a content encoding",
        "fr": "Envoyez le corps en application/json, sans codage de contenu",
        "es": "Envíe el cuerpo como application/json, sin codificación de contenido",
    }


class NotFound(Problem):
    """Nothing here, or nothing for this caller."""

    slug, status = "not-found", 404
    titles = {"en": "Not found", "fr": "Introuvable", "es": "No encontrado"}


class MethodNotAllowed(Problem):
    """The address exists, not for this method."""

    slug, status = "method-not-allowed", 405
    titles = {"en": "Method not allowed", "fr": "Méthode non permise", "es": "Método no permitido"}


class NotAuthenticated(Problem):
    """No token, or one that does not hold."""

    slug, status = "not-authenticated", 401
    titles = {
        "en": "A valid token is needed",
        "fr": "Un jeton valide est nécessaire",
        "es": "Se necesita un token válido",
    }


class NotAllowed(Problem):
    """The caller's role or port does not allow this."""

    slug, status = "not-allowed", 403
    titles = {
        "en": "Your role does not allow this",
        "fr": "Votre rôle ne le permet pas",
        "es": "Su función no lo permite",
    }


class TooManyRequests(Problem):
    """More requests than this caller may send."""

    slug, status = "too-many-requests", 429
    titles = {"en": "Too many requests", "fr": "Trop de demandes", "es": "Demasiadas solicitudes"}


class PreconditionRequired(Problem):
    """An update without If-Match."""

    slug, status = "precondition-required", 428
    titles = {
        "en": "Say which version you are changing: send If-Match with the ETag you read",
        "fr": "Indiquez la version modifiée : envoyez If-Match avec l’ETag lu",
        "es": "Indique qué versión modifica: envíe If-Match con el ETag leído",
    }


class StaleVersion(Problem):
    """Somebody else changed it meanwhile."""

    slug, status = "stale-version", 412
    titles = {
        "en": "It was changed meanwhile: read it again, then repeat",
        "fr": "Il y a eu modification entre-temps : relisez, puis recommencez",
        "es": "Se modificó entretanto: vuelva a leerlo y repita",
    }


class IdempotencyKeyReused(Problem):
    """A key that belongs to another request."""

    slug, status = "idempotency-key-reused", 422
    titles = {
        "en": "This Idempotency-Key was used with another request",
        "fr": "Cette Idempotency-Key a servi à une autre demande",
        "es": "Esta Idempotency-Key se usó con otra solicitud",
    }


class Unavailable(Problem):
    """The service cannot answer in time."""

    slug, status = "unavailable", 503
    titles = {
        "en": "The service cannot answer in time: repeat with the same Idempotency-Key",
        "fr": "Le service ne peut répondre à temps : recommencez avec la même Idempotency-Key",
        "es": "El servicio no puede responder a tiempo: repita con la misma Idempotency-Key",
    }


class Unexpected(Problem):
    """A fault of ours."""

    slug, status = "unexpected", 500
    titles = {
        "en": "Something went wrong on our side; the request id helps us find it",
        "fr": "Une erreur s’est produite de notre côté; l’identifiant de la demande nous aide à la trouver",
        "es": "Algo falló de nuestro lado; el identificador de la solicitud nos ayuda a encontrarlo",
    }


_BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind
    for kind in (NotFound, MethodNotAllowed, NotAuthenticated, NotAllowed, BodyTooLarge, MalformedBody, InvalidRequest)
}


def pointer(*steps: str | int) -> str:
    """JSON Pointer (RFC 6901) of a path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def respond(problem: Problem, language: str) -> Response:
    """The answer that carries a problem document."""
    headers = {"Content-Language": language, **(problem.headers or {})}
    return JSONResponse(problem.document(language), problem.status, headers, MEDIA_TYPE)


def install_problem_handlers(app: FastAPI) -> None:
    """Render every problem, every refused input and every fault as a problem document."""

    async def on_problem(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, Problem)
        return respond(problem, language_of(request))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, StarletteHTTPException)
        kind = _BY_STATUS.get(error.status_code, InvalidRequest if error.status_code < 500 else Unexpected)
        headers = dict(error.headers or {})
        if kind is MethodNotAllowed:
            headers["Allow"] = _allowed(request, headers.get("Allow", ""))
        return respond(kind(headers=headers), language_of(request))

    async def on_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return respond(InvalidRequest(errors=field_errors(error.errors())), language_of(request))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(StarletteHTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_invalid)


def _allowed(request: Request, otherwise: str) -> str:
    """Every method of an address, since each of its routes knows only its own (RFC 9110 §10.2.1)."""
    template = getattr(request.scope.get("route"), "path", "")
    methods = request.app.openapi()["paths"].get(template, {})
    return ", ".join(sorted(method.upper() for method in methods)) or otherwise


_MOST_ERRORS: Final = 50
_NAME: Final = re.compile(r"[A-Za-z0-9_.\-]{1,64}\Z")
#: Where FastAPI says a field stood; a pointer says it without.
_LOCATIONS: Final = ("body", "query", "path", "header", "cookie")


def field_errors(errors: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Pydantic's errors as pointers with texts; what was sent is never repeated.

    A pointer ends before a name that no field could have: whoever sends one may have put anything into it.
    """
    found: dict[str, FieldError] = {}
    for error in errors:
        steps = [step for step in error["loc"] if not _names_a_type(step)]
        where = steps[1:] if steps and steps[0] in _LOCATIONS else steps
        named = pointer(*takewhile(_may_be_a_name, where))
        found.setdefault(named, FieldError(named, says(error)))
    return list(found.values())[:_MOST_ERRORS]


def _may_be_a_name(step: str | int) -> bool:
    return isinstance(step, int) or bool(_NAME.match(step))


def _names_a_type(step: str | int) -> bool:
    return isinstance(step, str) and ("[" in step or step in ("int", "float", "str", "literal"))


#: The problems that any route may answer with, for its OpenAPI description.
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": ProblemDocument, "description": "Problem details (RFC 9457)"},
    "5XX": {"model": ProblemDocument, "description": "Problem details (RFC 9457)"},
}


def describe_problems(description: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI description whose problems have their own media type, which FastAPI gives to nothing but answers."""
    for operations in description["paths"].values():
        for operation in operations.values():
            for code in PROBLEM_RESPONSES:
                content = operation["responses"].get(code, {}).get("content", {})
                if "application/json" in content:
                    content[MEDIA_TYPE] = content.pop("application/json")
    return description
