"""Is there room, are files kept, does the law hold, and are the keys of rulings there?"""

import asyncio
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError
from sqlalchemy.engine import make_url

from crossing.doctor.finding import Finding, Installation, not_checked, ok, setting, wrong
from crossing.kit.clamav import ClamAv
from crossing.kit.vault import open_store
from crossing.packs.check import check_release

_LEAST_BYTES: Final = 1 << 30
_LEAST_SHARE: Final = 0.10
_KEY_FILE: Final = "ruling-keys.json"


async def disks_have_room(it: Installation) -> Finding:
    """A gibibyte and a tenth of each volume that the service writes to is free."""
    for folder in _folders(it):
        usage = shutil.disk_usage(folder)
        if usage.free < _LEAST_BYTES or usage.free < usage.total * _LEAST_SHARE:
            return wrong(f"{usage.free // (1 << 20)} MiB are free at {folder}", "make room, or give it a larger volume")
    return ok("a tenth of each is free")


def _folders(it: Installation) -> Iterator[Path]:
    places = [it.setting(name) for name in ("signing_keys", "registry_files", "mail_folder")]
    store = it.setting("evidence_store")
    places += [Path(store)] if store and "://" not in store else []
    url = make_url(it.settings.database_url)
    places += [Path(url.database)] if url.get_backend_name() == "sqlite" and url.database else []
    for place in filter(None, places):
        yield next(each for each in (place.absolute(), *place.absolute().parents) if each.is_dir())


async def rule_packs_hold(it: Installation) -> Finding:
    """The law that comes with this release is whole."""
    found = (await asyncio.to_thread(check_release)).findings
    if found:
        return wrong(f"{len(found)} mistakes, the first at {found[0].place}", "run `crossing rules check`")
    return ok("whole")


async def keys_of_rulings_are_there(it: Installation) -> Finding:
    """A key signs, and the next one is announced; both stand in a file that can be replaced."""
    folder: Path | None = it.setting("signing_keys")
    if folder is None:
        return not_checked("it signs no rulings")
    try:
        held = json.loads((folder / _KEY_FILE).read_text(encoding="utf-8"))
        signing, following = held["current"]["key"]["d"], held["next"]["key"]["d"]
    except FileNotFoundError:
        return wrong(
            f"there are none in {setting('signing_keys')}", "start the service once, which makes them, or restore them"
        )
    except (ValueError, KeyError, TypeError):
        return wrong("one that signs, or the next one, is missing", "restore the file from its last backup")
    if signing == following:
        return wrong("the next one is the one that signs", "run `crossing rulings rotate-keys`")
    return ok("one signs, the next is announced")


async def evidence_is_kept(it: Installation) -> Finding:
    """The store of evidence takes a file, gives it back and lets it go."""
    address = it.setting("evidence_store")
    if address is None:
        return not_checked("it keeps no evidence")
    name = f"doctor/{uuid4()}"
    try:
        store = open_store(address)
        await obstore.put_async(store, name, b"doctor")
        back = bytes(await (await obstore.get_async(store, name)).bytes_async())
        await obstore.delete_async(store, name)
    except (BaseError, OSError, ValueError) as error:
        return wrong(
            f"{setting('evidence_store')}: {type(error).__name__}",
            "make the folder or bucket, and let the service write to it",
        )
    return (
        ok("taken and given back") if back == b"doctor" else wrong("it gives back something else", "use another store")
    )


async def evidence_is_scanned(it: Installation) -> Finding:
    """A scanner for malicious software looks at evidence, and answers."""
    if it.setting("evidence_store") is None or it.embedded:
        return not_checked("nothing is uploaded from outside")
    address = it.setting("clamav_address")
    if not address:
        return wrong("nothing looks at what is uploaded", f"run clamd, and set {setting('clamav_address')}")
    await ClamAv(address, seconds=4.0).scan(io.BytesIO(b"doctor"))
    return ok("the scanner answers")


CHECKS: Final = (disks_have_room, rule_packs_hold, keys_of_rulings_are_there, evidence_is_kept, evidence_is_scanned)
