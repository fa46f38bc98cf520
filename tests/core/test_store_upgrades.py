"""How the tables come to be, on either database: by migrations, once, whole, and never over something unknown."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import column, inspect, table, text, update

from core.store import Store, StoreUnavailable, databases, places, schema
from core.store.tables import SCHEMA_VERSION, VERSION_TABLE, metadata

ROOT = Path(__file__).parents[2]
OPEN = "import sys; from core.store import Store; Store.open(sys.argv[1]).create(b'one')"
OPEN_WITH_OTHER_MIGRATIONS = """
import sys
from pathlib import Path
from core.store import Store, schema
schema.MIGRATIONS = Path(sys.argv[2])
schema.SCHEMA_VERSION = sys.argv[3]
Store.open(sys.argv[1]).create(b'two')
"""
LATER = f"""
import pathlib, time
import sqlalchemy as sa
from alembic import op
revision = "9999"
down_revision = "{SCHEMA_VERSION}"
def upgrade():
    op.add_column("documents", sa.Column("colour", sa.Integer))
    op.create_table("tints", sa.Column("id", sa.Integer, primary_key=True))
    print("half", flush=True)
    while pathlib.Path(__file__).with_name("slow").exists():
        time.sleep(0.01)
"""


def start(code: str, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def refusal(place: str) -> str:
    with pytest.raises(StoreUnavailable) as caught:
        Store.open(place)
    return caught.value.reason


def tables_at(place: str) -> set[str]:
    """The names of the tables, seen past the store."""
    where = places.place_of(place)
    if where.is_file:
        places.prepare_file(where.path)
    engine = databases.connect(where)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def run_at(place: str, statement: str) -> None:
    where = places.place_of(place)
    if where.is_file:
        places.prepare_file(where.path)
    engine = databases.connect(where)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """Migrations of a later version, the last of which stops halfway while a file `slow` lies beside it."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, folder)
    (folder / "versions" / "9999_later.py").write_text(LATER)
    (folder / "versions" / "slow").touch()
    return folder


def test_migrations_make_the_tables_of_the_code(place: str) -> None:
    """Neither may run ahead of the other."""
    with Store.open(place) as store, store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert context.get_current_revision() == SCHEMA_VERSION
        assert compare_metadata(context, metadata) == []


def test_processes_opened_at_once_agree(place: str) -> None:
    """Each makes its document in tables that were made once."""
    children = [start(OPEN, place) for _ in range(4)]
    assert [(child.communicate()[1], child.returncode) for child in children] == [(b"", 0)] * 4
    with Store.open(place) as store:
        assert len(store.documents()) == 4


def test_upgrade_that_is_killed_leaves_the_version_before(place: str, later: Path) -> None:
    """Killed halfway: the old program goes on, and the next opening by the new one makes up for it."""
    with Store.open(place) as store:
        document_id = store.create(b"one")
    before = tables_at(place)
    child = start(OPEN_WITH_OTHER_MIGRATIONS, place, later, "9999")
    assert child.stdout is not None
    assert child.stdout.readline() == b"half\n"
    child.kill()
    child.communicate()
    wait_until(lambda: tables_at(place) == before)
    with Store.open(place) as store:
        assert store.save(document_id, b"goes on", based_on=1).number == 2
    (later / "versions" / "slow").unlink()
    child = start(OPEN_WITH_OTHER_MIGRATIONS, place, later, "9999")
    assert (child.communicate()[1], child.returncode) == (b"", 0)
    assert tables_at(place) == {*before, "tints"}


def test_first_opening_that_is_killed(place: str, later: Path) -> None:
    """No table is there, and another opening makes them all."""
    child = start(OPEN_WITH_OTHER_MIGRATIONS, place, later, "9999")
    assert child.stdout is not None
    assert child.stdout.readline() == b"half\n"
    child.kill()
    child.communicate()
    wait_until(lambda: tables_at(place) == set())
    with Store.open(place) as store:
        assert store.documents() == []


def test_replica_waits_for_the_upgrade_of_another(place: str, later: Path) -> None:
    """Two that start at once: one upgrades, the other one waits and finds it done."""
    Store.open(place).close()
    first = start(OPEN_WITH_OTHER_MIGRATIONS, place, later, "9999")
    assert first.stdout is not None
    assert first.stdout.readline() == b"half\n"
    second = start(OPEN_WITH_OTHER_MIGRATIONS, place, later, "9999")
    time.sleep(1)
    assert second.poll() is None
    (later / "versions" / "slow").unlink()
    assert [(child.communicate(), child.returncode) for child in (first, second)] == [((b"", b""), 0)] * 2


def test_later_version_is_refused(place: str) -> None:
    """And left as it is; the program that made it opens it again."""
    with Store.open(place) as store:
        document_id = store.create(b"one")
        with store.writing() as connection:
            connection.execute(update(table(VERSION_TABLE, column("version_num"))).values(version_num="9999"))
    assert refusal(place) == "newer"
    run_at(place, f"UPDATE {VERSION_TABLE} SET version_num = '{SCHEMA_VERSION}'")
    with Store.open(place) as store:
        assert store.latest(document_id).document == b"one"


def test_another_programs_database_is_refused(place: str) -> None:
    """And nothing is put beside its tables."""
    run_at(place, "CREATE TABLE bookmarks (url TEXT)")
    assert refusal(place) == "foreign"
    assert tables_at(place) == {"bookmarks"}


def wait_until(condition: Callable[[], bool]) -> None:
    """A server notices that a client is gone a moment later."""
    give_up = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.02)
