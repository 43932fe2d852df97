"""What a person can do after a letter, each with this person's last day: here, and by the recourse map."""

from collections.abc import Mapping
from typing import Any

from crossing.recourse.recourse import Course, courses_of_action, said
from crossing.rules.dates import add
from redress.letters.letter import letter_data
from redress.letters.parts import NextStep
from redress.procedure import load_procedure


def next_steps(decided: Mapping[str, Any], country: str, language: str, told_on: str) -> list[NextStep]:
    """The steps open after what was decided, told on an ISO day; those with the nearest last day first.

    Raises ``KeyError`` for an outcome that the country's recourse map does not have.
    """
    category = letter_data()["categories"][decided["category"]]
    own = [
        _own(name, language, told_on) for name in category["own"] if name != "appeal" or not decided.get("on_appeal")
    ]
    courses = [_of_course(each, language) for each in _courses(decided, category, country, told_on)]
    return sorted([*own, *courses], key=lambda step: step.last_day or "9999-12-31")


def _courses(decided: Mapping[str, Any], category: Mapping[str, Any], country: str, told_on: str) -> list[Course]:
    """Courses against what the adjudicator named; a standing letter has those of its country, whatever was named."""
    if category.get("standing") == "reviewed":
        situation = letter_data()["countries"][country]["recourse"]
        return courses_of_action(country, situation, told_on=told_on, in_person=False, inside_country=False)
    named = decided.get("recourse")
    if not named or category.get("standing"):
        return []
    return courses_of_action(
        country,
        named["outcome"],
        told_on=told_on,
        in_person=named["in_person"],
        inside_country=named["inside_country"],
        class_id=named["class"],
    )


def _own(name: str, language: str, told_on: str) -> NextStep:
    """What redress itself still offers."""
    texts, until = letter_data()["texts"][language]["own"][name], letter_data()["own"][name]
    period: Any = load_procedure().states[until["state"]].rules
    for part in until["period"]:
        period = period[part]
    return NextStep(texts["body"], texts["what"], "", add(told_on, period), None, "")


def appeal_until(told_on: str) -> str:
    """The last ISO day to appeal, for a decision told on a day."""
    return _own("appeal", "en", told_on).last_day or told_on


def _of_course(course: Course, language: str) -> NextStep:
    return NextStep(
        body=course.body[language],
        what=course.what[language],
        clock=course.clock[language] if course.clock else "",
        last_day=course.last_day,
        safe_day=course.safe_day,
        citation=said(course.citation, language),
    )
