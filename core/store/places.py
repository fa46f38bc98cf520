"""Where the database is: a server where the environment names one, else a file under the user's data folder."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_data_path
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

FOLDER_VARIABLE = "ASHORE_DATA_DIR"
DATABASE_VARIABLE = "ASHORE_DATABASE_URL"
FILE_NAME = "ashore.db"

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
_SERVER_DRIVER = "postgresql+psycopg"


@dataclass(frozen=True)
class Place:
    """A database: a file, or what a URL leads to.

    Attributes:
        path: The file, absolute; not used for a server.
        url: The address of a server; None for a file.
        name: What to call it: the path, or host and database; never a user or a password.
        is_known: Whether a store can be there at all; not where an address is of no form that is understood.
    """

    path: Path
    url: URL | None = field(repr=False)
    name: str
    is_known: bool = True

    @property
    def is_file(self) -> bool:
        """Say whether the database is a file."""
        return self.is_known and self.url is None

    def is_read_only(self) -> bool:
        """Say whether it is a folder in which nothing can be written."""
        folder = self.path.parent
        return self.is_file and folder.is_dir() and not os.access(folder, os.W_OK)


def data_folder() -> Path:
    """Give the folder for the household's data: `ASHORE_DATA_DIR`, or where the system keeps such things."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named).expanduser().absolute() if named else user_data_path("ashore", appauthor=False)


def default_place() -> Place:
    """Give the database that is opened where nobody names one: `ASHORE_DATABASE_URL`, or a file in `data_folder()`."""
    address = os.environ.get(DATABASE_VARIABLE, "").strip()
    return _server(address) if address else place_of(data_folder() / FILE_NAME)


def place_of(where: str | os.PathLike[str] | Place) -> Place:
    """Take a path, or a database URL, as a place."""
    if isinstance(where, Place):
        return where
    text = os.fspath(where)
    if "://" in text and not text.startswith("sqlite://"):
        return _server(text)
    path = Path(make_url(text).database or "" if "://" in text else text).absolute()
    return Place(path, None, str(path))


def _server(address: str) -> Place:
    """Take the address of a PostgreSQL server as a place; what is none makes a place that is not known."""
    unknown = Place(Path(), None, DATABASE_VARIABLE, is_known=False)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # their messages may repeat the address, and with it the password
        return unknown
    if url.drivername not in ("postgresql", _SERVER_DRIVER) or not url.database:
        return unknown
    host = url.host or url.query.get("host") or "localhost"
    port = f":{url.port}" if url.port else ""
    name = f"postgresql://{host if isinstance(host, str) else ','.join(host)}{port}/{url.database}"
    return Place(Path(), url.set(drivername=_SERVER_DRIVER), name)


def prepare_file(path: Path) -> None:
    """See to it that the file exists and is the user's own; an existing folder is left as it is.

    An empty file is a database without tables, so a crash right after this does no harm.

    Raises:
        OSError: The disk does not allow it.
    """
    path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _FILE_MODE))
    except FileExistsError:
        if path.stat().st_mode & ~_FILE_MODE & 0o777:
            path.chmod(_FILE_MODE)
