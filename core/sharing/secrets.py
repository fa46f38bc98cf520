"""The secrets of links: made, read back from whatever a chat made of them, and turned into keys.

A secret is 26 characters drawn from 32 (130 bits) and four that check them, so that a link that was cut or garbled is
told apart from one that is wrong. Nothing of it is ever stored in the open: all keys are derived from it, each for one
purpose, and whoever shows the same public keys has proven that he knows it.
"""

import hmac
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from nacl.public import PrivateKey
from nacl.signing import SigningKey, VerifyKey

from core.sharing.errors import Unreadable

Randomness = Callable[[int], bytes]
"""Gives so many bytes that nobody can foretell; `secrets.token_bytes`."""

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""No i, l, o or u: what looks alike is read alike. Small letters and digits only: every chat takes it into the link."""

SECRET_CHARACTERS = 26
CHECK_CHARACTERS = 4
SECRET_LENGTH = SECRET_CHARACTERS + CHECK_CHARACTERS
ID_LENGTH = 16

_BITS = 5
_TEXT_MAX = 4_000  # a longer text is no link
_DOMAIN = b"ashore.share/1"
_ALIKE = str.maketrans("ilo", "110")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_SEPARATORS = re.compile(r"[#?&=/]")
_NEITHER = re.compile("[^a-z0-9]")


@dataclass(frozen=True, repr=False)
class Secret:
    """The secret of one link.

    Attributes:
        characters: `SECRET_CHARACTERS` of `ALPHABET`.
    """

    characters: str

    @property
    def text(self) -> str:
        """How it stands in a link."""
        return self.characters + _check(self.characters)

    @cached_property
    def keys(self) -> "Keys":
        """What is derived from it."""
        return Keys(self._derived(b"box"), self._derived(b"sign"), self._derived(b"vouch"), self._derived(b"name"))

    def __repr__(self) -> str:
        """Keep it out of every message and log."""
        return "Secret(…)"

    def _derived(self, purpose: bytes) -> bytes:
        return blake2b(purpose, key=self.characters.encode(), person=_DOMAIN, digest_size=32).digest()


class Keys:
    """The keys of one link.

    Attributes:
        box: X25519; what is sealed for the link is opened by it.
        signing: Ed25519; what the link writes is signed by it.
    """

    def __init__(self, box: bytes, signing: bytes, vouching: bytes, naming: bytes) -> None:
        """Take 32 bytes for each purpose."""
        self.box = PrivateKey(box)
        self.signing = SigningKey(signing)
        self._vouching = vouching
        self._naming = naming

    @cached_property
    def public(self) -> "PublicKeys":
        """What may be stored."""
        return PublicKeys(bytes(self.box.public_key), bytes(self.signing.verify_key))

    def vouch(self, statement: bytes) -> bytes:
        """Vouch for a statement towards all who know the secret, and nobody else (a keyed BLAKE2b)."""
        return blake2b(statement, key=self._vouching, person=_DOMAIN, digest_size=32).digest()

    def name_of(self, what: bytes, characters: int = 12) -> str:
        """Name something by a pseudonym that is always the same, and tells nothing to whoever lacks the secret."""
        return in_letters(blake2b(what, key=self._naming, person=_DOMAIN, digest_size=32).digest(), characters)


@dataclass(frozen=True)
class PublicKeys:
    """The public halves, 32 bytes each.

    Attributes:
        box: X25519; what is sealed by it, only the link opens.
        signing: Ed25519; tells what the link has signed.
    """

    box: bytes
    signing: bytes

    def equal(self, other: "PublicKeys") -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self.box + self.signing, other.box + other.signing)

    @property
    def verify_key(self) -> VerifyKey:
        """The key that checks signatures."""
        return VerifyKey(self.signing)


@dataclass(frozen=True)
class Address:
    """What a link says: whose it is, and its secret.

    Attributes:
        id: As it stands after `?plan=`, tidied; not secret, and not known to exist.
        secret: As it stands after `#`.
    """

    id: str
    secret: Secret

    def link(self, root: str) -> str:
        """Write the link.

        Args:
            root: The address of the application, with or without a slash at its end.
        """
        return f"{root.rstrip('/')}/?plan={self.id}#{self.secret.text}"


def new_secret(randomness: Randomness) -> Secret:
    """Make a secret."""
    return Secret(in_letters(randomness(SECRET_CHARACTERS), SECRET_CHARACTERS))


def new_id(randomness: Randomness) -> str:
    """Make an id of 80 bits."""
    return in_letters(randomness(ID_LENGTH), ID_LENGTH)


def in_letters(noise: bytes, characters: int) -> str:
    """Write bytes that look random as characters of `ALPHABET`, five bits of each byte."""
    return "".join(ALPHABET[byte % 2**_BITS] for byte in noise[:characters])


def read_id(text: str) -> str:
    """Tidy an id: blanks and marks that a chat added are dropped. Every text gives one; what is no id, nobody has."""
    return _letters(text[:_TEXT_MAX])[:ID_LENGTH]


def read_secret(text: str) -> Secret:
    """Read a secret from the fragment of a link, or from the whole link.

    Blanks, line breaks, invisible characters, marks around it, capitals, full-width letters, percent-encoding, a
    fragment that stands there twice and words that were glued to it do not matter.

    Raises:
        Unreadable: There is none (`empty`), it is too short (`cut`), or its check does not agree (`changed`).
    """
    plain = _plain(text)
    pieces = [plain.partition("#")[2] or plain, *reversed(_SEPARATORS.split(plain))]
    candidates = [letters for letters in map(_letters, pieces) if letters]
    for letters in candidates:
        for part in (letters[:SECRET_LENGTH], letters[-SECRET_LENGTH:]):
            if len(part) == SECRET_LENGTH and hmac.compare_digest(
                _check(part[:SECRET_CHARACTERS]), part[-CHECK_CHARACTERS:]
            ):
                return Secret(part[:SECRET_CHARACTERS])
    if not candidates or ("#" in plain and not _letters(plain.partition("#")[2])):
        raise Unreadable("empty")
    raise Unreadable("cut" if len(candidates[0]) < SECRET_LENGTH else "changed")


def read_link(text: str) -> Address:
    """Read a whole link that was pasted, whatever stands around it.

    Raises:
        Unreadable: It has no whole secret, or no id (`cut`).
    """
    found = re.search(r"plan=([^&#]*)", _plain(text))
    if found is None:
        raise Unreadable("cut")
    return Address(read_id(found[1]), read_secret(text))


def _check(characters: str) -> str:
    noise = blake2b(characters.encode(), person=_DOMAIN, digest_size=CHECK_CHARACTERS).digest()
    return in_letters(noise, CHECK_CHARACTERS)


def _plain(text: str) -> str:
    """Undo percent-encoding, also twice, and everything that only looks different."""
    raw = text[:_TEXT_MAX].encode("utf-8", "replace")
    for _ in range(2):
        raw = _PERCENT.sub(lambda found: bytes([int(found[1], 16)]), raw)
    return unicodedata.normalize("NFKC", raw.decode("utf-8", "replace")).lower()


def _letters(text: str) -> str:
    return _NEITHER.sub("", _plain(text)).translate(_ALIKE)
