"""Bodies of statistics. ``null`` stands for a count that is withheld: below the smallest, or leading to one that is."""

from pydantic import BaseModel, Field


class VolumesOut(BaseModel):
    """Cases to which something happened."""

    filed: int | None
    accepted: int | None
    decided: int | None
    appealed: int | None
    withdrawn: int | None
    sent_elsewhere: int | None


class AgeOut(BaseModel):
    """Decisions that took so many days, without pauses."""

    over: int
    up_to: int | None
    count: int | None


class AgesOut(BaseModel):
    """Decisions by the days they took from acceptance."""

    total: int | None
    cells: list[AgeOut]


class OutcomeOfCauseOut(BaseModel):
    """Decisions of one outcome and one root cause."""

    outcome: str
    cause: str
    count: int | None


class OutcomesOut(BaseModel):
    """Decisions by outcome and root cause."""

    total: int | None
    cells: list[OutcomeOfCauseOut]


class BreachOut(BaseModel):
    """Decisions of one unit, within the hard total or beyond it."""

    unit: str
    in_time: bool
    count: int | None


class BreachesOut(BaseModel):
    """Decisions by unit, within the hard total or beyond it."""

    total: int | None
    cells: list[BreachOut]


class RecurrenceOut(BaseModel):
    """How often the same came again to the same person."""

    repeats: int | None
    watched: int | None = Field(description="cases decided within the time they are watched for")
    rate: str | None = Field(description="repeats among those watched, four decimals")
    rate_below: str | None = Field(description="a bound of the rate where the repeats are withheld")


class PeriodOut(BaseModel):
    """The statistics of a period that is over."""

    from_: str = Field(alias="from")
    to: str
    volumes: VolumesOut
    ages: AgesOut
    outcomes_by_cause: OutcomesOut
    breaches_by_unit: BreachesOut
    recurrence: RecurrenceOut


class StatisticsOut(BaseModel):
    """Statistics by period, the earliest first."""

    smallest_cell: int = Field(description="no count below this one is told")
    periods: list[PeriodOut]
