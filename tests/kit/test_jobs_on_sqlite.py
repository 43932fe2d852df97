"""The job table of the embedded suite."""

import pytest
from tests.kit.job_cases import *  # noqa: F403 - the same promises on either database

pytestmark = pytest.mark.anyio
