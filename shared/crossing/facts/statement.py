"""Facts as they are stated over the API: a model made from the dictionary, and the flat form the engine reads.

The dictionary is the only list: the OpenAPI schema and every check of an input come from it.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, create_model
from pydantic.types import StrictBool, StrictFloat, StrictInt

from crossing.wire.countries import Country
from crossing.wire.day import Day

Definitions = Mapping[str, Mapping[str, Any]]


def _short(number: float) -> float:
    """The number in its one spelling: 50.0 is 50, and no share is finer than a ten-thousandth of a percent."""
    if round(number, 4) != number:
        raise ValueError("must have at most four decimals")
    return int(number) if number == int(number) else number


_STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)
_Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", max_length=64)]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_Whole = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
_Percent = Annotated[StrictInt | StrictFloat, Field(ge=0, le=100), AfterValidator(_short)]
_LONGEST_LIST = 50


def statement_model(definitions: Definitions) -> type[BaseModel]:
    """The model of a statement of facts: nested by the dictionary's paths, every fact optional, nothing else."""
    tree: dict[str, Any] = {}
    for path, definition in definitions.items():
        *folders, leaf = _steps(path)
        node = tree
        for folder in folders:
            node = node.setdefault(folder, {})
        if definition["type"] != "list":
            node[leaf] = definition
    return _model("Facts", tree, definitions)


def _model(name: str, tree: Mapping[str, Any], definitions: Definitions) -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for key, node in tree.items():
        is_list = key.endswith("[]")
        if "type" in node and isinstance(node["type"], str):
            kind, about = _type(node), node
        else:
            kind = _model(f"{name}{_camel(key)}", node, definitions)
            about = definitions.get(key[:-2], {}) if is_list else {}
        if is_list:
            kind = Annotated[list[kind], Field(max_length=_LONGEST_LIST)]  # type: ignore[valid-type]
        description = about.get("question", {}).get("en")
        fields[key.removesuffix("[]")] = (kind | None, Field(default=None, description=description))
    return create_model(name, __config__=_STRICT, **fields)


def _camel(key: str) -> str:
    return "".join(part.capitalize() for part in key.removesuffix("[]").split("_"))


def _type(definition: Mapping[str, Any]) -> Any:
    kind = definition["type"]
    if kind == "set":
        return Annotated[list[_scalar({**definition, "type": definition["of"]})], Field(max_length=_LONGEST_LIST)]  # type: ignore[misc]
    return _scalar(definition)


def _scalar(definition: Mapping[str, Any]) -> Any:
    kind = definition["type"]
    if kind == "code":
        options = definition.get("options")
        return Literal[tuple(options)] if options else _Code
    return {
        "boolean": StrictBool,
        "date": Day,
        "country": Country,
        "text": _Text,
        "integer": _Whole,
        "percent": _Percent,
    }[kind]


def flat(statement: Mapping[str, Any]) -> dict[str, Any]:
    """A statement as the engine reads it: by path, without what is not stated; sets sorted and without repeats.

    ``statement`` is the model's ``model_dump(mode="json", exclude_none=True)``.
    """
    facts: dict[str, Any] = {}
    _flatten("", statement, facts)
    return dict(sorted(facts.items()))


def _flatten(prefix: str, value: Mapping[str, Any], into: dict[str, Any]) -> None:
    for key, inner in value.items():
        path = f"{prefix}{key}"
        if isinstance(inner, dict):
            _flatten(f"{path}.", inner, into)
        elif isinstance(inner, list):
            is_set = not (inner and isinstance(inner[0], dict))
            into[path] = sorted(set(inner)) if is_set else [flat(entry) for entry in inner]
        elif inner is not None:
            into[path] = inner


def laid_over(known: Mapping[str, Any], added: BaseModel) -> dict[str, Any]:
    """Known facts, flat, with a statement laid over them; whatever was given as null in it is taken back."""
    taken_back = _taken_back(added.model_dump(mode="json", exclude_unset=True))
    kept = {path: value for path, value in known.items() if not f"{path}.".startswith(taken_back)}
    return {**kept, **flat(added.model_dump(mode="json", exclude_none=True))}


def _taken_back(stated: Mapping[str, Any], prefix: str = "") -> tuple[str, ...]:
    """What was given as null: a fact, or everything under a name; each with a dot behind it."""
    found: tuple[str, ...] = ()
    for key, value in stated.items():
        if value is None:
            found += (f"{prefix}{key}.",)
        elif isinstance(value, Mapping):
            found += _taken_back(value, f"{prefix}{key}.")
    return found


def nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The nested form of flat facts, as the API takes and gives them."""
    statement: dict[str, Any] = {}
    for path, value in facts.items():
        *folders, leaf = _steps(path)
        node = statement
        for folder in folders:
            node = node.setdefault(folder, {})
        is_list = isinstance(value, list) and value and isinstance(value[0], dict)
        node[leaf] = [nested(entry) for entry in value] if is_list else value
    return statement


@lru_cache(maxsize=4_096)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def days_out_of_order(facts: Mapping[str, Any], ordered: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of pairs of days, those stated that cannot both be true: the first lies before the second, which comes first."""
    return [pair for pair in ordered if all(path in facts for path in pair) and facts[pair[0]] < facts[pair[1]]]
