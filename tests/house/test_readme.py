"""What the README says is true."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BODIES = re.findall(r"/(?:admission|redress)(/v1/\w+) (?:.*?)-d @(examples/[\w-]+\.json)", README, re.DOTALL)


def test_the_readme_opens_with_the_product_and_the_two_commands() -> None:
    first_page = README[:900]
    assert first_page.startswith("# Crossing\n\nCrossing decides")
    assert first_page.index("make run") < first_page.index("make test")


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    assert "make check test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_body_the_readme_sends_is_in_the_repository() -> None:
    assert [path for path, _ in BODIES] == ["/v1/determinations"] * 3 + ["/v1/examinations", "/v1/inquiries"]
    assert all((ROOT / name).is_file() for _, name in BODIES)


@pytest.mark.parametrize(
    ("file", "outcome"),
    [
        ("tn-engineer", "qualifies"),
        ("after-sales-made-in-ohio", "does_not_qualify"),
        ("tn-one-fact-missing", "needs_facts"),
    ],
)
async def test_each_determination_of_the_readme_comes_out_as_it_says(desk: Any, file: str, outcome: str) -> None:
    async with desk.client(None) as client:
        answer = await client.post("/admission/v1/determinations", json=_body(file))
    assert answer.json()["outcome"] == outcome


async def test_the_press_built_in_ohio_fails_by_its_origin_alone_with_the_citation(desk: Any) -> None:
    async with desk.client(None) as client:
        answer = await client.post("/admission/v1/determinations", json=_body("after-sales-made-in-ohio"))
    (tried,) = answer.json()["classes"]
    (failing,) = [each for each in tried["requirements"] if each["status"] == "not_met"]
    assert failing["id"] == "US-B1-38"
    assert "214.2(b)(4)(i)(F)" in failing["citation"]
    assert failing["facts"]["equipment.manufactured_in"] == "US"


async def test_the_missing_fact_is_asked_for_in_french_and_nothing_else_is(desk: Any) -> None:
    async with desk.client(None) as client:
        body = _body("tn-one-fact-missing")
        answer = await client.post("/admission/v1/determinations", json=body, headers={"Accept-Language": "fr"})
    (question,) = answer.json()["next_questions"]
    assert question["fact"] == "credentials[0].level"
    assert question["question"].startswith("Quel")


async def test_the_examination_of_the_readme_is_opened_and_qualifies(desk: Any) -> None:
    async with desk.client() as client:
        answer = await client.post("/admission/v1/examinations", json=_body("examination-tn-engineer"))
    assert answer.status_code == 201
    assert answer.json()["determination"]["outcome"] == "qualifies"


async def test_the_inquiry_of_the_readme_gets_its_number_and_asks_for_one_document(desk: Any) -> None:
    async with desk.client(None) as client:
        answer = await client.post("/redress/v1/inquiries", json=_body("inquiry-mistaken-identity"))
    told = answer.json()
    assert answer.status_code == 201
    assert told["control_number"]
    assert told["secret"] is None
    assert [each["group"] for each in told["missing"]] == ["identity"]
    [sent] = re.findall(
        r"-u NUMBER:SECRET \S+/inquiry/evidence.*?-H 'If-Match: (\S+)' -F kind=(\w+)", README, re.DOTALL
    )
    assert sent[0] == answer.headers["etag"]
    assert sent[1] in {each["kind"] for each in told["missing"][0]["one_of"]}


async def test_what_anybody_reads_of_redress_is_there(desk: Any) -> None:
    paths = re.findall(r"`(/redress/v1/(?:recourse|statistics)[^`]*)`", README)
    assert len(paths) == 2
    async with desk.client(None) as client:
        for path in paths:
            assert (await client.get(path)).status_code == 200, path


async def test_every_path_of_redress_that_the_readme_names_is_described(desk: Any) -> None:
    async with desk.client(None) as client:
        described = (await client.get("/redress/v1/openapi.json")).json()["paths"]
    section = README[README.index("## When it went wrong") : README.index("## How it is built")]
    named = re.findall(r"`(?:[A-Z]+ …)?(?:…/inquiry|…/cases/\{id\})?(/[a-z-]+)(?:\?[^`]*)?`", section)
    ends = {path.rpartition("/")[2] for path in described}
    assert len(named) > 10
    assert {each[1:] for each in named} <= ends


def _body(file: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((ROOT / "examples" / f"{file}.json").read_text(encoding="utf-8"))
    return body
