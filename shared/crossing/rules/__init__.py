"""The rules engine: facts and a rule pack in, a determination with its reasons out.

Pure: no clock, file, network or database. ``determine`` is the way in; ``Pack`` is law as data, read once.
"""

from crossing.rules.answer import explain, failing_outcomes, question_of, tell
from crossing.rules.determine import Determination, determine
from crossing.rules.digest import digest_of
from crossing.rules.errors import PackError, RequestError, UnknownClass
from crossing.rules.overlay import apply_overlay, reference, require_in_force
from crossing.rules.pack import Pack

__all__ = [
    "Determination",
    "Pack",
    "PackError",
    "RequestError",
    "UnknownClass",
    "apply_overlay",
    "determine",
    "digest_of",
    "explain",
    "failing_outcomes",
    "question_of",
    "reference",
    "require_in_force",
    "tell",
]
