"""Can tokens be checked, and has the service one of its own?"""

import json
from email.utils import parsedate_to_datetime
from typing import Final

from joserfc import jws
from joserfc.errors import JoseError

from crossing.casework.settings import WorkSettings
from crossing.doctor.finding import Finding, Installation, not_checked, ok, setting, wrong
from crossing.kit.http import new_client, read_at_most
from crossing.kit.issuer_keys import read_key_set, usable_keys
from crossing.kit.service_tokens import ClientCredentials, token_in

_SKEW_SECONDS: Final = 30.0
_LONGEST_ANSWER: Final = 65_536
_SECONDS: Final = 4.0


async def keys_of_the_issuer_are_usable(it: Installation) -> Finding:
    """The provider's key set can be read and has a key that tokens may be signed with."""
    file, address = it.settings.key_set_file, it.settings.key_set_url
    try:
        if address:
            async with new_client(address, seconds=_SECONDS) as client:
                keys = usable_keys(json.loads(await read_at_most(client, address, _LONGEST_ANSWER)))
        elif file:
            keys = read_key_set(file)
        count = len(keys.keys)
    except (ValueError, KeyError, TypeError, AttributeError, JoseError):
        count = 0
    named = setting("key_set_url" if address else "key_set_file")
    if not count:
        return wrong(f"{named} holds no key for ES256", "have the provider sign with ES256, and name its key set")
    return ok(f"{count} to check tokens with")


async def clocks_of_issuer_and_service_agree(it: Installation) -> Finding:
    """Within half a minute: tokens begin and end by the provider's clock."""
    address = it.settings.key_set_url
    if not address:
        return not_checked("the keys are in a file")
    async with new_client(address, seconds=_SECONDS) as client:
        said = (await client.get(address)).headers.get("date")
    if not said:
        return not_checked("the provider does not say its time")
    apart = abs(parsedate_to_datetime(said).timestamp() - it.now().timestamp())
    if apart > _SKEW_SECONDS:
        return wrong(f"they are {apart:.0f} seconds apart", "have both machines keep time by NTP")
    return ok(f"{apart:.0f} seconds apart")


async def service_has_a_token(it: Installation) -> Finding:
    """It can show its neighbours one that has not ended and that they will accept."""
    if it.embedded:
        return not_checked("it signs its own")
    settings = it.settings
    assert isinstance(settings, WorkSettings)
    if settings.service_token_file:
        return _judged(it, await token_in(settings.service_token_file)())
    if settings.token_address and settings.client_id and settings.client_secret_file:
        async with new_client(settings.token_address, seconds=_SECONDS) as client:
            ask = ClientCredentials(client, settings.token_address, settings.client_id, settings.client_secret_file)
            return _judged(it, await ask())
    if any(it.neighbours()):
        cure = f"set {setting('token_address')}, {setting('client_id')} and {setting('client_secret_file')}"
        return wrong("there are neighbours to call, and no token to show them", cure)
    return not_checked("there is no neighbour to call")


def _judged(it: Installation, token: str) -> Finding:
    try:
        claims = json.loads(jws.extract_compact(token.encode()).payload)
        audience = [claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"]
        issuer, ends = claims["iss"], float(claims["exp"])
    except (ValueError, KeyError, TypeError, JoseError):
        return wrong("what it has is no token", "name a file that holds one, or have the provider give one")
    if ends <= it.now().timestamp():
        return wrong("its token has ended", "put a new one into the file, or get tokens by client credentials")
    if issuer != it.settings.issuer or it.settings.audience not in audience:
        cure = f"compare {setting('issuer')} and {setting('audience')} with what the provider puts into tokens"
        return wrong("its token is from another issuer or for another audience", cure)
    return ok("that has not ended")


CHECKS: Final = (keys_of_the_issuer_are_usable, clocks_of_issuer_and_service_agree, service_has_a_token)
