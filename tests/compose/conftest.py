"""The suite in containers, brought up beforehand by ``python -m tests.compose``."""

import pytest
from tests.compose.suite import Suite


@pytest.fixture(scope="session")
def suite() -> Suite:
    """The suite, every container of which is well."""
    suite = Suite()
    suite.wait_until_healthy()
    return suite
