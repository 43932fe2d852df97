"""What may happen to a ruling after it was issued. Each way builds a step; ``plan`` holds it against the procedure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.follow_ups import follow_ups
from advance_ruling.rulings.announce import announce
from advance_ruling.rulings.issue import version_row
from advance_ruling.rulings.load import Ruling
from advance_ruling.rulings.numbers import next_status_index
from advance_ruling.rulings.schemas import (
    AdoptionIn,
    ModificationIn,
    PostponementIn,
    ProposalIn,
    RevocationIn,
    ShortChangeIn,
)
from advance_ruling.steps import plan
from crossing.casework.problems import IllegalStep, illegal_step
from crossing.casework.steps import Step
from crossing.kit.database import format_instant
from crossing.kit.ledger import Insert
from crossing.kit.problems import FieldError, InvalidRequest
from crossing.rulings.procedure import load_procedure

_NOT_SETTLED = {
    "en": "is not settled by this ruling",
    "fr": "n’est pas tranchée par cette décision",
    "es": "no está resuelto por esta resolución",
}
_NOTHING = {
    "en": "a modification must say what it changes",
    "fr": "une modification doit indiquer ce qu’elle change",
    "es": "una modificación debe indicar qué cambia",
}
_NOT_AN_END = {
    "en": "must not lie before the day on which the new version has effect",
    "fr": "ne doit pas précéder le jour de la prise d’effet de la nouvelle version",
    "es": "no debe ser anterior al día en que surte efecto la nueva versión",
}


@dataclass(frozen=True)
class Acting:
    """Who acts on which ruling, and when."""

    state: Any
    connection: AsyncConnection
    ruling: Ruling
    party: str
    actor: str
    at: datetime

    def step(self, event: str, **parts: Any) -> Step:
        """A step of theirs."""
        return Step(event, self.party, self.actor, self.at, **parts)

    def rows(self, step: Step, event: str | None = None, data: Mapping[str, Any] | None = None) -> list[Insert]:
        """The rows of a step, with the event that tells other services of it."""
        application, number = self.ruling.application, self.ruling.number
        rows = plan(application, step)
        told = (
            announce(self.state.settings, application, event, number, data or {}, format_instant(self.at))
            if event
            else []
        )
        return [*rows, *told, *follow_ups(self.state.settings, application, application.after(rows))]


async def propose(acting: Acting, proposal: ProposalIn) -> list[Insert]:
    """Propose a change; its holder may comment on it for as long as the procedure says."""
    if proposal.action == "modify":
        _check_modification(acting.ruling, proposal.modification, "/modification")
    told = proposal.model_dump(mode="json", exclude_none=True)
    kept = {**told, "proposed_at": format_instant(acting.at), "comments": []}
    step = acting.step("propose_change", content={"proposal": kept}, detail=told, ground=proposal.ground)
    return acting.rows(step)


async def comment(acting: Acting, text: str) -> list[Insert]:
    """Add what the holder says to a proposal."""
    proposal = acting.ruling.application.content.get("proposal") or {}
    said = {"at": format_instant(acting.at), "text": text}
    kept = {**proposal, "comments": [*proposal.get("comments", ()), said]}
    return acting.rows(acting.step("comment", content={"proposal": kept}, detail=said))


async def adopt(acting: Acting, adoption: AdoptionIn) -> list[Insert]:
    """Adopt the proposal. The version that was issued binds until the change has effect."""
    proposal = acting.ruling.application.content.get("proposal")
    if acting.ruling.application.state != "change_proposed" or not proposal:
        raise _not_here(acting)
    detail = {"answer_to_comments": adoption.answer_to_comments, "reasons": proposal["reasons"]}
    if proposal["action"] == "modify":
        changed = ModificationIn.model_validate(proposal["modification"])
        return await _modify(acting, "adopt_modify", changed, detail)
    effective = acting.at + load_procedure().states["revoked"].within("effective_after")
    content = {"effective_from": format_instant(effective), "revoked_because": proposal["ground"]}
    step = acting.step("adopt_revoke", content=content, detail=detail)
    return acting.rows(step, "ruling.revoked", {"effective_from": format_instant(effective)})


async def change_by_letter(acting: Acting, change: ShortChangeIn) -> list[Insert]:
    """Change a young ruling by letter, without a proposal to comment on."""
    _check_modification(acting.ruling, change.modification, "/modification")
    detail = change.model_dump(mode="json", exclude={"modification"})
    return await _modify(acting, "short_change", change.modification, detail)


async def _modify(acting: Acting, event: str, modification: ModificationIn, detail: Mapping[str, Any]) -> list[Insert]:
    """A new version, which has effect after the procedure's notice."""
    latest = acting.ruling.latest
    effective = acting.at + load_procedure().states["modified"].within("effective_after")
    if modification.valid_until and modification.valid_until < effective.date().isoformat():
        raise InvalidRequest(errors=[FieldError("/modification/valid_until", _NOT_AN_END)])
    claims = replace(
        latest.claims,
        version=latest.claims.version + 1,
        index=await next_status_index(acting.connection),
        valid_until=modification.valid_until or latest.claims.valid_until,
        settled=tuple(name for name in latest.claims.settled if name not in modification.no_longer_settled),
    )
    conditions = [*latest.holding["conditions"], *modification.conditions]
    holding = {**latest.holding, "conditions": conditions, "reasons": detail["reasons"]}
    content = {
        "version": claims.version,
        "valid_until": claims.valid_until,
        "effective_from": format_instant(effective),
    }
    data = {"version": claims.version, "effective_from": format_instant(effective)}
    rows = acting.rows(acting.step(event, content=content, detail=dict(detail)), "ruling.modified", data)
    revision = int(rows[0].values["revision"])
    return [*rows, version_row(acting.state, claims, holding, revision, acting.at, effective)]


async def postpone(acting: Acting, postponement: PostponementIn) -> list[Insert]:
    """Postpone the effect of a change for a holder who relied on the ruling."""
    content = acting.ruling.application.content
    detail = {"reliance": postponement.reliance, "postponed_from": content["effective_from"]}
    until = format_instant(postponement.until)
    if until <= content["effective_from"]:
        raise InvalidRequest(errors=[FieldError("/until", _NOT_AN_END)])
    rows = acting.rows(acting.step("postpone", content={"effective_from": until}, detail=detail))
    if acting.ruling.application.state != "modified":
        return rows
    return [*rows, *(await _postponed_version(acting, until, int(rows[0].values["revision"])))]


async def _postponed_version(acting: Acting, until: str, revision: int) -> list[Insert]:
    """The coming version once more, with its later day: rows are never changed, so that it takes the next number."""
    latest = acting.ruling.latest
    claims = replace(latest.claims, version=latest.claims.version + 1, index=await next_status_index(acting.connection))
    return [version_row(acting.state, claims, latest.holding, revision, acting.at, datetime.fromisoformat(until))]


async def revoke_for_falsehood(acting: Acting, revocation: RevocationIn) -> list[Insert]:
    """Revoke at once what rests on false or misleading information, from now on or from the beginning."""
    issued_at = acting.ruling.application.content["issued_at"]
    since = issued_at if revocation.from_the_beginning else format_instant(acting.at)
    content = {"effective_from": since, "revoked_because": "false_information"}
    step = acting.step("revoke_false", content=content, detail=revocation.model_dump(mode="json"))
    return acting.rows(step, "ruling.revoked", {"effective_from": since})


def _check_modification(ruling: Ruling, modification: ModificationIn | None, pointer: str) -> None:
    if modification is None or modification == ModificationIn():
        raise InvalidRequest(errors=[FieldError(pointer, _NOTHING)])
    settled = ruling.latest.claims.settled
    unknown = [place for place, name in enumerate(modification.no_longer_settled) if name not in settled]
    if unknown:
        errors = [FieldError(f"{pointer}/no_longer_settled/{place}", _NOT_SETTLED) for place in unknown]
        raise InvalidRequest(errors=errors)


def _not_here(acting: Acting) -> IllegalStep:
    state = acting.ruling.application.state
    return illegal_step(state, [event for at, event in load_procedure().transitions if at == state])
