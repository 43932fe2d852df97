"""The job table of production."""

import pytest
from tests.kit.job_cases import *  # noqa: F403 - the same promises on either database

pytestmark = pytest.mark.anyio
