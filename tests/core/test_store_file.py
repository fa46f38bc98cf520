"""The store in a file of its own: who may read it, and what a bad disk or file does to it."""

import os
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from core.store import Store, StoreUnavailable, data_folder, default_place, set_broken_aside
from core.store.errors import reason_of
from core.store.tables import VERSION_TABLE

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a database may be made."""
    return tmp_path / "data" / "ashore.db"


def refusal(path: Path | str) -> str:
    """The reason why a place cannot be opened; the message is fit to be shown."""
    with pytest.raises(StoreUnavailable) as caught:
        Store.open(path)
    for sentence in (caught.value.zh, caught.value.en):
        assert str(path) in sentence
        assert "sqlite" not in sentence.lower().replace(str(path).lower(), "")
    return caught.value.reason


class TestPlace:
    """Where the file is and who may read it."""

    def test_folder_can_be_named(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """By the environment; otherwise it is the system's folder for a user's data."""
        monkeypatch.setenv("ASHORE_DATA_DIR", str(tmp_path / "mine"))
        assert default_place().path == tmp_path / "mine" / "ashore.db"
        monkeypatch.delenv("ASHORE_DATA_DIR")
        assert data_folder().name == "ashore"
        assert data_folder().is_absolute()

    def test_default_place_is_opened(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """Where nobody names one."""
        monkeypatch.setenv("ASHORE_DATA_DIR", str(tmp_path / "上岸 数据"))
        with Store.open() as store:
            store.create(b"one")
        assert (tmp_path / "上岸 数据" / "ashore.db").is_file()

    def test_url_leads_to_the_same_file(self, path: Path) -> None:
        """As a database's address is written."""
        with Store.open(path) as store:
            document_id = store.create(b"one")
        with Store.open(f"sqlite:///{path}") as store:
            assert store.latest(document_id).document == b"one"

    def test_nobody_else_can_read_it(self, path: Path) -> None:
        """Folder, file, and the files that SQLite lays beside it; also where an older file was open to all."""
        for _ in range(2):
            with Store.open(path) as store:
                store.create(b"one")
                modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
                assert modes == {"ashore.db": 0o600, "ashore.db-wal": 0o600, "ashore.db-shm": 0o600}
            path.chmod(0o644)
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700

    def test_folder_that_exists_is_left_alone(self, tmp_path: Path) -> None:
        """It may be anybody's."""
        tmp_path.chmod(0o755)
        Store.open(tmp_path / "ashore.db").close()
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755

    def test_place_that_is_none(self, tmp_path: Path) -> None:
        """A folder, or a file where a folder should be."""
        (tmp_path / "file").write_text("x")
        assert refusal(tmp_path) == "unreachable"
        assert refusal(tmp_path / "file" / "ashore.db") == "unreachable"


class TestSetUp:
    """What makes a confirmed save last."""

    def test_every_save_reaches_the_disk(self, path: Path) -> None:
        """Write-ahead log, full sync, on every connection."""
        with Store.open(path) as store, store._engine.connect() as one, store._engine.connect() as two:
            for connection in (one, two):
                values = [
                    connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                    for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
                ]
                assert values == ["wal", 2, 1, 1]


class TestBadDisk:
    """Full, read-only, busy, gone: a message, nothing lost, and as soon as it is over the store goes on."""

    def test_full_disk(self, path: Path) -> None:
        """The limit of pages fails as a full disk does."""
        with Store.open(path) as store:
            document_id = store.create(b"one")
            room = store._engine.connect().exec_driver_sql("PRAGMA page_count").scalar()

            def fill(connection: sqlite3.Connection, _: object) -> None:
                connection.execute(f"PRAGMA max_page_count={room}")

            event.listen(store._engine, "connect", fill)
            store._engine.dispose()
            for _ in range(2):
                with pytest.raises(StoreUnavailable) as caught:
                    store.save(document_id, os.urandom(100_000), based_on=1)
                assert caught.value.reason == "full"
            assert store.latest(document_id).document == b"one"
            event.remove(store._engine, "connect", fill)
            store._engine.dispose()
            assert store.save(document_id, b"two", based_on=1).number == 2

    def test_read_only_database(self, path: Path) -> None:
        """What is there can be read; a save says why it cannot be made."""
        with Store.open(path) as store:
            document_id = store.create(b"one")

            def lock(connection: sqlite3.Connection, _: object) -> None:
                connection.execute("PRAGMA query_only=ON")

            event.listen(store._engine, "connect", lock)
            store._engine.dispose()
            with pytest.raises(StoreUnavailable) as caught:
                store.save(document_id, b"two", based_on=1)
            assert caught.value.reason == "read_only"
            assert store.latest(document_id).document == b"one"
            event.remove(store._engine, "connect", lock)
            store._engine.dispose()
            assert store.save(document_id, b"two", based_on=1).number == 2

    def test_read_only_folder(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A folder that cannot be made, and one in which SQLite cannot open what it needs."""

        def refuse(*_: object, **__: object) -> None:
            raise OSError(30, "Read-only file system")

        with monkeypatch.context() as patch:
            patch.setattr(Path, "mkdir", refuse)
            assert refusal(path) == "read_only"
        path.mkdir(parents=True)  # in place of the file, so that SQLite cannot open it
        monkeypatch.setattr(os, "access", lambda *_: False)
        assert refusal(path) == "read_only"

    def test_full_disk_at_the_first_opening(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Not even a folder can be made."""

        def refuse(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "mkdir", refuse)
        assert refusal(path) == "full"

    def test_another_program_holds_it(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """It is waited for, but not for ever; reading goes on meanwhile."""
        monkeypatch.setattr("core.store.databases.BUSY_SECONDS", 0.1)
        with Store.open(path) as store:
            document_id = store.create(b"one")
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable) as caught:
                store.save(document_id, b"two", based_on=1)
            assert caught.value.reason == "locked"
            assert store.latest(document_id).document == b"one"
            other.close()
            assert store.save(document_id, b"two", based_on=1).number == 2

    def test_file_that_is_moved_away(self, path: Path) -> None:
        """Nothing is written to where nobody will look for it, and no empty file takes its place."""
        with Store.open(path) as store:
            document_id = store.create(b"one")
            elsewhere = path.rename(path.with_name("elsewhere.db"))
            for _ in range(2):
                with pytest.raises(StoreUnavailable) as caught:
                    store.save(document_id, b"two", based_on=1)
                assert caught.value.reason == "unreachable"
            assert not path.exists()
            elsewhere.rename(path)
            assert store.save(document_id, b"two", based_on=1).number == 2

    def test_failed_thinning_does_not_unsay_a_save(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The revision is on the disk whatever comes after it."""

        def fail(_: object) -> list[int]:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr("core.store.documents.superfluous", fail)
        with Store.open(path) as store:
            document_id = store.create(b"1")
            for number in range(1, 25):
                store.save(document_id, str(number + 1).encode(), based_on=number)
            assert store.latest(document_id).document == b"25"

    def test_failure_of_no_known_kind(self) -> None:
        """It still has a reason, the least specific one."""
        assert reason_of(OSError(5, "Input/output error")) == "unreachable"
        assert reason_of(sqlite3.OperationalError("?")) == "unreachable"


class TestBadFile:
    """Damaged, another program's, a later version's: refused, left as it is."""

    def sound(self, path: Path) -> bytes:
        """The file of a store that was closed."""
        with Store.open(path) as store:
            document_id = store.create(os.urandom(3000))
            for number in range(1, 15):
                store.save(document_id, os.urandom(3000), based_on=number)
        return path.read_bytes()

    @pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.9])
    def test_file_cut_short(self, path: Path, share: float) -> None:
        """Refused, and not a byte of it changed."""
        whole = self.sound(path)
        path.write_bytes(whole[: int(len(whole) * share)])
        assert refusal(path) == "broken"
        assert refusal(path) == "broken"
        assert path.read_bytes() == whole[: int(len(whole) * share)]

    def test_file_of_something_else(self, path: Path) -> None:
        """A text is no database."""
        path.parent.mkdir()
        path.write_text("上岸" * 1000)
        assert refusal(path) == "broken"
        assert path.read_text() == "上岸" * 1000

    def test_broken_file_is_kept_aside(self, path: Path) -> None:
        """Under another name, as it was, twice if need be; then a new store can begin."""
        whole = self.sound(path)
        for ending in ("", "-1"):
            path.write_bytes(whole[: len(whole) // 2])
            aside = set_broken_aside(path, NOW)
            expected = path.with_name(f"ashore.broken-20261124-123000{ending}.db")
            assert aside == expected
            assert expected.read_bytes() == whole[: len(whole) // 2]
            with Store.open(path) as store:
                assert store.documents() == []

    def test_log_of_a_broken_file_is_kept_with_it(self, path: Path) -> None:
        """After a crash the last changes are in the log; it is neither lost nor worked into the damaged file."""
        self.sound(path)
        with Store.open(path) as store:
            store.save(store.documents()[0].id, b"only in the log", based_on=15)
            half, log = path.read_bytes()[: path.stat().st_size // 2], Path(f"{path}-wal").read_bytes()
        crashed = path.with_name("crashed.db")
        crashed.write_bytes(half)
        Path(f"{crashed}-wal").write_bytes(log)
        assert refusal(crashed) == "broken"
        aside = set_broken_aside(crashed, NOW)
        assert aside is not None
        assert (aside.read_bytes(), Path(f"{aside}-wal").read_bytes()) == (half, log)
        assert b"only in the log" in log
        assert not Path(f"{crashed}-wal").exists()

    def test_sound_file_is_never_set_aside(self, path: Path) -> None:
        """Two tabs may have asked for it; the second one finds the new store."""
        self.sound(path)
        assert set_broken_aside(path, NOW) is None
        with Store.open(path) as store:
            assert len(store.documents()) == 1

    def test_file_that_is_not_there_cannot_be_set_aside(self, path: Path) -> None:
        """And says so."""
        with pytest.raises(StoreUnavailable) as caught:
            set_broken_aside(path, NOW)
        assert caught.value.reason == "unreachable"

    def test_damage_found_while_running(self, path: Path) -> None:
        """The store says so and writes no further."""
        with Store.open(path) as store:
            document_id = store.create(os.urandom(50_000))
        with Store.open(path) as store:
            size = path.stat().st_size
            with path.open("r+b") as file:
                file.seek(8192)
                file.write(b"\xff" * (size - 8192))
            store._engine.dispose()
            with pytest.raises(StoreUnavailable) as caught:
                store.latest(document_id)
            assert caught.value.reason == "broken"

    def test_another_programs_database(self, path: Path) -> None:
        """Refused unchanged, its journal mode included."""
        path.parent.mkdir()
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.close()
        theirs = path.read_bytes()
        assert refusal(path) == "foreign"
        assert path.read_bytes() == theirs

    def test_later_version(self, path: Path) -> None:
        """Refused unchanged; the program that made it opens it again."""
        whole = self.sound(path)
        connection = sqlite3.connect(path)
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
        connection.commit()
        connection.close()
        later = path.read_bytes()
        assert refusal(path) == "newer"
        assert path.read_bytes() == later != whole
