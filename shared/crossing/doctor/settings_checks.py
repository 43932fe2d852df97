"""Are the settings such as production may have them?"""

import difflib
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from crossing.doctor.finding import Finding, Installation, is_loopback, not_checked, ok, setting, wrong
from crossing.kit.issuer import ISSUER
from crossing.kit.settings import ServiceSettings, folder_of_secrets

#: Read by others than a service's settings.
_BESIDE_SETTINGS: Final = {"CROSSING_CACHE_DIR", "CROSSING_SECRETS"}
_SHORTEST_KEY: Final = 32
_FEWEST_CHARACTERS: Final = 10
_TELLING: Final = ("change", "demo", "example", "key", "password", "secret", "test")


def misspelled(settings: type[ServiceSettings], every: Mapping[str, str]) -> Iterator[Finding]:
    """Names in an environment that look like settings and that no service has; ``settings`` are those of one."""
    known = {setting(name) for name in settings.model_fields}
    for name in sorted(each for each in every if each.startswith("CROSSING_")):
        near = difflib.get_close_matches(name, known - every.keys(), n=1, cutoff=0.85)
        if name not in known | _BESIDE_SETTINGS and near:
            yield wrong(f"{name} is no setting", f"write {near[0]}, if that is meant")


async def identity_key_is_secret(it: Installation) -> Finding:
    """Long and random enough that nobody finds travellers by trying names."""
    key = it.settings.identity_key.get_secret_value()
    cure = (
        f"set {setting('identity_key')} to 64 random hexadecimal digits, before travellers are recorded under this one"
    )
    if len(key) < _SHORTEST_KEY:
        return wrong(f"{setting('identity_key')} is shorter than {_SHORTEST_KEY} characters", cure)
    if len(set(key)) < _FEWEST_CHARACTERS or any(word in key.lower() for word in _TELLING):
        return wrong(f"{setting('identity_key')} is one to demonstrate with, or a guess would find it", cure)
    return ok("long and random")


async def addresses_are_encrypted(it: Installation) -> Finding:
    """Nothing that a token or a traveller's data goes to is reached without TLS, except on this machine."""
    if it.embedded:
        return not_checked("everything is on this machine")
    for name, address in it.addresses():
        if not address.startswith(("https://", "http://")):
            return wrong(f"{setting(name)} is no web address", "begin it with https://")
        if address.startswith("http://") and not is_loopback(address):
            return wrong(f"{setting(name)} is reached without TLS", "begin it with https://")
    return ok("all by TLS, or on this machine")


async def files_of_secrets_are_private(it: Installation) -> Finding:
    """No file that holds a secret can be read by everybody on the machine."""
    for file in _files_of_secrets(it):
        if file.exists() and file.stat().st_mode & stat.S_IRWXO:
            return wrong(f"everybody may read {file}", f"chmod o-rwx {file}")
    return ok("only owner and group may read them")


def _files_of_secrets(it: Installation) -> Iterator[Path]:
    for name in ("service_token_file", "client_secret_file"):
        if file := it.setting(name):
            yield file
    if keys := it.setting("signing_keys"):
        yield keys / "ruling-keys.json"
    folder = folder_of_secrets()
    if not it.embedded and folder:
        yield from (file for file in folder.iterdir() if file.is_file())


async def development_is_over(it: Installation) -> Finding:
    """No sign-in without a password, and no development issuer, where the database is production's."""
    if it.embedded or not it.on_postgres:
        return not_checked("this is no production")
    if it.setting("development_sign_in"):
        return wrong("anybody may sign in without a password", f"take {setting('development_sign_in')} away")
    if it.settings.issuer == ISSUER:
        return wrong("tokens of the development issuer are accepted", f"set {setting('issuer')} to the provider's")
    return ok("tokens come from a provider")


CHECKS: Final = (
    identity_key_is_secret,
    addresses_are_encrypted,
    files_of_secrets_are_private,
    development_is_over,
)
