"""The redress service alone, as its own tests have it."""

from tests.redress.conftest import redress

__all__ = ["redress"]
