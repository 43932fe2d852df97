"""Route of statistics."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from crossing.kit.database import reading
from crossing.kit.identity import open_to_anyone
from crossing.kit.json_text import JsonAnswer
from crossing.kit.problems import FieldError, InvalidRequest
from crossing.wire.day import Day
from redress.procedure import load_procedure
from redress.statistics.counts import statistics_of
from redress.statistics.periods import finished_periods
from redress.statistics.schemas import StatisticsOut

router = APIRouter(prefix="/v1/statistics", tags=["statistics"], dependencies=[Depends(open_to_anyone)])
Reading = Annotated[AsyncConnection, Depends(reading)]
_MOST_PERIODS: Final = 40
_TEXTS: Final = {
    "order": {
        "en": "is before the first day",
        "fr": "précède le premier jour",
        "es": "es anterior al primer día",
    },
    "long": {
        "en": "is more than ten years after the first day",
        "fr": "est plus de dix ans après le premier jour",
        "es": "es más de diez años posterior al primer día",
    },
}


@router.get("", response_model=StatisticsOut)
async def read_statistics(
    request: Request,
    connection: Reading,
    first: Annotated[Day | None, Query(alias="from", description="first day; a year ago when left out")] = None,
    last: Annotated[Day | None, Query(alias="to", description="last day; today when left out")] = None,
) -> Response:
    """Volumes, ages, outcomes by cause, breaches by unit and the rate of recurrence, for each quarter within the days.

    Only quarters that are over are told, each by itself: spans that one could choose freely, or watch from day to day,
    could be taken from one another. No count below the smallest cell is told, nor one that would lead to it.
    """
    today = request.app.state.clock().date()
    ends = date.fromisoformat(last) if last else today
    begins = date.fromisoformat(first) if first else date(ends.year - 1, 1, 1)
    if ends < begins:
        raise InvalidRequest(errors=[FieldError("/to", _TEXTS["order"])])
    rules = load_procedure().content["statistics"]
    periods = finished_periods(begins, min(ends, today), today, rules["period_months"])
    if len(periods) > _MOST_PERIODS:
        raise InvalidRequest(errors=[FieldError("/to", _TEXTS["long"])])
    known: dict[Any, Any] = request.app.state.statistics
    for each in periods:
        if each not in known:  # a period that is over never changes
            known[each] = await statistics_of(connection, each)
    told = {"smallest_cell": rules["smallest_cell"], "periods": [known[each] for each in periods]}
    return JsonAnswer(told)
