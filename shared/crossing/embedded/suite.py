"""Assembles the embedded suite."""

import secrets
from collections.abc import AsyncIterator, Collection, Mapping
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
from crossing.embedded.mail_page import mail_page_router
from crossing.guide.app import guidance_router
from crossing.kit.clock import Clock, system_clock
from crossing.kit.identity import Role
from crossing.kit.issuer import AUDIENCE, ISSUER, DevelopmentIssuer
from crossing.kit.migrations import upgrade
from crossing.kit.problems import install_problem_handlers
from crossing.kit.service_tokens import Token
from redress.app import create_app as create_redress
from redress.settings import MIGRATIONS as REDRESS_MIGRATIONS
from redress.settings import RedressSettings

IDENTITY_FILE = "identity.key"
MAIL_FOLDER = "mail"
_INSIDE = {name: f"http://{name}" for name in ("admission", "advance-rulings", "redress")}


def admission_settings(
    data: Path, issuer: DevelopmentIssuer, addresses: Mapping[str, str] = _INSIDE
) -> AdmissionSettings:
    """Settings of admission in the embedded suite, with everything under the data folder.

    ``addresses`` are those of the services by name; they need not exist for what runs in the same process.
    """
    return AdmissionSettings(
        database_url=f"sqlite+aiosqlite:///{data.resolve() / 'admission.sqlite'}",
        key_set_file=issuer.public_file,
        issuer=ISSUER,
        audience=AUDIENCE,
        identity_key=SecretStr(_secret(data / IDENTITY_FILE)),
        development_sign_in=True,
        advance_rulings_address=addresses["advance-rulings"],
        redress_events_address=addresses["redress"],
        run_worker=True,
    )


def advance_ruling_settings(
    data: Path, issuer: DevelopmentIssuer, address: str, addresses: Mapping[str, str] = _INSIDE
) -> AdvanceRulingSettings:
    """Settings of advance rulings in the embedded suite at ``address``, with everything under the data folder."""
    return AdvanceRulingSettings(
        database_url=f"sqlite+aiosqlite:///{data.resolve() / 'advance-rulings.sqlite'}",
        key_set_file=issuer.public_file,
        issuer=ISSUER,
        audience=AUDIENCE,
        identity_key=SecretStr(_secret(data / IDENTITY_FILE)),
        public_address=f"{address}/advance-rulings",
        signing_keys=data.resolve() / "ruling-keys",
        registry_files=data.resolve() / "registry",
        evidence_store=str(data.resolve() / "evidence"),
        mail_folder=data.resolve() / MAIL_FOLDER,
        event_addresses={"admission": addresses["admission"]},
        run_worker=True,
    )


def redress_settings(
    data: Path,
    issuer: DevelopmentIssuer,
    address: str = "http://127.0.0.1:8000",
    addresses: Mapping[str, str] = _INSIDE,
) -> RedressSettings:
    """Settings of redress in the embedded suite at ``address``, with everything under the data folder."""
    return RedressSettings(
        database_url=f"sqlite+aiosqlite:///{data.resolve() / 'redress.sqlite'}",
        key_set_file=issuer.public_file,
        issuer=ISSUER,
        audience=AUDIENCE,
        identity_key=SecretStr(_secret(data / IDENTITY_FILE)),
        public_address=f"{address}/redress",
        evidence_store=str(data.resolve() / "redress-evidence"),
        mail_folder=data.resolve() / MAIL_FOLDER,
        admission_address=addresses["admission"],
        advance_rulings_address=addresses["advance-rulings"],
        run_worker=True,
    )


def create_suite(
    data: Path,
    *,
    clock: Clock = system_clock,
    address: str = "http://127.0.0.1:8000",
    elsewhere: Mapping[str, str] | None = None,
) -> Router:
    """The suite on the files of a data folder, which is made and migrated when needed; ``address`` is its own.

    Services named in ``elsewhere`` run in another process, at the address given there, and are not started here.
    """
    elsewhere = elsewhere or {}
    issuer = DevelopmentIssuer(data, now=lambda: clock().timestamp())
    addresses = _INSIDE | {name: f"{base}/{name}" for name, base in elsewhere.items()}
    services = _services(data, issuer, clock, address, addresses, _INSIDE.keys() - elsewhere.keys())

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            # A mounted application's own lifespan does not run by itself; admission, which asks the others, comes last.
            for service in reversed(services.values()):
                await stack.enter_async_context(service.router.lifespan_context(service))
            yield

    front = FastAPI(openapi_url=None, telemetry={"logs": False, "tracing": False})
    install_problem_handlers(front)
    front.state.clock = clock
    front.include_router(front_router(issuer))
    front.include_router(guidance_router())
    front.include_router(mail_page_router(data / MAIL_FOLDER))
    routes = [Mount(f"/{name}", service) for name, service in services.items()]
    return Router(routes=[*routes, Mount("/", front)], lifespan=lifespan)


def _services(
    data: Path,
    issuer: DevelopmentIssuer,
    clock: Clock,
    address: str,
    addresses: Mapping[str, str],
    wanted: Collection[str],
) -> dict[str, FastAPI]:
    """The services wanted, by name, in the order of who is asked most; each knows those beside it."""
    services: dict[str, FastAPI] = {}

    def token_of(name: str) -> Token:
        async def sign() -> str:
            return issuer.token(Role.SERVICE, subject=name)

        return sign

    if "admission" in wanted:
        settings = admission_settings(data, issuer, addresses)
        upgrade(MIGRATIONS, settings.database_url)
        services["admission"] = create_admission(
            settings, clock=clock, inside=services, service_token=token_of("admission")
        )
    if "advance-rulings" in wanted:
        rulings = advance_ruling_settings(data, issuer, address, addresses)
        upgrade(ADVANCE_RULING_MIGRATIONS, rulings.database_url)
        services["advance-rulings"] = create_advance_ruling(
            rulings, clock=clock, inside=services, service_token=token_of("advance-ruling")
        )
    if "redress" in wanted:
        redress = redress_settings(data, issuer, address, addresses)
        upgrade(REDRESS_MIGRATIONS, redress.database_url)
        services["redress"] = create_redress(redress, clock=clock, inside=services, service_token=token_of("redress"))
    return services


def _secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text()
