"""What is wrong with the shape of a file, in words that say what would cure it."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import (
    BaseModel,
    ValidationError,
)

from crossing.rules.phrases import LANGUAGES

Steps = tuple[str | int, ...]


def problems(shape: type[BaseModel], raw: Any) -> Iterator[tuple[Steps, str]]:
    """What is wrong with the shape of a file's content: the steps that lead there, and what would cure it."""
    try:
        shape.model_validate(raw)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            steps, owner = _walk(raw, each["loc"])
            if each["type"] == "missing":
                steps = (*steps, each["loc"][-1])
            message = _message(each["type"], steps, each)
            yield steps, f"{owner}: {message}" if owner else message


def _walk(raw: Any, loc: Steps) -> tuple[Steps, str]:
    """The steps of a location that lead somewhere in the content, and the name of the entry they lead into."""
    steps: list[str | int] = []
    owner = ""
    for step in loc:
        if (isinstance(raw, Mapping) and step in raw) or (isinstance(raw, list) and step in range(len(raw))):
            raw = raw[step]  # type: ignore[index]
            steps.append(step)
            if isinstance(raw, Mapping) and isinstance(raw.get("id"), str):
                owner = raw["id"]
            elif len(steps) == 2 and isinstance(step, str):
                owner = step
    return tuple(steps), owner


def _message(kind: str, steps: Steps, error: Any) -> str:
    last = steps[-1] if steps else "the file"
    if kind == "missing":
        if last in LANGUAGES and len(steps) > 1:
            return f"{steps[-2]} is not there in {last}; write it"
        return f"{last} is missing; write it"
    if kind == "extra_forbidden":
        return f"no key is called {last!r} here; correct its name or remove it"
    if kind == "value_error":
        said = str(error["ctx"]["error"])
        return f"{last} is {error['input']!r}; {said}" if isinstance(error["input"], str) else said
    if kind == "literal_error":
        return f"{last} is {error['input']!r}; write {error['ctx']['expected']}"
    if kind == "string_type" and isinstance(error["input"], int | float):
        return f"{last} is {error['input']!r}, which is no text; put it in quotes"
    if kind == "string_too_short":
        return f"{last} is empty; write it"
    return f"{last} is {error['input']!r:.80}; {error['msg'][0].lower()}{error['msg'][1:]}"
