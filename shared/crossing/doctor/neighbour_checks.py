"""Do those answer that the service calls, or that call it?"""

import asyncio
import ssl
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

import aiosmtplib

from crossing.doctor.finding import Finding, Installation, not_checked, ok, setting, wrong
from crossing.kit.http import HTTPError, new_client

_SECONDS: Final = 4.0
_LEAST_DAYS: Final = 21


async def neighbours_answer(it: Installation) -> Finding:
    """Each service that this one calls is alive at its address."""
    if it.embedded:
        return not_checked("they are in the same process")
    asked = [*it.neighbours()]
    for name, address in asked:
        if fault := await _silent(address):
            return wrong(f"{setting(name)}: {fault}", "start that service, or correct the address")
    return ok(f"{len(asked)} of them") if asked else not_checked("it calls none")


async def gateway_answers(it: Installation) -> Finding:
    """What links in messages lead to is this suite."""
    address = it.setting("public_address")
    if not address or it.embedded:
        return not_checked("no link leads here")
    if fault := await _silent(address):
        return wrong(f"{setting('public_address')}: {fault}", "start the gateway, or correct the address")
    return ok("at the public address")


async def _silent(address: str) -> str:
    """What is wrong with what answers at the address of a service; empty when it is alive."""
    try:
        async with new_client(address.rstrip("/") + "/", seconds=_SECONDS) as client:
            answer = await client.get("v1/healthz")
        return "" if answer.is_success else f"answers {answer.status_code}"
    except (HTTPError, OSError) as error:
        return type(error).__name__


async def certificates_last(it: Installation) -> Finding:
    """Those of every address by TLS have three weeks or more."""
    servers = {
        (parts.hostname, parts.port or 443)
        for _, address in it.addresses()
        if (parts := urlsplit(address)).scheme == "https"
    }
    fewest: float | None = None
    for host, port in sorted((host, port) for host, port in servers if host):
        left = (await _end_of_certificate(host, port) - it.now()).total_seconds() / 86_400
        if left < _LEAST_DAYS:
            return wrong(f"that of {host} ends in {left:.0f} days", "renew it")
        fewest = left if fewest is None else min(fewest, left)
    return not_checked("no address is by TLS") if fewest is None else ok(f"the first ends in {fewest:.0f} days")


async def _end_of_certificate(host: str, port: int) -> datetime:
    async with asyncio.timeout(_SECONDS):
        _reader, writer = await asyncio.open_connection(host, port, ssl=ssl.create_default_context())
    try:
        ends = ssl.cert_time_to_seconds(writer.get_extra_info("peercert")["notAfter"])
    finally:
        writer.close()
    return datetime.fromtimestamp(ends, UTC)


async def mail_leaves(it: Installation) -> Finding:
    """The mail server answers, by TLS where it is not on this machine."""
    host = it.setting("smtp_host")
    if not host:
        if it.setting("mail_sender") is None or it.setting("mail_folder"):
            return not_checked("no mail is sent")
        return wrong("messages wait, for there is no way out", f"set {setting('smtp_host')}")
    security = it.setting("smtp_security")
    if security == "none" and host not in ("localhost", "127.0.0.1", "::1"):
        return wrong("messages cross the network in the clear", f"set {setting('smtp_security')} to starttls or tls")
    try:
        await _greet(host, it.setting("smtp_port"), security)
    except (aiosmtplib.SMTPException, OSError) as error:
        return wrong(f"{setting('smtp_host')}: {type(error).__name__}", "correct host, port or security")
    return ok("the server answers")


async def _greet(host: str, port: int, security: str) -> None:
    server = aiosmtplib.SMTP(
        hostname=host, port=port, timeout=_SECONDS, use_tls=security == "tls", start_tls=security == "starttls"
    )
    async with server:
        await server.noop()


CHECKS: Final = (neighbours_answer, gateway_answers, certificates_last, mail_leaves)
