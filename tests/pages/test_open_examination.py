"""The desk opens an examination from a scan, or from fields entered by hand."""

import httpx
import pytest
from tests.admission.zones import passport_zone
from tests.conftest import Desk
from tests.pages.officers import DESK, opened, page_of, send

from crossing.kit.identity import Role

pytestmark = pytest.mark.anyio

BY_HAND = {
    "document_number": "GA302922",
    "issued_by": "CA",
    "surname": "Nguyễn-Lévesque",
    "given_names": "Éloïse Zoë",
    "nationality": "CA",
    "born_on": "1988-04-12",
    "expires_on": "2032-05-31",
}


async def test_who_has_not_signed_in_is_offered_to(desk: Desk) -> None:
    """Development only, and it says so."""
    async with desk.client(None) as stranger:
        page = await page_of(stranger, DESK)
    form = page.form("/sign-in")
    assert form.action == "/sign-in"
    assert set(form.fields) == {"role", "port", "terminal"}
    assert "Development only" in page.source


async def test_signing_in_leads_to_the_desk_and_signing_out_back(desk: Desk) -> None:
    async with desk.client(None) as browser:
        page = await page_of(browser, DESK)
        page = await send(
            browser, "/sign-in", page.form("/sign-in").filled({"port": "US-DETROIT", "terminal": "LANE-1"})
        )
        assert page.heading == "Officer’s desk"
        page = await send(browser, "/sign-out", {})
        assert page.heading == "Sign in"


async def test_a_caller_without_a_port_is_told_so(desk: Desk) -> None:
    async with desk.client(Role.OFFICER, port="XX-NOWHERE") as officer:
        page = await page_of(officer, DESK, status=403)
    assert "stands at no port" in page.heading


async def test_a_role_without_a_desk_is_told_so(desk: Desk) -> None:
    async with desk.client(Role.ANALYST) as analyst:
        assert (await page_of(analyst, DESK, status=403)).heading == "Your role does not allow this"


async def test_a_zone_opens_an_examination(officer: httpx.AsyncClient) -> None:
    page = await opened(officer)
    assert page.heading == "TREMBLAY, ELOISE"
    assert "US-TN-01" in page.source


async def test_nothing_about_the_person_stands_in_an_address(officer: httpx.AsyncClient) -> None:
    page = await opened(officer)
    addresses = " ".join(
        element.attributes.get("href", "") + element.attributes.get("action", "") for element in page.elements
    )
    assert not any(part in addresses.upper() for part in ("TREMBLAY", "ELOISE", "GA302922", "1988"))
    assert "TREMBLAY" not in page.first("title").text


async def test_fields_by_hand_keep_their_accents(officer: httpx.AsyncClient) -> None:
    page = await opened(officer, mrz="", **BY_HAND)
    assert page.heading == "Nguyễn-Lévesque, Éloïse Zoë"
    assert "fields entered by hand" in page.source


async def test_a_person_with_one_name_has_no_given_names(officer: httpx.AsyncClient) -> None:
    assert (await opened(officer, mrz="", **BY_HAND | {"given_names": "", "surname": "Sukarno"})).heading == "Sukarno"


async def test_one_name_in_a_zone_works_too(officer: httpx.AsyncClient) -> None:
    assert (await opened(officer, mrz="\n".join(passport_zone(name="SUKARNO")))).heading == "SUKARNO"


async def test_without_a_class_every_class_is_tried(officer: httpx.AsyncClient) -> None:
    page = await opened(officer, seeking=None)
    assert {"us.tn", "us.b1.usmca", "us.b1.ordinary"} <= {
        element.attributes["value"] for element in page.all("input") if element.attributes.get("name") == "seeking"
    }
    assert len([each for each in page.all("details") if "class" in each.attributes.get("class", "").split()]) >= 3


async def test_a_wrong_check_digit_is_said_at_the_zone_and_nothing_typed_is_lost(officer: httpx.AsyncClient) -> None:
    upper, lower = passport_zone()
    form = (await page_of(officer, DESK)).form("/examinations")
    fields = form.filled({"mrz": f"{upper}\n{lower[:9]}9{lower[10:]}", "seeking": ["us.tn"], "language": "fr"})
    page = await send(officer, form.action, fields, status=422)
    assert page.first("title").text.startswith("Error: ")
    assert any("check digit" in line for line in page.faults)
    again = page.form("/examinations").fields
    assert again["mrz"] == fields["mrz"]
    assert again["seeking"] == ["us.tn"]
    assert again["language"] == ["fr"]
    assert again["key"] != fields["key"]


async def test_every_field_at_fault_is_named_with_a_link(officer: httpx.AsyncClient) -> None:
    form = (await page_of(officer, DESK)).form("/examinations")
    wrong = form.filled(BY_HAND | {"born_on": "1988-02-30", "document_number": "GA/30", "nationality": ""})
    page = await send(officer, form.action, wrong, status=422)
    links = {each.attributes["href"] for each in page.all("a") if each.attributes.get("href", "").startswith("#")}
    assert {"#born_on", "#document_number", "#nationality"} <= links
    assert page.form("/examinations").fields["surname"] == ["Nguyễn-Lévesque"]


@pytest.mark.parametrize("fields", [{}, {"mrz": "\n".join(passport_zone()), "surname": "Tremblay"}])
async def test_a_zone_or_fields_but_not_both_and_not_neither(
    officer: httpx.AsyncClient, fields: dict[str, str]
) -> None:
    form = (await page_of(officer, DESK)).form("/examinations")
    page = await send(officer, form.action, form.filled(fields), status=422)
    assert any("by hand" in line for line in page.faults)


async def test_the_list_is_paged(officer: httpx.AsyncClient) -> None:
    for number in range(22):
        await opened(officer, mrz="\n".join(passport_zone(number=f"GA3029{number:02}")))
    first = await page_of(officer, DESK)
    older = next(each.attributes["href"] for each in first.all("a") if each.text == "Older")
    second = await page_of(officer, older)
    assert [len([row for row in page.all("tr") if row.within("tbody")]) for page in (first, second)] == [20, 2]


async def test_a_cursor_that_no_page_gave_is_answered_by_a_page(officer: httpx.AsyncClient) -> None:
    page = await page_of(officer, f"{DESK}?cursor=nonsense", status=422)
    assert page.heading == "Some fields cannot be accepted"


async def test_an_examination_that_is_not_there_is_answered_by_a_page(officer: httpx.AsyncClient) -> None:
    for address in ("0190b5a4-0000-7000-8000-000000000000", "not-an-id"):
        assert (await page_of(officer, f"{DESK}examinations/{address}", status=404)).heading == "Not found"


async def test_an_examination_at_another_port_is_not_shown(
    officer: httpx.AsyncClient, canadian_officer: httpx.AsyncClient
) -> None:
    address = (await opened(officer)).form("/facts").action.removesuffix("/facts")
    await page_of(canadian_officer, address, status=404)
