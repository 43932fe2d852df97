"""Assembles the embedded suite."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from pydantic import SecretStr
from starlette.routing import Mount, Router

from admission.app import create_app as create_admission
from admission.settings import MIGRATIONS, AdmissionSettings
from advance_ruling.app import create_app as create_advance_ruling
from advance_ruling.settings import MIGRATIONS as ADVANCE_RULING_MIGRATIONS
from advance_ruling.settings import AdvanceRulingSettings
from crossing.embedded.front import front_router
from crossing.guide.app import guidance_router
from crossing.kit.clock import Clock, system_clock
from crossing.kit.identity import Role
from crossing.kit.issuer import AUDIENCE, ISSUER, DevelopmentIssuer
from crossing.kit.migrations import upgrade
from crossing.kit.problems import install_problem_handlers
from redress.app import create_app as create_redress
from redress.settings import MIGRATIONS as REDRESS_MIGRATIONS
from redress.settings import RedressSettings

_IDENTITY_FILE = "identity.key"


def admission_settings(data: Path, issuer: DevelopmentIssuer) -> AdmissionSettings:
    """Settings of admission in the embedded suite, with everything under the data folder."""
    return AdmissionSettings(
        database_url=f"sqlite+aiosqlite:///{data.resolve() / 'admission.sqlite'}",
        key_set_file=issuer.public_file,
        issuer=ISSUER,
        audience=AUDIENCE,
        identity_key=SecretStr(_secret(data / _IDENTITY_FILE)),
        development_sign_in=True,
        advance_rulings_address="http://advance-rulings",
        redress_events_address="http://redress",
        run_worker=True,
    )


def advance_ruling_settings(data: Path, issuer: DevelopmentIssuer, address: str) -> AdvanceRulingSettings:
    """Settings of advance rulings in the embedded suite at ``address``, with everything under the data folder."""
    return AdvanceRulingSettings(
        database_url=f"sqlite+aiosqlite:///{data.resolve() / 'advance-rulings.sqlite'}",
        key_set_file=issuer.public_file,
        issuer=ISSUER,
        audience=AUDIENCE,
        identity_key=SecretStr(_secret(data / _IDENTITY_FILE)),
        public_address=f"{address}/advance-rulings",
        signing_keys=data.resolve() / "ruling-keys",
        registry_files=data.resolve() / "registry",
        evidence_store=str(data.resolve() / "evidence"),
        mail_folder=data.resolve() / "mail",
        run_worker=True,
    )


def redress_settings(data: Path, issuer: DevelopmentIssuer) -> RedressSettings:
    """Settings of redress in the embedded suite, with everything under the data folder."""
    return RedressSettings(
        database_url=f"sqlite+aiosqlite:///{data.resolve() / 'redress.sqlite'}",
        key_set_file=issuer.public_file,
        issuer=ISSUER,
        audience=AUDIENCE,
        identity_key=SecretStr(_secret(data / _IDENTITY_FILE)),
    )


def create_suite(data: Path, *, clock: Clock = system_clock, address: str = "http://127.0.0.1:8000") -> Router:
    """The suite on the files of a data folder, which is made and migrated when needed; ``address`` is its own."""
    issuer = DevelopmentIssuer(data, now=lambda: clock().timestamp())
    settings, rulings = admission_settings(data, issuer), advance_ruling_settings(data, issuer, address)
    upgrade(MIGRATIONS, settings.database_url)
    upgrade(ADVANCE_RULING_MIGRATIONS, rulings.database_url)
    redress_at = redress_settings(data, issuer)
    upgrade(REDRESS_MIGRATIONS, redress_at.database_url)
    advance_ruling, redress = create_advance_ruling(rulings, clock=clock), create_redress(redress_at, clock=clock)
    admission = create_admission(
        settings,
        clock=clock,
        inside={"advance-rulings": advance_ruling, "redress": redress},
        service_token=lambda: issuer.token(Role.SERVICE, subject="admission"),
    )
    services = {"/admission": admission, "/advance-rulings": advance_ruling, "/redress": redress}

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            # A mounted application's own lifespan does not run by itself.
            for service in services.values():
                await stack.enter_async_context(service.router.lifespan_context(service))
            yield

    front = FastAPI(openapi_url=None, telemetry={"logs": False, "tracing": False})
    install_problem_handlers(front)
    front.state.clock = clock
    front.include_router(front_router(issuer))
    front.include_router(guidance_router())
    routes = [Mount(path, service) for path, service in services.items()]
    return Router(routes=[*routes, Mount("/", front)], lifespan=lifespan)


def _secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text()
