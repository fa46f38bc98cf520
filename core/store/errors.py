"""What can go wrong with the store, in words for the household: never a driver's own, never a stack trace."""

import errno
import sqlite3
from typing import TYPE_CHECKING, Literal

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.store import postgresql
from core.store.places import DATABASE_VARIABLE, Place

if TYPE_CHECKING:
    from core.store.documents import Revision

Reason = Literal[
    "read_only",
    "full",
    "locked",
    "newer",
    "foreign",
    "broken",
    "unreachable",
    "address",
    "refused",
    "crowded",
    "faulty",
]

FAILURES = (DBAPIError, sqlite3.Error, PoolTimeout, OSError)
"""What the layers below raise when a database or its disk fails them."""

_SENTENCES: dict[str, tuple[str, str]] = {
    "read_only": (
        "不能写入 {place}：磁盘或文件夹是只读的，或没有写入权限。这次没有写入，之前保存的都在。",
        "{place} cannot be written to: the disk or folder is read-only, or the permission is missing. "
        "Nothing was written this time; what was saved before is still there.",
    ),
    "full": (
        "{place} 所在的磁盘已满，请腾出空间后再试。这次没有写入，之前保存的都在。",
        "The disk of {place} is full; make room and try again. "
        "Nothing was written this time; what was saved before is still there.",
    ),
    "locked": (
        "{place} 正被另一个程序占用，请稍后再试。这次没有写入，之前保存的都在。",
        "{place} is in use by another program; try again in a moment. "
        "Nothing was written this time; what was saved before is still there.",
    ),
    "newer": (
        "{place} 是新版本的程序写的；请更新程序后再打开，其中的内容没有改动。",
        "{place} was written by a newer version of this program; update the program and open it again. "
        "Nothing in it has been changed.",
    ),
    "foreign": (
        "{place} 是别的程序的数据库，没有改动；请换一个位置。",
        "{place} is another program's database and has been left alone; choose another place.",
    ),
    "broken": (
        "{place} 已损坏，读不出来；文件原样保留，没有被覆盖。",
        "{place} is damaged and cannot be read; the file is kept as it is and has not been written over.",
    ),
    "unreachable": (
        "打不开 {place}；请检查这个位置是否存在、磁盘是否连接。",
        "{place} cannot be opened; check that the place exists and its disk is connected.",
    ),
    "address": (
        f"环境变量 {DATABASE_VARIABLE} 的值不是可用的数据库地址；应写成 postgresql://用户:口令@主机:端口/数据库。",
        f"The environment variable {DATABASE_VARIABLE} does not hold the address of a database that can be used; "
        "it should read postgresql://user:password@host:port/database.",
    ),
    "conflict": (
        "这份文档在别处已经改过（第 {number} 版）；请选择保留哪一份，两份都还在。",
        "This document has been changed elsewhere meanwhile (revision {number}); choose which one to keep. "
        "Both are still there.",
    ),
    "gone": (
        "没有这份文档或这个版本；它可能已被删除。",
        "There is no such document or revision; it may have been deleted.",
    ),
    "damaged": (
        "第 {number} 版已损坏，读不出来；其他版本不受影响，可以恢复较早的一版。",
        "Revision {number} is damaged and cannot be read; the others are not affected, and an earlier one can be "
        "restored.",
    ),
    "not_empty": (
        "{place} 里已有内容，没有恢复，也没有改动；备份只能恢复到空的数据库。",
        "There is something in {place} already; nothing has been restored or changed. "
        "A backup can only be put back into an empty store.",
    ),
    "backup_exists": (
        "{path} 已存在，没有覆盖；请换一个文件名。",
        "{path} exists already and has not been written over; choose another name.",
    ),
    "backup_unwritable": (
        "写不了 {path}；请检查文件夹是否存在、能否写入、磁盘是否已满。没有留下不完整的备份。",
        "{path} cannot be written; check that the folder exists and can be written to, and that the disk has room. "
        "No half backup is left.",
    ),
    "backup_unreadable": (
        "打不开 {path}；请检查文件是否存在、能否读取。",
        "{path} cannot be opened; check that it exists and can be read.",
    ),
    "backup_damaged": (
        "{path} 不是完整的备份：文件已损坏，或不是本程序的备份。没有恢复任何内容。",
        "{path} is not a whole backup: it is damaged, or not a backup of this program. Nothing has been restored.",
    ),
    "backup_newer": (
        "{path} 是新版本的程序备份的；请更新程序后再恢复。没有恢复任何内容。",
        "{path} was written by a newer version of this program; update the program first. Nothing has been restored.",
    ),
    "too_large": (
        "文档有 {size:,} 字节，超过上限 {limit:,} 字节，没有保存。",
        "The document has {size:,} bytes, more than the {limit:,} that can be kept; it has not been saved.",
    ),
}

# Of a server: whoever reads them on a page is a visitor, so they name neither address nor account.
_SERVER_SENTENCES: dict[str, tuple[str, str]] = {
    "read_only": (
        "数据库现在只能读取，不能保存，请稍后再试。之前保存的都在，没有保存的改动还在页面上。",
        "The database can only be read at present; try to save again in a while. "
        "What was saved before is still there, and what was not saved is still on the page.",
    ),
    "full": (
        "数据库的磁盘已满，暂时不能保存；请告诉网站的管理者。之前保存的都在，没有保存的改动还在页面上。",
        "The database's disk is full and nothing can be saved for now; tell whoever runs this site. "
        "What was saved before is still there, and what was not saved is still on the page.",
    ),
    "locked": (
        "数据库正忙，这次没有完成，请稍后再试。之前保存的都在，没有保存的改动还在页面上。",
        "The database is busy and this was not done; try again in a moment. "
        "What was saved before is still there, and what was not saved is still on the page.",
    ),
    "crowded": (
        "现在用的人太多，数据库接不过来，请稍后再试。之前保存的都在，没有保存的改动还在页面上。",
        "Too many people use the database right now; try again in a moment. "
        "What was saved before is still there, and what was not saved is still on the page.",
    ),
    "unreachable": (
        "暂时连不上数据库，请稍后再试。之前保存的都在，没有保存的改动还在页面上。",
        "The database cannot be reached at the moment; try again in a while. "
        "What was saved before is still there, and what was not saved is still on the page.",
    ),
    "refused": (
        f"数据库拒绝连接：账号、口令、库名、权限或连接选项不对；请网站的管理者检查环境变量 {DATABASE_VARIABLE}。",
        "The database refuses the connection: account, password, database name, permission or an option is wrong. "
        f"Whoever runs this site should check the environment variable {DATABASE_VARIABLE}.",
    ),
    "faulty": (
        "数据库报告它的文件有损坏，有些内容读不出来；请告诉网站的管理者。",
        "The database reports that its files are damaged and some of it cannot be read; tell whoever runs this site.",
    ),
    "newer": (
        "数据库是新版本的程序写的；请更新程序后再打开，其中的内容没有改动。",
        "The database was written by a newer version of this program; update the program and open it again. "
        "Nothing in it has been changed.",
    ),
    "foreign": (
        "这个数据库里是别的程序的数据，没有改动；请换一个空的数据库。",
        "This database holds another program's data and has been left alone; choose an empty one.",
    ),
}

_SQLITE_REASONS: dict[int, Reason] = {
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "read_only",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_CORRUPT: "broken",
    sqlite3.SQLITE_NOTADB: "broken",
}
_SYSTEM_REASONS: dict[int, Reason] = {
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
}
_PRIMARY_CODE = 0xFF  # SQLite puts the finer distinctions above the lowest byte


class StoreError(Exception):
    """Something that the store cannot do.

    Attributes:
        reason: Stable name of what is wrong.
        zh, en: What is wrong and what can be done.
    """

    def __init__(self, reason: str, place: Place | None = None, **values: object) -> None:
        """Name the reason, the place where it matters, and what else its sentences fill in."""
        at_server = place is not None and place.url is not None
        zh, en = (_SERVER_SENTENCES.get(reason) if at_server else None) or _SENTENCES[reason]
        if place is not None:
            values["place"] = place.name
        self.reason = reason
        self.zh = zh.format(**values)
        self.en = en.format(**values)
        super().__init__(f"{self.zh} · {self.en}")


class StoreUnavailable(StoreError):
    """The database cannot be used, or not now; once it can be again, so can the store."""

    def __init__(self, reason: Reason, place: Place) -> None:
        """Name the reason and the place."""
        super().__init__(reason, place)

    @classmethod
    def after(cls, failure: Exception, place: Place) -> "StoreUnavailable":
        """Put into words what one of `FAILURES` means at a place."""
        reason = reason_of(failure)
        # On a read-only disk SQLite cannot make the files beside the database, and says only that it cannot open it.
        if reason == "unreachable" and place.is_read_only():
            reason = "read_only"
        return cls(reason, place)


class Conflict(StoreError):
    """A save came late: the document has a later revision than the one that the save is based on.

    Attributes:
        theirs: That revision. To keep one's own all the same, save it again, based on this one.
    """

    def __init__(self, theirs: "Revision") -> None:
        """Carry the later revision."""
        super().__init__("conflict", number=theirs.number)
        self.theirs = theirs


class NoSuchDocument(StoreError):
    """No document has this id, or it has no revision of this number."""

    def __init__(self) -> None:
        """Say that it is gone."""
        super().__init__("gone")


class DamagedRevision(StoreError):
    """A revision's bytes are no longer those that were saved.

    Attributes:
        number: Its number; a save based on it is still possible.
    """

    def __init__(self, number: int) -> None:
        """Name the revision."""
        super().__init__("damaged", number=number)
        self.number = number


class BackupError(StoreError):
    """A backup cannot be written, read, or put back."""


class DocumentTooLarge(StoreError):
    """The document is larger than the store takes."""

    def __init__(self, size: int, limit: int) -> None:
        """Name its size and the limit, in bytes."""
        super().__init__("too_large", size=size, limit=limit)


def reason_of(failure: Exception) -> Reason:
    """Find out why a database failed.

    Args:
        failure: One of `FAILURES`.
    """
    if isinstance(failure, PoolTimeout):
        return "locked"
    cause = failure.orig if isinstance(failure, DBAPIError) else failure
    if isinstance(cause, OSError):
        return _SYSTEM_REASONS.get(cause.errno or 0, "unreachable")
    if isinstance(cause, sqlite3.Error):
        code: int = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_CANTOPEN)
        return _SQLITE_REASONS.get(code & _PRIMARY_CODE, "unreachable")
    return postgresql.reason_of(getattr(cause, "sqlstate", None), str(cause)) or "unreachable"
