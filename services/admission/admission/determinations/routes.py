"""Routes of determinations."""

from fastapi import APIRouter, Depends, Response
from starlette.requests import Request

from crossing.desk.case import DeterminationIn, DeterminationOut
from crossing.desk.make_determination import make_determination, stated_facts
from crossing.kit.identity import open_to_anyone
from crossing.kit.json_text import JsonAnswer
from crossing.kit.languages import language_of
from crossing.kit.strict_json import StrictRoute
from crossing.rules import tell

router = APIRouter(
    prefix="/v1/determinations",
    tags=["determinations"],
    route_class=StrictRoute,
    dependencies=[Depends(open_to_anyone)],
)


@router.post("", response_model=DeterminationOut)
async def determine_case(request: Request, case: DeterminationIn) -> Response:
    """Determine a case: in which class the traveller may be admitted, for how long, on which documents, and why.

    Stateless and open to anyone: nothing is stored. The same body gives the same ``classes`` and ``digest`` for as long
    as the rule pack is the same. With nothing sought, every class is tried and ranked: the best and all that qualify
    are told in full, each other in the sentence and the requirement for which it falls behind.
    """
    determination = make_determination(
        request.app.state.lawbook,
        case.into,
        case.on,
        seeking=case.seeking,
        overlays=case.overlays,
        facts=stated_facts(case),
        findings=case.findings,
    )
    told = tell(determination, language_of(request), only_leading=not case.seeking)
    return JsonAnswer(told)
