"""Countries are those of ISO 3166-1, and every code of ICAO Doc 9303-3, section 5 is understood."""

import pytest
from babel import Locale
from pydantic import TypeAdapter, ValidationError

from crossing.wire.countries import COUNTRIES, Country, alpha2_of, is_country


def test_there_are_the_249_countries_of_iso_3166_1_and_kosovo() -> None:
    assert len(COUNTRIES - {"XK"}) == 249
    assert is_country("XK")


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_country_has_a_name_in_every_language_we_publish(language: str) -> None:
    assert Locale(language).territories.keys() >= COUNTRIES


@pytest.mark.parametrize("code", ["", "ca", "CAN", "C", "UK", "EU", "ZZ", "AN", "CA ", "ÇA"])
def test_what_iso_3166_1_does_not_assign_is_no_country(code: str) -> None:
    assert not is_country(code)


@pytest.mark.parametrize(
    ("alpha3", "alpha2"),
    [("CAN", "CA"), ("USA", "US"), ("MEX", "MX"), ("GBR", "GB"), ("DEU", "DE"), ("CHE", "CH"), ("AUT", "AT")]
    + [("AUS", "AU"), ("SVK", "SK"), ("SVN", "SI"), ("PRK", "KP"), ("KOR", "KR"), ("COD", "CD"), ("COG", "CG")]
    + [("PSE", "PS"), ("TWN", "TW"), ("HKG", "HK"), ("NAM", "NA"), ("SSD", "SS"), ("CIV", "CI"), ("ROU", "RO")],
)
def test_an_alpha_3_code_gives_its_country(alpha3: str, alpha2: str) -> None:
    assert alpha2_of(alpha3) == alpha2


def test_no_two_countries_share_an_alpha_3_code() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    codes = [a + b + c for a in letters for b in letters for c in letters]
    icao_only = {"GBD", "GBN", "GBO", "GBP", "GBS", "RKS"}
    found = [alpha2_of(code) for code in codes if code not in icao_only and alpha2_of(code)]
    assert sorted(country for country in found if country) == sorted(COUNTRIES - {"XK"})


def test_a_german_passport_is_of_germany_with_or_without_fillers() -> None:
    assert alpha2_of("D") == alpha2_of("D<<") == "DE"


@pytest.mark.parametrize("code", ["GBD", "GBN", "GBO", "GBP", "GBS"])
def test_every_british_nationality_is_of_the_united_kingdom(code: str) -> None:
    assert alpha2_of(code) == "GB"


def test_a_passport_of_kosovo_is_of_kosovo() -> None:
    assert alpha2_of("RKS") == "XK"


@pytest.mark.parametrize("code", ["XXA", "XXB", "XXC", "XXX"])
def test_a_person_without_a_defined_nationality_has_no_country(code: str) -> None:
    assert alpha2_of(code) is None


@pytest.mark.parametrize(
    "code",
    ["EUE", "UNO", "UNA", "UNK", "XBA", "XIM", "XCC", "XCE", "XCO", "XEC", "XPO", "XES", "XMP", "XOM", "XDC", "IAO"],
)
def test_an_organization_that_issues_documents_is_no_country(code: str) -> None:
    assert alpha2_of(code) is None


@pytest.mark.parametrize("code", ["UTO", "ANT", "NTZ", "ZZZ", "", "<<<", "can", "CA"])
def test_a_specimen_a_withdrawn_code_and_an_unassigned_code_give_no_country(code: str) -> None:
    assert alpha2_of(code) is None


def test_a_model_accepts_a_country_and_says_what_is_wrong_with_anything_else() -> None:
    field: TypeAdapter[str] = TypeAdapter(Country)
    assert field.validate_python("CA") == "CA"
    with pytest.raises(ValidationError, match="must be an ISO 3166-1 alpha-2 country code"):
        field.validate_python("CAN")
