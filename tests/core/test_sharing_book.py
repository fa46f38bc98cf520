"""The book: who may open what, and what is told to whom; on every database that the store is tested on."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest

from core.plan_file import MAX_FILE_BYTES
from core.sharing import (
    Ended,
    Hidden,
    LimitReached,
    Limits,
    Link,
    NotFound,
    Owner,
    Secret,
    SharingError,
    SlowDown,
    as_chosen,
)
from core.sharing import rows as book_rows
from core.sharing.publishing import Publisher
from core.sharing.secrets import new_secret
from core.store import UNOPENED_DAYS, Conflict, NoSuchDocument
from core.store.tables import links, plans, pledges
from tests.sharing_world import DAY, HERE, NOON, NOTHING, THERE, World, changed, document, figures, link_of, pledge


@pytest.fixture
def world(place: str) -> Iterator[World]:
    made = World(place)
    yield made
    made.store.close()


@pytest.fixture
def limited(place: str) -> Iterator[Callable[[Limits], World]]:
    """Make a world with limits."""
    made: list[World] = []

    def make(limits: Limits) -> World:
        made.append(World(place, limits))
        return made[-1]

    yield make
    for each in made:
        each.store.close()


class TestOwner:
    def test_a_plan_is_kept_and_opened_by_its_link(self, world: World) -> None:
        owner = world.opened(world.owner())
        found = owner.latest()
        assert (found.number, found.document) == (1, document())
        saved = owner.save(changed("二"), found.number)
        assert (saved.number, saved.document) == (2, changed("二"))
        assert owner.latest() == saved
        assert owner.revision(1).document == document()
        assert [info.number for info in owner.history()] == [2, 1]
        assert owner.restore(1, based_on=2).document == document()
        assert owner.latest().number == 3

    def test_a_plan_that_was_half_made_is_not_there(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """A kill between document and plan would leave what nobody can open."""

        def fail(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("core.sharing.rows.add_plan", fail)
        before = len(world.book.store.documents())
        with pytest.raises(KeyboardInterrupt):
            world.book.create(b"{}", "203.0.113.9")
        assert len(world.book.store.documents()) == before

    def test_two_who_save_at_once_are_told(self, world: World) -> None:
        one = world.owner()
        other = world.opened(one)
        one.save(changed("一"), 1)
        with pytest.raises(Conflict) as caught:
            other.save(changed("二"), 1)
        assert caught.value.theirs.document == changed("一")
        assert other.save(changed("二"), caught.value.theirs.number).number == 3

    def test_a_save_may_be_repeated(self, world: World) -> None:
        owner = world.owner()
        first = owner.save(changed("一"), 1)
        assert owner.save(changed("一"), 1) == first
        assert owner.latest().number == 2

    def test_a_plan_is_deleted_with_all_that_belongs_to_it(self, world: World) -> None:
        owner = world.owner()
        link = link_of(owner)
        world.family(link).pledge(pledge())
        owner.delete()
        for address in (owner.address, link.address):
            with pytest.raises(NotFound):
                world.book.open(address.id, address.secret, HERE)
        with world.store.reading() as connection:
            assert [connection.execute(table.select()).all() for table in (plans, links, pledges)] == [[], [], []]
        with pytest.raises(NoSuchDocument):
            owner.latest()

    def test_a_plan_goes_when_the_store_forgets_its_document(self, world: World) -> None:
        owner = world.owner()
        link_of(owner)
        for info in world.store.documents():
            world.store.delete(info.id)
        with pytest.raises(NotFound):
            world.opened(owner)

    def test_opening_tells_the_store(self, world: World) -> None:
        owner = world.owner()
        link = link_of(owner)
        world.clock.go_on(days=300)
        world.opened(owner)
        assert world.store.documents()[0].opened_at == world.clock.now
        world.clock.go_on(days=300)
        world.family(link).seen()
        assert world.store.documents()[0].opened_at == world.clock.now
        assert owner.deletes_on() == (world.clock.now + timedelta(days=UNOPENED_DAYS)).date()


class TestLinks:
    def test_a_link_shows_what_it_does_not_hide(self, world: World) -> None:
        owner = world.owner()
        dark, bright = link_of(owner), link_of(owner, "给爸妈", NOTHING)
        shown = world.family(dark).document()
        assert shown.document.hidden == Hidden()
        assert {debt.name for debt in shown.document.debts} == {""}
        assert (shown.about.number, shown.about.time) == (1, NOON)
        told = world.family(bright).document().document
        assert all(debt.name and debt.owed for debt in told.debts)
        assert not {debt.key for debt in told.debts} & {debt.key for debt in shown.document.debts}

    def test_the_owner_sees_his_links_again(self, world: World) -> None:
        owner = world.owner()
        made = link_of(owner, expires_at=NOON + timedelta(days=30))
        assert world.opened(owner).links().links == (made,)
        assert made.address.link("https://ashore.example") == (
            f"https://ashore.example/?plan={made.address.id}#{made.address.secret.text}"
        )

    def test_views_count_people_not_requests(self, world: World) -> None:
        """Opening is no view: a robot that runs the page's script would open too. A session that shows it is one."""
        owner = world.owner()
        link = link_of(owner)
        for _ in range(5):
            world.family(link).document()
        assert owner.links().links[0].views == 0
        world.clock.go_on(hours=1)
        family = world.family(link)
        family.seen()
        family.seen()
        world.family(link).seen()
        seen = owner.links().links[0]
        assert (seen.views, seen.seen_at) == (2, world.clock.now)

    @pytest.mark.parametrize("name", ["", "x" * 61, "a\nb", "\ud800"])
    def test_a_bad_name_is_refused_in_words(self, world: World, name: str) -> None:
        owner = world.owner()
        with pytest.raises(ValueError, match="name") as caught:
            link_of(owner, name)
        assert caught.value.problems[0].place == "name"  # type: ignore[attr-defined]
        assert owner.links().links == ()

    def test_an_expiry_lies_ahead(self, world: World) -> None:
        with pytest.raises(SharingError) as caught:
            link_of(world.owner(), expires_at=NOON)
        assert caught.value.reason == "past_expiry"

    def test_100_links_and_no_more(self, world: World) -> None:
        owner = world.owner()
        made: list[Link] = []
        for k in range(100):
            made.append(link_of(owner, f"第 {k} 个"))
            world.clock.go_on(seconds=1)
        found = owner.links()
        assert ([link.name for link in found.links], found.refused) == ([link.name for link in made], 0)
        with pytest.raises(LimitReached):
            link_of(owner)
        owner.revoke(made[0])
        link_of(owner)
        owner.publish(figures, 2)
        world.timers.run()
        assert {world.family(link).document().about.number for link in made[1:]} == {2}

    def test_ended_links_do_not_pile_up(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(book_rows, "ENDED_KEPT", 3)
        owner = world.owner()
        for k in range(6):
            owner.revoke(link_of(owner, f"{k}"))
            world.clock.go_on(seconds=1)
        link_of(owner, "last")
        assert [link.name for link in owner.links().links] == ["3", "4", "5", "last"]


class TestEnds:
    def test_a_revoked_link_says_when_to_the_right_secret_only(self, world: World) -> None:
        owner = world.owner()
        link, other = link_of(owner), link_of(owner)
        open_still = world.family(link)
        world.clock.go_on(hours=1)
        owner.revoke(link)
        for act in (lambda: world.family(link), open_still.document, open_still.pledges, open_still.seen):
            with pytest.raises(Ended) as caught:
                act()
            assert (caught.value.reason, caught.value.when) == ("revoked", world.clock.now)
            assert "2026-11-24" in caught.value.zh
        with pytest.raises(NotFound):
            world.book.open(link.address.id, other.address.secret, THERE)
        found = {each.address.id: each for each in owner.links().links}
        assert found[link.address.id].ended_at == world.clock.now
        assert found[other.address.id].ended_at is None
        owner.revoke(found[link.address.id])
        world.family(other).document()

    def test_what_an_ended_link_showed_is_gone(self, world: World) -> None:
        owner = world.owner()
        link = link_of(owner)
        owner.revoke(link)
        owner.publish(figures, 5)
        world.timers.run()
        with world.store.reading() as connection:
            assert book_rows.document_of(connection, link.address.id) is None

    @pytest.mark.parametrize("by", ["family", "owner"])
    def test_an_expired_link_stays_so_when_the_clock_is_set_back(self, world: World, by: str) -> None:
        owner = world.owner()
        expires_at = NOON + timedelta(days=1)
        link = link_of(owner, expires_at=expires_at)
        world.clock.now = expires_at - timedelta(milliseconds=1)
        world.family(link)
        world.clock.now = expires_at
        if by == "family":
            with pytest.raises(Ended):
                world.family(link)
        else:
            assert owner.links().links[0].has_expired
        world.clock.now = NOON
        with pytest.raises(Ended) as caught:
            world.family(link)
        assert (caught.value.reason, caught.value.when) == ("expired", expires_at)
        assert owner.links().links[0].has_expired


class TestPublishing:
    def number(self, world: World, link: Link) -> int:
        return world.family(link).document().about.number

    def test_it_rests_five_seconds_and_the_newest_gets_in(self, world: World) -> None:
        owner = world.owner()
        link = link_of(owner)
        world.clock.go_on(seconds=60)
        owner.publish(figures, 2)
        world.timers.waiting.pop(0)[1]()
        assert self.number(world, link) == 2
        for number in range(3, 9):
            world.clock.go_on(seconds=0.5)
            owner.publish(figures, number)
            if number == 3:
                world.timers.waiting.pop(0)[1]()
        assert self.number(world, link) == 2
        assert world.timers.run() == [4.5]
        assert self.number(world, link) == 8
        assert world.timers.waiting == []

    def test_a_link_just_made_does_not_hold_up_the_others(self, world: World) -> None:
        owner = world.owner()
        old = link_of(owner)
        world.clock.go_on(seconds=60)
        young = link_of(owner)
        calls: list[int] = []
        owner.publish(lambda: calls.append(1) or figures(), 2)
        assert world.timers.run() == [0.0, 5.0]
        assert (self.number(world, old), self.number(world, young), len(calls)) == (2, 2, 2)

    def test_an_older_revision_never_takes_the_place_of_a_newer(self, world: World) -> None:
        owner = world.owner()
        link = link_of(owner)
        world.clock.go_on(seconds=60)
        owner.publish(figures, 9)
        world.timers.run()
        world.clock.go_on(seconds=60)
        world.another_process().open(owner.address.id, owner.address.secret, HERE)
        owner.publish(figures, 3)
        world.timers.run()
        assert self.number(world, link) == 9

    def test_a_clock_set_back_keeps_nobody_waiting(self, world: World) -> None:
        owner = world.owner()
        link = link_of(owner)
        world.clock.go_on(days=-400)
        owner.publish(figures, 2)
        assert world.timers.run() == [0.0]
        assert self.number(world, link) == 2

    def test_nothing_is_worked_out_where_there_is_no_link(self, world: World) -> None:
        calls: list[int] = []
        world.owner().publish(lambda: calls.append(1) or figures(), 2)
        world.timers.run()
        assert calls == []

    def test_a_thread_of_the_process_brings_it_in(self, world: World) -> None:
        owner = world.owner()
        link = link_of(owner)
        world.clock.go_on(seconds=60)
        world.book.publisher = Publisher()
        owner.publish(figures, 2)
        waiting = Event()
        for _ in range(400):
            if owner.links().links[0].number == 2:
                break
            waiting.wait(0.025)
        assert self.number(world, link) == 2


class TestPledges:
    def test_a_pledge_travels_there_and_its_answer_back(self, world: World) -> None:
        owner = world.owner()
        link = link_of(owner)
        family = world.family(link)
        shown = family.document().document
        debt = figures().plan.debts[0].id
        key = shown.debts[0].key
        sent = family.pledge(pledge(to=key, message="<b>加油</b>"))
        assert (sent.state, family.pledges()) == ("sent", [sent])
        [offer] = owner.pledges(figures().plan).offers
        assert (offer.pledge, offer.debt, offer.link_name, offer.at) == (sent.pledge, debt, "给妹妹", NOON)
        assert as_chosen(offer, figures().plan).state == "chosen"
        owner.answer(offer, "accepted", DAY, "谢谢")
        [told] = world.family(link).pledges()
        assert told.state == "accepted"
        assert told.answer is not None
        assert told.answer.message == "谢谢"
        assert owner.pledges(figures().plan).offers[0].state == "accepted"
        owner.answer(offer, "declined", DAY)
        assert family.pledges()[0].state == "declined"

    def test_the_same_pledge_sent_twice_is_one(self, world: World) -> None:
        owner = world.owner()
        family = world.family(link_of(owner))
        first = family.pledge(pledge())
        world.clock.go_on(minutes=1)
        assert family.pledge(pledge()) == first
        assert len(owner.pledges(figures().plan).offers) == 1
        family.pledge(pledge(amount=500_001))
        assert len(family.pledges()) == 2

    def test_sent_at_once_from_many_windows_it_is_one(self, world: World) -> None:
        owner = world.owner()
        link = link_of(owner)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: world.family(link).pledge(pledge()), range(8)))
        assert len(owner.pledges(figures().plan).offers) == 1

    def test_owner_and_family_saving_at_once_do_not_disturb_each_other(self, world: World) -> None:
        owner = world.owner()
        link = link_of(owner)

        def save() -> None:
            for number in range(1, 11):
                owner.save(changed(f"{number}"), number)

        def give() -> None:
            family = world.family(link)
            for amount in range(1, 11):
                family.pledge(pledge(amount=amount))

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(save), pool.submit(give)]:
                done.result()
        assert owner.latest().number == 11
        assert len(owner.pledges(figures().plan).offers) == 10

    def test_a_pledge_for_a_debt_that_is_gone_is_told(self, world: World) -> None:
        owner = world.owner()
        family = world.family(link_of(owner))
        family.pledge(pledge(to=family.document().document.debts[0].key))
        plan = figures().plan
        without = plan.model_copy(update={"debts": plan.debts[1:]})
        [offer] = owner.pledges(without).offers
        assert (offer.debt, offer.debt_is_gone) == (None, True)

    def test_pledges_outlive_their_link(self, world: World) -> None:
        owner = world.owner()
        link = link_of(owner)
        world.family(link).pledge(pledge())
        owner.revoke(link)
        [offer] = owner.pledges(figures().plan).offers
        owner.answer(offer, "accepted", DAY)
        assert owner.pledges(figures().plan).offers[0].state == "accepted"

    def test_so_many_wait_and_answered_ones_make_room(self, limited: Callable[[Limits], World]) -> None:
        world = limited(Limits(pledges=2))
        owner = world.owner()
        family = world.family(link_of(owner))
        family.pledge(pledge(amount=1))
        family.pledge(pledge(amount=2))
        with pytest.raises(LimitReached) as caught:
            family.pledge(pledge(amount=3))
        assert "2" in caught.value.zh
        family.pledge(pledge(amount=2))
        owner.answer(owner.pledges(figures().plan).offers[0], "declined", DAY)
        family.pledge(pledge(amount=3))

    def test_answered_pledges_do_not_pile_up(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(book_rows, "ANSWERED_KEPT", 2)
        owner = world.owner()
        family = world.family(link_of(owner))
        for amount in range(1, 6):
            family.pledge(pledge(amount=amount))
            owner.answer(owner.pledges(figures().plan).offers[-1], "declined", DAY)
            world.clock.go_on(seconds=1)
        assert [each.pledge.amount for each in family.pledges()] == [3, 4, 5]


class TestGuesses:
    def test_unknown_wrong_and_swapped_get_one_answer(self, world: World) -> None:
        owner, other = world.owner(), world.owner()
        link, ended = link_of(owner), link_of(owner)
        owner.revoke(ended)
        wrong = new_secret(random.Random(7).randbytes)
        tries: list[tuple[str, Secret]] = [
            ("0" * 16, wrong),
            ("", wrong),
            ("x" * 5000, wrong),
            ("'; drop table plans; --", wrong),
            (owner.address.id, wrong),
            (link.address.id, wrong),
            (ended.address.id, wrong),
            (owner.address.id, other.address.secret),
            (owner.address.id, link.address.secret),
            (link.address.id, owner.address.secret),
            (ended.address.id, link.address.secret),
        ]
        told: set[tuple[type, str, str]] = set()
        for k, (door, secret) in enumerate(tries):
            with pytest.raises(SharingError) as caught:
                world.book.open(door, secret, f"203.0.113.{k}")
            told.add((type(caught.value), str(caught.value), repr(vars(caught.value))))
        assert len(told) == 1
        assert next(iter(told))[0] is NotFound

    def test_ten_thousand_guesses_slow_one_address_and_lock_nobody(self, world: World) -> None:
        owner = world.owner()
        noise = random.Random(3)
        answers = {NotFound: 0, SlowDown: 0}
        for _ in range(10_000):
            with pytest.raises((NotFound, SlowDown)) as caught:
                world.book.open(owner.address.id, new_secret(noise.randbytes), THERE)
            answers[type(caught.value)] += 1
        assert answers == {NotFound: 10, SlowDown: 9_990}
        world.opened(owner)
        with pytest.raises(SlowDown) as caught:
            world.book.open(owner.address.id, owner.address.secret, THERE)
        assert caught.value.seconds <= 6
        world.clock.go_on(seconds=6)
        assert isinstance(world.book.open(owner.address.id, owner.address.secret, THERE), Owner)

    def test_capitals_and_blanks_in_an_id_do_not_matter(self, world: World) -> None:
        owner = world.owner()
        text = f" {owner.address.id.upper()}\u200b "
        assert isinstance(world.book.open(text, owner.address.secret, HERE), Owner)


class TestLimits:
    def test_a_plan_that_is_too_large_is_refused_in_words(self, limited: Callable[[Limits], World]) -> None:
        world = limited(Limits(plan_bytes=len(document())))
        owner = world.owner()
        for act in (lambda: owner.save(changed("长" * 2000), 1), lambda: world.book.create(changed("长" * 2000), HERE)):
            with pytest.raises(LimitReached) as caught:
                act()
            assert caught.value.reason == "too_large"
        assert owner.latest().number == 1

    def test_no_limit_lets_in_what_could_not_be_read_back(self, limited: Callable[[Limits], World]) -> None:
        owner = limited(Limits(plan_bytes=10**9)).owner()
        with pytest.raises(LimitReached):
            owner.save(bytes(MAX_FILE_BYTES + 1), 1)

    def test_writes_and_plans_are_counted_by_address(self, limited: Callable[[Limits], World]) -> None:
        world = limited(Limits(writes_per_minute=3, plans_per_hour=1))
        owner = world.owner()
        with pytest.raises(SlowDown):
            world.owner()
        world.book.create(document(), THERE)
        for number in (1, 2, 3):
            owner.save(changed(f"{number}"), number)
        with pytest.raises(SlowDown):
            owner.save(changed("4"), 4)
        world.clock.go_on(seconds=20)
        assert owner.save(changed("4"), 4).number == 5

    def test_old_revisions_go_and_nothing_is_refused(self, limited: Callable[[Limits], World]) -> None:
        world = limited(Limits(revisions=25, writes_per_minute=1000))
        owner = world.owner()
        for number in range(1, 60):
            owner.save(changed(f"{number}"), number)
        assert [info.number for info in owner.history(limit=1000)] == list(range(60, 35, -1))
        assert owner.latest().document == changed("59")
