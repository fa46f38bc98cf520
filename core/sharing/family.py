"""What somebody who was given a link can do: look, and offer help."""

from typing import NamedTuple

from core.plan import PlanError
from core.sharing import rows
from core.sharing.errors import LimitReached, NewerFormat, NotFound, SealError, Tampered
from core.sharing.family_models import SCHEMA, FamilyDocument
from core.sharing.host import Access
from core.sharing.pledges import Answer, Pledge, Sent, id_of, parse_answer, parse_pledge
from core.sharing.reading import read, write
from core.sharing.rows import Door
from core.sharing.sealed import About, open_sealed, seal, time_of


class Shown(NamedTuple):
    """What a link shows now.

    Attributes:
        document: The family's document.
        about: What was signed with it: `number`, the household's revision that it shows; `time`, when it was sealed.
    """

    document: FamilyDocument
    about: About


class Family(Access):
    """A link that was opened by its secret. Every method may raise `Ended`, `NotFound` or `StoreUnavailable`."""

    _newest = 0
    _kept: tuple[bytes, Shown] | None = None
    _was_seen = False

    def document(self) -> Shown:
        """Give the newest document; one that has not changed is not opened anew.

        Raises:
            Tampered, WrongKey, NewerFormat: It is not what the owner sealed, or older than what this session has seen.
        """
        found = self._look()
        with self._host.store.reading() as connection:
            sealed = rows.document_of(connection, found.link)
        if sealed is None:
            raise NotFound
        if self._kept is not None and self._kept[0] == sealed:
            return self._kept[1]
        about = About("family", found.plan, found.link)
        opened = open_sealed(sealed, about, reader=self._keys, writer=found.owner)
        if opened.about.number < self._newest:
            raise Tampered
        self._newest = opened.about.number
        try:
            shown = Shown(read(FamilyDocument, SCHEMA, opened.document), opened.about)
        except PlanError:  # the owner's own program wrote it, so it can only be a later one
            raise NewerFormat from None
        self._kept = (sealed, shown)
        return shown

    def seen(self) -> None:
        """Count one view, once a session; call it when a person has the page before him, never for a bare request."""
        if self._was_seen:
            return
        found = self._look()
        with self._host.store.writing() as connection:
            rows.count_view(connection, found.link, self._host.now())
        self._host.store.mark_opened(found.document)
        self._was_seen = True

    def pledge(self, pledge: Pledge) -> Sent:
        """Send a pledge to the household, sealed. The same one, sent again on the same day, is one.

        Raises:
            SlowDown, LimitReached: It has not been sent.
        """
        self._host.gate.spend("write", self._visitor)
        found = self._look()
        pledge_id, at = id_of(pledge, self._keys), self._host.now()
        about = About("pledge", found.plan, found.link, pledge_id, at=at)
        told = write(pledge)
        row = {
            "link_id": found.link,
            "id": pledge_id,
            "received_at": at,
            "offer": seal(told, about, writer=self._keys, reader=found.owner),
            "kept": seal(told, about, writer=self._keys, reader=self._keys.public),
        }
        limit = self._host.limits.pledges
        with self._host.store.writing() as connection:
            if not rows.add_pledge(connection, row, limit):
                raise LimitReached("too_many_pledges", limit=limit)
        return next(
            (each for each in self.pledges() if each.id == pledge_id), Sent(pledge_id, pledge, time_of(at), None)
        )

    def pledges(self) -> list[Sent]:
        """List what was offered by this link and how it stands, the first first; what was altered is left out."""
        found = self._look()
        with self._host.store.reading() as connection:
            every = rows.pledges_of(connection, link=found.link)
        sent: list[Sent] = []
        for row in every:
            about = About("pledge", found.plan, found.link, row.id)
            try:
                opened = open_sealed(bytes(row.kept), about, reader=self._keys, writer=self._keys.public)
                answer = None if row.answer is None else self._answer(found, row.id, bytes(row.answer))
                sent.append(Sent(row.id, parse_pledge(opened.document), opened.about.time, answer))
            except (SealError, PlanError):
                continue
        return sent

    def _answer(self, found: Door, pledge_id: str, sealed: bytes) -> Answer | None:
        about = About("answer", found.plan, found.link, pledge_id)
        opened = open_sealed(sealed, about, reader=self._keys, writer=found.owner)
        answer = parse_answer(opened.document)
        if answer.pledge != pledge_id:
            raise Tampered
        return answer

    def _look(self) -> Door:
        """Look at the link once more: it may have ended since it was opened."""
        with self._host.store.reading() as connection:
            found = rows.door(connection, self._door.link)
        if not (self._keys.public.equal(found.keys) and found.link):
            raise NotFound
        self._host.refuse_ended(found, self._keys)
        return found
