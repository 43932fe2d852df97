"""The guidance as anybody reads it: found by search, linked throughout, the same served as written."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.pages.browsing import chromium
from tests.serving import served_suite

from crossing.guide.site import Site, write_site

DAY = "2026-11-21"


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(DAY)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_suite(tmp_path_factory.mktemp("guidance")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser, suite: str) -> Iterator[Page]:
    context = browser.new_context(base_url=suite, locale="en-CA")
    yield context.new_page()
    context.close()


def html(site: Site, path: str) -> str:
    return site.page(path)[1].decode()


def test_every_link_of_every_page_leads_to_a_page(site: Site) -> None:
    broken = []
    for path in site.paths:
        if not path.endswith(".html"):
            continue
        for link in re.findall(r'(?:href|src)="([^"#]+)', html(site, path)):
            target = (Path("/") / path).parent.joinpath(link).as_posix()
            resolved = httpx.URL("http://guide.test").join(target).path.lstrip("/")
            if resolved not in site.paths:
                broken.append(f"{path}: {link}")
    assert broken == []


def test_a_requirement_has_a_permanent_link_for_each_of_its_wordings(site: Site) -> None:
    told = html(site, "en/us/US-TN-23.html")
    before, after = told.index('id="on-1994-01-01"'), told.index('id="on-2008-10-16"')
    assert "at most one year" in told[before:after]
    assert "at most three years" in told[after:]


def test_a_class_shows_its_requirements_examples_and_history_in_french(site: Site) -> None:
    told = html(site, "fr/us/us.tn.html")
    assert '<html lang="fr">' in told
    assert "US-TN-04" in told
    assert "US-CASE-" in told
    assert "Frais" in told
    assert 'id="on-2008-10-16"' in told


def test_what_was_not_verified_says_so(site: Site) -> None:
    assert "Not verified in a primary source" in html(site, "en/us/US-B1-41.html")
    assert "Not verified" not in html(site, "en/us/US-TN-01.html")


def test_the_site_is_written_whole(site: Site, tmp_path: Path) -> None:
    assert write_site(tmp_path, DAY) == len(site.paths)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == set(site.paths)
    index = json.loads((tmp_path / "fr/search.json").read_text(encoding="utf-8"))
    assert [entry[0] for entry in index if entry[1] == "US-TN-01"] == ["us/US-TN-01.html"]


def test_a_word_without_its_accents_is_found(page: Page) -> None:
    page.goto("/guidance/fr/index.html")
    page.get_by_label(re.compile("Rechercher")).fill("achete americain us-b1")
    expect(page.locator("#count")).to_have_text(re.compile(r"^\d+ résultat"))
    page.get_by_label(re.compile("Rechercher")).fill("214.6(c)")
    page.locator("#results a", has_text="US-TN-04").first.click()
    expect(page.locator("h1")).to_have_text("US-TN-04")


def test_the_start_page_is_in_the_language_of_whoever_asks(suite: str) -> None:
    answer = httpx.get(f"{suite}/guidance/", headers={"Accept-Language": "fr-CA"}, follow_redirects=True)
    assert str(answer.url).endswith("/guidance/fr/index.html")
    assert "Catégories d’admission" in answer.text


def test_a_page_that_is_none_is_a_problem(suite: str) -> None:
    answer = httpx.get(f"{suite}/guidance/en/us/US-NO-99.html")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
