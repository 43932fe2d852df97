"""The procedure of redress, as its data file has it."""

from functools import cache
from pathlib import Path
from typing import Final

from crossing.casework.procedure import Procedure
from crossing.packs.files import read_yaml

_FILE: Final = Path(__file__).parent / "procedure.yaml"


@cache
def load_procedure() -> Procedure:
    """The procedure of this release; raises ``ProcedureError``."""
    return Procedure(read_yaml(_FILE))
