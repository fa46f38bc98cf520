"""What can go wrong with the store, in words for the household; never a driver's own words, never a stack trace."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

if TYPE_CHECKING:
    from core.store.documents import Revision

Reason = Literal["read_only", "full", "locked", "newer", "foreign", "broken", "unreachable"]

_TRY_AGAIN = (
    "这次修改还没有保存，之前保存的都在。",
    "This change has not been saved; everything saved before is still there.",
)
_SENTENCES: dict[str, tuple[str, str]] = {
    "read_only": (
        "不能写入 {place}：磁盘或文件夹是只读的，或没有写入权限。",
        "{place} cannot be written to: the disk or folder is read-only, or the permission is missing.",
    ),
    "full": (
        "{place} 所在的磁盘已满；请腾出空间后再试。",
        "the disk of {place} is full; make room and try again.",
    ),
    "locked": (
        "{place} 正被另一个程序占用；请稍后再试。",
        "{place} is being used by another program; try again in a moment.",
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
        "{place} is damaged and cannot be read; the file has been kept as it is and not written over.",
    ),
    "unreachable": (
        "打不开 {place}；请检查这个位置是否存在、磁盘是否连接。",
        "{place} cannot be opened; check that the place exists and the disk is connected.",
    ),
    "conflict": (
        "在另一个页面里已经有更新的修改（第 {number} 版）；请选择保留哪一份，两份都还在。",
        "it has been changed in another tab meanwhile (revision {number}); choose which one to keep, both are still there.",
    ),
    "gone": (
        "没有这份文档或这个版本；它可能已被删除。",
        "there is no such document or revision; it may have been deleted.",
    ),
    "too_large": (
        "文档有 {size:,} 字节，超过上限 {limit:,} 字节，没有保存。",
        "the document has {size:,} bytes, more than the {limit:,} that can be kept; it has not been saved.",
    ),
}
