"""What rulings hold while the service runs, and the jobs that are done for them."""

from collections.abc import Mapping
from contextlib import suppress

from fastapi import FastAPI

from advance_ruling.deadlines import deadlines_of
from advance_ruling.follow_ups import CONSISTENCY
from advance_ruling.registry.publish import REGISTRY, Registry, registry_job
from advance_ruling.rulings.consistency import Consistency
from advance_ruling.rulings.law_change import REEVALUATE, Reevaluation
from advance_ruling.rulings.standing import NotingLedger, Standings
from advance_ruling.rulings.status import SignedStatusList
from advance_ruling.rulings.supersede import SUPERSEDE, Supersession
from crossing.casework.steps import DEADLINE
from crossing.kit.ledger import Conflict
from crossing.kit.worker import Handler
from crossing.rulings.keys import SigningKeys
from crossing.rulings.procedure import load_procedure


async def open_rulings(app: FastAPI) -> None:
    """Put beside a running service's engine, ledger and clock what its rulings need."""
    state = app.state
    state.procedure = load_procedure()
    state.signing_keys = SigningKeys(state.settings.signing_keys)
    state.standings = Standings(state.engine, state.procedure, state.clock)
    state.ledger = NotingLedger(state.ledger, state.standings)
    state.status_list = SignedStatusList(state.standings, state.signing_keys, state.clock)
    await state.standings.refresh(state.clock())
    with suppress(Conflict):  # an earlier start, or another process, put it there
        await state.ledger.append([registry_job(state.clock())], None)


def ruling_jobs(app: FastAPI) -> Mapping[str, Handler]:
    """Handlers of the jobs of rulings, by kind."""
    return {
        DEADLINE: deadlines_of(app),
        REEVALUATE: Reevaluation(app),
        SUPERSEDE: Supersession(app),
        CONSISTENCY: Consistency(app),
        REGISTRY: Registry(app),
    }
