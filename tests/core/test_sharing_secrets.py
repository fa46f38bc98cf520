"""Secrets: what a chat makes of a link is read; what is cut or garbled is told apart from what is wrong."""

import random
from contextlib import suppress
from hashlib import sha256
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sharing.errors import Unreadable
from core.sharing.secrets import (
    ALPHABET,
    ID_LENGTH,
    SECRET_CHARACTERS,
    SECRET_LENGTH,
    Address,
    Secret,
    new_id,
    new_secret,
    read_id,
    read_link,
    read_secret,
)

SECRET = Secret("0123456789abcdefghjkmnpqrs")
TEXT = SECRET.text
secrets = st.text(ALPHABET, min_size=SECRET_CHARACTERS, max_size=SECRET_CHARACTERS).map(Secret)

AS_CHATS_SEND_IT = {
    "as it is": TEXT,
    "with its mark": "#" + TEXT,
    "spaces before and after": f"  {TEXT} \n",
    "spaces within": " ".join(TEXT),
    "a line break within": TEXT[:11] + "\r\n" + TEXT[11:],
    "zero-width characters": "\ufeff" + "\u200b".join(TEXT) + "\u2060",
    "soft hyphens and dashes": TEXT[:5] + "\u00ad" + TEXT[5:10] + "-" + TEXT[10:],
    "capitals": TEXT.upper(),
    "a capital first letter": TEXT.capitalize(),
    "full-width": "".join(chr(ord(each) + 0xFEE0) for each in TEXT),
    "look-alikes": TEXT.replace("0", "O").replace("1", "l"),
    "a full stop": TEXT + ".",
    "a Chinese full stop": TEXT + "。",
    "in Chinese brackets": f"（{TEXT}）",
    "Chinese words after it": TEXT + "，点开就能看",
    "English words after it": TEXT + " please open",
    "glued words": TEXT + ".Please",
    "percent-encoded": "%20" + quote("#" + TEXT, safe=""),
    "percent-encoded twice": quote(quote("#" + TEXT + " ", safe=""), safe=""),
    "every character percent-encoded": "".join(f"%{ord(each):02X}" for each in TEXT),
    "doubled with its mark": f"{TEXT}#{TEXT}",
    "doubled": TEXT + TEXT,
    "doubled with a space": f"{TEXT} {TEXT}",
    "doubled, the second cut": TEXT + TEXT[:13],
    "doubled, the first cut": TEXT[9:] + TEXT,
    "a query glued to it": f"{TEXT}?from=singlemessage&isappinstalled=0",
    "a parameter glued to it": f"{TEXT}&utm_source=chat",
    "the whole link": f"https://ashore.example/?plan=abcdefghjkmnpqrs#{TEXT}",
    "the whole link twice": f"https://a.cn/?plan=abcdefghjkmnpqrs#{TEXT} https://a.cn/?plan=abcdefghjkmnpqrs#{TEXT}",
}


@pytest.mark.parametrize("text", AS_CHATS_SEND_IT.values(), ids=AS_CHATS_SEND_IT)
def test_what_a_chat_makes_of_a_secret_is_read(text: str) -> None:
    assert read_secret(text) == SECRET


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("#", "empty"),
        (" \u200b\n", "empty"),
        ("https://ashore.example/?plan=abcdefghjkmnpqrs#", "empty"),
        (TEXT[:-1], "cut"),
        (TEXT[1:], "cut"),
        (TEXT[:12] + "…", "cut"),
        ("https://ashore.example/?plan=abcdefghjkmnpqrs#" + TEXT[:20], "cut"),
        ("a" + TEXT[1:], "changed"),
        (TEXT[:-1] + "a", "changed"),
        (TEXT[1:] + TEXT[0], "changed"),
        ("9" * 100_000, "changed"),
    ],
)
def test_what_is_no_secret_says_why(text: str, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_secret(text)
    assert caught.value.reason == reason
    assert TEXT[:8] not in str(caught.value)
    assert caught.value.zh
    assert caught.value.en


@given(secrets, st.integers(0, SECRET_LENGTH - 1), st.sampled_from(ALPHABET))
def test_a_single_wrong_character_is_noticed(secret: Secret, place: int, other: str) -> None:
    changed = secret.text[:place] + other + secret.text[place + 1 :]
    if changed != secret.text:
        with pytest.raises(Unreadable):
            read_secret(changed)


@given(secrets, st.integers(1, SECRET_LENGTH))
def test_a_cut_secret_is_noticed(secret: Secret, missing: int) -> None:
    with pytest.raises(Unreadable):
        read_secret(secret.text[:-missing])


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(Unreadable):
        assert read_secret(text).text
    assert len(read_id(text)) <= ID_LENGTH


@given(secrets)
def test_what_is_written_is_read(secret: Secret) -> None:
    address = Address("abcdefghjkmnpqrs", secret)
    link = address.link("https://ashore.example/")
    assert link == f"https://ashore.example/?plan=abcdefghjkmnpqrs#{secret.text}"
    assert read_link(f"看看这个：{link} 。") == address
    assert read_id("abcdefghjkmnpqrs") == address.id


def test_a_link_without_an_id_is_no_link() -> None:
    with pytest.raises(Unreadable):
        read_link(f"https://ashore.example/#{TEXT}")


def test_a_secret_is_long_and_its_letters_cannot_be_confused() -> None:
    assert SECRET_CHARACTERS * 5 >= 128
    assert len(set(ALPHABET)) == 32
    assert not set("ilou") & set(ALPHABET)
    assert len(TEXT) == SECRET_LENGTH
    noise = random.Random(1).randbytes
    made = {new_secret(noise).text for _ in range(1000)} | {new_id(noise) for _ in range(1000)}
    assert len(made) == 2000
    assert set("".join(made)) == set(ALPHABET)


def test_a_secret_stays_out_of_messages() -> None:
    assert SECRET.characters not in repr(SECRET)
    assert SECRET.characters not in repr(Address("x", SECRET))
    assert SECRET.characters not in repr([SECRET.keys])


def test_keys_are_the_same_for_ever() -> None:
    """A link that was sent must open for as long as there is anything behind it."""
    public = SECRET.keys.public
    told = public.box + public.signing + SECRET.keys.vouch(b"x") + SECRET.keys.name_of(b"x").encode()
    assert sha256(told).hexdigest() == "e9e3c517b2fdde6567cddb8217b1a9e4f5fa32ab6aa6507b3efd396f49337b35"


@given(secrets, secrets)
def test_two_secrets_share_no_key(one: Secret, other: Secret) -> None:
    same = one == other
    assert one.keys.public.equal(other.keys.public) == same
    assert (one.keys.vouch(b"x") == other.keys.vouch(b"x")) == same
    assert (one.keys.name_of(b"x") == other.keys.name_of(b"x")) == same


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = SECRET.keys
    raw = {bytes(keys.box), bytes(keys.signing), keys.vouch(b""), keys.public.box, keys.public.signing}
    assert len(raw) == 5
