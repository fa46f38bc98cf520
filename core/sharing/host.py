"""What the sessions of one process share: the store, the limits, the clock; and who may still open a link."""

import hmac
from collections.abc import Callable
from datetime import datetime
from secrets import token_bytes

from core.plan_file import MAX_FILE_BYTES
from core.sharing import rows
from core.sharing.errors import Ended, LimitReached, Tampered
from core.sharing.limits import Gate, Limits
from core.sharing.publishing import Publisher
from core.sharing.rows import Door
from core.sharing.sealed import milliseconds, time_of
from core.sharing.secrets import Address, Keys, Randomness, Secret
from core.store.documents import Store, utc_now


class Host:
    """What all sessions of one process share.

    Attributes:
        store: Where everything lies.
        limits: What strangers may do.
        gate: Counts what they do.
        publisher: Brings links up to date.
        randomness: Where secrets come from.
    """

    def __init__(
        self,
        store: Store,
        limits: Limits | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        randomness: Randomness = token_bytes,
        publisher: Publisher | None = None,
    ) -> None:
        """Use a store.

        Args:
            store: Open; whoever opened it closes it.
            limits: What strangers may do.
            clock: Gives the present time, UTC.
            randomness: Where secrets come from.
            publisher: Brings links up to date.
        """
        self.store = store
        self.limits = limits or Limits()
        self.publisher = publisher or Publisher()
        self.gate = Gate(self.limits, lambda: clock().timestamp())
        self.randomness = randomness
        self._clock = clock

    def now(self) -> int:
        """Give the present time, milliseconds since 1970."""
        return milliseconds(self._clock())

    def refuse_large(self, document: bytes) -> None:
        """Refuse a document that is larger than a host takes, or than could be read back."""
        limit = min(self.limits.plan_bytes, MAX_FILE_BYTES)
        if len(document) > limit:
            raise LimitReached("too_large", size=len(document), limit=limit)

    def refuse_ended(self, found: Door, keys: Keys) -> None:
        """Refuse a link that has ended, and end one whose time is over, for good: a clock that is set back changes
        nothing of it.

        Raises:
            Ended, Tampered: It is not to be shown.
        """
        if not hmac.compare_digest(keys.vouch(found.statement), found.vouch):
            raise Tampered
        if found.ended_at is None:
            if found.expires_at is None or self.now() < found.expires_at:
                return
            self.end(found, keys, found.expires_at)
        ended_at = found.expires_at if found.ended_at is None else found.ended_at
        if ended_at is not None:
            raise Ended("expired" if ended_at == found.expires_at else "revoked", time_of(ended_at))

    def end(self, found: Door, keys: Keys, at: int) -> None:
        """End a link, vouched for by its own secret."""
        vouch = keys.vouch(rows.statement(found.plan, found.link, found.owner, found.expires_at, at))
        with self.store.writing() as connection:
            rows.end(connection, found.link, at, vouch)


class Access:
    """What owners and families have in common.

    Attributes:
        address: The link that opened it.
    """

    def __init__(self, host: Host, found: Door, secret: Secret, visitor: str) -> None:
        """Take what was found, and the secret that opened it."""
        self.address = Address(found.link or found.plan, secret)
        self._host = host
        self._door = found
        self._keys = secret.keys
        self._visitor = visitor
