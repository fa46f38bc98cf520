"""The tables as the newest migration leaves them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table

SCHEMA_VERSION = "0002"
"""The newest migration."""

VERSION_TABLE = "ashore_schema"
"""Where Alembic notes the version; a name of its own, since other programs call theirs `alembic_version`."""

metadata = MetaData()

documents = Table(
    "documents",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("created_at", BigInteger, nullable=False),  # times are milliseconds since 1970, UTC
    Column("opened_at", BigInteger, nullable=False),
    Column("latest", Integer, nullable=False),  # the number of its newest revision
)

revisions = Table(
    "revisions",
    metadata,
    Column("document_id", String(64), ForeignKey("documents.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("saved_at", BigInteger, nullable=False),
    Column("size", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # SHA-256 of the content
    Column("content", LargeBinary, nullable=False),
)

# What is shared (`core.sharing`): all of it is sealed, or tells nothing. A plan stands and falls with its document:
# deleting that takes its links and pledges with it.

plans = Table(
    "plans",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("document_id", String(64), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("box_public", LargeBinary, nullable=False),  # of the owner
    Column("signing_public", LargeBinary, nullable=False),
)

links = Table(
    "links",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("plan_id", String(16), ForeignKey("plans.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("box_public", LargeBinary, nullable=False),
    Column("signing_public", LargeBinary, nullable=False),
    Column("made_at", BigInteger, nullable=False),  # times are milliseconds since 1970, UTC
    Column("expires_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("vouch", LargeBinary, nullable=False),  # keyed by the link's secret: the owner's keys, expiry and end
    Column("meta", LargeBinary, nullable=False),  # sealed for the owner: name, secret, what is hidden
    Column("number", Integer, nullable=False),  # the household's revision that the document shows
    Column("sealed_at", BigInteger, nullable=False),
    Column("document", LargeBinary),  # sealed for the link; none where it has ended
    Column("views", Integer, nullable=False),
    Column("seen_at", BigInteger),
)

pledges = Table(
    "pledges",
    metadata,
    Column("link_id", String(16), ForeignKey("links.id", ondelete="CASCADE"), primary_key=True),
    Column("id", String(16), primary_key=True),
    Column("received_at", BigInteger, nullable=False),
    Column("offer", LargeBinary, nullable=False),  # sealed for the owner
    Column("kept", LargeBinary, nullable=False),  # the same, sealed for the link
    Column("answer", LargeBinary),  # sealed for the link
)
