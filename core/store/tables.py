"""The tables as the newest migration leaves them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table

SCHEMA_VERSION = "0001"
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
