"""The family's page in a real browser: the slider and its figures, narrow screens, and what the browser asks for."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from benchmarks.serving import serving
from core.household import dump_household, household_of
from core.sharing import Book, Family, FamilyDocument, Help, Hidden, Link, figures_of
from core.simulate import warm
from core.store import Store
from pages.family import effects
from pages.shared import session, theme
from pages.shared.words import LANGUAGES, Words, words_in
from tests.browser.axe import look
from tests.browser.conftest import Visit
from tests.browser.test_household import is_narrow, small_targets

DESK, PHONE, SMALL = 1280, 390, 360
WAIT = 60_000
OWN = household_of(session.sample_plan("halved_income"))
# Everything that is shown at each step, without telling Python.
EVERY_STEP = """slider => {
  const root = slider.getRootNode(), found = []
  const outs = [...root.querySelectorAll('[data-out]')]
  for (let step = 0; step <= Number(slider.max); step++) {
    slider.value = step
    slider.dispatchEvent(new Event('input'))
    found.push({
      texts: Object.fromEntries(outs.map(each => [each.dataset.out, each.textContent])),
      said: slider.getAttribute('aria-valuetext'),
      bar: root.querySelector('path.with').getBoundingClientRect().width,
      height: root.querySelector('.live').getBoundingClientRect().height,
      cut: outs.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.dataset.out),
    })
  }
  return found
}"""
Visits = Callable[..., Visit]


class Shared:
    """A hosted server, and two links of one household on it: one shows everything, one next to nothing."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        with Store.open(folder / "ashore.db") as store:
            book = Book(store)
            owner = book.create(dump_household(OWN).encode(), "")
            bright = Hidden(lender_names=False, amounts=False, incomes=False, names=False, notes=False)
            figures = figures_of(OWN)
            self.bright, self.dark = (owner.make_link("x", hidden, figures, 1) for hidden in (bright, Hidden()))
            family = book.open(self.bright.address.id, self.bright.address.secret, "")
            assert isinstance(family, Family)
            self.document: FamilyDocument = family.document().document

    def link(self, link: Link, language: str) -> str:
        return link.address.link(self.address).replace("?", f"?lang={language}&")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    warm()
    folder = tmp_path_factory.mktemp("family")
    with serving("app.py", ASHORE_MODE="hosted", ASHORE_DATA_DIR=str(folder)) as address:
        yield Shared(address, folder)


def arrived(seen: Visit) -> Locator:
    slider = seen.page.get_by_role("slider")
    slider.wait_for(timeout=WAIT)
    expect(slider).to_have_attribute("aria-valuetext", re.compile("¥"))
    seen.page.locator(".js-plotly-plot .main-svg").first.wait_for(timeout=WAIT)
    seen.page.wait_for_timeout(800)
    return slider


def read_out(help_: Help, at: int, say: Words) -> dict[str, str]:
    before, after, saved = help_.free_on[0], help_.free_on[at], help_.saved[at]
    assert before is not None
    assert after is not None
    assert saved is not None
    months = effects.sooner(before, after)
    key = "earlier" if months > 0 else "later"
    moved = say(f"family.say.{key}", duration=theme.duration(abs(months), say)) if months else say("family.say.same")
    return {
        "sum": theme.money(help_.sums[at]),
        "free": theme.month(after, say),
        "before": theme.month(before, say),
        "sooner": moved,
        "saved": theme.money(saved),
        "least": theme.money(help_.sums[0]),
        "most": theme.money(help_.sums[-1]),
    }


@pytest.mark.parametrize("width", [DESK, PHONE, SMALL])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sum_is_read_out_as_the_document_says(shared: Shared, visit: Visits, language: str, width: int) -> None:
    say = words_in(language)
    seen = visit(shared.link(shared.bright, language), width=width)
    steps = arrived(seen).evaluate(EVERY_STEP)
    help_ = shared.document.help_of("once")
    assert help_ is not None
    assert [step["texts"] for step in steps] == [read_out(help_, at, say) for at in range(len(help_.sums))]
    assert [step["said"] for step in steps] == [theme.money(fen) for fen in help_.sums]
    assert {round(step["height"]) for step in steps} == {round(steps[0]["height"])}, "nothing jumps"
    assert not [step["cut"] for step in steps if step["cut"]]
    bars = [step["bar"] for step in steps]
    assert bars[0] > bars[len(bars) // 2] > bars[-1], "the picture moves along"
    assert shared.bright.address.secret.text not in seen.page.url
    assert is_narrow(seen.page)
    assert small_targets(seen.page) == []
    assert seen.errors == []
    assert {host.partition(":")[0] for host in seen.hosts} == {"localhost"}


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_that_hides_nearly_everything(shared: Shared, visit: Visits, language: str, width: int) -> None:
    seen = visit(shared.link(shared.dark, language), width=width, scheme="dark")
    arrived(seen)
    said = seen.page.locator("body").inner_text()
    assert not [debt.name for debt in OWN.plan.debts if debt.name in said]
    assert is_narrow(seen.page)
    assert seen.errors == []


@pytest.mark.parametrize(("language", "scheme"), [("zh", "dark"), ("en", "light")])
def test_the_page_breaks_no_rule(shared: Shared, visit: Visits, language: str, scheme: str) -> None:
    seen = visit(shared.link(shared.bright, language), width=PHONE, scheme=scheme)
    arrived(seen)
    assert look(seen.page, [(PHONE, scheme), (DESK, scheme)]) == []


def test_keys_move_the_thumb_and_the_offer_follows(shared: Shared, visit: Visits) -> None:
    seen = visit(shared.link(shared.bright, "en"), width=PHONE)
    slider = arrived(seen)
    help_ = shared.document.help_of("once")
    assert help_ is not None
    begun = int(slider.input_value())
    slider.focus()
    seen.page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", theme.money(help_.sums[begun + 1]))
    amount = seen.page.get_by_label(words_in("en")("family.pledge.amount"))
    expect(amount).to_have_value(theme.money(help_.sums[begun + 1]).removeprefix("¥"), timeout=WAIT)
    seen.page.keyboard.press("End")
    expect(amount).to_have_value(theme.money(help_.sums[-1]).removeprefix("¥"), timeout=WAIT)
    assert int(slider.input_value()) == len(help_.sums) - 1, "a rerun leaves the thumb where it is"
    seen.page.get_by_text(words_in("en")("family.gift.monthly"), exact=True).click()
    monthly = shared.document.help_of("monthly", 12)
    assert monthly is not None
    expect(seen.page.get_by_role("slider")).to_have_attribute("max", str(len(monthly.sums) - 1), timeout=WAIT)
    assert seen.errors == []


def test_the_picture_is_made_without_a_browser_and_downloaded(shared: Shared, visit: Visits) -> None:
    seen = visit(shared.link(shared.bright, "en"), width=DESK)
    arrived(seen)
    seen.page.get_by_role("button", name=words_in("en")("family.picture.make")).click()
    shown = seen.page.get_by_role("img", name=re.compile("the next three payments"))
    expect(shown).to_be_visible(timeout=WAIT)
    with seen.page.expect_download(timeout=WAIT) as download:
        seen.page.get_by_role("button", name=words_in("en")("family.picture.download")).click()
    assert Path(download.value.path()).read_bytes()[:4] == b"\x89PNG"
    assert seen.errors == []
