"""What somebody who reads or writes the database learns and forges: nothing. On SQLite, whose file is easy to alter."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.household import parse_household
from core.sharing import (
    Ended,
    FamilyDocument,
    Link,
    NewerFormat,
    Owner,
    SealError,
    Secret,
    SharingError,
    Tampered,
)
from core.sharing.sealed import VERSION, About, milliseconds, seal
from core.store import Store, StoreError
from tests.sharing_world import DAY, NOON, NOTHING, THERE, World, changed, document, figures, link_of, pledge


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "ashore.db")
    yield made
    made.store.close()


def alter(world: World, table: str, column: str, value: object) -> int:
    with closing(sqlite3.connect(world.place)) as connection, connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        return connection.execute(f"UPDATE {table} SET {column} = ?", (value,)).rowcount


def stored(world: World, table: str, column: str) -> Any:
    with closing(sqlite3.connect(world.place)) as connection:
        return connection.execute(f"SELECT {column} FROM {table}").fetchone()[0]


MALLORY = Secret("m" * 26).keys
REFUSED = (SharingError, StoreError)


class TestTampering:
    """Every field of every row is altered, in turn: what comes of it is refused, or nothing that anybody relies on."""

    @pytest.fixture
    def scene(self, world: World) -> tuple[World, Owner, Link]:
        owner = world.owner()
        link = link_of(owner, expires_at=NOON + timedelta(days=30))
        world.family(link).pledge(pledge())
        owner.answer(owner.pledges(figures().plan).offers[0], "declined", DAY)
        return world, owner, link

    @pytest.mark.parametrize(
        ("table", "column", "value"),
        [
            ("plans", "id", "0" * 16),
            ("plans", "document_id", "elsewhere"),
            ("plans", "box_public", MALLORY.public.box),
            ("plans", "signing_public", MALLORY.public.signing),
            ("plans", "signing_public", b""),
            ("revisions", "content", b"forged"),
            ("revisions", "digest", b"forged"),
            ("revisions", "number", 9),
            ("documents", "latest", 9),
        ],
    )
    def test_an_altered_plan_does_not_open(
        self, scene: tuple[World, Owner, Link], table: str, column: str, value: object
    ) -> None:
        world, owner, _ = scene
        assert alter(world, table, column, value)
        with pytest.raises(REFUSED):
            world.opened(owner).latest()

    @pytest.mark.parametrize(
        ("table", "column", "value"),
        [
            ("plans", "id", "0" * 16),
            ("plans", "box_public", MALLORY.public.box),
            ("plans", "signing_public", MALLORY.public.signing),
            ("links", "id", "0" * 16),
            ("links", "plan_id", "0" * 16),
            ("links", "box_public", MALLORY.public.box),
            ("links", "signing_public", MALLORY.public.signing),
            ("links", "expires_at", milliseconds(NOON + timedelta(days=3000))),
            ("links", "expires_at", None),
            ("links", "ended_at", milliseconds(NOON)),
            ("links", "vouch", bytes(32)),
            ("links", "vouch", b""),
            ("links", "document", b"forged"),
            ("links", "document", None),
        ],
    )
    def test_an_altered_link_shows_nothing(
        self, scene: tuple[World, Owner, Link], table: str, column: str, value: object
    ) -> None:
        world, _, link = scene
        assert alter(world, table, column, value)
        with pytest.raises(REFUSED) as caught:
            world.family(link).document()
        assert not isinstance(caught.value, Ended)

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("id", "0" * 16),
            ("box_public", MALLORY.public.box),
            ("signing_public", MALLORY.public.signing),
            ("expires_at", None),
            ("ended_at", milliseconds(NOON)),
            ("vouch", bytes(32)),
            ("meta", b"forged"),
        ],
    )
    def test_the_owner_seals_nothing_for_an_altered_link(
        self, scene: tuple[World, Owner, Link], column: str, value: object
    ) -> None:
        world, owner, _ = scene
        before = stored(world, "links", "document")
        assert alter(world, "links", column, value)
        found = owner.links()
        assert (found.links, found.refused) == ((), 1)
        world.clock.go_on(seconds=60)
        owner.publish(figures, 2)
        world.timers.run()
        assert stored(world, "links", "document") == before
        assert owner.pledges(figures().plan).offers == ()

    @pytest.mark.parametrize(
        ("column", "value"),
        [("made_at", 5), ("number", 5), ("sealed_at", 5), ("views", 5), ("seen_at", 5)],
    )
    def test_what_is_only_counted_changes_nothing_that_is_shown(
        self, scene: tuple[World, Owner, Link], column: str, value: object
    ) -> None:
        world, owner, link = scene
        before = world.family(link).document()
        assert alter(world, "links", column, value)
        assert world.family(link).document() == before
        assert owner.links().links[0].made_at == NOON

    @pytest.mark.parametrize(("column", "value"), [("id", "0" * 16), ("offer", b"forged"), ("link_id", "0" * 16)])
    def test_an_altered_offer_is_counted_and_not_shown(
        self, scene: tuple[World, Owner, Link], column: str, value: object
    ) -> None:
        world, owner, _ = scene
        assert alter(world, "pledges", column, value)
        found = owner.pledges(figures().plan)
        assert (found.offers, found.refused) == ((), 0 if column == "link_id" else 1)

    @pytest.mark.parametrize(("column", "value"), [("id", "0" * 16), ("kept", b"forged"), ("link_id", "0" * 16)])
    def test_an_altered_copy_is_not_shown_to_the_family(
        self, scene: tuple[World, Owner, Link], column: str, value: object
    ) -> None:
        world, _, link = scene
        assert alter(world, "pledges", column, value)
        assert world.family(link).pledges() == []

    def test_a_forged_answer_is_shown_to_nobody(self, scene: tuple[World, Owner, Link]) -> None:
        world, owner, link = scene
        about = About("answer", owner.address.id, link.address.id, stored(world, "pledges", "id"))
        forged = seal(b"{}", about, writer=MALLORY, reader=link.keys.public)
        for answer in (b"forged", forged):
            alter(world, "pledges", "answer", answer)
            assert world.family(link).pledges() == []
            assert owner.pledges(figures().plan).offers[0].answer is None

    def test_a_time_of_arrival_is_the_signed_one(self, scene: tuple[World, Owner, Link]) -> None:
        world, owner, link = scene
        alter(world, "pledges", "received_at", 5)
        assert owner.pledges(figures().plan).offers[0].at == NOON
        assert world.family(link).pledges()[0].at == NOON

    def test_a_document_sealed_by_somebody_else_is_refused(self, scene: tuple[World, Owner, Link]) -> None:
        world, owner, link = scene
        about = About("family", owner.address.id, link.address.id, number=1)
        alter(world, "links", "document", seal(b"{}", about, writer=MALLORY, reader=link.keys.public))
        with pytest.raises(Tampered):
            world.family(link).document()

    def test_even_with_the_owner_exchanged_everywhere(self, scene: tuple[World, Owner, Link]) -> None:
        """Whoever writes may put his own keys in the owner's place and sign all anew; the link's secret says no."""
        world, owner, link = scene
        about = About("family", owner.address.id, link.address.id, number=1)
        alter(world, "plans", "box_public", MALLORY.public.box)
        alter(world, "plans", "signing_public", MALLORY.public.signing)
        alter(world, "links", "document", seal(b"{}", about, writer=MALLORY, reader=link.keys.public))
        with pytest.raises(Tampered):
            world.family(link)

    def test_a_row_taken_from_another_link_is_refused(self, world: World) -> None:
        owner = world.owner()
        one, other = link_of(owner), link_of(owner, "b", NOTHING)
        for column in ("document", "meta"):
            with closing(sqlite3.connect(world.place)) as connection, connection:
                connection.execute(
                    f"UPDATE links SET {column} = (SELECT {column} FROM links WHERE id = ?) WHERE id = ?",
                    (other.address.id, one.address.id),
                )
        with pytest.raises(SealError):
            world.family(one).document()
        found = owner.links()
        assert ([link.name for link in found.links], found.refused) == (["b"], 1)

    def test_an_earlier_revision_in_place_of_a_later_is_refused(self, world: World) -> None:
        owner = world.owner()
        owner.save(changed("二"), 1)
        with closing(sqlite3.connect(world.place)) as connection, connection:
            for column in ("content", "digest", "size"):
                earlier = f"(SELECT {column} FROM revisions WHERE number = 1)"
                connection.execute(f"UPDATE revisions SET {column} = {earlier} WHERE number = 2")
        with pytest.raises(Tampered):
            owner.latest()

    def test_a_session_does_not_go_backwards(self, scene: tuple[World, Owner, Link]) -> None:
        world, owner, link = scene
        old = stored(world, "links", "document")
        world.clock.go_on(seconds=60)
        owner.publish(figures, 2)
        world.timers.run()
        family = world.family(link)
        family.document()
        alter(world, "links", "document", old)
        with pytest.raises(Tampered):
            family.document()

    def test_a_later_version_is_named_and_left_alone(self, scene: tuple[World, Owner, Link]) -> None:
        world, _, link = scene
        newer = bytes([VERSION + 1]) + b"whatever comes"
        alter(world, "links", "document", newer)
        with pytest.raises(NewerFormat):
            world.family(link).document()
        assert stored(world, "links", "document") == newer

    def test_a_document_of_a_later_version_is_named(self, scene: tuple[World, Owner, Link]) -> None:
        world, owner, link = scene
        about = About("family", owner.address.id, link.address.id, number=1)
        newer = seal(b'{"schema": "ashore.family/2"}', about, writer=owner.address.secret.keys, reader=link.keys.public)
        alter(world, "links", "document", newer)
        with pytest.raises(NewerFormat):
            world.family(link).document()


class TestDump:
    def test_a_dump_holds_no_lender_name_amount_or_secret(self, world: World) -> None:
        household = parse_household(document())
        owner = world.owner()
        link = link_of(owner, "给妹妹的链接", NOTHING)
        family = world.family(link)
        family.pledge(pledge(who="林小妹", message="别担心钱的事"))
        owner.answer(owner.pledges(figures().plan).offers[0], "accepted", DAY, "谢谢小妹")
        owner.save(changed("给律师看的备注"), 1)
        family.seen()
        world.store.close()
        dump = b"".join(path.read_bytes() for path in Path(world.place).parent.iterdir())
        words = [
            "给妹妹的链接",
            "林小妹",
            "别担心钱的事",
            "谢谢小妹",
            "给律师看的备注",
            "family",
            "avalanche",
            "lender",
        ]
        words += [debt.name for debt in household.plan.debts] + [debt.id for debt in household.plan.debts]
        words += [income.name for income in household.plan.household.incomes]
        words += ["5000.00", "500000", "3980.00", "7300.00"]
        for address in (owner.address, link.address):
            secret = address.secret
            words += [secret.text, secret.characters, secret.text.upper()]
            for key in (bytes(secret.keys.box), bytes(secret.keys.signing)):
                assert key not in dump
        found = [word for word in words for code in ("utf-8", "utf-16-le", "gb18030") if word.encode(code) in dump]
        assert found == []
        assert owner.address.id.encode() in dump
        assert THERE.encode() not in dump

    def test_nothing_of_what_is_hidden_reaches_a_link(self, world: World) -> None:
        shown = world.family(link_of(world.owner())).document().document
        assert isinstance(shown, FamilyDocument)
        text = shown.model_dump_json(by_alias=True)
        assert [debt.name for debt in figures().plan.debts if debt.name in text or debt.id in text] == []


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "ashore.db"
    World(place).store.close()
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("UPDATE ashore_schema SET version_num = '9999'")
    with pytest.raises(StoreError) as caught:
        Store.open(str(place))
    assert caught.value.reason == "newer"
