"""What the owner of a plan can do: everything with the plan as with one in a store, and all about its links."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field
from sqlalchemy import Row

from core.plan import Plan, PlanError
from core.plan_models import Part
from core.plan_values import FileValue, choice, read_text
from core.sharing import rows
from core.sharing.errors import LimitReached, NotFound, SealError, SharingError, Tampered, Unreadable
from core.sharing.family_models import Hidden
from core.sharing.figures import Figures
from core.sharing.host import Access
from core.sharing.pledges import Answer, Offered, Verdict, answer_from, debt_of, key_of, parse_answer, parse_pledge
from core.sharing.reading import read, read_value, write
from core.sharing.redaction import redacted
from core.sharing.rows import statement
from core.sharing.sealed import About, milliseconds, open_sealed, seal, time_of
from core.sharing.secrets import Address, Keys, PublicKeys, new_id, new_secret, read_secret
from core.store.documents import Revision
from core.store.errors import Conflict
from core.store.thinning import RevisionInfo

LINK_SCHEMA = "ashore.link/1"
LINK_NAME_MAX = 60
REST_MILLISECONDS = 5_000
"""The document of a link is sealed no more often than this."""

_THIN_EVERY = 20

_LinkName = Annotated[str, FileValue(lambda value: read_text(value, LINK_NAME_MAX))]
_SecretText = Annotated[str, FileValue(lambda value: read_text(value, 64))]


class LinkNote(Part, frozen=True):
    """What the owner notes of a link, sealed for himself; it never changes."""

    schema_: Annotated[Literal["ashore.link/1"], choice(LINK_SCHEMA, code="schema.unknown")] = Field(
        default=LINK_SCHEMA, validation_alias="schema", serialization_alias="schema"
    )
    name: _LinkName
    secret: _SecretText
    hidden: Hidden


@dataclass(frozen=True)
class Link:
    """A link of a plan, as its owner sees it.

    Attributes:
        address: The link itself, to be shown again; `address.id` names it.
        name: What the owner calls it.
        hidden: What it hides.
        made_at, expires_at, ended_at: UTC; None: never, and not yet.
        views, seen_at: How often it was looked at, and when last; as the server counts, which nobody signs.
        number: The household's revision that it shows.
        sealed_at: When that was sealed.
    """

    address: Address
    name: str
    hidden: Hidden
    made_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None
    views: int
    seen_at: datetime | None
    number: int
    sealed_at: datetime

    @property
    def keys(self) -> Keys:
        """Its keys."""
        return self.address.secret.keys

    @property
    def has_expired(self) -> bool:
        """Whether it ended because its time was over."""
        return self.ended_at is not None and self.ended_at == self.expires_at


class Links(NamedTuple):
    """The links of a plan, the first made first, and how many rows somebody has altered."""

    links: tuple[Link, ...]
    refused: int


class Offers(NamedTuple):
    """What was offered, the first received first, and how many offers somebody has altered or garbled."""

    offers: tuple[Offered, ...]
    refused: int


class Owner(Access):
    """A plan that was opened by its owner's secret.

    The methods about revisions are those of `core.store.Store` without the document's id: they take and give documents
    in the open, and raise what those raise, besides `SealError` where somebody has altered what lies there.
    """

    # -- the household's document

    def latest(self) -> Revision:
        """Give the newest revision."""
        return self._opened(self._host.store.latest(self._door.document))

    def save(self, document: bytes, based_on: int) -> Revision:
        """Keep a change as the next revision; a save whose answer was lost may be repeated.

        Raises:
            Conflict: There is a later revision that says something else; it comes with the error, opened.
            SlowDown, LimitReached: Nothing has been saved.
        """
        self._host.refuse_large(document)
        self._host.gate.spend("write", self._visitor)
        about = About("household", self._door.plan, number=based_on + 1, at=self._host.now())
        sealed = seal(document, about, writer=self._keys, reader=self._keys.public)
        try:
            saved = self._host.store.save(self._door.document, sealed, based_on)
        except Conflict as conflict:
            theirs = self._opened(conflict.theirs)
            if theirs.document == document:
                return theirs
            raise Conflict(theirs) from None
        if saved.number % _THIN_EVERY == 0:
            with self._host.store.writing() as connection:
                rows.drop_old_revisions(connection, self._door.document, saved.number - self._host.limits.revisions + 1)
        return saved._replace(document=document)

    def revision(self, number: int) -> Revision:
        """Give an earlier revision."""
        return self._opened(self._host.store.revision(self._door.document, number))

    def history(self, limit: int = 50, before: int | None = None) -> list[RevisionInfo]:
        """List revisions, newest first; their sizes are those of what is sealed."""
        return self._host.store.history(self._door.document, limit, before)

    def restore(self, number: int, based_on: int) -> Revision:
        """Save what an earlier revision says as the next one."""
        return self.save(self.revision(number).document, based_on)

    def delete(self) -> None:
        """Delete the plan with its history, links and pledges, for good."""
        self._host.publisher.forget(self._door.plan)
        self._host.store.delete(self._door.document)

    def deletes_on(self) -> date:
        """Give the date on which the plan is deleted if nobody opens it or one of its links before."""
        return self._host.store.deletes_on(self._door.document)

    def _opened(self, kept: Revision) -> Revision:
        about = About("household", self._door.plan, number=kept.number)
        opened = open_sealed(kept.document, about, reader=self._keys, writer=self._keys.public)
        return kept._replace(document=opened.document)

    # -- links

    def make_link(
        self, name: str, hidden: Hidden, figures: Figures, number: int, expires_at: datetime | None = None
    ) -> Link:
        """Make a link that shows what it does not hide.

        Args:
            name: What the owner calls it; only he sees it.
            hidden: What it hides, for good.
            figures: What the plan comes to.
            number: The revision that they are of.
            expires_at: When it ends by itself, UTC.

        Raises:
            PlanError: The name is wrong.
            SlowDown, LimitReached, SharingError: It has not been made.
        """
        secret, link, at = new_secret(self._host.randomness), new_id(self._host.randomness), self._host.now()
        shows_not = hidden.model_dump(mode="json")
        typed = {"schema": LINK_SCHEMA, "name": name, "secret": secret.text, "hidden": shows_not}
        note = read_value(LinkNote, LINK_SCHEMA, typed)
        ends = None if expires_at is None else milliseconds(expires_at)
        if ends is not None and ends <= at:
            raise SharingError("past_expiry")
        self._host.gate.spend("write", self._visitor)
        public = secret.keys.public
        row: dict[str, object] = {
            "id": link,
            "plan_id": self._door.plan,
            "box_public": public.box,
            "signing_public": public.signing,
            "made_at": at,
            "expires_at": ends,
            "ended_at": None,
            "vouch": secret.keys.vouch(statement(self._door.plan, link, self._keys.public, ends, None)),
            "meta": self._sealed(write(note), About("link", self._door.plan, link, at=at), self._keys.public),
            "number": number,
            "sealed_at": at,
            "document": self._family(figures, number, link, hidden, secret.keys, at),
            "views": 0,
            "seen_at": None,
        }
        limit = self._host.limits.links
        with self._host.store.writing() as connection:
            if not rows.lock_plan(connection, self._door.plan):
                raise NotFound
            if rows.count_live(connection, self._door.plan) >= limit:
                raise LimitReached("too_many_links", limit=limit)
            rows.add_link(connection, row)
        opens = None if ends is None else time_of(ends)
        return Link(Address(link, secret), name, hidden, time_of(at), opens, None, 0, None, number, time_of(at))

    def links(self) -> Links:
        """List the links, also those that have ended; one whose time is over is ended on the way."""
        with self._host.store.reading() as connection:
            every = rows.links_of(connection, self._door.plan)
        found: list[Link] = []
        refused = 0
        for row in every:
            try:
                found.append(self._link(row))
            except (SealError, PlanError, Unreadable):
                refused += 1
        return Links(tuple(found), refused)

    def revoke(self, link: Link) -> None:
        """End a link now; whoever has it is told so, and sees nothing more."""
        if link.ended_at is None:
            self._end(link, self._host.now())

    def publish(self, figures: Callable[[], Figures], number: int) -> None:
        """Bring all links up to date on another thread, at once or a few seconds after they last were.

        Call it whenever the owner has opened or saved the plan.

        Args:
            figures: Gives what the plan comes to; called on that thread, where a link needs it, so it must know nothing
                of a session.
            number: The revision that they are of.
        """
        done: set[str] = set()

        def attempt() -> float:
            live = [link for link in self.links().links if link.ended_at is None and link.address.id not in done]
            waits = {link.address.id: self._rest(link) for link in live if link.number <= number}
            due = [link for link in live if waits.get(link.address.id) == 0]
            if due:
                self._put(due, figures(), number)
                done.update(link.address.id for link in due)
            return max(waits.values(), default=0) / 1000

        self._host.publisher.offer(self._door.plan, attempt)

    def _rest(self, link: Link) -> int:
        """Give for how many milliseconds a link must rest; a clock that was set back keeps nobody waiting."""
        since = self._host.now() - milliseconds(link.sealed_at)
        return REST_MILLISECONDS - since if 0 <= since < REST_MILLISECONDS else 0

    def _put(self, links: Sequence[Link], figures: Figures, number: int) -> None:
        at = self._host.now()
        sealed = {
            link.address.id: self._family(figures, number, link.address.id, link.hidden, link.keys, at)
            for link in links
        }
        with self._host.store.writing() as connection:
            for link, document in sealed.items():
                rows.put_document(connection, link, document, number, at)

    def _family(self, figures: Figures, number: int, link: str, hidden: Hidden, keys: Keys, at: int) -> bytes:
        document = redacted(figures, hidden, lambda debt: key_of(debt, keys))
        return self._sealed(write(document), About("family", self._door.plan, link, number=number, at=at), keys.public)

    def _sealed(self, document: bytes, about: About, reader: PublicKeys) -> bytes:
        return seal(document, about, writer=self._keys, reader=reader)

    def _link(self, row: Row[Any]) -> Link:
        about = About("link", self._door.plan, row.id)
        meta = open_sealed(bytes(row.meta), about, reader=self._keys, writer=self._keys.public)
        note = read(LinkNote, LINK_SCHEMA, meta.document)
        secret = read_secret(note.secret)
        told = statement(self._door.plan, row.id, self._keys.public, row.expires_at, row.ended_at)
        stored = PublicKeys(bytes(row.box_public), bytes(row.signing_public))
        if not secret.keys.public.equal(stored) or secret.keys.vouch(told) != bytes(row.vouch):
            raise Tampered
        link = Link(
            Address(row.id, secret),
            note.name,
            note.hidden,
            meta.about.time,
            None if row.expires_at is None else time_of(row.expires_at),
            None if row.ended_at is None else time_of(row.ended_at),
            row.views,
            None if row.seen_at is None else time_of(row.seen_at),
            row.number,
            time_of(row.sealed_at),
        )
        if link.ended_at is None and row.expires_at is not None and row.expires_at <= self._host.now():
            self._end(link, row.expires_at)
            return replace(link, ended_at=link.expires_at)
        return link

    def _end(self, link: Link, at: int) -> None:
        ends = None if link.expires_at is None else milliseconds(link.expires_at)
        vouch = link.keys.vouch(statement(self._door.plan, link.address.id, self._keys.public, ends, at))
        with self._host.store.writing() as connection:
            rows.end(connection, link.address.id, at, vouch)

    # -- pledges

    def pledges(self, plan: Plan) -> Offers:
        """List what was offered, also by links that have ended.

        Args:
            plan: The plan for which debts are looked up.
        """
        links = {link.address.id: link for link in self.links().links}
        with self._host.store.reading() as connection:
            every = rows.pledges_of(connection, plan=self._door.plan)
        found: list[Offered] = []
        refused = 0
        for row in every:
            try:
                found.append(self._offered(row, links[row.link_id], plan))
            except (SealError, PlanError, KeyError):
                refused += 1
        return Offers(tuple(found), refused)

    def answer(self, offered: Offered, verdict: Verdict, made_on: date, message: str = "") -> Answer:
        """Answer a pledge; a later answer takes the place of an earlier one.

        Raises:
            PlanError: The message is wrong.
            NotFound: The pledge or its link is no longer there.
            SlowDown: It has not been answered.
        """
        link = next((each for each in self.links().links if each.address.id == offered.link), None)
        if link is None:
            raise NotFound
        self._host.gate.spend("write", self._visitor)
        answer = answer_from(offered, verdict, made_on, message)
        about = About("answer", self._door.plan, offered.link, offered.id, at=self._host.now())
        sealed = self._sealed(write(answer), about, link.keys.public)
        with self._host.store.writing() as connection:
            if not rows.put_answer(connection, offered.link, offered.id, sealed):
                raise NotFound
        return answer

    def _offered(self, row: Row[Any], link: Link, plan: Plan) -> Offered:
        about = About("pledge", self._door.plan, row.link_id, row.id)
        opened = open_sealed(bytes(row.offer), about, reader=self._keys, writer=link.keys.public)
        pledge = parse_pledge(opened.document)
        debt = None if pledge.to is None else debt_of(pledge.to, link.keys, plan)
        return Offered(
            row.id,
            pledge,
            opened.about.time,
            self._answer_of(row, link),
            link=row.link_id,
            link_name=link.name,
            debt=debt,
            debt_is_gone=pledge.to is not None and debt is None,
        )

    def _answer_of(self, row: Row[Any], link: Link) -> Answer | None:
        """Read back what was answered; an answer that somebody has altered counts as none."""
        if row.answer is None:
            return None
        with suppress(SealError, PlanError):
            about = About("answer", self._door.plan, row.link_id, row.id)
            opened = open_sealed(bytes(row.answer), about, reader=link.keys, writer=self._keys.public)
            return parse_answer(opened.document)
        return None
