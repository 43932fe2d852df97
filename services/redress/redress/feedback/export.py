"""Worked examples as files that are ready for the packs."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.packs.load import COUNTRIES_WITH_PACKS
from redress.tables import worked_examples

FILE: Final = "redress.examples.yaml"
_HEAD: Final = (
    "# Worked examples that decisions of redress left: the facts of an examination, without anything personal, and\n"
    "# the requirement that must come out as decided. Written by `crossing redress export-examples`.\n"
)


async def examples_kept(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Every example once, in the order of ids; of a case that was decided again, what was decided last."""
    later = worked_examples.alias("later")
    latest = select(func.max(later.c.revision)).where(later.c.case_id == worked_examples.c.case_id).scalar_subquery()
    statement = select(worked_examples.c.content).where(worked_examples.c.revision == latest)
    found = [json.loads(content)["example"] for content in (await connection.execute(statement)).scalars()]
    return list({each["id"]: each for each in sorted(found, key=lambda each: each["id"])}.values())


def write_examples(examples: Sequence[Mapping[str, Any]], folder: Path) -> dict[Path, int]:
    """Write the examples of each pack into a file of a folder; tells how many each holds."""
    written = {}
    for country, name in COUNTRIES_WITH_PACKS.items():
        chosen = [_plain(each) for each in examples if each["into"] == country]
        if chosen:
            file = folder / name / FILE
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("w", encoding="utf-8") as stream:
                stream.write(_HEAD)
                yaml = YAML()
                yaml.width = 120
                yaml.dump({"examples": chosen}, stream)
            written[file] = len(chosen)
    return written


def _plain(example: Mapping[str, Any]) -> dict[str, Any]:
    """An example without the parts that are empty, as people write them."""
    return {key: value for key, value in example.items() if value or key in ("facts", "seeking")}
