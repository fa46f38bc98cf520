"""A throw-away PostgreSQL for the tests, and which databases the store is tested on.

It runs from the system's packages in a temporary folder, behind a socket there, as another user where we are root (as
whom it refuses to run). Where none is installed, its half of the tests is left out and the end of the run says so; in
CI that is an error.
"""

import contextlib
import glob
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

USER = "ashore"
SERVER_ACCOUNT = "postgres"
"""Who runs the server where we are root; Debian's packages make this account."""

READY_WITHIN_SECONDS = 60


def find_postgresql() -> Path | None:
    """Give the folder of a PostgreSQL's programs: one on the path, or the newest of Debian's."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(map(Path, glob.glob("/usr/lib/postgresql/*/bin")), key=lambda path: -float(path.parent.name))
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


POSTGRESQL = find_postgresql()
MISSING = "no PostgreSQL found: the store was tested on SQLite only (apt-get install postgresql)"
if POSTGRESQL is None and os.environ.get("CI"):
    raise pytest.UsageError(MISSING)
BACKENDS = ("sqlite",) if POSTGRESQL is None else ("sqlite", "postgresql")


def database_of(url: str) -> str:
    """Give the name of the database that a URL leads to."""
    return url.partition("?")[0].rpartition("/")[2]


class Cluster:
    """A server of our own, with as many databases as are asked for.

    Attributes:
        password: What its user must know.
    """

    def __init__(self, folder: Path, *, is_safe: bool) -> None:
        """Make it in an empty folder; it does not run yet.

        Args:
            folder: Where; its path is short, or the socket's name would be too long.
            is_safe: Whether it writes to the disk what it confirms; slower.
        """
        assert POSTGRESQL is not None, MISSING
        self.password = secrets.token_hex(8)
        self._programs, self._folder = POSTGRESQL, folder
        self._count, self._free = 0, list[str]()
        safety = "on" if is_safe else "off"
        self._options = f"-c listen_addresses= -c fsync={safety} -c synchronous_commit={safety} -k {folder}"
        if os.getuid() == 0:
            shutil.chown(folder, SERVER_ACCOUNT)
        word = folder / "password"
        word.write_text(self.password)
        word.chmod(0o644)  # the folder itself is closed to others
        self._call("initdb", "-U", USER, "-A", "scram-sha-256", f"--pwfile={word}", "-E", "UTF8", "--locale=C", "-N")

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        self._call("pg_ctl", "start", "-w", "-l", str(self._folder / "log"), "-o", self._options)

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` ends what is under way in good order, `immediate` is a crash."""
        self._call("pg_ctl", "stop", "-w", "-m", mode)

    def kill(self) -> None:
        """End all its processes with -9, the first one before the others; nothing is in order after it."""
        note = self._folder / "data" / "postmaster.pid"
        processes = [int(note.read_text().split()[0])]
        with self.admin() as connection:
            processes += [process for (process,) in connection.execute("SELECT pid FROM pg_stat_activity")]
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        give_up = time.monotonic() + READY_WITHIN_SECONDS
        while any(map(_is_alive, processes)):
            if time.monotonic() > give_up:
                raise RuntimeError("the server does not end")
            time.sleep(0.01)
        # Where nobody buries the dead, as in some containers, the next start would take it for alive.
        for left in (note, *self._folder.glob(".s.PGSQL.*.lock")):
            left.unlink()

    def kill_backend(self, database: str) -> None:
        """End with -9 a process that serves a connection to a database; the server then starts anew by itself."""
        with self.admin() as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid() ORDER BY random()",
                [database],
            ).fetchone()
        if found is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(found[0], signal.SIGKILL)

    def wait(self) -> None:
        """Wait until it takes connections again."""
        give_up = time.monotonic() + READY_WITHIN_SECONDS
        while True:
            try:
                self.admin().close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.02)

    def new_database(self) -> str:
        """Give the URL of an empty database."""
        if not self._free:
            self._count += 1
            self._free.append(f"store_{self._count}")
            with self.admin() as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self._free[0])))
        return self.url(self._free.pop())

    def empty_database(self, url: str) -> None:
        """Take a database back, whoever still uses it: emptying it for the next test is quicker than making one."""
        name = database_of(url)
        with self.admin() as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            connection.execute(sql.SQL("ALTER DATABASE {} RESET ALL").format(sql.Identifier(name)))
        with self.admin(name) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
            connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
        self._free.append(name)

    def url(self, database: str) -> str:
        """Give the URL of a database, whether it exists or not."""
        return f"postgresql://{USER}:{self.password}@/{database}?host={self._folder}"

    def admin(self, database: str = "postgres") -> psycopg.Connection:
        """Connect past the store; every statement is a transaction of its own."""
        return psycopg.connect(self.url(database), autocommit=True)

    def _call(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._folder / "data"), *arguments]
        if os.getuid() == 0:
            command = ["runuser", "-u", SERVER_ACCOUNT, "--", *command]
        # Not a pipe: the server that pg_ctl leaves behind would hold it open for ever.
        with tempfile.TemporaryFile() as said:
            call = subprocess.run(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL, cwd=self._folder)
            said.seek(0)
            if call.returncode:
                raise RuntimeError(f"{program}: {said.read().decode()}")


@contextlib.contextmanager
def running_cluster(*, is_safe: bool = False) -> Iterator[Cluster]:
    """Make a server, run it, and leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="ashore-pg-", dir="/tmp"))
    try:
        cluster = Cluster(folder, is_safe=is_safe)
        cluster.start()
        try:
            yield cluster
        finally:
            with contextlib.suppress(RuntimeError):  # a test may have stopped it
                cluster.stop("immediate")
    finally:
        shutil.rmtree(folder)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # no such folder, as on a Mac, or it has ended since
        return not Path("/proc").exists()
