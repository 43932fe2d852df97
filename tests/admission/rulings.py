"""An office that publishes keys and a status list over HTTP, and rulings that it gave to the travellers of the cases."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import uvicorn
from fastapi import FastAPI, Response
from joserfc.jwk import ECKey
from tests.admission.cases import PASSPORT, TN_FACTS, TN_FINDINGS, changed
from tests.conftest import MovingClock

from crossing.facts.statement import flat
from crossing.packs.load import load_dictionary, load_pack
from crossing.rules import determine
from crossing.rulings.fingerprint import bounds, fact_hashes
from crossing.rulings.person import document_hash, person_hash
from crossing.rulings.procedure import load_procedure
from crossing.rulings.status_list import pack_status
from crossing.rulings.token import RulingClaims, sign_ruling

SALT = "c2FsdCBvZiBhIHJ1bGluZw"
NUMBER = "US-TN-2026-17"


def new_key() -> ECKey:
    """A key as the ruling service signs with."""
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


@dataclass
class Office:
    """Who gives rulings: its key, which rulings are not to be honoured, and where it is reached."""

    clock: MovingClock
    key: ECKey = field(default_factory=new_key)
    not_in_force: set[int] = field(default_factory=set)
    address: str = ""

    def ruling(self, **changes: Any) -> str:
        """The token of the engineer's ruling, with claims replaced."""
        return sign_ruling(replace(engineers_claims(), **changes), self.key)

    def app(self) -> FastAPI:
        """What it publishes."""
        app = FastAPI(openapi_url=None)

        @app.get("/advance-rulings/v1/jwks.json")
        async def keys() -> dict[str, Any]:
            return {"keys": [self.key.as_dict(private=False)]}

        @app.get("/advance-rulings/v1/status-list")
        async def statuses() -> Response:
            bits = [index in self.not_in_force for index in range(64)]
            return Response(pack_status(bits, self.clock(), self.key), media_type="application/statuslist+jwt")

        return app


@asynccontextmanager
async def served(app: FastAPI, port: int = 0) -> AsyncIterator[str]:
    """The address of an application while it is served on loopback, on a free port unless one is given."""
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())
    async with asyncio.timeout(30):
        while not server.started:
            await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


def engineers_claims() -> RulingClaims:
    """The ruling on the case of the engineer: everything that is met and may be ruled, on what he stated."""
    pack, definitions = load_pack("US"), load_dictionary()["facts"]
    facts = flat(changed(TN_FACTS, arrival=None))
    made = determine(facts, pack, "2026-11-21", seeking=["us.tn"], findings=TN_FINDINGS)
    met = [name for name, code in made.compact["classes"][0]["requirements"].items() if code == "M"]
    return RulingClaims(
        number=NUMBER,
        version=1,
        index=7,
        salt=SALT,
        document=document_hash(SALT, "CA", PASSPORT["document_number"]),
        person=person_hash(SALT, PASSPORT["surname"], PASSPORT["given_names"], PASSPORT["born_on"]),
        into="US",
        class_id="us.tn",
        valid_from="2026-11-21",
        valid_until="2028-02-29",
        pack_version=pack.version,
        pack_digest=pack.digest,
        settled=tuple(name for name in met if made.law.may_be_ruled(name)),
        facts=fact_hashes(facts, definitions, SALT),
        bounds=bounds(facts, definitions, load_procedure()),
    )
