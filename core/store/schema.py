"""Bringing a database to the newest version of the tables, by Alembic, in one transaction."""

from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, String, column, inspect, select, table

from core.store.errors import StoreUnavailable
from core.store.places import Place
from core.store.tables import SCHEMA_VERSION, VERSION_TABLE

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
        version = _version(connection, place)
        if version != SCHEMA_VERSION:
            _migrate(connection, version, place)


def _version(connection: Connection, place: Place) -> str | None:
    """Read the version of the tables; None where there are none."""
    names = inspect(connection).get_table_names()
    if VERSION_TABLE in names:
        return connection.execute(select(_version_num).select_from(table(VERSION_TABLE))).scalar()
    if names:
        raise StoreUnavailable("foreign", place)
    return None


def _migrate(connection: Connection, version: str | None, place: Place) -> None:
    # Most openings need no migration, and Alembic takes longer to import than they do.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise StoreUnavailable("newer", place)
    command.upgrade(config, "head")
