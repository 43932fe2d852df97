"""An application says where it stands in words, in three languages, and names nobody who decides."""

import httpx
import pytest
from ruamel.yaml import YAML
from tests.advance_ruling.cases import APPLICATIONS, complete, drafted, findings, read, took, under_review

from advance_ruling.applications.tell import TEXTS
from advance_ruling.settings import LETTERS
from crossing.rulings.procedure import load_procedure

pytestmark = pytest.mark.anyio


async def test_it_says_what_happens_who_acts_by_when_and_what_can_be_done(applicant: httpx.AsyncClient) -> None:
    draft = await drafted(applicant)
    assert [each["step"] for each in draft["you_can"]] == ["save", "submit", "add_evidence", "withdraw"]
    application = await complete(applicant)
    shown = {name: application[name] for name in ("state_text", "who_acts", "due_at")}
    assert shown == {"state_text": "complete", "who_acts": "an adjudicator", "due_at": "2026-12-06T15:00:00.000000Z"}
    assert [each["text"] for each in application["you_can"]] == ["withdraw"]
    assert "No statute" in application["binding_note"]


@pytest.mark.parametrize(
    ("language", "state", "who"), [("fr", "à l’étude", "un agent"), ("es", "en estudio", "un funcionario")]
)
async def test_in_the_readers_language(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, language: str, state: str, who: str
) -> None:
    application = await under_review(applicant, adjudicator)
    answer = await applicant.get(f"{APPLICATIONS}/{application['id']}", headers={"Accept-Language": language})
    assert (answer.json()["state_text"], answer.json()["who_acts"]) == (state, who)


async def test_an_applicant_reads_roles_and_no_names(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    application = await under_review(applicant, adjudicator)
    await took(adjudicator, application, "findings", findings(), method="PUT")
    answer = await applicant.get(f"{APPLICATIONS}/{application['id']}")
    assert "test-adjudicator" not in answer.text
    assert answer.json()["desk"] is None
    assert [each["by"] for each in answer.json()["history"]][-3:] == ["system", "system", "adjudicator"]
    for_the_desk = await read(adjudicator, application["id"])
    assert for_the_desk["desk"]["adjudicator"] == "test-adjudicator"
    assert for_the_desk["history"][-1]["actor"] == "test-adjudicator"


def test_every_state_step_and_party_has_its_words() -> None:
    procedure = load_procedure()
    names = YAML(typ="safe").load(LETTERS)["states"]
    assert set(TEXTS["states"]) == set(procedure.states)
    assert set(procedure.states) <= set(names)
    assert set(TEXTS["parties"]) == set(procedure.content["parties"])
    mine = {
        event for (_, event), each in procedure.transitions.items() if each.by & {"applicant", "petitioner", "agent"}
    }
    assert set(TEXTS["can"]) == mine
    for texts in (*names.values(), *TEXTS["can"].values(), *TEXTS["who"].values(), TEXTS["late"], TEXTS["binding"]):
        assert set(texts) == {"en", "fr", "es"}
