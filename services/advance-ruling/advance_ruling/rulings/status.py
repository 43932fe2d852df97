"""The status list as it is handed out: signed anew when a ruling changes, and before it grows too old for a port."""

from datetime import UTC, datetime

from advance_ruling.rulings.standing import Standings
from crossing.kit.clock import Clock
from crossing.rulings.keys import SigningKeys
from crossing.rulings.status_list import lifetimes, pack_status


class SignedStatusList:
    """Keeps the list that was signed last until it has to be another one."""

    def __init__(self, standings: Standings, keys: SigningKeys, clock: Clock) -> None:
        self._standings, self._keys, self._clock = standings, keys, clock
        self._text = ""
        self._changes = -1
        self._good_until = datetime.min.replace(tzinfo=UTC)

    async def text(self) -> str:
        """The signed list, never older than a port on line accepts."""
        now = self._clock()
        await self._standings.refresh(now)
        if self._changes != self._standings.changes or now >= self._good_until:
            expires_on = (now + lifetimes().off_line).date().isoformat()
            self._text = pack_status(self._standings.bits(now), now, self._keys.signing_key(expires_on))
            self._changes = self._standings.changes
            self._good_until = self._until(now)
        return self._text

    def _until(self, now: datetime) -> datetime:
        """Half of its lifetime, so that whoever asks has the other half to use it; less where a bit changes before."""
        following = self._standings.next_change(now)
        rested = now + lifetimes().on_line / 2
        return min(rested, following) if following else rested
