"""What is particular to PostgreSQL: how to connect, how long to wait, and what its error codes mean."""

from typing import Any, Literal, Protocol

from sqlalchemy import URL, Connection, Engine, create_engine, event

STATEMENT_SECONDS = 10
LOCK_SECONDS = 5
MIGRATION_SECONDS = 300
"""How long a replica waits for another one that brings the tables up to date."""

_CONNECTIONS = 5  # and as many again under load; replicas share what the server allows
_POOL_SECONDS = 5
_RECYCLE_SECONDS = 1800
_IDLE_SECONDS = 60  # a program that hangs within a transaction must not hold a document for ever
_MIGRATION_LOCK = int.from_bytes(b"ashore")

_CONNECT_ARGUMENTS: dict[str, Any] = {
    "application_name": "ashore",
    "connect_timeout": 5,
    "prepare_threshold": None,  # statements prepared on one connection of a pooler are missing on the next
    # Without these, a network that was cut goes unnoticed for a quarter of an hour.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}
_SECRETS = ("password", "sslpassword")

# With `synchronous_commit` off, a crash of the server takes back what was confirmed; any other value is the host's own.
_SET_UP = f"""
SET statement_timeout = '{STATEMENT_SECONDS}s';
SET lock_timeout = '{LOCK_SECONDS}s';
SET idle_in_transaction_session_timeout = '{_IDLE_SECONDS}s';
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""

Reason = Literal["read_only", "full", "locked", "refused", "crowded", "faulty"]

_REASONS: dict[str, Reason] = {
    "25006": "read_only",
    "53100": "full",
    "53200": "crowded",  # out of memory
    "53300": "crowded",  # too many connections
    "25P03": "locked",  # too long idle in a transaction
    "40001": "locked",  # serialization failure
    "40P01": "locked",  # deadlock
    "55P03": "locked",  # lock timeout
    "57014": "locked",  # statement timeout
    "3D000": "refused",  # no such database
    "3F000": "refused",  # no schema to make tables in
    "42501": "refused",  # no permission
    "XX001": "faulty",
    "XX002": "faulty",
}
_REFUSED_CLASS = "28"  # wrong user or password

# A connection that is refused brings no code, only a sentence of the server's.
_SENTENCES: tuple[tuple[str, Reason], ...] = (
    ("too many clients", "crowded"),
    ("too many connections", "crowded"),
    ("connection slots are reserved", "crowded"),
    ("authentication failed", "refused"),
    ("no password supplied", "refused"),
    ("no pg_hba.conf entry", "refused"),
    ("does not exist", "refused"),
    ("permission denied", "refused"),
    ("not permitted to log in", "refused"),
    ("invalid connection option", "refused"),
    ("invalid sslmode value", "refused"),
    ("does not support SSL", "refused"),
    ("certificate", "refused"),
)


class _Driver(Protocol):
    def execute(self, query: str) -> object: ...

    def commit(self) -> None: ...


def connect(url: URL) -> Engine:
    """Make an engine for a server; nothing is opened yet."""
    # What is secret stays out of the address that an engine shows of itself.
    own = {name: value for name, value in _CONNECT_ARGUMENTS.items() if name not in url.query}
    secrets = {name: url.query[name] for name in _SECRETS if name in url.query}
    engine = create_engine(
        url.difference_update_query(_SECRETS),
        isolation_level="READ COMMITTED",
        pool_size=_CONNECTIONS,
        max_overflow=_CONNECTIONS,
        pool_timeout=_POOL_SECONDS,
        pool_recycle=_RECYCLE_SECONDS,
        pool_pre_ping=True,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={**own, **secrets},
    )

    def set_up(connection: _Driver, _: object) -> None:
        connection.execute(_SET_UP)
        connection.commit()

    event.listen(engine, "connect", set_up)
    return engine


def take_time(connection: Connection) -> None:
    """Let statements take as long as they do, until the transaction ends."""
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def wait_turn(connection: Connection) -> None:
    """Wait until no other replica changes the tables; none will until the transaction ends."""
    take_time(connection)
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{MIGRATION_SECONDS}s'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")


def reason_of(code: str | None, message: str) -> Reason | None:
    """Find out why a server failed; None where it, or the way to it, is simply not there.

    Args:
        code: Its SQLSTATE; None where there was no connection.
        message: What it said.
    """
    if code is None:
        return next((reason for words, reason in _SENTENCES if words in message), None)
    return "refused" if code.startswith(_REFUSED_CLASS) else _REASONS.get(code)
