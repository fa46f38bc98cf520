"""The store on a PostgreSQL server: its address, who may know it, and what a server that fails does to it."""

import logging
import os
import signal
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from core.store import DocumentId, Store, StoreUnavailable, default_place, places, postgresql, set_broken_aside
from core.store.errors import reason_of
from core.store.postgresql import Reason
from tests.databases import Cluster, database_of

REASONS: dict[str, Reason] = {
    "25006": "read_only",
    "28P01": "refused",
    "3F000": "refused",
    "40001": "locked",
    "40P01": "locked",
    "42501": "refused",
    "53100": "full",
    "53200": "crowded",
    "53300": "crowded",
    "55P03": "locked",
    "57014": "locked",
    "XX001": "faulty",
}


@pytest.fixture
def url(cluster: Cluster) -> Iterator[str]:
    """An empty database."""
    made = cluster.new_database()
    yield made
    cluster.empty_database(made)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened


def refusal(where: str) -> StoreUnavailable:
    """Why a place cannot be opened; the message is fit to be shown to a visitor."""
    with pytest.raises(StoreUnavailable) as caught:
        Store.open(where)
    is_fit(caught.value)
    return caught.value


def failure(store: Store, document_id: DocumentId) -> StoreUnavailable:
    """Why the second revision of a document cannot be saved."""
    with pytest.raises(StoreUnavailable) as caught:
        store.save(document_id, b"two", based_on=1)
    is_fit(caught.value)
    return caught.value


def is_fit(error: StoreUnavailable) -> None:
    """Both languages, neither the driver's words nor the way to the server."""
    assert any("\u4e00" <= character <= "\u9fff" for character in error.zh)
    assert error.en.isascii()
    for sentence in (error.zh, error.en):
        for word in ("psycopg", "FATAL", "SQL", "/tmp/", "store_", "{"):
            assert word not in sentence.replace("postgresql://用户:口令@主机", "").replace("postgresql://user", "")


class TestAddress:
    """`ASHORE_DATABASE_URL`, and that the password in it stays there."""

    def test_environment_names_the_server(self, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """Before a folder, and with the driver's name or without."""
        monkeypatch.setenv("ASHORE_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("ASHORE_DATABASE_URL", url)
        with Store.open() as store:
            document_id = store.create(b"one")
        monkeypatch.setenv("ASHORE_DATABASE_URL", f" {url.replace('postgresql:', 'postgresql+psycopg:')}\n")
        with Store.open() as store:
            assert store.latest(document_id).document == b"one"
        assert not (tmp_path / "data").exists()
        monkeypatch.setenv("ASHORE_DATABASE_URL", " ")
        assert default_place().path == tmp_path / "data" / "ashore.db"

    @pytest.mark.parametrize(
        "address",
        [
            "mysql://me:s3cret@host/db",
            "sqlite:////tmp/s3cret.db",
            "postgres://me:s3cret@host/db",
            "postgresql+psycopg2://me:s3cret@host/db",
            "postgresql://me:s3cret@host:port/db",
            "postgresql://me:s3cret@host",
            "postgresql://me:s3cret@host/",
            "/tmp/s3cret.db",
            "s3cret",
        ],
    )
    def test_any_other_address_is_refused(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """With the variable's name and without its value; no file is begun in place of a server."""
        monkeypatch.setenv("ASHORE_DATABASE_URL", address)
        with pytest.raises(StoreUnavailable) as caught:
            Store.open()
        is_fit(caught.value)
        assert caught.value.reason == "address"
        assert "ASHORE_DATABASE_URL" in caught.value.zh
        assert "ASHORE_DATABASE_URL" in caught.value.en
        assert "s3cret" not in f"{caught.value!r} {caught.value.__cause__!r} {default_place()!r}"
        assert not Path("/tmp/s3cret.db").exists()

    def test_password_is_nowhere_to_be_read(self, cluster: Cluster, url: str, caplog: pytest.LogCaptureFixture) -> None:
        """Neither in a message or a log nor where an object shows itself; be it in the address's end."""
        caplog.set_level(logging.DEBUG)
        bare, _, rest = url.partition(f":{cluster.password}")
        said: list[object] = []
        for address in (url, f"{bare}{rest}&password={cluster.password}"):
            with Store.open(address) as store:
                document_id = store.create(b"one")
                said += [store.place, store.place.name, store._engine, store._engine.url, store._engine.pool]
                with cluster.admin() as admin:
                    admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'store%'")
                assert store.latest(document_id).document == b"one"
        for address in (url.replace(cluster.password, "s3cret"), f"{bare}{rest}&sslpassword=s3cret&password=s3cret"):
            error = refusal(address)
            assert error.reason == "refused"
            said += [error, error.__cause__, error.__context__]
        shown = f"{[str(each) for each in said]} {said!r} {caplog.text}"
        assert cluster.password not in shown
        assert "s3cret" not in shown

    def test_nothing_that_was_typed_is_in_an_error(self, url: str, store: Store) -> None:
        """The driver's own error, which a log may show, leaves out what was to be saved."""
        with psycopg.connect(url) as connection:
            connection.execute("ALTER TABLE revisions ADD CHECK (size < 5)")
        with pytest.raises(StoreUnavailable) as caught:
            store.create(b"debts that are nobody's business")
        assert "business" not in f"{caught.value.__cause__}"

    def test_name_of_a_place(self) -> None:
        """What a command may call it: host and database."""
        named = {
            "postgresql://me:x@db.example:5433/ashore?sslmode=require": "postgresql://db.example:5433/ashore",
            "postgresql://me:x@/ashore?host=/run/pg": "postgresql:///run/pg/ashore",
            "postgresql://me:x@/ashore?host=a:1&host=b:2": "postgresql://a:1,b:2/ashore",
            "postgresql:///ashore": "postgresql://localhost/ashore",
        }
        assert {address: places.place_of(address).name for address in named} == named


class TestSetUp:
    """What the server is asked to keep to."""

    def test_confirmed_is_on_the_disk_and_nobody_waits_for_ever(self, store: Store) -> None:
        """Though this server's own default is not to wait for its disk."""
        with store.reading() as connection:
            values = {
                name: connection.exec_driver_sql(f"SHOW {name}").scalar()
                for name in (
                    "synchronous_commit",
                    "statement_timeout",
                    "lock_timeout",
                    "idle_in_transaction_session_timeout",
                    "transaction_isolation",
                )
            }
        assert list(values.values()) == ["on", "10s", "5s", "1min", "read committed"]

    def test_hosts_own_settings_are_kept(self, cluster: Cluster, url: str) -> None:
        """Where they are stricter than ours."""
        with cluster.admin() as admin:
            admin.execute(
                sql.SQL("ALTER DATABASE {} SET synchronous_commit = remote_write").format(
                    sql.Identifier(database_of(url))
                )
            )
        with Store.open(f"{url}&application_name=mine") as store, store.reading() as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "remote_write"
            assert connection.exec_driver_sql("SHOW application_name").scalar() == "mine"

    def test_server_is_never_set_aside(self, url: str) -> None:
        """Only a file can be."""
        where = places.place_of(url)
        assert set_broken_aside(where, datetime.now(UTC)) is None


class TestFailingServer:
    """A message, nothing lost, and the next call after it is over goes through."""

    @pytest.mark.parametrize("mode", ["fast", "immediate"])
    def test_server_gone_and_back(self, cluster: Cluster, store: Store, mode: str) -> None:
        """Stopped in good order or not, for as long as it takes."""
        document_id = store.create(b"one")
        assert store.answers()
        cluster.stop(mode)
        try:
            for _ in range(2):
                assert failure(store, document_id).reason == "unreachable"
                assert not store.answers()
        finally:
            cluster.start()
        assert store.answers()
        assert store.save(document_id, b"two", based_on=1).number == 2

    def test_connection_that_was_cut_while_it_lay_idle(self, cluster: Cluster, store: Store) -> None:
        """Nobody notices."""
        document_id = store.create(b"one")
        assert cut(cluster, store) > 0
        assert store.save(document_id, b"two", based_on=1).number == 2

    def test_connection_that_is_cut_in_the_middle(self, cluster: Cluster, store: Store) -> None:
        """What was not confirmed is told; it can be saved at once again, and is saved once."""
        document_id = store.create(b"one")

        def be_cut_off() -> None:
            with store.writing() as connection:
                connection.exec_driver_sql("DELETE FROM revisions")
                assert cut(cluster, store) > 0
                connection.exec_driver_sql("DELETE FROM documents")

        with pytest.raises(StoreUnavailable) as caught:
            be_cut_off()
        assert caught.value.reason == "unreachable"
        assert store.save(document_id, b"two", based_on=1).number == 2
        assert [info.number for info in store.history(document_id)] == [2, 1]

    def test_server_that_only_reads(self, cluster: Cluster, store: Store) -> None:
        """As a replica does, or one whose disk was found full: what is there can be read."""
        document_id = store.create(b"one")
        name = sql.Identifier(database_of(str(store.place.url)))
        with cluster.admin() as admin:
            admin.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
            cut(cluster, store)
            assert failure(store, document_id).reason == "read_only"
            assert store.latest(document_id).document == b"one"
            admin.execute(sql.SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(name))
            cut(cluster, store)
        assert store.save(document_id, b"two", based_on=1).number == 2

    def test_first_opening_at_a_server_that_only_reads(self, cluster: Cluster, url: str) -> None:
        """No table can be made."""
        name = sql.Identifier(database_of(url))
        with cluster.admin() as admin:
            admin.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
        assert refusal(url).reason == "read_only"

    @pytest.mark.parametrize(("code", "reason"), REASONS.items())
    def test_code_of_the_servers(self, url: str, store: Store, code: str, reason: str) -> None:
        """Full disk, too many connections, damage: the server says it by a code, here from a trigger."""
        document_id = store.create(b"one")
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(
                sql.SQL(
                    "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = {}; END $$"
                ).format(sql.Literal(code))
            )
            admin.execute("CREATE TRIGGER fail BEFORE INSERT ON revisions FOR EACH ROW EXECUTE FUNCTION fail()")
            assert failure(store, document_id).reason == reason
            assert store.latest(document_id).document == b"one"
            admin.execute("DROP TRIGGER fail ON revisions")
        assert store.save(document_id, b"two", based_on=1).number == 2

    def test_document_that_another_program_holds(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """It is waited for, but not for ever; reading goes on meanwhile, and so do other documents."""
        monkeypatch.setattr(postgresql, "_SET_UP", "SET lock_timeout = '100ms'")
        with Store.open(url) as store, psycopg.connect(url) as other:
            document_id, free = store.create(b"one"), store.create(b"free")
            other.execute("SELECT * FROM documents WHERE id = %s FOR UPDATE", [document_id])
            assert failure(store, document_id).reason == "locked"
            assert store.latest(document_id).document == b"one"
            assert store.save(free, b"two", based_on=1).number == 2
            other.rollback()
            assert store.save(document_id, b"two", based_on=1).number == 2

    def test_too_many_connections(self, cluster: Cluster, url: str) -> None:
        """A server that has no place left, and a store whose own are all in use."""
        with cluster.admin() as admin:
            admin.execute("CREATE ROLE visitor LOGIN PASSWORD 'x' CONNECTION LIMIT 1")
        try:
            address = url.replace(f"ashore:{cluster.password}", "visitor:x")
            with psycopg.connect(address):
                assert refusal(address).reason == "crowded"
            assert refusal(address).reason == "refused"  # it may connect, but make no table
        finally:
            with cluster.admin() as admin:
                admin.execute("DROP ROLE visitor")

    def test_store_whose_connections_are_all_in_use(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever comes next is told so, and those who are at it go on."""
        for name, value in (("_CONNECTIONS", 1), ("_POOL_SECONDS", 0.1)):
            monkeypatch.setattr(postgresql, name, value)
        with Store.open(url) as store:
            document_id = store.create(b"one")
            with store.reading() as one, store.reading() as two:
                assert failure(store, document_id).reason == "locked"
                assert one.exec_driver_sql("SELECT 1").scalar() == two.exec_driver_sql("SELECT 1").scalar()
            assert store.save(document_id, b"two", based_on=1).number == 2

    def test_wrong_address(self, cluster: Cluster, url: str) -> None:
        """No such database or user, no server."""
        assert refusal(url.replace(database_of(url), "nowhere")).reason == "refused"
        assert refusal(url.replace("ashore:", "nobody:")).reason == "refused"
        assert refusal("postgresql://ashore:x@/db?host=/tmp/nowhere").reason == "unreachable"
        assert refusal("postgresql://ashore:x@nowhere.invalid/db").reason == "unreachable"
        for ending in ("nonsense=1", "sslmode=nonsense"):
            assert refusal(f"{url}&{ending}").reason == "refused"

    def test_server_that_takes_the_call_and_says_nothing(self) -> None:
        """It is not waited for longer than was asked."""
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            start = time.monotonic()
            port = silent.getsockname()[1]
            error = refusal(f"postgresql://ashore:x@127.0.0.1:{port}/db?connect_timeout=2&sslmode=disable")
            assert error.reason == "unreachable"
            assert time.monotonic() - start < 5

    def test_server_that_hangs_is_told_from_one_that_answers(self, cluster: Cluster, store: Store) -> None:
        """Within seconds, and however many ask."""
        assert store.answers()
        with cluster.admin() as admin:
            found = admin.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s", [database_of(str(store.place.url))]
            ).fetchall()
        for (process,) in found:
            os.kill(process, signal.SIGSTOP)
        start = time.monotonic()
        try:
            assert not store.answers()
            assert not store.answers()
            assert time.monotonic() - start < 8
        finally:
            for (process,) in found:
                os.kill(process, signal.SIGCONT)
        assert store.answers()

    def test_failure_of_no_known_kind(self) -> None:
        """It still has a reason, the least specific one."""
        assert reason_of(OSError(104, "Connection reset by peer")) == "unreachable"
        assert postgresql.reason_of("58000", "?") is None
        assert postgresql.reason_of(None, "?") is None


def cut(cluster: Cluster, store: Store) -> int:
    """End a store's connections at the server; how many there were."""
    with cluster.admin() as admin:
        ended = admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [database_of(str(store.place.url))],
        ).fetchall()
    return len(ended)
