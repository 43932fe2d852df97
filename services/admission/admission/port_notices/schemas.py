"""Bodies of notices to ports."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from admission.ports.schemas import PortId
from crossing.desk.case import ClassId, RequirementId

_Text = Annotated[str, StringConstraints(min_length=1, max_length=4_000, strip_whitespace=True)]


class NoticeTexts(BaseModel):
    """What a notice says, in each language."""

    model_config = ConfigDict(extra="forbid")

    en: _Text
    fr: _Text
    es: _Text


class PortNoticeIn(BaseModel):
    """A notice to the officers of a port."""

    model_config = ConfigDict(extra="forbid")

    port_id: PortId
    requirement: RequirementId = Field(description="requirement that was held wrongly")
    class_ids: list[ClassId] = Field(min_length=1, max_length=50, description="classes that ask for it")
    texts: NoticeTexts
    made_at: AwareDatetime
    block_after: AwareDatetime = Field(
        description="from then on, whoever has not read it opens and decides nothing in these classes"
    )


class PortNoticeOut(BaseModel):
    """A notice as an officer sees it."""

    id: str
    port_id: str
    requirement: str
    class_ids: list[str]
    text: str
    made_at: str
    block_after: str
    read_at: str | None = Field(description="when the caller confirmed to have read it")
    blocks: bool = Field(description="unread and its time is over")


class ListOfPortNotices(BaseModel):
    """A page of notices, unread ones first, then the newest."""

    notices: list[PortNoticeOut]
    next: str | None
