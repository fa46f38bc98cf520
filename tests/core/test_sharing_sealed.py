"""What is sealed opens for its reader as what it was, and in no other way; a version is told; sizes tell little."""

import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PublicKey, SealedBox

from core.sharing.errors import NewerFormat, SealError, Tampered, WrongKey
from core.sharing.sealed import DOCUMENT_BYTES_MAX, VERSION, About, open_sealed, padded_size, seal
from core.sharing.secrets import Keys, Secret

OWNER = Secret("0123456789abcdefghjkmnpqrs").keys
LINK = Secret("zzzzzzzzzzzzzzzzzzzzzzzzzz").keys
STRANGER = Secret("7" * 26).keys
ABOUT = About("family", "plan", "link", number=7, at=1_800_000_000_000)
DOCUMENT = "写给妹妹".encode()
SEALED = seal(DOCUMENT, ABOUT, writer=OWNER, reader=LINK.public)


def opened(sealed: bytes, about: About = ABOUT, reader: Keys = LINK, writer: Keys = OWNER) -> bytes:
    return open_sealed(sealed, about, reader=reader, writer=writer.public).document


def test_what_is_sealed_is_opened_with_what_was_signed() -> None:
    found = open_sealed(SEALED, ABOUT, reader=LINK, writer=OWNER.public)
    assert (found.document, found.about) == (DOCUMENT, ABOUT)
    assert found.about.time.isoformat() == "2027-01-15T08:00:00+00:00"


def test_a_number_of_0_and_another_time_are_not_asked_for() -> None:
    assert opened(SEALED, replace(ABOUT, number=0, at=0)) == DOCUMENT


@pytest.mark.parametrize(
    "about",
    [
        replace(ABOUT, kind="household"),
        replace(ABOUT, plan="other"),
        replace(ABOUT, link="other"),
        replace(ABOUT, link=""),
        replace(ABOUT, item="other"),
        replace(ABOUT, number=8),
    ],
)
def test_what_belongs_elsewhere_is_refused(about: About) -> None:
    with pytest.raises(Tampered):
        opened(SEALED, about)


def test_what_another_wrote_is_refused() -> None:
    forged = seal(DOCUMENT, ABOUT, writer=STRANGER, reader=LINK.public)
    with pytest.raises(Tampered):
        opened(forged)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(WrongKey):
        opened(SEALED, reader=OWNER)


def test_a_reader_cannot_pass_it_on_as_meant_for_another() -> None:
    """The holder of a link can open its document, signature and all, but not seal that for somebody else."""
    content = SealedBox(LINK.box).decrypt(SEALED[1:])
    passed_on = bytes([VERSION]) + SealedBox(PublicKey(STRANGER.public.box)).encrypt(content)
    with pytest.raises(Tampered):
        opened(passed_on, reader=STRANGER)


def test_a_later_version_is_told_apart() -> None:
    with pytest.raises(NewerFormat):
        opened(bytes([VERSION + 1]) + SEALED[1:])
    with pytest.raises(Tampered):
        opened(bytes([0]) + SEALED[1:])


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_no_byte_may_change(place: int, by: int) -> None:
    changed = bytearray(SEALED)
    changed[place] ^= by
    with pytest.raises(SealError):
        opened(bytes(changed))


@given(st.integers(0, len(SEALED) - 1))
def test_nothing_may_be_cut_off_or_added(length: int) -> None:
    for changed in (SEALED[:length], SEALED + SEALED[: length + 1]):
        with pytest.raises(SealError):
            opened(changed)


@given(st.binary(max_size=300))
def test_no_bytes_break_it(noise: bytes) -> None:
    for sealed in (noise, bytes([VERSION]) + noise):
        with pytest.raises(SealError):
            opened(sealed)


@settings(max_examples=50)
@given(st.binary(max_size=300))
def test_no_bytes_inside_a_good_box_break_it(noise: bytes) -> None:
    """Anybody can seal something for a link: its public key lies in the database."""
    box = SealedBox(PublicKey(LINK.public.box))
    inside = (noise, len(noise).to_bytes(4) + noise, len(noise).to_bytes(4) + noise + bytes(64))
    for content in inside:
        with pytest.raises(SealError):
            opened(bytes([VERSION]) + box.encrypt(content))


def crafted(told: bytes, packed: bytes) -> bytes:
    """Seal what `seal` would never make, signed all the same: whoever has a link can do that to the owner."""
    body = len(told).to_bytes(4) + told + packed
    signature = LINK.signing.sign(b"ashore.sealed" + bytes([VERSION]) + OWNER.public.box + body).signature
    return bytes([VERSION]) + SealedBox(PublicKey(OWNER.public.box)).encrypt(
        len(body).to_bytes(4) + body + signature + bytes(100)
    )


PLEDGE = About("pledge", "plan", "link", "item")
TOLD = b'{"at": 1, "item": "item", "kind": "pledge", "link": "link", "number": 0, "plan": "plan"}'


def test_a_stranger_signed_what_he_seals_by_hand() -> None:
    assert opened(crafted(TOLD, zlib.compress(b"x")), PLEDGE, OWNER, LINK) == b"x"


@pytest.mark.parametrize(
    ("told", "packed"),
    [
        (TOLD, zlib.compress(bytes(DOCUMENT_BYTES_MAX + 1))),
        (TOLD, zlib.compress(bytes(200_000_000), 1)),
        (TOLD, zlib.compress(b"x")[:-1]),
        (TOLD, zlib.compress(b"x") + b"y"),
        (TOLD, b""),
        (b"", zlib.compress(b"x")),
        (b"[]", zlib.compress(b"x")),
        (b"[" * 900, zlib.compress(b"x")),
        (TOLD.replace(b'"at": 1', b'"at": 1e99'), zlib.compress(b"x")),
        (TOLD.replace(b'"at": 1', b'"at": ' + b"9" * 30), zlib.compress(b"x")),
        (TOLD.replace(b'"at": 1', b'"at": null'), zlib.compress(b"x")),
        (TOLD.replace(b'"number": 0', b'"number": "0"'), zlib.compress(b"x")),
        (TOLD.replace(b'"plan": "plan"', b'"plan": "nalp"'), zlib.compress(b"x")),
        (TOLD.replace(b"}", b', "more": 1}'), zlib.compress(b"x")),
        (b" " * 10_000 + TOLD, zlib.compress(b"x")),
    ],
)
def test_what_a_stranger_crafts_is_refused_and_unpacks_no_further_than_allowed(told: bytes, packed: bytes) -> None:
    with pytest.raises(Tampered):
        opened(crafted(told, packed), PLEDGE, OWNER, LINK)


@settings(max_examples=30)
@given(st.binary(max_size=5_000))
def test_every_document_comes_back(document: bytes) -> None:
    assert opened(seal(document, ABOUT, writer=OWNER, reader=LINK.public)) == document


def test_the_longest_document_comes_back_and_a_longer_one_is_not_sealed() -> None:
    longest = bytes(DOCUMENT_BYTES_MAX)
    assert opened(seal(longest, ABOUT, writer=OWNER, reader=LINK.public)) == longest
    with pytest.raises(ValueError, match="too long"):
        seal(longest + b"x", ABOUT, writer=OWNER, reader=LINK.public)


def test_sizes_come_in_few_steps() -> None:
    assert [padded_size(size) for size in (0, 1, 4096, 4097, 65_536, 65_537, 200_000)] == [
        4096,
        4096,
        4096,
        8192,
        65_536,
        131_072,
        262_144,
    ]
    sizes = {len(seal(bytes(count), ABOUT, writer=OWNER, reader=LINK.public)) for count in range(0, 3000, 300)}
    assert len(sizes) == 1


def test_the_same_document_is_never_sealed_alike() -> None:
    assert seal(DOCUMENT, ABOUT, writer=OWNER, reader=LINK.public) != SEALED
