"""The two decisions that are measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crossing.facts.statement import flat, statement_model
from crossing.packs import load_pack
from crossing.packs.examples import read_examples
from crossing.packs.load import PACKS_FOLDER

_MEASURED = {"US-CASE-12": "TN engineer", "US-CASE-02": "B-1 after-sales service"}


@dataclass(frozen=True)
class Case:
    """A case to decide, its facts flat."""

    name: str
    class_id: str
    on: str
    facts: Mapping[str, Any]
    findings: Mapping[str, str]


def measured_cases() -> list[Case]:
    """The two worked cases of the pack."""
    model = statement_model(load_pack("US").dictionary.facts)
    examples = {example.id: example for example in read_examples(PACKS_FOLDER / "us")}
    cases = []
    for identifier, name in _MEASURED.items():
        example = examples[identifier]
        facts = flat(model.model_validate(example.facts).model_dump(mode="json", exclude_none=True))
        cases.append(Case(name, example.seeking[0], example.on, facts, dict(example.findings)))
    return cases
