"""The engine asks, the officer answers; nobody writes JSON."""

import httpx
import pytest
from tests.pages.markup import Page
from tests.pages.officers import ENGINEER, admitted, answered, opened, page_of, send, stated

pytestmark = pytest.mark.anyio


def outcome(page: Page) -> str:
    return page.first("p", class_="outcome").text.split(maxsplit=1)[1].strip()


async def test_questions_are_answered_until_the_traveller_qualifies(officer: httpx.AsyncClient) -> None:
    page = await opened(officer)
    assert outcome(page) == "Facts are missing"
    page = await answered(officer, page)
    assert outcome(page) == "Qualifies"
    assert "Advice: admit as TN professional" in page.source
    page = await admitted(officer, page)
    assert "Decided: admitted" in page.source


async def test_an_answer_is_shown_and_may_be_changed_and_taken_back(officer: httpx.AsyncClient) -> None:
    page = await opened(officer)
    form = page.form("/facts")
    page = await send(officer, form.action, form.filled(stated("history.overstayed", False)))
    assert page.form("/facts").fields["facts.history.overstayed"] == ["false"]
    assert "history.overstayed" not in page.asked
    page = await send(officer, form.action, page.form("/facts").filled({"facts.history.overstayed": ""}))
    assert "history.overstayed" in page.asked


async def test_what_the_document_shows_is_no_question(officer: httpx.AsyncClient) -> None:
    fields = (await opened(officer)).form("/facts").fields
    assert "facts.arrival.mode" in fields
    assert not [name for name in fields if name.startswith(("facts.travel_document.", "facts.traveller.born_on"))]


async def test_none_is_an_answer_and_silence_is_none(officer: httpx.AsyncClient) -> None:
    page = await opened(officer)
    form = page.form("/facts")
    assert "admissibility.recorded_grounds" in page.asked
    page = await send(officer, form.action, form.filled({}))
    assert "admissibility.recorded_grounds" in page.asked
    page = await send(officer, form.action, page.form("/facts").filled(stated("admissibility.recorded_grounds", [])))
    assert "admissibility.recorded_grounds" not in page.asked
    assert page.form("/facts").fields["facts.admissibility.recorded_grounds.none"] == ["on"]


async def test_none_beside_something_is_asked_about(officer: httpx.AsyncClient) -> None:
    form = (await opened(officer)).form("/facts")
    both = {"facts.admissibility.recorded_grounds.none": "on", "facts.admissibility.recorded_grounds": ["2A1-I"]}
    page = await send(officer, form.action, form.filled(both), status=422)
    assert any("“none”" in line for line in page.faults)
    again = page.form("/facts").fields
    assert again["facts.admissibility.recorded_grounds"] == ["2A1-I"]
    assert "facts.admissibility.recorded_grounds.none" in again


async def test_a_list_grows_by_a_row_and_loses_the_row_that_is_removed(officer: httpx.AsyncClient) -> None:
    form = (await opened(officer)).form("/facts")
    first = stated("credentials", [{"kind": "degree", "level": "baccalaureate", "country": "CA"}])
    page = await send(officer, form.action, form.filled(first))
    second = {"facts.credentials.1.kind": "licence", "facts.credentials.1.name": "P.Eng."}
    page = await send(officer, form.action, page.form("/facts").filled(second))
    assert page.form("/facts").fields["facts.credentials.1.name"] == ["P.Eng."]
    page = await send(officer, form.action, page.form("/facts").filled({"facts.credentials.0.remove": "on"}))
    fields = page.form("/facts").fields
    assert fields["facts.credentials.0.name"] == ["P.Eng."]
    assert fields["facts.credentials.1.name"] == [""]


async def test_a_fault_in_a_row_is_said_at_that_row(officer: httpx.AsyncClient) -> None:
    form = (await opened(officer)).form("/facts")
    rows = {
        "facts.credentials.0.kind": "degree",
        "facts.credentials.0.remove": "on",
        "facts.credentials.1.kind": "degree",
        "facts.credentials.1.study_years": "four",
        "facts.history.overstayed": "false",
    }
    page = await send(officer, form.action, form.filled(rows), status=422)
    links = [each.attributes["href"] for each in page.all("a") if each.attributes.get("href", "").startswith("#facts")]
    assert links == ["#facts-credentials-1-study_years"]
    again = page.form("/facts").fields
    assert again["facts.credentials.1.study_years"] == ["four"]
    assert again["facts.credentials.0.remove"] == ["on"]
    assert again["facts.history.overstayed"] == ["false"]


async def test_several_citizenships_are_chosen_one_by_one(officer: httpx.AsyncClient) -> None:
    form = (await opened(officer)).form("/facts")
    page = await send(officer, form.action, form.filled({"facts.traveller.citizenships": ["CA", "", "FR"]}))
    assert [each for each in page.form("/facts").fields["facts.traveller.citizenships"] if each] == ["CA", "FR"]


async def test_a_finding_is_changed_and_taken_back(officer: httpx.AsyncClient) -> None:
    page = await answered(officer, await opened(officer))
    form = page.form("/facts")
    page = await send(officer, form.action, form.filled({"findings.US-TN-13": "not_met"}))
    assert outcome(page) == "Does not qualify"
    assert page.form("/facts").fields["findings.US-TN-13"] == ["not_met"]
    page = await send(officer, form.action, page.form("/facts").filled({"findings.US-TN-13": ""}))
    assert page.judged == ["US-TN-13"]


async def test_the_classes_sought_can_be_changed(officer: httpx.AsyncClient) -> None:
    form = (await opened(officer)).form("/facts")
    page = await send(officer, form.action, form.filled({"seeking": ["us.b1.usmca"]}))
    assert "US-B1-01" in page.source
    assert "US-TN-01" not in page.source


async def test_an_unchanged_form_changes_nothing(officer: httpx.AsyncClient) -> None:
    """What was recorded is stated again by the form, and still is no change."""
    page = await answered(officer, await opened(officer))
    before = dict(page.form("/facts").fields)
    page = await send(officer, page.form("/facts").action, before)
    after = page.form("/facts").fields
    ignored = {"key", "revision"}
    assert {name: value for name, value in after.items() if name not in ignored} == {
        name: value for name, value in before.items() if name not in ignored
    }


@pytest.mark.parametrize("language", ["en", "fr", "es"])
async def test_every_kind_of_question_is_asked_in_each_language(officer: httpx.AsyncClient, language: str) -> None:
    """With every class sought in both countries, the questions cover nearly the whole dictionary."""
    officer.headers["Accept-Language"] = language
    page = await opened(officer, seeking=None)
    assert page.asked
    assert all(element.text.strip() for element in page.all("label", "legend", "summary", "button"))


async def test_the_determination_is_told_requirement_by_requirement(officer: httpx.AsyncClient) -> None:
    page = await answered(officer, await opened(officer), ENGINEER)
    item = next(
        each for each in page.all("li") if "US-TN-04" in each.text and "requirement" in each.attributes["class"]
    )
    assert "Met" in item.text
    assert "8 CFR 214.6(c)" in item.text
    assert "baccalaureate" in item.text


async def test_a_form_that_asks_for_facts_nobody_knows_is_harmless(officer: httpx.AsyncClient) -> None:
    form = (await opened(officer)).form("/facts")
    strange = form.filled({"asked": ["no.such.fact", "credentials[].kind", "credentials"], "facts.no.such.fact": "x"})
    await send(officer, form.action, strange)


async def test_where_a_form_was_sent_is_shown_as_the_page_it_belongs_to(officer: httpx.AsyncClient) -> None:
    form = (await opened(officer)).form("/facts")
    assert (await page_of(officer, form.action)).heading == "TREMBLAY, ELOISE"
    assert (await page_of(officer, "/admission/examinations")).heading == "Officer’s desk"
