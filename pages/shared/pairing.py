"""Who may use the app from another device at home: whoever has read the code, or the picture, on the desk.

The code is short, so guessing is slow and ends; the picture carries a secret that nobody can guess. Both are new at
each start and live in memory only. Nothing here knows a network or a screen.
"""

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Literal

CODE_DIGITS = 8
WRONG_FREE = 3
"""So many wrong codes are answered at once; after each further one the next is looked at later and later."""

WRONG_MAX = 40
"""After so many wrong codes in all, none is looked at until the desk asks for a new one."""

WAIT_SECONDS_MAX = 60
DEVICES_MAX = 12
_SECRET_BYTES = 16

Refusal = Literal["wrong", "wait", "closed"]


class Pairing:
    """The code, the secret, and the browsers that have shown one of them. Safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with a new code and nobody paired.

        Args:
            clock: Gives seconds that only ever rise.
        """
        self._clock = clock
        self._lock = Lock()
        self._begin()

    def _begin(self) -> None:
        self._code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        self._secret = secrets.token_urlsafe(_SECRET_BYTES)
        self._wrong = 0
        self._next_at = 0.0
        self._devices: OrderedDict[bytes, None] = OrderedDict()

    @property
    def code(self) -> str:
        """The digits to type."""
        return self._code

    @property
    def secret(self) -> str:
        """What the picture on the desk carries."""
        return self._secret

    @property
    def closed(self) -> bool:
        """Whether no code is looked at any more."""
        return self._wrong >= WRONG_MAX

    @property
    def device_count(self) -> int:
        """How many browsers are paired."""
        return len(self._devices)

    def renew(self) -> None:
        """Take a new code and secret, and forget every browser."""
        with self._lock:
            self._begin()

    def offer(self, offered: str) -> str | Refusal:
        """Try a code or a secret.

        Returns:
            A token for the browser to keep, which `is_paired` knows, or why there is none: `wrong`; `wait`: too soon
            after wrong ones, so it was not looked at; `closed`: there have been too many wrong ones.
        """
        with self._lock:
            if _same(offered.strip(), self._secret):
                return self._pair()
            if self.closed:
                return "closed"
            if self._clock() < self._next_at:
                return "wait"
            digits = "".join(letter for letter in offered if letter.isdecimal())
            if _same(digits, self._code):
                self._wrong = 0
                return self._pair()
            self._wrong += 1
            beyond = self._wrong - WRONG_FREE
            self._next_at = self._clock() + (min(2**beyond, WAIT_SECONDS_MAX) if beyond >= 0 else 0)
            return "wrong"

    def _pair(self) -> str:
        token = secrets.token_urlsafe(2 * _SECRET_BYTES)
        self._devices[_digest(token)] = None
        while len(self._devices) > DEVICES_MAX:
            self._devices.popitem(last=False)
        return token

    def is_paired(self, token: str) -> bool:
        """Say whether a browser shows a token that was given out since the last renewal."""
        # The digest of what is shown, not the token, is what is looked up: its time tells nothing about a token.
        with self._lock:
            return _digest(token) in self._devices


def _same(offered: str, expected: str) -> bool:
    return hmac.compare_digest(offered.encode(errors="replace"), expected.encode())


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
