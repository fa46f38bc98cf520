"""Where the database is: under the user's data folder unless somebody says otherwise, and readable by nobody else."""

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path
from sqlalchemy import URL, make_url

FOLDER_VARIABLE = "ASHORE_DATA_DIR"
FILE_NAME = "ashore.db"

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


@dataclass(frozen=True)
class Place:
    """A database: a file, or what a URL leads to.

    Attributes:
        path: The file, absolute; not used for a server.
        url: The address of a server; None for a file.
        name: What a message calls it; the address of a server holds a password and is not repeated.
    """

    path: Path
    url: URL | None
    name: str

    def is_read_only(self) -> bool:
        """Say whether it is a folder in which nothing can be written."""
        folder = self.path.parent
        return self.url is None and folder.is_dir() and not os.access(folder, os.W_OK)


def data_folder() -> Path:
    """Give the folder for the household's data: `ASHORE_DATA_DIR`, or where the system keeps such things."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named).expanduser().absolute() if named else user_data_path("ashore", appauthor=False)


def default_place() -> Path:
    """Give the database that is opened where nobody names one."""
    return data_folder() / FILE_NAME


def place_of(where: str | os.PathLike[str]) -> Place:
    """Take a path, or a database URL, as a place."""
    text = os.fspath(where)
    url = make_url(text) if "://" in text else None
    if url is not None and url.get_backend_name() != "sqlite":
        return Place(Path(), url, url.render_as_string(hide_password=True))
    path = Path(text if url is None else url.database or "").absolute()
    return Place(path, None, str(path))


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
