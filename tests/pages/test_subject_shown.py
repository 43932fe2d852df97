"""An officer reads what the lists and redress say of whoever stands there, and that a hit is no refusal."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect
from tests.admission.subjects.lists import bring, document_of, lookout, member
from tests.admission.subjects.orders import NUMBER, applied
from tests.admission.zones import passport_zone
from tests.conftest import Desk
from tests.pages.browsing import Mouse, Watch, chromium
from tests.pages.officers import DESK, opened, page_of, send
from tests.pages.test_marked_up import check
from tests.serving import served_suite
from typer.testing import CliRunner

from crossing.cli import app


@pytest.mark.anyio
async def test_of_somebody_on_no_list_the_page_says_so(officer: httpx.AsyncClient) -> None:
    page = await opened(officer)
    check(page)
    assert "Nothing on the lists concerns this traveller." in page.first("main").text


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("language", "heading", "suppressed"),
    [
        ("en", "What the lists say", "Does not count. Another person: this match does not count"),
        ("fr", "Ce que disent les listes", "Ne compte pas. Autre personne : cette correspondance ne compte pas"),
        ("es", "Lo que dicen las listas", "No cuenta. Otra persona: esta coincidencia no cuenta"),
    ],
)
async def test_hits_corrections_and_membership_stand_on_the_page(
    desk: Desk, officer: httpx.AsyncClient, language: str, heading: str, suppressed: str
) -> None:
    await bring(
        desk, "lookouts", lookout("mine", given_names="Eloise"), lookout("hers", given_names="Eloise", list="b")
    )
    await bring(desk, "members", member(state="suspended"))
    await applied(desk, "identity_disambiguated", record=("lookout", "hers", 1), subject=_scanned())
    await applied(desk, "route_pointed", {"route": "i192"}, subject=_scanned())
    officer.headers["Accept-Language"] = language
    page = await opened(officer, redress_control_number=NUMBER.lower())
    check(page)
    text = " ".join(page.first("main").text.split())
    assert heading in text
    assert suppressed in text
    assert NUMBER in text
    assert "98765432" in text
    assert "I-192" in text


def _scanned() -> dict[str, object]:
    """The subject as the zone of the passport has it."""
    return {"surname": "Tremblay", "given_names": "Eloise", "born_on": "1988-04-12", "document": document_of()}


@pytest.mark.anyio
async def test_a_number_that_cannot_be_one_is_named_at_its_field(officer: httpx.AsyncClient) -> None:
    form = (await page_of(officer, DESK)).form("/examinations")
    fields = form.filled({"mrz": "\n".join(passport_zone()), "redress_control_number": "1-2"})
    page = await send(officer, form.action, fields, status=422)
    check(page)
    assert "#redress_control_number" in {each.attributes.get("href") for each in page.all("a")}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A suite in a process of its own, and its folder."""
    folder = tmp_path_factory.mktemp("suite")
    with served_suite(folder) as address:
        yield address, folder


def test_in_a_browser_a_hit_is_a_reason_to_look_and_what_a_list_says_is_text(
    served: tuple[str, Path], tmp_path: Path
) -> None:
    address, folder = served
    file = tmp_path / "alerts.csv"
    file.write_text(
        "id,list,owner_unit,kind,reason,surname,given_names,born_on\n"
        'L-1,<script>alert(1)</script>,"<img src=x onerror=alert(2)>",person,customs,Tremblay,Eloise,1988-04-12\n'
    )
    imported = CliRunner().invoke(app, ["lookouts", "import", str(file), "--data", str(folder)])
    assert imported.output == "lookouts: 1 new, 0 changed, 0 as they were\n"
    watch = Watch(address)
    with chromium() as browser:
        page = watch.over(browser.new_page(base_url=address, locale="en-CA"))
        hand = Mouse(page)
        page.goto("/admission/")
        hand.select("port", "US-DETROIT")
        hand.send("main button")
        hand.fill("mrz", "\n".join(passport_zone()))
        hand.send("main form button.primary")
        panel = page.locator("section[aria-labelledby=subject-heading]")
        expect(panel).to_contain_text("Look closer. A hit is a reason to look, never a refusal.")
        expect(panel).to_contain_text("<script>alert(1)</script>, <img src=x onerror=alert(2)>, L-1")
        expect(page.locator("#determination-heading")).to_be_visible()
    assert watch.complaints == []
