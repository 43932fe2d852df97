"""A calendar day as it crosses a service: an ISO 8601 string, and nothing that merely resembles one."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema


def _real_day(text: str) -> str:
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise ValueError("must be a day written YYYY-MM-DD")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("must be a day that the calendar has") from None


#: A day such as ``2028-02-29``; refuses times, numbers and days that do not exist.
Day = Annotated[str, AfterValidator(_real_day), WithJsonSchema({"type": "string", "format": "date"})]
