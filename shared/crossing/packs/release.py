"""Whether packs may be released: they are whole, and every example that redress left is taken up or answered."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crossing.facts.statement import flat
from crossing.packs.check import Finding, Inspection, check_packs
from crossing.packs.examples import Example, read_examples
from crossing.packs.files import read_yaml
from crossing.packs.load import COUNTRIES_WITH_PACKS, FACTS_FOLDER, PACKS_FOLDER
from crossing.wire.day import Day

ANSWERS: Final = "redress_answers.yaml"
#: What an example of redress says that its place in the pack must say too; of facts, the pack may state more.
_SAID: Final = ("into", "on", "seeking", "overlays", "findings", "expect")


class _Answer(BaseModel):
    """Why a rule stands."""

    model_config = ConfigDict(extra="forbid")

    on: Day
    reason: str = Field(min_length=1)


class _Answered(BaseModel):
    """An example that does not go into the packs."""

    model_config = ConfigDict(extra="forbid")

    id: str
    answered: _Answer


def check_packs_and_redress(
    exported: Path | None = None, packs_folder: Path = PACKS_FOLDER, facts_folder: Path = FACTS_FOLDER
) -> Inspection:
    """Check everything ``check_packs`` does, and each example in ``exported`` (as ``crossing redress`` writes them).

    Each must stand in its pack, where it is run with all others, or be answered in ``redress_answers.yaml``. While one
    is open, only that is told: nothing can be released, and all the rest takes a while.
    """
    still_open = open_examples(exported, packs_folder)
    return Inspection(still_open) if still_open else check_packs(packs_folder, facts_folder)


def open_examples(exported: Path | None, packs_folder: Path = PACKS_FOLDER) -> list[Finding]:
    """The examples of a folder that stand in no pack and are not answered, and answers that are none."""
    answered, findings = _answered(packs_folder / ANSWERS)
    return [*findings, *_open(exported, packs_folder, answered)] if exported else findings


def _answered(file: Path) -> tuple[frozenset[str], list[Finding]]:
    entries = read_yaml(file)["answers"] if file.exists() else []
    found, findings = set(), []
    for number, entry in enumerate(entries):
        try:
            found.add(_Answered.model_validate(entry).id)
        except ValidationError:
            where = f"{file.parent.name}/{file.name} answers/{number}"
            findings.append(Finding(where, "an answer needs id, and answered with on (a day) and reason"))
    return frozenset(found), findings


def _open(exported: Path, packs_folder: Path, answered: frozenset[str]) -> Iterator[Finding]:
    for folder in COUNTRIES_WITH_PACKS.values():
        in_pack = {example.id: example for example in read_examples(packs_folder / folder)}
        for example in read_examples(exported / folder):
            if example.id in answered:
                continue
            where = f"{folder}/{example.file} {example.id}"
            taken_up = in_pack.get(example.id)
            if taken_up is None:
                cure = f"put the file into packs/{folder} and make it pass, or answer it in {ANSWERS}"
                yield Finding(where, f"what redress decided is not in the pack; {cure}")
            elif not _says_the_same(example, taken_up):
                yield Finding(where, "the pack's example says something else than the case; restore it, or answer it")


def _says_the_same(example: Example, taken_up: Example) -> bool:
    same = all(getattr(example, name) == getattr(taken_up, name) for name in _SAID)
    return same and _states(flat(taken_up.facts), flat(example.facts))


def _states(facts: Mapping[str, object], stated: Mapping[str, object]) -> bool:
    """Whether facts hold everything that is stated; entries of a list may state more than they did."""
    for path, value in stated.items():
        known = facts.get(path)
        if isinstance(value, list) and isinstance(known, list) and value and isinstance(value[0], dict):
            if len(value) != len(known) or not all(_states(k, v) for k, v in zip(known, value, strict=True)):
                return False
        elif known != value:
            return False
    return True
