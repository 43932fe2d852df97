"""G16: a release changes only what it says: determinations made by an earlier build come out the same in this one.

Every worked example of the packs, each with variations, is determined and told, and held against ``golden.json``, which
the last release wrote with ``python -m tests.faults.replay``. A difference is explained where the pack has another
version or the example itself was changed; any other is a fault.
"""

import copy
import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from tests.faults.report import Report

from crossing.facts.statement import flat, statement_model
from crossing.kit.json_text import json_text
from crossing.packs.examples import Example, read_examples
from crossing.packs.load import COUNTRIES_WITH_PACKS, PACKS_FOLDER, load_dictionary, load_pack
from crossing.rules import Pack, RequestError, determine, tell

GOLDEN = Path(__file__).parent / "golden.json"
#: Of each example, besides the case itself.
VARIATIONS = 8
FULL = (
    {"one_in": 1},
    {"one_in": 20, "plant": "an amount"},
    {"one_in": 20, "plant": "a text"},
)
SHORT = ({"one_in": 20},)
_SEED = 16


def run(*, one_in: int, plant: str | None = None) -> Report:
    """Determine so large a part of the worked examples with their variations, and hold them against what was kept.

    ``plant`` says what is changed in the packs without giving them a new version.
    """
    kept = json.loads(GOLDEN.read_text(encoding="utf-8"))
    packs = {country: load_pack(country) for country in COUNTRIES_WITH_PACKS}
    packs = {country: _changed(pack, plant) if plant else pack for country, pack in packs.items()}
    faults, explained = Counter[str](), Counter[str]()
    for country, pack in packs.items():
        if kept["packs"][country] != [pack.version, pack.digest] and kept["packs"][country][0] == pack.version:
            faults[f"the pack of {country} was changed and is still version {pack.version}"] = 1
    examples = _examples()
    for example in examples[::one_in]:
        pack, before = packs[example.into], kept["examples"].get(example.id)
        if before is None or before[0] != _input(example):
            explained["examples new or changed"] += 1
        elif before[1] != _outcome(example, pack):
            released = kept["packs"][example.into][0] != pack.version
            (explained if released else faults)[f"{example.into} {pack.version}: {example.id}"] += 1
    compared = len(examples[::one_in]) * (VARIATIONS + 1)
    faults.update(f"{each} is gone" for each in kept["examples"].keys() - {example.id for example in examples})
    return Report(
        fault="G16 replay of kept determinations",
        done=f"{len(examples[::one_in])} worked examples, {compared} determinations made again",
        acknowledged=compared,
        found=compared - sum(faults.values()),
        lost=sum(faults.values()),
        held=not faults and compared > 0,
        detail="; ".join(
            [*list(faults)[:5], f"explained: {sum(explained.values())} ({', '.join(list(explained)[:3])})"]
        ),
        seed=_SEED,
    )


def keep() -> None:
    """Write what this build determines; at a release, when what differs has been explained."""
    packs = {country: load_pack(country) for country in COUNTRIES_WITH_PACKS}
    kept = {
        "packs": {country: [pack.version, pack.digest] for country, pack in packs.items()},
        "examples": {each.id: [_input(each), _outcome(each, packs[each.into])] for each in _examples()},
    }
    text = json.dumps(kept, indent=0, sort_keys=True).replace("[\n", "[").replace(',\n"', ', "').replace("\n]", "]")
    GOLDEN.write_text(text.replace("], ", "],\n") + "\n", encoding="utf-8")


def _examples() -> list[Example]:
    """The worked examples under the law itself, refused ones too."""
    return [
        example
        for folder in COUNTRIES_WITH_PACKS.values()
        for example in read_examples(PACKS_FOLDER / folder)
        if not example.overlays and "refused" not in example.expect
    ]


def _input(example: Example) -> str:
    return _short([example.into, example.on, example.seeking, example.facts, example.findings])


def _outcome(example: Example, pack: Pack) -> str:
    """A digest over everything said of an example and of its variations."""
    facts = flat(_model().model_validate(example.facts).model_dump(mode="json", exclude_none=True))
    return _short([_said(example, pack, *varied) for varied in _variations(example, facts)])


@cache
def _model() -> type[BaseModel]:
    return statement_model(load_dictionary()["facts"])


def _variations(example: Example, facts: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """The case itself, then cases with facts left out or turned round and other findings, by the example's id."""
    chance = random.Random(f"{_SEED} {example.id}")
    yield dict(facts), dict(example.findings)
    for _ in range(VARIATIONS):
        left = {name: _other(value, chance) for name, value in sorted(facts.items()) if chance.random() > 0.15}
        findings = {name: chance.choice((found, "met", "not_met")) for name, found in sorted(example.findings.items())}
        yield left, findings


def _other(value: Any, chance: random.Random) -> Any:
    return not value if isinstance(value, bool) and chance.random() > 0.8 else value


def _said(example: Example, pack: Pack, facts: Mapping[str, Any], findings: Mapping[str, str]) -> Any:
    try:
        made = determine(facts, pack, example.on, seeking=example.seeking, findings=findings)
    except RequestError as refusal:
        return refusal.key
    told = tell(made, "en")
    # The pack names itself in both; its digest is compared once for all.
    return [
        {name: part for name, part in each.items() if name not in ("pack", "digest")} for each in (made.compact, told)
    ]


def _short(content: Any) -> str:
    return hashlib.sha256(json_text(content).encode()).hexdigest()[:16]


def _changed(pack: Pack, plant: str) -> Pack:
    """The pack with one thing changed that a release would have to give a new version for."""
    content = copy.deepcopy(pack.content)
    name = {"an amount": "amount", "a text": "en"}[plant]
    node = next(node for node, key, value in _places(content) if key == name and isinstance(value, int | float | str))
    node[name] = f"{node[name]}9" if isinstance(node[name], str) else node[name] + 1
    return Pack(content, pack.names)


def _places(node: Any) -> Iterator[tuple[Any, Any, Any]]:
    pairs = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    for key, value in list(pairs):
        yield node, key, value
        yield from _places(value)


if __name__ == "__main__":
    keep()
