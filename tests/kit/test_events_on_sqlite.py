"""Events between services, embedded."""

import pytest
from tests.kit.event_cases import *  # noqa: F403 - the same promises on either database

pytestmark = pytest.mark.anyio
