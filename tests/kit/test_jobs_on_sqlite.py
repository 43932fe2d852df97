"""The job table of the embedded suite."""

import sqlite3
from contextlib import closing

import pytest
from tests.kit.job_cases import *  # noqa: F403 - the same promises on either database
from tests.kit.job_tables import Owing

from crossing.kit.database import writing

pytestmark = pytest.mark.anyio


async def test_who_will_change_rows_holds_the_one_place_of_the_writer_from_the_beginning(there: Owing) -> None:
    """Otherwise two could read the same rows first, and one of them would fail instead of waiting."""
    with closing(sqlite3.connect(there.url.partition("///")[2], timeout=0, isolation_level=None)) as other:
        async with there.engine.begin():
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        async with writing(there.engine):
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")
