"""A form that another site sends in an officer's name is refused."""

import httpx
import pytest
from tests.admission.rows import counts
from tests.conftest import Desk
from tests.pages.officers import DESK, opened, page_of

pytestmark = pytest.mark.anyio

ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://crossing.test.elsewhere.example"},
    {"Origin": "http://crossing.test", "Sec-Fetch-Site": "cross-site"},
]
OWN = [{"Sec-Fetch-Site": "same-origin", "Origin": "http://crossing.test"}, {"Origin": "http://crossing.test"}, {}]


@pytest.mark.parametrize("headers", ELSEWHERE)
async def test_no_form_is_taken_from_elsewhere(desk: Desk, officer: httpx.AsyncClient, headers: dict[str, str]) -> None:
    page = await opened(officer)
    before = counts(desk.data)
    forms = [page.form(ending) for ending in ("/facts", "/referral", "/withdrawal", "/decision", "/language")]
    forms += [(await page_of(officer, DESK)).form("/examinations")]
    for form in forms:
        answer = await officer.post(form.action, data=form.filled({"reason": "Sent from elsewhere."}), headers=headers)
        assert answer.status_code == 403, form.action
        assert "set-cookie" not in answer.headers
    for address in ("/sign-in", "/sign-out"):
        answer = await officer.post(address, data={"role": "officer"}, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    assert counts(desk.data) == before


@pytest.mark.parametrize("headers", OWN)
async def test_a_form_of_our_own_page_is_taken(officer: httpx.AsyncClient, headers: dict[str, str]) -> None:
    form = (await opened(officer)).form("/referral")
    answer = await officer.post(form.action, data=form.filled({"reason": "Duties unclear."}), headers=headers)
    assert answer.status_code == 303


async def test_reading_a_page_from_elsewhere_is_no_harm(officer: httpx.AsyncClient) -> None:
    assert (await officer.get(DESK, headers={"Sec-Fetch-Site": "cross-site"})).status_code == 200


async def test_the_session_cookie_never_travels_from_another_site(desk: Desk) -> None:
    async with desk.client(None) as browser:
        answer = await browser.post("/sign-in", data={"role": "officer", "port": "US-DETROIT"})
    cookie = answer.headers["set-cookie"].lower()
    assert "samesite=strict" in cookie
    assert "httponly" in cookie


@pytest.mark.parametrize("address", ["/", DESK, "/admission/examinations/not-an-id", "/admission/assets/none.css"])
async def test_every_page_says_what_a_browser_may_do(officer: httpx.AsyncClient, address: str) -> None:
    answer = await officer.get(address)
    if not address.endswith(".css"):
        assert answer.headers["content-security-policy"] == (
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        )
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_nobody_signed_in_reads_no_examination(desk: Desk, officer: httpx.AsyncClient) -> None:
    action = (await opened(officer)).form("/facts").action
    async with desk.client(None) as stranger:
        page = await page_of(stranger, action.removesuffix("/facts"), status=401)
    assert "TREMBLAY" not in page.source
    assert any(each.text == "Sign in" for each in page.all("a"))
