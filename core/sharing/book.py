"""The book of plans that are shared: who may open what. It keeps public keys and what is sealed, and no secret.

Whoever opens something shows the secret of its link; the keys that it gives are compared with those in the book. What
he gets holds the keys for as long as his session lasts.
"""

from core.sharing import rows
from core.sharing.errors import NotFound
from core.sharing.family import Family
from core.sharing.host import Host
from core.sharing.owner import Owner
from core.sharing.rows import Door
from core.sharing.sealed import About, seal
from core.sharing.secrets import Secret, new_id, new_secret, read_id


class Book(Host):
    """Makes plans, and opens them and their links; otherwise as `Host`."""

    def create(self, document: bytes, visitor: str) -> Owner:
        """Keep a new plan, and give its owner, whose `address` is the link that opens it.

        Args:
            document: The household's document.
            visitor: The address that he comes from; it is not kept.

        Raises:
            SlowDown, LimitReached, StoreUnavailable: Nothing has been kept.
        """
        self.refuse_large(document)
        self.gate.spend("create", visitor)
        secret, plan = new_secret(self.randomness), new_id(self.randomness)
        keys = secret.keys
        about = About("household", plan, number=1, at=self.now())
        sealed = seal(document, about, writer=keys, reader=keys.public)
        document_id = self.store.create(
            sealed, lambda connection, made: rows.add_plan(connection, plan, made, keys.public)
        )
        return Owner(self, Door(True, plan, "", document_id, keys.public, keys.public), secret, visitor)

    def open(self, door_id: str, secret: Secret, visitor: str) -> Owner | Family:
        """Open a plan or a link.

        Whether the id is unknown, the secret wrong, or both belong to different links: one answer, after the same work.

        Args:
            door_id: What stands after `?plan=`.
            secret: What stands after `#` (`core.sharing.secrets.read_secret`).
            visitor: The address that he comes from; it is not kept.

        Raises:
            NotFound: They do not belong together, or to nothing.
            Ended: The secret is right, and its link has ended.
            SlowDown: Too many openings that found nothing came from that address; nothing has been looked at.
            Tampered: The secret is right, but somebody has altered what the book says of its link.
            StoreUnavailable: The book cannot be read.
        """
        self.gate.check("guess", visitor)
        keys = secret.keys
        with self.store.reading() as connection:
            found = rows.door(connection, read_id(door_id))
        if not (keys.public.equal(found.keys) and found.is_known):
            self.gate.count("guess", visitor)
            raise NotFound
        if not found.link:
            self.store.mark_opened(found.document)
            return Owner(self, found, secret, visitor)
        self.refuse_ended(found, keys)
        return Family(self, found, secret, visitor)
