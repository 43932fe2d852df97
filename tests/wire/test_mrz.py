"""Machine readable zones read as ICAO Doc 9303 (eighth edition) specifies them; the specimens are its own."""

import string
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossing.wire.mrz import MachineReadableZone, MrzError, MrzProblem, check_digit, parse_mrz

TODAY = date(2026, 11, 21)
SIGNS = string.digits + string.ascii_uppercase

TD3 = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
TD1 = ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]
TD2 = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]
MRV_A = ["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C<3UTO6908061F9406236ZE184226B<<<<<<<"]
MRV_B = ["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L898902C<3UTO6908061F9406236ZE184226"]
SPECIMENS = {"TD3": TD3, "TD1": TD1, "TD2": TD2, "MRV-A": MRV_A, "MRV-B": MRV_B}
# Doc 9303-11, appendix D.2: the number is D23145890734.
TD1_LONG = ["I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<"]
TD2_LONG = ["I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<", "D23145890<UTO3407127M95071227349<<<8"]

# Where each check digit stands: Doc 9303-4, -5, -6 section 4.2.4; 9303-7 sections 4.2.2 and 7.2.2.
LOWER_LINE = {"document_number": (2, 10), "born_on": (2, 20), "expires_on": (2, 28)}
CHECK_DIGITS = {
    "TD3": LOWER_LINE | {"optional_data": (2, 43), "composite": (2, 44)},
    "TD1": {"document_number": (1, 15), "born_on": (2, 7), "expires_on": (2, 15), "composite": (2, 30)},
    "TD2": LOWER_LINE | {"composite": (2, 36)},
    "MRV-A": LOWER_LINE,
    "MRV-B": LOWER_LINE,
}
OPTIONAL_WIDTHS = {"TD1": 15, "TD2": 7, "TD3": 14, "MRV-A": 16, "MRV-B": 8}
EVERY_CHECK_DIGIT = [(name, field) for name, fields in CHECK_DIGITS.items() for field in fields]


def read(lines: list[str]) -> MachineReadableZone:
    return parse_mrz(lines, today=TODAY)


def problems_of(lines: list[str]) -> list[MrzProblem]:
    with pytest.raises(MrzError) as refusal:
        read(lines)
    return refusal.value.problems


def with_sign(lines: list[str], line: int, position: int, sign: str) -> list[str]:
    old = lines[line - 1]
    return [*lines[: line - 1], old[: position - 1] + sign + old[position:], *lines[line:]]


def digit(text: str) -> str:
    """The check digit by hand, so that the tests do not believe the code they test."""
    return str(sum(max(SIGNS.find(sign), 0) * weight for sign, weight in zip(text, [7, 3, 1] * 20, strict=False)) % 10)


def print_zone(of: str, **f: str) -> list[str]:
    """Print fields as Doc 9303 lays them out."""
    number, optional = f["number"], f["optional"]
    start = number.ljust(9, "<") + digit(number)
    if len(number) > 9:
        start, optional = number[:9] + "<", number[9:] + digit(number) + "<" + optional
    birth, expiry = f["birth"] + digit(f["birth"]), f["expiry"] + digit(f["expiry"])
    head, nationality = f.get("code", "I").ljust(2, "<") + f["state"].ljust(3, "<"), f["nationality"].ljust(3, "<")
    if of == "TD1":
        upper = head + start + optional.ljust(OPTIONAL_WIDTHS[of], "<")
        middle = birth + f["sex"] + expiry + nationality + f["optional_2"].ljust(11, "<")
        middle += digit(upper[5:] + middle[:7] + middle[8:15] + middle[18:])
        return [upper, middle, f["name"].ljust(30, "<")]
    lower = start + nationality + birth + f["sex"] + expiry + optional.ljust(OPTIONAL_WIDTHS[of], "<")
    if of == "TD3":
        lower += digit(optional)
    if of in ("TD2", "TD3"):
        lower += digit(lower[:10] + lower[13:20] + lower[21:])
    return [(head + f["name"]).ljust(len(lower), "<"), lower]


def passport(**changes: str) -> list[str]:
    """A passport of Utopia, sound but for what a test changes."""
    return card("TD3", **{"code": "P", "number": "L898902C3"} | changes)


def card(of: str, **changes: str) -> list[str]:
    """A card of Utopia, sound but for what a test changes."""
    fields = {"state": "UTO", "name": "ERIKSSON<<ANNA", "number": "D23145890", "nationality": "UTO", "birth": "740812"}
    return print_zone(of, **fields | {"sex": "F", "expiry": "360415", "optional": "", "optional_2": ""} | changes)


@pytest.mark.parametrize(("text", "expected"), [("520727", 3), ("AB2134<<<", 5), ("", 0), ("<<<<<<", 0)])
def test_a_check_digit_is_the_weighted_sum_of_the_examples_in_doc_9303(text: str, expected: int) -> None:
    assert check_digit(text) == expected


@pytest.mark.parametrize("text", ["l898902c3", "A B", "É", "٣"])
def test_no_check_digit_is_computed_over_signs_that_a_zone_cannot_hold(text: str) -> None:
    with pytest.raises(ValueError, match="A-Z, 0-9 and <"):
        check_digit(text)


def test_the_specimen_passport_is_read() -> None:
    zone = read(TD3)
    assert (zone.format, zone.document_code, zone.issuing_state, zone.nationality) == ("TD3", "P", "UTO", "UTO")
    assert (zone.primary_identifier, zone.secondary_identifier) == ("ERIKSSON", "ANNA MARIA")
    assert (zone.document_number, zone.sex, zone.composite) == ("L898902C3", "F", "0")
    assert (zone.born_on, zone.expires_on) == (date(1974, 8, 12), date(2012, 4, 15))
    assert (zone.optional_data, zone.name_truncated) == ("ZE184226B", False)


@pytest.mark.parametrize("of", ["TD1", "TD2"])
def test_the_specimen_cards_are_read(of: str) -> None:
    zone = read(SPECIMENS[of])
    assert (zone.format, zone.document_code, zone.document_number, zone.composite) == (of, "I", "D23145890", "6")
    assert (zone.primary_identifier, zone.secondary_identifier) == ("ERIKSSON", "ANNA MARIA")
    assert (zone.born_on, zone.expires_on, zone.sex) == (date(1974, 8, 12), date(2012, 4, 15), "F")
    assert (zone.nationality, zone.optional_data, zone.optional_data_2) == ("UTO", "", "")


@pytest.mark.parametrize(("of", "optional_data"), [("MRV-A", "ZE184226B"), ("MRV-B", "ZE184226")])
def test_the_specimen_visas_are_read_and_have_no_composite_check_digit(of: str, optional_data: str) -> None:
    zone = read(SPECIMENS[of])
    assert (zone.format, zone.document_code, zone.document_number) == (of, "V", "L898902C")
    assert (zone.born_on, zone.expires_on) == (date(1969, 8, 6), date(1994, 6, 23))
    assert (zone.optional_data, zone.composite) == (optional_data, None)


@pytest.mark.parametrize("lines", [TD1_LONG, TD2_LONG])
def test_a_document_number_of_more_than_nine_characters_goes_on_in_the_optional_data(lines: list[str]) -> None:
    zone = read(lines)
    assert (zone.document_number, zone.optional_data) == ("D23145890734", "")


@pytest.mark.parametrize(("of", "longest"), [("TD1", 22), ("TD2", 14)])
def test_a_long_document_number_may_have_one_more_character_or_all_that_fit_before_a_filler(
    of: str, longest: int
) -> None:
    for number in ("1234567890", "1234567890123456789012"[:longest]):
        assert read(card(of, number=number)).document_number == number


@pytest.mark.parametrize(("of", "too_long"), [("TD1", 23), ("TD2", 15)])
def test_a_long_document_number_without_a_filler_behind_its_check_digit_is_refused(of: str, too_long: int) -> None:
    lines = [line[: len(SPECIMENS[of][0])] for line in card(of, number="12345678901234567890123"[:too_long])]
    lines = [line.ljust(len(SPECIMENS[of][0]), "<") for line in lines]
    line, position = CHECK_DIGITS[of]["document_number"]
    assert ("document_number", line, position) in {problem[:3] for problem in problems_of(lines)}


@pytest.mark.parametrize(("lines", "line", "position"), [(TD1_LONG, 1, 19), (TD2_LONG, 2, 32)])
def test_a_wrong_check_digit_of_a_long_number_is_found_where_it_stands(
    lines: list[str], line: int, position: int
) -> None:
    problem = problems_of(with_sign(lines, line, position, "8"))[0]
    assert (problem.field, problem.line, problem.position) == ("document_number", line, position)
    assert problem.message == "the document number check digit was read as 8; it should be 9"


@pytest.mark.parametrize("of", ["TD1", "TD2", "TD3", "MRV-A", "MRV-B"])
def test_a_filler_for_the_check_digit_of_a_short_number_is_wrong(of: str) -> None:
    line, position = CHECK_DIGITS[of]["document_number"]
    assert "document_number" in {p.field for p in problems_of(with_sign(SPECIMENS[of], line, position, "<"))}


@pytest.mark.parametrize(
    ("printed", "primary", "secondary"),
    [
        ("HENG<<DEBORAH<MING<LO", "HENG", "DEBORAH MING LO"),
        ("SMITH<JONES<<SUSIE<MARGARET", "SMITH JONES", "SUSIE MARGARET"),
        ("OCONNOR<<ENYA<SIOBHAN", "OCONNOR", "ENYA SIOBHAN"),
        ("VAN<DER<MUELLEN<<MARTIN", "VAN DER MUELLEN", "MARTIN"),
        ("ARKFREITH", "ARKFREITH", ""),
        ("SATRIYA<SUDARPA", "SATRIYA SUDARPA", ""),
    ],
)
def test_the_example_names_of_doc_9303_4_are_read_whole(printed: str, primary: str, secondary: str) -> None:
    zone = read(passport(name=printed))
    assert (zone.primary_identifier, zone.secondary_identifier, zone.name_truncated) == (primary, secondary, False)


@pytest.mark.parametrize(
    ("printed", "primary", "secondary"),
    [
        ("NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K", "NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K"),
        ("BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI", "BENNELONG WOOLOOMOOLOO WARRANDYTE W", "DI"),
        ("PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR", "PAPANDROPOULOUS", "JONATHON WARREN TREVOR"),
    ],
)
def test_a_name_that_fills_its_field_must_be_taken_as_truncated(printed: str, primary: str, secondary: str) -> None:
    zone = read(passport(name=printed))
    assert (zone.primary_identifier, zone.secondary_identifier, zone.name_truncated) == (primary, secondary, True)


@pytest.mark.parametrize(("printed", "position"), [("ERIKSS0N<<ANNA", 12), ("<<ANNA", 6)])
def test_a_name_with_a_digit_or_without_a_primary_identifier_is_refused(printed: str, position: int) -> None:
    [problem] = problems_of(passport(name=printed))
    assert (problem.field, problem.line, problem.position, problem.kind) == ("name", 1, position, "character")


@pytest.mark.parametrize(
    ("birth", "born_on"),
    [("261121", date(2026, 11, 21)), ("261122", date(1926, 11, 22)), ("000229", date(2000, 2, 29))],
)
def test_nobody_is_born_after_today(birth: str, born_on: date) -> None:
    assert read(passport(birth=birth)).born_on == born_on


@pytest.mark.parametrize(
    ("expiry", "expires_on"),
    [("360415", date(2036, 4, 15)), ("991231", date(1999, 12, 31)), ("760101", date(2076, 1, 1))],
)
def test_a_document_expires_in_the_century_that_is_nearest_to_today(expiry: str, expires_on: date) -> None:
    assert read(passport(expiry=expiry)).expires_on == expires_on


def test_at_the_end_of_a_century_a_document_expires_in_the_next() -> None:
    assert parse_mrz(passport(expiry="050101"), today=date(2095, 6, 1)).expires_on == date(2105, 1, 1)


@pytest.mark.parametrize("birth", ["<<<<<<", "74<<<<", "7408<<", "<<0812"])
def test_a_birth_date_of_which_a_part_is_unknown_is_kept_as_printed(birth: str) -> None:
    zone = read(passport(birth=birth))
    assert (zone.born_on, zone.birth_date_text) == (None, birth)


@pytest.mark.parametrize("birth", ["741312", "740230", "740800", "7<0812", "7413<<", "74A812"])
def test_a_birth_date_that_is_no_date_is_refused(birth: str) -> None:
    [problem] = problems_of(passport(birth=birth))
    assert (problem.field, problem.line, problem.position, problem.kind) == ("born_on", 2, 14, "date")


@pytest.mark.parametrize("expiry", ["361301", "350229", "<<<<<<", "3604<<"])
def test_a_date_of_expiry_that_is_no_date_is_refused(expiry: str) -> None:
    [problem] = problems_of(passport(expiry=expiry))
    assert (problem.field, problem.line, problem.position, problem.kind) == ("expires_on", 2, 22, "date")


@pytest.mark.parametrize(("printed", "sex"), [("F", "F"), ("M", "M"), ("<", "X")])
def test_a_filler_for_the_sex_means_unspecified(printed: str, sex: str) -> None:
    assert read(passport(sex=printed)).sex == sex


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"sex": "X"}, "sex"), ({"state": "U1O"}, "issuing_state"), ({"nationality": "<<<"}, "nationality")]
    + [({"code": "1"}, "document_code"), ({"number": "<<<<<<<<<"}, "document_number")],
)
def test_a_field_with_a_sign_that_it_cannot_hold_is_named(changes: dict[str, str], field: str) -> None:
    assert [(problem.field, problem.kind) for problem in problems_of(passport(**changes))] == [(field, "character")]


def test_a_card_whose_document_code_starts_with_a_v_is_still_a_card() -> None:
    assert read(card("TD1", code="VB")).format == "TD1"


def test_a_german_passport_names_its_state_by_one_letter() -> None:
    assert read(passport(state="D", nationality="D")).issuing_state == "D"


@pytest.mark.parametrize("printed", ["<", "0"])
def test_unused_optional_data_in_a_passport_may_have_a_filler_or_a_zero_for_its_check_digit(printed: str) -> None:
    assert read(with_sign(passport(), 2, 43, printed)).optional_data == ""


@pytest.mark.parametrize(("optional", "printed"), [("", "1"), ("ZE184226B", "<")])
def test_any_other_check_digit_of_optional_data_is_wrong(optional: str, printed: str) -> None:
    assert "optional_data" in {p.field for p in problems_of(with_sign(passport(optional=optional), 2, 43, printed))}


@pytest.mark.parametrize(("of", "field"), EVERY_CHECK_DIGIT)
def test_a_wrong_check_digit_names_its_field_what_was_read_and_what_it_should_be(of: str, field: str) -> None:
    line, position = CHECK_DIGITS[of][field]
    right = SPECIMENS[of][line - 1][position - 1]
    wrong = "5" if right != "5" else "4"
    problems = {p.field: p for p in problems_of(with_sign(SPECIMENS[of], line, position, wrong))}
    assert problems.keys() == {field} | ({"composite"} & CHECK_DIGITS[of].keys())
    assert (problems[field].line, problems[field].position, problems[field].kind) == (line, position, "check_digit")
    assert problems[field].message.endswith(f"check digit was read as {wrong}; it should be {right}")


@pytest.mark.parametrize("of", SPECIMENS)
def test_all_wrong_check_digits_are_reported_together_and_nothing_of_the_holder(of: str) -> None:
    lines = SPECIMENS[of]
    for line, position in CHECK_DIGITS[of].values():
        lines = with_sign(lines, line, position, "A")
    with pytest.raises(MrzError) as refusal:
        read(lines)
    assert {problem.field for problem in refusal.value.problems} == CHECK_DIGITS[of].keys()
    for personal in ("ERIKSSON", "ANNA", "D23145890", "L898902C", "740812", "690806", "ZE184226"):
        assert personal not in str(refusal.value) + repr(refusal.value)


@pytest.mark.parametrize("of", SPECIMENS)
def test_a_zone_in_a_log_shows_nothing_of_the_holder(of: str) -> None:
    shown = repr(read(SPECIMENS[of]))
    for personal in ("ERIKSSON", "ANNA", "D23145890", "L898902C", "1974", "1969", "ZE184226"):
        assert personal not in shown


@pytest.mark.parametrize("lines", [[], TD3[:1], [*TD1, TD1[0]]])
def test_a_zone_with_too_few_or_too_many_lines_is_refused_with_their_number(lines: list[str]) -> None:
    [problem] = problems_of(lines)
    assert (problem.field, problem.line, problem.kind) == ("zone", 0, "format")
    assert f"{len(lines)} were read" in problem.message


@pytest.mark.parametrize(("of", "width"), [("TD3", 44), ("TD2", 36), ("TD1", 30)])
def test_a_line_that_lost_a_sign_is_named_with_the_length_it_should_have(of: str, width: int) -> None:
    [problem] = problems_of([SPECIMENS[of][0], SPECIMENS[of][1][:-1], *SPECIMENS[of][2:]])
    assert problem.line == 2
    assert problem.message == f"line 2 has {width - 1} characters; it should have {width}"


def test_lower_case_is_refused_where_it_stands() -> None:
    [problem] = problems_of(with_sign(TD3, 1, 7, "r"))
    assert (problem.line, problem.position, problem.kind) == (1, 7, "character")
    assert problem.message == "letters must be capitals"


@pytest.mark.parametrize("sign", [" ", "É", "«", "٣", "\n", "\ud800"])
def test_a_sign_outside_the_zone_alphabet_is_refused_where_it_stands(sign: str) -> None:
    [problem] = problems_of(with_sign(TD3, 2, 30, sign))
    assert (problem.line, problem.position, problem.kind) == (2, 30, "character")


@pytest.mark.parametrize("lines", [*SPECIMENS.values(), TD1_LONG, TD2_LONG])
def test_a_zone_prints_back_as_it_was_read_without_the_blanks_around_it(lines: list[str]) -> None:
    assert read([f"  {line}\r\n" for line in lines]).to_lines() == lines


NAMES = st.lists(st.text(string.ascii_uppercase, min_size=1, max_size=5), min_size=1, max_size=2)
DAYS = st.dates(TODAY - timedelta(days=36_000), TODAY)
EXPIRIES = st.dates(TODAY - timedelta(days=17_000), TODAY + timedelta(days=17_000))


@st.composite
def zones(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    of = draw(st.sampled_from(list(OPTIONAL_WIDTHS)))
    longest = {"TD1": 22, "TD2": 14}.get(of, 9)
    number = draw(st.text(SIGNS, min_size=1, max_size=longest))
    room = OPTIONAL_WIDTHS[of] - (len(number) - 7 if len(number) > 9 else 0)
    return of, {
        "primary": draw(NAMES),
        "secondary": draw(st.one_of(st.just([]), NAMES)),
        "number": number,
        "optional": draw(st.text(SIGNS, max_size=room)),
        "optional_2": draw(st.text(SIGNS, max_size=11)) if of == "TD1" else "",
        "state": draw(st.sampled_from(["UTO", "D", "CAN", "XXA"])),
        "nationality": draw(st.sampled_from(["UTO", "D", "USA", "XXB"])),
        "sex": draw(st.sampled_from("MF<")),
        "born_on": draw(DAYS),
        "expires_on": draw(EXPIRIES),
    }


def printed(of: str, f: dict[str, Any]) -> list[str]:
    name = "<".join(f["primary"]) + ("<<" + "<".join(f["secondary"]) if f["secondary"] else "")
    texts = {key: f[key] for key in ("number", "optional", "optional_2", "state", "nationality", "sex")}
    days = {"birth": f"{f['born_on']:%y%m%d}", "expiry": f"{f['expires_on']:%y%m%d}"}
    return print_zone(of, name=name, code="V" if of.startswith("MRV") else "I", **texts, **days)


@given(zones())
def test_every_sound_zone_is_read_for_what_was_printed_and_prints_back(drawn: tuple[str, dict[str, Any]]) -> None:
    of, f = drawn
    lines = printed(of, f)
    zone = read(lines)
    assert zone.to_lines() == lines
    assert (zone.format, zone.document_number, zone.optional_data) == (of, f["number"], f["optional"])
    assert (zone.primary_identifier.split(), zone.secondary_identifier.split()) == (f["primary"], f["secondary"])
    assert (zone.born_on, zone.expires_on) == (f["born_on"], f["expires_on"])
    assert (zone.issuing_state, zone.nationality, zone.optional_data_2) == (
        f["state"],
        f["nationality"],
        f["optional_2"],
    )
    assert zone.sex == f["sex"].replace("<", "X")


@given(zones(), st.data())
def test_one_changed_digit_in_a_checked_field_is_found(drawn: tuple[str, dict[str, Any]], data: st.DataObject) -> None:
    of, f = drawn
    lines = printed(of, f)
    field = data.draw(st.sampled_from(["document_number", "born_on", "expires_on"]))
    line, check_at = CHECK_DIGITS[of][field]
    first = check_at - (9 if field == "document_number" else 6)
    digits = [at for at in range(first, check_at) if lines[line - 1][at - 1].isdigit()]
    if not digits:
        return
    at = data.draw(st.sampled_from(digits))
    other = data.draw(st.sampled_from(string.digits.replace(lines[line - 1][at - 1], "")))
    assert field in {p.field for p in problems_of(with_sign(lines, line, at, other)) if p.kind == "check_digit"}


MRZ_SIGNS = SIGNS + "<"
NEARLY = st.sampled_from([(2, 44), (2, 36), (3, 30)]).flatmap(
    lambda shape: st.lists(
        st.text(MRZ_SIGNS, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


@given(st.one_of(st.lists(st.text()), NEARLY), st.dates())
def test_whatever_is_read_only_an_mrz_error_says_no(lines: list[str], today: date) -> None:
    try:
        parse_mrz(lines, today=today)
    except MrzError as refusal:
        assert refusal.problems


@given(st.sampled_from(list(SPECIMENS)), st.data(), st.characters(), st.dates())
def test_a_specimen_with_any_one_sign_replaced_is_read_or_refused_with_a_problem(
    of: str, data: st.DataObject, sign: str, today: date
) -> None:
    line = data.draw(st.integers(1, len(SPECIMENS[of])))
    position = data.draw(st.integers(1, len(SPECIMENS[of][0])))
    try:
        parse_mrz(with_sign(SPECIMENS[of], line, position, sign), today=today)
    except MrzError as refusal:
        assert refusal.problems
