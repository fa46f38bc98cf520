"""Backups: from either database into either, whole or not at all, while the store is in use."""

import gzip
import hashlib
import json
import shutil
import stat
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import LargeBinary, insert, inspect, select

from core.store import BackupError, Conflict, Store, StoreUnavailable, schema
from core.store.__main__ import main
from core.store.backup import back_up, put_back
from core.store.tables import SCHEMA_VERSION, metadata
from tests.conftest import empty_place
from tests.databases import BACKENDS


@pytest.fixture(params=BACKENDS)
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A second empty place, of either kind whatever the first one is."""
    with empty_place(request, request.param, tmp_path / "elsewhere") as made:
        yield made


def fill(store: Store) -> None:
    """Two documents with several revisions, and a row in every other table."""
    first = store.create("上岸".encode())
    store.save(first, bytes(range(256)) * 50, based_on=1)
    store.save(store.create(b""), b"two", based_on=1)
    with store.writing() as connection:
        for table in metadata.sorted_tables:
            if table.name in ("documents", "revisions"):
                continue
            row = {column.name: b"\x00\xff" if isinstance(column.type, LargeBinary) else 7 for column in table.columns}
            row |= {column.name: "a" for column in table.columns if str(column.type).startswith("VARCHAR")}
            if "document_id" in row:
                row["document_id"] = first
            connection.execute(insert(table), row)


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.reading() as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
        }


def refused(path: Path, store: Store) -> str:
    """The reason why a backup cannot be put back; nothing of it is."""
    before = contents(store)
    with pytest.raises(BackupError) as caught:
        put_back(store, path)
    assert contents(store) == before
    assert any("\u4e00" <= character <= "\u9fff" for character in caught.value.zh)
    return caught.value.reason


def written_anew(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """Change the lines of a backup without mending its checksum."""
    with gzip.open(path) as packed:
        lines = packed.readlines()
    with gzip.open(path, "wb") as packed:
        packed.writelines(change(lines))


def test_everything_comes_back(place: str, elsewhere: str, tmp_path: Path) -> None:
    """Every row of every table, in the other database as in the same; and the store goes on from there."""
    path = tmp_path / "backup"
    with Store.open(place) as store, Store.open(elsewhere) as other:
        fill(store)
        before = contents(store)
        counts = back_up(store, path)
        assert counts == {name: len(rows) for name, rows in before.items()}
        assert min(counts.values()) > 0
        assert put_back(other, path) == counts
        assert contents(other) == before == contents(store)
        assert [info.number for info in other.documents()] == [2, 2]
        assert other.save(other.documents()[0].id, b"on", based_on=2).number == 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_backup_shows_one_moment(place: str, elsewhere: str, tmp_path: Path) -> None:
    """Whoever saves meanwhile goes on, and what is put back is a state that there was."""
    done = Event()
    with Store.open(place) as store, Store.open(elsewhere) as other:
        ids = [store.create(b"0") for _ in range(3)]

        def save() -> None:
            number = 1
            while not done.is_set():  # in turns: at any moment the documents are at most one revision apart
                for document_id in ids:
                    store.save(document_id, str(number).encode() * 5000, based_on=number)
                number += 1

        saver = Thread(target=save)
        saver.start()
        try:
            while store.latest(ids[2]).number < 10:
                pass
            paths = [tmp_path / f"backup-{count}" for count in range(3)]
            for path in paths:
                back_up(store, path)
        finally:
            done.set()
            saver.join()
        for path in paths:
            put_back(other, path)
            first, second, third = (other.latest(document_id).number for document_id in ids)
            assert first >= second >= third >= first - 1
            assert third >= 10
            for document_id in ids:
                assert [info.number for info in other.history(document_id)][-1] == 1
                other.delete(document_id)


def test_store_with_something_in_it_is_left_alone(place: str, tmp_path: Path) -> None:
    """A backup is never mixed with what is there, and nothing is written over."""
    path = tmp_path / "backup"
    with Store.open(place) as store:
        store.create(b"one")
        back_up(store, path)
        assert refused(path, store) == "not_empty"


def test_file_that_exists_is_left_alone(place: str, tmp_path: Path) -> None:
    """It may be the last good backup."""
    path = tmp_path / "backup"
    path.write_text("mine")
    with Store.open(place) as store, pytest.raises(BackupError) as caught:
        back_up(store, path)
    assert caught.value.reason == "backup_exists"
    assert path.read_text() == "mine"


def test_place_that_cannot_be_written(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder, or a disk that is full in the middle: no half backup is left."""
    with Store.open(place) as store:
        with pytest.raises(BackupError) as caught:
            back_up(store, tmp_path / "nowhere" / "backup")
        assert caught.value.reason == "backup_unwritable"

        def fail(_: int) -> None:
            raise OSError(28, "No space left on device")

        folder = tmp_path / "full"
        folder.mkdir()
        monkeypatch.setattr("os.fsync", fail)
        with pytest.raises(BackupError) as caught:
            back_up(store, folder / "backup")
        assert caught.value.reason == "backup_unwritable"
        assert list(folder.iterdir()) == []


class TestBadBackup:
    """Refused with a message; the empty store stays empty."""

    @pytest.fixture
    def backup(self, tmp_path: Path) -> Path:
        path = tmp_path / "backup"
        with Store.open(tmp_path / "source.db") as store:
            fill(store)
            back_up(store, path)
        return path

    @pytest.fixture
    def store(self, place: str) -> Iterator[Store]:
        with Store.open(place) as opened:
            yield opened

    def test_cut_short(self, backup: Path, store: Store) -> None:
        """Anywhere, be it the last byte."""
        whole = backup.read_bytes()
        for length in (0, 5, 30, len(whole) // 2, len(whole) - 1):
            backup.write_bytes(whole[:length])
            assert refused(backup, store) == "backup_damaged"

    def test_byte_changed(self, backup: Path, store: Store) -> None:
        """Wherever it is, unless what is unpacked is the same all the same."""
        whole = backup.read_bytes()
        for position in range(10, len(whole), len(whole) // 60):
            backup.write_bytes(whole[:position] + bytes([whole[position] ^ 0x10]) + whole[position + 1 :])
            with suppress(OSError, EOFError, zlib.error):
                if gzip.decompress(backup.read_bytes()) == gzip.decompress(whole):
                    continue
            assert refused(backup, store) == "backup_damaged"

    def test_line_missing_or_changed(self, backup: Path, store: Store) -> None:
        """Packed soundly: the backup's own checksum tells."""
        whole = backup.read_bytes()
        changes: tuple[Callable[[list[bytes]], list[bytes]], ...] = (
            lambda lines: lines[:-1],
            lambda lines: [*lines[:2], *lines[3:]],
            lambda lines: [lines[0].replace(b"2", b"3"), *lines[1:]],
            lambda lines: lines[1:],
            lambda lines: [*lines, lines[-1]],
            lambda lines: [b"[]\n"],
        )
        for change in changes:
            backup.write_bytes(whole)
            written_anew(backup, change)
            assert refused(backup, store) == "backup_damaged"

    def test_something_else(self, backup: Path, store: Store) -> None:
        """A text, another program's packed file, a folder, nothing."""
        backup.write_text("上岸")
        assert refused(backup, store) == "backup_damaged"
        for line in (b"{}\n", b'{"format":7}\n', b'{"format":"other/1"}\n', b"\xff\n", b"[" * 100_000):
            backup.write_bytes(gzip.compress(line))
            assert refused(backup, store) == "backup_damaged"
        assert refused(backup.parent, store) == "backup_unreadable"
        assert refused(backup.with_name("nowhere"), store) == "backup_unreadable"

    def test_later_version(self, backup: Path, store: Store) -> None:
        """Of the form, or of the tables."""
        backup.write_bytes(gzip.compress(b'{"format":"ashore.backup/2"}\n'))
        assert refused(backup, store) == "backup_newer"
        head = json.dumps({"format": "ashore.backup/1", "schema": "9999"}).encode() + b"\n"
        backup.write_bytes(gzip.compress(head + signed(head)))
        assert refused(backup, store) == "backup_newer"
        assert store.latest(store.create(b"still usable")).number == 1


def signed(*lines: bytes) -> bytes:
    """The last line of a backup that has these before it."""
    rows = sum(line.startswith(b"[") for line in lines)
    return json.dumps({"rows": rows, "sha256": hashlib.sha256(b"".join(lines)).hexdigest()}).encode() + b"\n"


def test_backup_of_an_earlier_version_is_brought_up_to_date(place: str, tmp_path: Path) -> None:
    """It is put back as it was, and then goes through the migrations that came after it."""
    lines = (
        b'{"format":"ashore.backup/1","schema":"0001"}\n',
        b'{"table":"documents","columns":["id","created_at","opened_at","latest"]}\n',
        b'["an-old-document",1,2,1]\n',
        b'{"table":"revisions","columns":["document_id","number","saved_at","size","digest","content"]}\n',
        b'["an-old-document",1,1,0,{"base64":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},{"base64":""}]\n',
    )
    path = tmp_path / "backup"
    path.write_bytes(gzip.compress(b"".join(lines) + signed(*lines)))
    with Store.open(place) as store:
        assert put_back(store, path)["documents"] == 1
        (info,) = store.documents()
        assert store.latest(info.id).document == b""
    with Store.open(place) as store, store.reading() as connection:
        assert set(inspect(connection).get_table_names()) > set(metadata.tables)


def test_failed_migration_of_a_backup_changes_nothing(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is as empty and as usable as before."""
    path = tmp_path / "backup"
    with Store.open(tmp_path / "source.db") as source:
        fill(source)
        back_up(source, path)
    folder = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, folder)
    later = f'import os\nrevision = "9999"\ndown_revision = "{SCHEMA_VERSION}"\ndef upgrade(): os.stat("/nowhere")\n'
    with Store.open(place) as store:
        with monkeypatch.context() as patch:
            (folder / "versions" / "9999_later.py").write_text(later)
            patch.setattr(schema, "MIGRATIONS", folder)
            with pytest.raises(StoreUnavailable):
                put_back(store, path)
        assert store.documents() == []
        put_back(store, path)
        assert len(store.documents()) == 2
        with pytest.raises(Conflict):
            store.save(store.documents()[0].id, b"late", based_on=1)


def test_every_column_can_be_backed_up() -> None:
    """A backup knows numbers, texts and bytes; a table with a column of another kind needs more."""
    for table in metadata.sorted_tables:
        assert {column.type.python_type for column in table.columns} <= {int, str, bytes}, table.name
        assert table.autoincrement_column is None, "its next number would have to be put back as well"


def test_commands(
    place: str, elsewhere: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a person calls them: the environment names the store; what goes wrong is said, in both languages."""

    def use(where: str) -> None:
        monkeypatch.setenv("ASHORE_DATABASE_URL", where if "://" in where else "")
        monkeypatch.setenv("ASHORE_DATA_DIR", str(Path(where).parent))

    path = str(tmp_path / "备份")
    use(place)
    with Store.open() as store:
        document_id = store.create(b"one")
    assert main(["backup", path]) == 0
    said = capsys.readouterr().out
    assert "documents 1" in said
    assert "revisions 1" in said
    assert main(["backup", path]) == 2
    assert "已存在" in capsys.readouterr().err
    use(elsewhere)
    assert main(["restore", path]) == 0
    assert main(["restore", path]) == 2
    assert "A backup can only be put back into an empty store" in capsys.readouterr().err
    with Store.open() as store:
        assert store.latest(document_id).document == b"one"
    monkeypatch.setenv("ASHORE_DATABASE_URL", "postgresql://somebody:secret@[")
    assert main(["backup", f"{path}2"]) == 2
    assert "ASHORE_DATABASE_URL" in (said := capsys.readouterr().err)
    assert "secret" not in said
