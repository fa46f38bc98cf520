"""Sealing: signed by who wrote it, told where it belongs, and readable by one key only.

What is sealed:  version byte · SealedBox to the reader's key of ( length · body · signature · zeros )
body:            length · JSON of what it is · zlib of the document
signature:       Ed25519 of the writer over version, the reader's key and the body

So nothing that was sealed can be changed, moved to another plan, link, kind or revision, or passed on to another reader
as if it had been meant for him. The size is padded to a few steps, so that it tells little. The document is compressed
first; that is safe here, since nobody who sees a size can also slip text of his own into the same document and try
again: what a family sends is sealed by itself, and joins the household's document only when the owner accepts it.
"""

import json
import zlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from nacl.exceptions import BadSignatureError, CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from core.sharing.errors import NewerFormat, Tampered, WrongKey
from core.sharing.secrets import Keys, PublicKeys

Kind = Literal["household", "family", "link", "pledge", "answer"]

VERSION = 1
DOCUMENT_BYTES_MAX = 6_000_000
"""What is sealed may be so long; what is found longer is not read further, whatever it claims to be."""

_LEAST = 4_096
_STEP = 65_536
_LENGTH_BYTES = 4
_SIGNATURE_BYTES = 64
_ABOUT_BYTES_MAX = 1_000
_DOMAIN = b"ashore.sealed"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class About:
    """What a sealed document is and where it belongs; signed with it.

    Attributes:
        kind: `household`: the owner's own, one of its revisions; `family`: what a link shows; `link`: what the owner
            notes of a link; `pledge`: what a link offers; `answer`: what the owner says to it.
        plan: Id of the plan.
        link: Id of the link; empty for the household's own.
        item: Id of the pledge that it is or answers; else empty.
        number: The household's revision; else 0.
        at: When it was sealed, milliseconds since 1970, UTC.
    """

    kind: Kind
    plan: str
    link: str = ""
    item: str = ""
    number: int = 0
    at: int = 0

    @property
    def time(self) -> datetime:
        """When it was sealed, UTC."""
        return time_of(self.at)


@dataclass(frozen=True)
class Opened:
    """A document that was sealed, and what was signed with it."""

    about: About
    document: bytes


def milliseconds(moment: datetime) -> int:
    """Write a time as milliseconds since 1970, UTC."""
    return (moment - _EPOCH) // _MILLISECOND


def time_of(number: int) -> datetime:
    """Read milliseconds since 1970 as a time, UTC."""
    return _EPOCH + number * _MILLISECOND


def seal(document: bytes, about: About, *, writer: Keys, reader: PublicKeys) -> bytes:
    """Sign a document and seal it for one reader.

    Args:
        document: At most `DOCUMENT_BYTES_MAX` long.
        about: What it is and where it belongs.
        writer: Who signs it.
        reader: Whose box opens it.
    """
    if len(document) > DOCUMENT_BYTES_MAX:
        raise ValueError("the document is too long to be sealed")
    told = json.dumps(asdict(about), sort_keys=True).encode()
    body = _sized(told) + zlib.compress(document, 9)
    signature = writer.signing.sign(_signed(reader, body)).signature
    content = _sized(body) + signature
    return bytes([VERSION]) + SealedBox(PublicKey(reader.box)).encrypt(content + bytes(_padding(len(content))))


def open_sealed(sealed: bytes, about: About, *, reader: Keys, writer: PublicKeys) -> Opened:
    """Open what was sealed, and see to it that it is what it should be.

    Args:
        sealed: What `seal` gave.
        about: What it should be; its `at` is not compared, its `number` not where it is 0.
        reader: Who opens it.
        writer: Who must have signed it.

    Raises:
        NewerFormat: A later version of the program sealed it.
        WrongKey: It was not sealed for the reader, or is damaged.
        Tampered: Somebody else sealed it, or it belongs elsewhere.
    """
    if sealed[:1] > bytes([VERSION]):
        raise NewerFormat
    if sealed[:1] != bytes([VERSION]) or len(sealed) > 2 * DOCUMENT_BYTES_MAX:
        raise Tampered
    content = _unsealed(sealed[1:], reader.box)
    body, rest = _taken(content)
    signature, zeros = rest[:_SIGNATURE_BYTES], rest[_SIGNATURE_BYTES:]
    try:
        writer.verify_key.verify(_signed(reader.public, body), signature)
    except (BadSignatureError, ValueError, TypeError):  # also a key or a signature of another length
        raise Tampered from None
    if zeros.strip(b"\0"):
        raise Tampered
    told, packed = _taken(body)
    found = _about(told)
    if found != About(about.kind, about.plan, about.link, about.item, about.number or found.number, found.at):
        raise Tampered
    return Opened(found, _unpacked(packed))


def padded_size(size: int) -> int:
    """Give the size that bytes are padded to: a power of two from 4 KiB to 64 KiB, then whole steps of 64 KiB."""
    if size > _STEP:
        return -(-size // _STEP) * _STEP
    return max(_LEAST, 1 << (size - 1).bit_length())


def _padding(size: int) -> int:
    return padded_size(size) - size


def _signed(reader: PublicKeys, body: bytes) -> bytes:
    return _DOMAIN + bytes([VERSION]) + reader.box + body


def _sized(content: bytes) -> bytes:
    return len(content).to_bytes(_LENGTH_BYTES) + content


def _taken(content: bytes) -> tuple[bytes, bytes]:
    end = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES])
    if len(content) < end:
        raise Tampered
    return content[_LENGTH_BYTES:end], content[end:]


def _unsealed(sealed: bytes, key: PrivateKey) -> bytes:
    try:
        return SealedBox(key).decrypt(sealed)
    except (CryptoError, ValueError, TypeError):  # what is shorter than a box has is a ValueError
        raise WrongKey from None


def _about(told: bytes) -> About:
    """Read what was signed; the signature is good, but the writer may be a stranger with a link."""
    if len(told) > _ABOUT_BYTES_MAX:
        raise Tampered
    try:
        fields: Any = json.loads(told)
        found = About(**fields)
        texts = (found.kind, found.plan, found.link, found.item)
        numbers = (found.number, found.at)
        plain = all(type(text) is str for text in texts) and all(type(number) is int for number in numbers)
        _ = found.time
    except (ValueError, TypeError, RecursionError, OverflowError):
        raise Tampered from None
    if not plain:
        raise Tampered
    return found


def _unpacked(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        document = unpacking.decompress(packed, DOCUMENT_BYTES_MAX + 1)
    except zlib.error:
        raise Tampered from None
    if not unpacking.eof or unpacking.unused_data or len(document) > DOCUMENT_BYTES_MAX:
        raise Tampered
    return document
