"""Route of recourse."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response
from starlette.requests import Request

from crossing.desk.case import ClassId, CountryOfAdmission
from crossing.kit.identity import open_to_anyone
from crossing.kit.json_text import JsonAnswer
from crossing.kit.languages import language_of
from crossing.kit.problems import FieldError, InvalidRequest
from crossing.packs.load import load_pack
from crossing.recourse.recourse import courses_of_action, outcomes, tell_course
from crossing.wire.day import Day
from redress.recourse.schemas import RecourseOut

router = APIRouter(prefix="/v1/recourse", tags=["recourse"], dependencies=[Depends(open_to_anyone)])

_TEXTS: Final = {
    "outcome": {
        "en": "must be one of: {known}",
        "fr": "doit être l’une des valeurs suivantes : {known}",
        "es": "debe ser uno de: {known}",
    },
    "filed": {
        "en": "is before the day on which the person was told",
        "fr": "précède le jour où la personne a été avisée",
        "es": "es anterior al día en que se avisó a la persona",
    },
}


@router.get("", response_model=RecourseOut)
async def read_recourse(
    request: Request,
    country: CountryOfAdmission,
    outcome: Annotated[str, Query(max_length=40, description="an outcome of the rule pack, or a situation")],
    told_on: Annotated[Day, Query(description="day told in person, or day the notice was sent")],
    in_person: Annotated[bool, Query(description="told in person; otherwise the notice came by mail")] = True,
    inside_country: Annotated[bool, Query(description="decided in the country, not by an office abroad")] = True,
    class_: Annotated[ClassId | None, Query(alias="class", description="class of admission that was sought")] = None,
    filed_on: Annotated[Day | None, Query(description="a day of filing, to be told how it stands")] = None,
) -> Response:
    """What a person may do about an outcome: bodies, forms, fees, and the last day of each, computed for this person.

    Days are counted in the calendar of the place of decision. Where a body publishes a longer time than the law gives,
    both days are told and the earlier is the safe one. A last day is never put off for a weekend or a holiday.
    """
    known = outcomes(country)
    if outcome not in known:
        raise _invalid("/outcome", "outcome", known=", ".join(known))
    classes = {each["id"] for each in load_pack(country).content["classes"]}
    if class_ and class_ not in classes:
        raise _invalid("/class", "outcome", known=", ".join(sorted(classes)))
    if filed_on and filed_on < told_on:
        raise _invalid("/filed_on", "filed")
    language = language_of(request)
    courses = courses_of_action(
        country, outcome, told_on=told_on, in_person=in_person, inside_country=inside_country, class_id=class_
    )
    told: dict[str, Any] = {
        "country": country,
        "outcome": _outcome(known[outcome], language),
        "told_on": told_on,
        "in_person": in_person,
        "inside_country": inside_country,
        "class": class_,
        "filed_on": filed_on,
        "courses": [
            {**tell_course(each, language), "standing": each.standing(filed_on) if filed_on else None}
            for each in courses
        ],
    }
    return JsonAnswer(told)


def _outcome(raw: Any, language: str) -> dict[str, Any]:
    recourse = raw.get("recourse")
    return {"id": raw["id"], "text": raw["text"][language], "recourse": recourse[language] if recourse else None}


def _invalid(where: str, key: str, **parts: str) -> InvalidRequest:
    return InvalidRequest(
        errors=[FieldError(where, {language: text.format(**parts) for language, text in _TEXTS[key].items()})]
    )
