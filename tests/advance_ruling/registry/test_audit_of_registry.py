"""The audit chain covers rulings, their versions and what is published of them."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.advance_ruling.registry.test_publish_digest import five_alike
from tests.advance_ruling.rulings_desk import EXAMPLES, RulingDesk

from advance_ruling.covered import covered_rows, rows_without_entry
from crossing.kit.verify import verify_chains

pytestmark = pytest.mark.anyio


async def changed_rows(desk: RulingDesk) -> list[str]:
    """What the verification says of rows that entries cover; applications are put there without entries by the test."""
    async with desk.service.state.engine.connect() as connection:
        _, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    return [fault.message for fault in faults if not fault.message.startswith("no entry covers")]


async def test_what_is_published_is_covered_and_a_change_of_it_is_found(desk: RulingDesk) -> None:
    numbers = await five_alike(desk)
    await desk.deny(await desk.under_review(EXAMPLES["US-CASE-19"]))
    change = {
        "letter_sent_on": "2026-11-21",
        "modification": {"valid_until": "2027-12-31"},
        "reasons": [{"requirement": "US-TN-03", "text": "The contract ends sooner."}],
    }
    assert (await desk.act(numbers[0], "short-change", change)).status_code == 200
    await desk.pass_time(timedelta(days=20))
    assert await changed_rows(desk) == []
    async with desk.service.state.engine.begin() as connection:
        await connection.execute(
            text("UPDATE digests SET content = '{}' WHERE number = :number"), {"number": numbers[1]}
        )
        await connection.execute(
            text("UPDATE ruling_versions SET valid_until = '2040-01-01' WHERE number = :number"), {"number": numbers[2]}
        )
    found = await changed_rows(desk)
    assert len(found) == 2
    assert any(f"digests/{numbers[1]}/1" in message for message in found)
    assert any("application.issue" in message for message in found)
