"""A form as an officer sent it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from crossing.kit.problems import InvalidRequest, field_errors

#: Characters that no one types: controls, but for tab and new line.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MOST_FIELDS: Final = 5_000
Model = TypeVar("Model", bound=BaseModel)
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Posted:
    """Every field of a form with what was typed or chosen in it."""

    fields: Fields = field(default_factory=dict)

    def one(self, name: str, otherwise: str = "") -> str:
        """The value of a field, without blanks around it; ``otherwise`` for a field that was not sent."""
        values = self.fields.get(name)
        return values[0].strip() if values else otherwise

    def all(self, name: str) -> list[str]:
        """The values of a field that may be there more than once, without empty ones."""
        return [value.strip() for value in self.fields.get(name, ()) if value.strip()]

    def has(self, name: str) -> bool:
        """Whether a box was ticked, or a field sent at all."""
        return name in self.fields

    @property
    def revision(self) -> int:
        """The revision that the page showed; 0 when it does not say."""
        text = self.one("revision")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


async def read_posted(request: Request) -> Posted:
    """The form of a request; whatever is no form is an empty one."""
    await request.body()  # kept by the request, for the digest that an idempotency key stands for
    form = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    fields: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields.setdefault(name, []).append(_CONTROLS.sub("", value.replace("\r\n", "\n")))
    return Posted(fields)


def checked(model: type[Model], body: Mapping[str, Any]) -> Model:
    """The body that a form amounts to; raises ``InvalidRequest`` naming every field at fault."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise InvalidRequest(errors=field_errors(error.errors())) from None
