"""What can go wrong with what is shared, in words for whoever reads it; no message says what was sealed."""

from datetime import datetime
from typing import Literal

_SENTENCES: dict[str, tuple[str, str]] = {
    "empty": (
        "链接里没有密钥部分（# 后面的那一段）；请把整条链接完整地复制过来。",
        "The link has no secret (the part after #); copy the whole link again.",
    ),
    "cut": (
        "链接不完整，末尾少了一截；请回到原来的消息，把整条链接完整地复制过来。",
        "The link is incomplete, its end is missing; go back to the message and copy the whole link again.",
    ),
    "changed": (
        "链接里有字符变了样；请回到原来的消息，把整条链接重新复制过来。",
        "Some characters of the link have changed; go back to the message and copy the whole link again.",
    ),
    "not_found": (
        "这个链接打不开。请核对是否完整复制了整条链接，或请给你链接的人再发一次。",
        "This link does not open. Check that all of it was copied, or ask whoever gave it to you to send it again.",
    ),
    "revoked": (
        "这个链接已在 {when:%Y-%m-%d} 被停用；需要的话，请让给你链接的人再发一个新的。",
        "This link was ended on {when:%Y-%m-%d} by the person who made it; ask them for a new one if you need it.",
    ),
    "expired": (
        "这个链接已在 {when:%Y-%m-%d} 到期；需要的话，请让给你链接的人再发一个新的。",
        "This link expired on {when:%Y-%m-%d}; ask whoever gave it to you for a new one if you need it.",
    ),
    "slow_down": (
        "操作太频繁，请等 {seconds} 秒再试；内容都还在。",
        "Too many attempts; wait {seconds} s and try again. Nothing is lost.",
    ),
    "tampered": (
        "这份内容不是原来写下的那一份，可能被改动过，所以没有打开。",
        "This is not what was written; it may have been altered, so it has not been opened.",
    ),
    "wrong_key": (
        "这份内容不是为这个链接加密的，打不开。",
        "This was not sealed for this link and cannot be opened.",
    ),
    "newer": (
        "这份内容是新版本的程序写的；请更新程序后再打开，内容没有改动。",
        "This was written by a newer version of the program; update it and open it again. Nothing has been changed.",
    ),
    "too_large": (
        "内容有 {size:,} 字节，超过这里的上限 {limit:,} 字节，没有保存。",
        "This has {size:,} bytes, more than the {limit:,} that are kept here; it has not been saved.",
    ),
    "too_many_links": (
        "已有 {limit} 个链接在用，不能再多；请先停用不再需要的。",
        "There are {limit} links in use, as many as there may be; end one that is no longer needed first.",
    ),
    "too_many_pledges": (
        "这个链接已经送出 {limit} 份心意，请等家里人答复后再送。",
        "{limit} offers have been sent by this link; wait for the household's answer before sending more.",
    ),
    "past_expiry": (
        "到期时间应晚于现在。",
        "The time of expiry is expected to lie ahead.",
    ),
}


class SharingError(Exception):
    """Something about sharing that cannot be done.

    Attributes:
        reason: Stable name of what is wrong.
        zh, en: What is wrong and what can be done.
    """

    def __init__(self, reason: str, **values: object) -> None:
        """Name the reason and what its sentences fill in."""
        zh, en = _SENTENCES[reason]
        self.reason = reason
        self.zh = zh.format(**values)
        self.en = en.format(**values)
        super().__init__(f"{self.zh} · {self.en}")


class Unreadable(SharingError):
    """A link's text holds no whole secret: `empty`, `cut` or `changed`. No database has been asked."""


class NotFound(SharingError):
    """The one answer to a wrong secret, an unknown id, and an id with another's secret."""

    def __init__(self) -> None:
        """Say no more than that."""
        super().__init__("not_found")


class Ended(SharingError):
    """The secret is right, and its link has ended.

    Attributes:
        when: When it ended, UTC.
    """

    def __init__(self, why: Literal["revoked", "expired"], when: datetime) -> None:
        """Say when and why."""
        super().__init__(why, when=when)
        self.when = when


class SlowDown(SharingError):
    """An address asks too often; whoever else asks is not concerned.

    Attributes:
        seconds: After how many it may ask again.
    """

    def __init__(self, seconds: int) -> None:
        """Say for how long."""
        super().__init__("slow_down", seconds=seconds)
        self.seconds = seconds


class SealError(SharingError):
    """Sealed bytes cannot be opened."""


class Tampered(SealError):
    """They are not what was sealed, were sealed by somebody else, or belong elsewhere."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("tampered")


class WrongKey(SealError):
    """They were not sealed for this key; damaged bytes look the same."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("wrong_key")


class NewerFormat(SealError):
    """They were sealed by a later version of the program."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("newer")


class LimitReached(SharingError):
    """One of the limits of `core.sharing.limits`; nothing has been written."""
