"""The operators a test is built of. Each computes and explains itself, and reports only what now decides the answer.

An operator is one small class. To add one: write it, name it in ``OPERATORS``, and add its rows to the table test.
"""

from typing import Any

from crossing.rules.operators.base import Teller, Test, column_of, joined
from crossing.rules.operators.combine import AllOf, AnyOf, Not
from crossing.rules.operators.compare import (
    After,
    AtLeast,
    AtMost,
    Before,
    Empty,
    Includes,
    IncludesAny,
    IncludesOnly,
    Is,
    LessThan,
    MoreThan,
    OneOf,
    OnOrAfter,
    OnOrBefore,
)
from crossing.rules.operators.gather import Every, Row, Some
from crossing.rules.operators.judge import Judgement, NoGround

__all__ = ["OPERATORS", "Teller", "Test", "column_of", "joined"]

#: Every operator a pack may use.
OPERATORS: dict[str, type[Any]] = {
    "all_of": AllOf,
    "any_of": AnyOf,
    "not": Not,
    "is": Is,
    "one_of": OneOf,
    "includes": Includes,
    "includes_any": IncludesAny,
    "includes_only": IncludesOnly,
    "empty": Empty,
    "at_least": AtLeast,
    "at_most": AtMost,
    "more_than": MoreThan,
    "less_than": LessThan,
    "on_or_before": OnOrBefore,
    "before": Before,
    "on_or_after": OnOrAfter,
    "after": After,
    "some": Some,
    "every": Every,
    "row": Row,
    "no_ground": NoGround,
    "judgement": Judgement,
}
