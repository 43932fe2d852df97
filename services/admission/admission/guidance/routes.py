"""Routes of the guidance."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from starlette.requests import Request

from admission.guidance.read_law import (
    all_requirements,
    class_guidance,
    fact_guidance,
    requirement_guidance,
    table_guidance,
)
from admission.guidance.schemas import (
    GuidanceClassOut,
    GuidanceRequirementOut,
    ListOfClasses,
    ListOfFacts,
    ListOfRequirements,
    ListOfTables,
    TableOut,
)
from crossing.desk.case import ClassId, CountryOfAdmission, RequirementId
from crossing.desk.problems import cannot_be_determined
from crossing.kit.identity import open_to_anyone
from crossing.kit.languages import language_of
from crossing.kit.paging import Cursor, Limit, decode_cursor, encode_cursor, link_next
from crossing.kit.problems import NotFound
from crossing.kit.strict_json import StrictRoute
from crossing.rules import Pack, RequestError
from crossing.rules.law import Law
from crossing.wire.day import Day

router = APIRouter(prefix="/v1", tags=["guidance"], route_class=StrictRoute, dependencies=[Depends(open_to_anyone)])
Into = Annotated[CountryOfAdmission, Query(description="country of admission")]
On = Annotated[Day, Query(description="the day whose law is read")]
TableId = Annotated[str, Path(pattern=r"^[a-z0-9_.]{2,64}$")]


def _law(request: Request, into: str, on: str) -> Law:
    try:
        law: Law = request.app.state.lawbook.packs[into].on(on)
    except RequestError as error:
        raise cannot_be_determined(error) from None
    return law


def _pack(pack: Pack) -> dict[str, Any]:
    languages = pack.content["pack"]["languages"]
    return {"id": pack.id, "version": pack.version, "digest": pack.digest, "languages": languages}


@router.get("/classes", response_model=ListOfClasses)
async def list_classes(request: Request, into: Into, on: On) -> dict[str, Any]:
    """Classes of admission in force on a day."""
    law, language = _law(request, into, on), language_of(request)
    classes = [class_guidance(law, each, language) for each in law.classes.values()]
    return {"into": into, "on": on, "pack": _pack(law.pack), "classes": classes}


@router.get("/classes/{class_id}", response_model=GuidanceClassOut)
async def read_class(request: Request, class_id: Annotated[ClassId, Path()], into: Into, on: On) -> dict[str, Any]:
    """One class of admission."""
    law = _law(request, into, on)
    if class_id not in law.classes:
        raise NotFound
    return class_guidance(law, law.classes[class_id], language_of(request))


@router.get("/requirements", response_model=ListOfRequirements)
async def list_requirements(
    request: Request,
    response: Response,
    into: Into,
    on: On,
    class_id: Annotated[ClassId | None, Query(alias="class", description="only what this class asks for")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Requirements and provisions in force on a day, by id."""
    law, language = _law(request, into, on), language_of(request)
    after = decode_cursor(cursor, 1)
    found = [each for each in all_requirements(law) if not after or each.id > after[0]]
    told = [requirement_guidance(law, each, language) for each in found]
    told = [each for each in told if class_id is None or class_id in each["classes"]]
    following = encode_cursor([told[limit - 1]["id"]]) if len(told) > limit else None
    link_next(request, response, following)
    return {"into": into, "on": on, "pack": _pack(law.pack), "requirements": told[:limit], "next": following}


@router.get("/requirements/{requirement_id}", response_model=GuidanceRequirementOut)
async def read_requirement(
    request: Request, requirement_id: Annotated[RequirementId, Path()], into: Into, on: On
) -> dict[str, Any]:
    """One requirement or provision."""
    law = _law(request, into, on)
    requirement = law.requirement(requirement_id)
    if requirement is None:
        raise NotFound
    return requirement_guidance(law, requirement, language_of(request))


@router.get("/facts", response_model=ListOfFacts)
async def list_facts(request: Request) -> dict[str, Any]:
    """The fact dictionary: everything that may be stated."""
    pack: Pack = next(iter(request.app.state.lawbook.packs.values()))
    return {"facts": [fact_guidance(pack, path, language_of(request)) for path in pack.dictionary.facts]}


@router.get("/tables", response_model=ListOfTables)
async def list_tables(request: Request, into: Into) -> dict[str, Any]:
    """Names of a country's tables."""
    return {"into": into, "tables": sorted(request.app.state.lawbook.packs[into].content["tables"])}


@router.get("/tables/{table_id}", response_model=TableOut)
async def read_table(request: Request, table_id: TableId, into: Into, on: On) -> dict[str, Any]:
    """A table as it stands on a day: professions, fees, grounds of inadmissibility."""
    pack = _law(request, into, on).pack
    if table_id not in pack.content["tables"]:
        raise NotFound
    return {"into": into, "on": on, "id": table_id, "rows": table_guidance(pack, table_id, on, language_of(request))}
