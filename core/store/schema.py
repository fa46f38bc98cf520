"""Bringing a database to the newest version of the tables, by Alembic, in one transaction."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, MetaData, String, Table, column, inspect, select, table
from sqlalchemy.schema import DropTable

from core.store.databases import wait_turn
from core.store.errors import StoreUnavailable
from core.store.places import Place
from core.store.tables import SCHEMA_VERSION, VERSION_TABLE, metadata

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"

_version_num = column("version_num", String)
_alembic = Lock()  # Alembic keeps the migration under way in a global


def is_up_to_date(engine: Engine, place: Place) -> bool:
    """Say whether the tables are those of this version of the program.

    Raises:
        StoreUnavailable: They are another program's (`foreign`).
    """
    with engine.connect() as connection:
        return _version(connection, place) == SCHEMA_VERSION


def bring_up_to_date(writer: Engine, place: Place) -> None:
    """Make or migrate the tables where they are not the newest.

    Whoever comes second while another process is at it waits for that one's transaction, and finds nothing to do.

    Args:
        writer: Engine whose transactions exclude other writers from their beginning.
        place: Where it leads to.

    Raises:
        StoreUnavailable: The tables are a later version's (`newer`); nothing has been changed.
    """
    with _alembic, writer.begin() as connection:
        wait_turn(connection)
        version = _version(connection, place)
        if version == SCHEMA_VERSION:
            return
        if version is not None and not _is_known(version):
            raise StoreUnavailable("newer", place)
        _upgrade(connection, "head")


def build(connection: Connection, version: str, fill: Callable[[], None]) -> bool:
    """Make empty tables anew as a version had them, let them be filled, and bring them up to date.

    Args:
        connection: In a transaction that writes; every table in it is empty.
        version: An earlier version, or this one.
        fill: Called while the tables are those of that version.

    Returns:
        Whether the version is known; where it is not, nothing has been done.
    """
    if not _is_known(version):
        return False
    with _alembic:
        metadata.drop_all(connection)
        connection.execute(DropTable(Table(VERSION_TABLE, MetaData())))
        _upgrade(connection, version)
        fill()
        _upgrade(connection, "head")
    return True


def _version(connection: Connection, place: Place) -> str | None:
    """Read the version of the tables; None where there are none."""
    names = inspect(connection).get_table_names()
    if VERSION_TABLE in names:
        return connection.execute(select(_version_num).select_from(table(VERSION_TABLE))).scalar()
    if names:
        raise StoreUnavailable("foreign", place)
    return None


def _is_known(version: str) -> bool:
    from alembic.script import ScriptDirectory

    return version in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _upgrade(connection: Connection, version: str) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _config() -> "Config":
    # Most openings need no migration, and Alembic takes longer to import than they do.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
