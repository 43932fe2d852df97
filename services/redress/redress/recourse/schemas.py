"""Bodies of recourse."""

from pydantic import BaseModel, Field

from crossing.recourse.recourse import Standing


class FeeOut(BaseModel):
    """What a course costs."""

    amount: str
    currency: str
    citation: str
    unverified: bool


class CourseOut(BaseModel):
    """One course of action."""

    id: str
    kind: str
    body: str = Field(description="who is asked")
    what: str
    form: str | None
    fee: FeeOut | None
    clock: str | None = Field(description="the time there is, in words; null where nothing limits it")
    counted_from: str | None = Field(description="day that the time is counted from")
    safe_day: str | None = Field(description="last day that the law itself gives")
    last_day: str | None = Field(
        description="last day that the body accepts; null where nothing or a later event limits"
    )
    relies_on_published_practice: bool = Field(
        description="the days after the safe day, to the last day, rest on what the body publishes and not on the law"
    )
    standing: Standing | None = Field(
        description="how a filing on `filed_on` stands; null where no day was asked about"
    )
    citation: str
    unverified: bool = Field(description="not everything said here was seen in a source")


class OutcomeOut(BaseModel):
    """What was decided, or what happened."""

    id: str
    text: str
    recourse: str | None = Field(description="the recourse in one sentence, as the rule pack says it")


class RecourseOut(BaseModel):
    """Courses of action, the one with the nearest last day first."""

    country: str
    outcome: OutcomeOut
    told_on: str
    in_person: bool
    inside_country: bool
    class_: str | None = Field(alias="class")
    filed_on: str | None
    courses: list[CourseOut]
