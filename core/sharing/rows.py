"""The rows of plans, links and pledges: all that is asked of the database. What is sealed in them is not known here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, String, bindparam, case, delete, func, insert, literal, select, update

from core.sharing.secrets import PublicKeys
from core.store.documents import DocumentId
from core.store.tables import links, plans, pledges, revisions

ENDED_KEPT = 500
"""So many ended links of a plan can still say when they ended."""

ANSWERED_KEPT = 200
"""So many answered pledges of a link are kept."""

_NOTHING = bytes(32)

_one_row = select(literal(1).label("one")).subquery()
_own, _other = plans.alias(), plans.alias()
_wanted = bindparam("door", type_=String)
_DOOR = select(
    func.coalesce(_own.c.id, _other.c.id).label("plan_id"),
    func.coalesce(_own.c.document_id, _other.c.document_id).label("document_id"),
    func.coalesce(_own.c.box_public, _other.c.box_public).label("owner_box"),
    func.coalesce(_own.c.signing_public, _other.c.signing_public).label("owner_signing"),
    func.coalesce(_own.c.box_public, links.c.box_public).label("box"),
    func.coalesce(_own.c.signing_public, links.c.signing_public).label("signing"),
    case((_own.c.id.is_(None), links.c.id)).label("link_id"),
    links.c.expires_at,
    links.c.ended_at,
    links.c.vouch,
).select_from(
    _one_row.outerjoin(_own, _own.c.id == _wanted)
    .outerjoin(links, links.c.id == _wanted)
    .outerjoin(_other, _other.c.id == links.c.plan_id)
)


@dataclass(frozen=True)
class Door:
    """What an id leads to; `is_known` alone tells whether it leads anywhere.

    Attributes:
        plan, link: Ids; `link` is empty for the owner's.
        document: Id of the household's document in the store.
        keys: Who may open it.
        owner: The owner's keys.
        expires_at, ended_at: Of a link, milliseconds since 1970.
        vouch: Of a link, what its secret vouches for.
    """

    is_known: bool
    plan: str
    link: str
    document: DocumentId
    keys: PublicKeys
    owner: PublicKeys
    expires_at: int | None = None
    ended_at: int | None = None
    vouch: bytes = b""

    @property
    def statement(self) -> bytes:
        """What the link's secret must vouch for."""
        return statement(self.plan, self.link, self.owner, self.expires_at, self.ended_at)


def statement(plan: str, link: str, owner: PublicKeys, expires_at: int | None, ended_at: int | None) -> bytes:
    """Write down whose link it is, and until when."""
    told = [plan, link, owner.box.hex(), owner.signing.hex(), expires_at, ended_at]
    return json.dumps(told).encode()


def door(connection: Connection, door_id: str) -> Door:
    """Find what an id leads to: one row comes back whether it exists or not, and is read in the same way."""
    row = connection.execute(_DOOR, {"door": door_id}).one()
    owner = PublicKeys(bytes(row.owner_box or _NOTHING), bytes(row.owner_signing or _NOTHING))
    return Door(
        row.plan_id is not None,
        row.plan_id or "",
        row.link_id or "",
        DocumentId(row.document_id or ""),
        PublicKeys(bytes(row.box or _NOTHING), bytes(row.signing or _NOTHING)),
        owner,
        row.expires_at,
        row.ended_at,
        bytes(row.vouch or _NOTHING),
    )


def add_plan(connection: Connection, plan: str, document: DocumentId, keys: PublicKeys) -> None:
    """Add a plan."""
    row = {"id": plan, "document_id": document, "box_public": keys.box, "signing_public": keys.signing}
    connection.execute(insert(plans).values(row))


def drop_old_revisions(connection: Connection, document: DocumentId, before: int) -> None:
    """Delete the revisions of a document whose number is lower."""
    connection.execute(delete(revisions).where(revisions.c.document_id == document, revisions.c.number < before))


# -- links


def links_of(connection: Connection, plan: str) -> Sequence[Row[Any]]:
    """Read the links of a plan, without their documents, the first made first."""
    columns = [column for column in links.c if column.name != "document"]
    query = select(*columns).where(links.c.plan_id == plan).order_by(links.c.made_at, links.c.id)
    return connection.execute(query).all()


def lock_plan(connection: Connection, plan: str) -> bool:
    """Let nobody else add links to a plan until the transaction ends; False where there is no such plan."""
    return connection.execute(select(plans.c.id).where(plans.c.id == plan).with_for_update()).first() is not None


def count_live(connection: Connection, plan: str) -> int:
    """Count the links of a plan that have not ended."""
    query = select(func.count()).select_from(links).where(links.c.plan_id == plan, links.c.ended_at.is_(None))
    return connection.execute(query).scalar_one()


def add_link(connection: Connection, row: Mapping[str, object]) -> None:
    """Add a link, and forget the ones that ended first where there are too many."""
    connection.execute(insert(links).values(dict(row)))
    query = (
        select(links.c.id)
        .where(links.c.plan_id == row["plan_id"], links.c.ended_at.is_not(None))
        .order_by(links.c.ended_at.desc(), links.c.id)
        .offset(ENDED_KEPT)
        .limit(ENDED_KEPT)
    )
    gone = [each.id for each in connection.execute(query)]
    if gone:
        connection.execute(delete(links).where(links.c.id.in_(gone)))


def put_document(connection: Connection, link: str, document: bytes, number: int, at: int) -> None:
    """Give a link its newest document; an ended one, or one that shows a later revision, stays as it is."""
    is_older = (links.c.id == link) & links.c.ended_at.is_(None) & (links.c.number <= number)
    values = {"document": document, "number": number, "sealed_at": at}
    connection.execute(update(links).where(is_older).values(values))


def document_of(connection: Connection, link: str) -> bytes | None:
    """Read the sealed document of a link."""
    found = connection.execute(select(links.c.document).where(links.c.id == link)).scalar()
    return None if found is None else bytes(found)


def end(connection: Connection, link: str, at: int, vouch: bytes) -> None:
    """End a link: its document goes, its keys stay, so that its secret can still be recognised."""
    live = (links.c.id == link) & links.c.ended_at.is_(None)
    connection.execute(update(links).where(live).values({"ended_at": at, "document": None, "vouch": vouch}))


def count_view(connection: Connection, link: str, at: int) -> None:
    """Count one view."""
    connection.execute(update(links).where(links.c.id == link).values(views=links.c.views + 1, seen_at=at))


# -- pledges


def pledges_of(connection: Connection, *, plan: str | None = None, link: str | None = None) -> Sequence[Row[Any]]:
    """Read the pledges of a plan, or of one link, the first received first."""
    mine = pledges.c.link_id == link if plan is None else links.c.plan_id == plan
    query = select(pledges).join(links, links.c.id == pledges.c.link_id).where(mine)
    return connection.execute(query.order_by(pledges.c.received_at, pledges.c.id)).all()


def add_pledge(connection: Connection, row: Mapping[str, object], waiting_max: int) -> bool:
    """Add a pledge; one that is there already stays.

    Returns:
        False where so many wait that nothing has been added.
    """
    link = row["link_id"]
    connection.execute(select(links.c.id).where(links.c.id == link).with_for_update())
    every = connection.execute(
        select(pledges.c.id, pledges.c.answer.is_(None).label("waits"))
        .where(pledges.c.link_id == link)
        .order_by(pledges.c.received_at.desc(), pledges.c.id)
    ).all()
    if row["id"] in {each.id for each in every}:
        return True
    if sum(bool(each.waits) for each in every) >= waiting_max:
        return False
    connection.execute(insert(pledges).values(dict(row)))
    gone = [each.id for each in every if not each.waits][ANSWERED_KEPT:]
    if gone:
        connection.execute(delete(pledges).where(pledges.c.link_id == link, pledges.c.id.in_(gone)))
    return True


def put_answer(connection: Connection, link: str, pledge: str, answer: bytes) -> bool:
    """Give a pledge its answer, in place of an earlier one; False where there is no such pledge."""
    mine = (pledges.c.link_id == link) & (pledges.c.id == pledge)
    return connection.execute(update(pledges).where(mine).values(answer=answer)).rowcount > 0
