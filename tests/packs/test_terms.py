"""The official terms: every use is found, the French is known in its forms, and maintainers see what was not read."""

import pytest
from typer.testing import CliRunner

from crossing.cli import app
from crossing.packs.terms import load_terms, uses


def found(english: str, french: str) -> list[tuple[str, bool]]:
    text = {"en": english, "fr": french, "es": "…"}
    return [(term.id, is_official) for _, term, is_official in uses({"requirements": [{"id": "R", "text": text}]})]


@pytest.mark.parametrize(
    ("english", "french", "expected"),
    [
        ("The work permit is shown.", "Le permis de travail est présenté.", [("work_permit", True)]),
        ("Work permits are shown.", "Des permis de travail sont présentés.", [("work_permit", True)]),
        ("The work permit is shown.", "L’autorisation d’emploi est présentée.", [("work_permit", False)]),
        (
            "A temporary resident permit is held.",
            "Un permis de séjour temporaire est détenu.",
            [("trp", True)],
        ),
        ("Nothing of the list is named.", "Rien de la liste n’est nommé.", []),
    ],
)
def test_a_term_and_its_french_are_found_in_their_forms(
    english: str, french: str, expected: list[tuple[str, bool]]
) -> None:
    assert found(english, french) == expected


def test_a_term_within_a_longer_one_is_not_taken_for_itself() -> None:
    assert [term.en for term in load_terms()] == sorted((term.en for term in load_terms()), key=lambda en: -len(en))


def test_the_command_marks_what_was_not_read_and_finds_the_packs_official() -> None:
    ran = CliRunner().invoke(app, ["rules", "terms"])
    lines = ran.stdout.splitlines()
    assert any(line.startswith("dual intent = ") and line.endswith("UNVERIFIED") for line in lines)
    assert not any("UNVERIFIED" in line for line in lines if line.startswith("work permit = "))
    assert lines[-1].endswith(" 0 without the official French")
    assert ran.exit_code == 0
