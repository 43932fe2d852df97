"""The style sheet is one file, served by the service and kept by browsers for good."""

import httpx
import pytest
from tests.pages.officers import DESK, page_of

from crossing.pages.style import STYLE, STYLE_NAME

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("address", ["/", DESK])
async def test_a_page_names_one_sheet_that_is_there_and_may_be_kept(officer: httpx.AsyncClient, address: str) -> None:
    sheets = (await page_of(officer, address)).all("link")
    assert [sheet.attributes["rel"] for sheet in sheets] == ["stylesheet"]
    answer = await officer.get(sheets[0].attributes["href"])
    assert answer.content == STYLE
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_another_name_is_not_found(officer: httpx.AsyncClient) -> None:
    for name in ("crossing.css", f"x{STYLE_NAME}", "..%2fstyle.css"):
        assert (await officer.get(f"/admission/assets/{name}")).status_code == 404


def test_the_sheet_is_small() -> None:
    assert len(STYLE) < 20_000
