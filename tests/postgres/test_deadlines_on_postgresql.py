"""Many deadlines due at once, on the database of production."""

import pytest
from tests.kit.deadline_cases import *  # noqa: F403 - the same promises on either database

pytestmark = pytest.mark.anyio
