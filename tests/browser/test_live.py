"""The slider that answers while it moves, in a real browser: fingers, keys, what is read out, and what is sent."""

import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.pages import serving
from core.live_grid import live_grid
from core.simulate import STRATEGIES, warm
from pages.shared import live, session, theme
from pages.shared.words import LANGUAGES, words_in
from pages.strategy_comparison.figures import spread

ROOT = Path(__file__).parents[2]
ALONE = str(ROOT / "tests" / "pages" / "live_alone.py")
DESK, PHONE = 1280, 390
TOLD = 600
Visits = Callable[..., Any]
# Everything that is shown at each step, without telling Python.
EVERY_STEP = """slider => {
  const root = slider.getRootNode(), found = []
  const outs = [...root.querySelectorAll('[data-out]')]
  for (let step = 0; step <= Number(slider.max); step++) {
    slider.value = step
    slider.dispatchEvent(new Event('input'))
    const live = root.querySelector('.live').getBoundingClientRect()
    found.push({
      texts: Object.fromEntries(outs.map(each => [each.dataset.out, each.textContent])),
      said: slider.getAttribute('aria-valuetext'),
      height: live.height,
      cut: outs.filter(each => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1)
        .filter(each => getComputedStyle(each).contain.includes('strict')).map(each => each.dataset.out),
      names: [...root.querySelectorAll('svg g')].filter(each => each.style.display !== 'none')
        .map(each => each.querySelector('text').getBoundingClientRect().toJSON()),
      shown: root.querySelector('svg g.shown text')?.textContent.replace(' ↑', ''),
    })
  }
  return found
}"""


@pytest.fixture(scope="module")
def chinese() -> Iterator[str]:
    with serving(ALONE, ASHORE_TEST_LANGUAGE="zh", PYTHONPATH=str(ROOT)) as address:
        yield address


@pytest.fixture(scope="module")
def english() -> Iterator[str]:
    with serving(ALONE, ASHORE_TEST_LANGUAGE="en", PYTHONPATH=str(ROOT)) as address:
        yield address


@pytest.fixture(scope="module", autouse=True)
def warm_engine() -> None:
    warm()


def slider_of(seen: Any) -> Any:
    slider = seen.page.get_by_role("slider")
    slider.wait_for(timeout=90_000)
    expect(slider).to_have_attribute("aria-valuetext", re.compile("¥"))
    return slider


def choose(page: Page, place: int, name: str) -> None:
    page.locator("[data-testid=stSelectbox]").nth(place).locator("input").click()
    page.get_by_role("option", name=name, exact=True).click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_amounts_and_dates_are_written_as_everywhere_else(browser: Browser, language: str) -> None:
    say = words_in(language)
    page = browser.new_page()
    page.goto("about:blank")
    fens = [0, 1, 99, 100, 12345, 99_999, 100_000, 123_456_789, 10**11, -5, -123_450, *range(7, 10**9, 98_765_431)]
    days = [date(2026, 1, 31), date(2027, 2, 28), date(2028, 2, 29), date(2026, 12, 1), date(1999, 12, 31)]
    counts = [0, 1, 2, 999, 1000, 12_345]
    heights = [[0, 0, 100], [190, 200], [0, 1, 2, 3, 4, 5], [12.5]]
    found = page.evaluate(
        """async ([source, words, fens, days, counts, heights]) => {
          const live = await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))
          return [
            fens.map(fen => live.money(fen, words)), days.map(day => live.day(day, words)),
            days.map(day => live.month(day, words)), counts.map(count => live.counted(words.days, count)),
            heights.map(each => live.spread(each, 20, 200)),
            live.money(5, { ...words, hidden: true }),
          ]
        }""",
        [
            live.WRITING + (ROOT / "pages" / "shared" / "live" / "live.js").read_text("utf-8"),
            live.words_of(say),
            fens,
            [day.toordinal() for day in days],
            counts,
            heights,
        ],
    )
    page.close()
    assert found == [
        [theme.money(fen) for fen in fens],
        [theme.day(day, say) for day in days],
        [theme.month(day, say) for day in days],
        [say.counted("format.day_count", count) for count in counts],
        [spread(each, 20, 200) for each in heights],
        "¥••••",
    ]


@pytest.mark.parametrize("width", [DESK, PHONE, 360])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_of_every_household_is_read_out_and_nothing_jumps(
    chinese: str, english: str, visit: Visits, language: str, width: int
) -> None:
    say = words_in(language)
    seen = visit(chinese if language == "zh" else english, width=width)
    slider = slider_of(seen)
    for sample in session.samples():
        grid = live_grid(session.sample_plan(sample))
        choose(seen.page, 0, sample)
        expect(slider).to_have_attribute("max", str(len(grid.budgets) - 1))
        expect(seen.page.get_by_text(f"told {grid.budgets[grid.today]}")).to_be_visible(timeout=20_000)
        assert slider.input_value() == str(grid.today)
        steps = slider.evaluate(EVERY_STEP)
        assert len({round(step["height"]) for step in steps}) == 1
        for k, (step, index) in enumerate(zip(steps, grid.shown, strict=True)):
            texts, free, late = step["texts"], int(grid.free_on[k, index]), int(grid.first_late[k, index])
            assert texts["budget"] == theme.money(grid.budgets[k])
            assert texts["budget"] in step["said"]
            month = theme.month(date.fromordinal(free), say) if free else say("table.not_free")
            assert texts["free"] == month
            assert texts["paid"] == theme.money(int(grid.total_paid[k, index]))
            owed = int(grid.closing_payoff[k, index])
            assert texts["owed"] == (theme.money(owed) if owed else say("table.nothing_owed"))
            first = theme.month(date.fromordinal(late), say) if late else say("live.say.never")
            assert texts["late"] == first
            assert step["shown"] == say(f"strategy.{STRATEGIES[index]}.name")
            assert step["shown"] in texts["sentence"]
            assert step["cut"] == []
            assert_apart(step["names"], width)
    assert seen.errors == []
    assert seen.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def assert_apart(names: list[dict[str, float]], width: int) -> None:
    names = sorted(names, key=lambda box: box["top"])
    assert len(names) == len(STRATEGIES)
    assert all(box["right"] <= width for box in names)
    for one, other in pairwise(names):
        assert other["top"] - one["top"] > 14


def test_keys_move_it_by_steps_and_python_is_told_when_they_rest(chinese: str, visit: Visits) -> None:
    grid = live_grid(session.sample_plan(session.samples()[0]))
    seen = visit(chinese, width=DESK)
    slider, page = slider_of(seen), seen.page
    page.wait_for_timeout(TOLD)
    slider.focus()
    last = len(grid.budgets) - 1
    for key, step in (
        ("ArrowRight", grid.today + 1),
        ("ArrowUp", grid.today + 2),
        ("ArrowLeft", grid.today + 1),
        ("ArrowDown", grid.today),
        ("Home", 0),
        ("End", last),
    ):
        page.keyboard.press(key)
        assert slider.input_value() == str(step)
        assert slider.get_attribute("aria-valuetext") == words_in("zh")(
            "live.say.budget", amount=theme.money(grid.budgets[step])
        )
    page.keyboard.press("PageDown")
    assert int(slider.input_value()) < last - 1
    page.keyboard.press("PageUp")
    assert slider.input_value() == str(last)
    expect(page.get_by_text(f"told {grid.budgets[last]}")).to_be_visible(timeout=20_000)
    # Once more than at first where no key waited long for the one before it; never once a key.
    runs = int(page.get_by_text(re.compile(r"^runs \d+$")).inner_text().split()[1])
    assert 2 <= runs < 6


def test_a_drag_tells_python_when_the_finger_lifts_and_no_rerun_moves_the_thumb(chinese: str, visit: Visits) -> None:
    grid = live_grid(session.sample_plan(session.samples()[0]))
    seen = visit(chinese, width=DESK)
    slider, page = slider_of(seen), seen.page
    page.wait_for_timeout(TOLD)
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    share = grid.today / (len(grid.budgets) - 1)
    page.mouse.move(box["x"] + 22 + share * (box["width"] - 44), y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, y, steps=8)
    page.wait_for_timeout(TOLD)
    assert page.get_by_text("runs 1", exact=True).count() == 1
    page.mouse.up()
    step = int(slider.input_value())
    assert step > grid.today
    expect(page.get_by_text(f"told {grid.budgets[step]}")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="again").click()
    expect(page.get_by_text("runs 3")).to_be_visible()
    assert slider.input_value() == str(step)
    assert page.get_by_text(f"told {grid.budgets[step]}").count() == 1


def test_no_grid_is_sent_twice(chinese: str, visit: Visits, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": DESK, "height": 844})
    page = context.new_page()
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    page.goto(chinese)
    slider = page.get_by_role("slider")
    slider.wait_for(timeout=90_000)
    page.wait_for_timeout(1000)
    assert max(received) > 50_000
    received.clear()
    slider.focus()
    page.keyboard.press("End")
    expect(page.get_by_text("runs 2")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="again").click()
    expect(page.get_by_text("runs 3")).to_be_visible()
    context.close()
    assert sum(received) < 30_000


def test_it_comes_back_where_it_was_left(chinese: str, visit: Visits) -> None:
    seen = visit(chinese, width=DESK)
    slider, page = slider_of(seen), seen.page
    slider.focus()
    page.keyboard.press("End")
    last = slider.input_value()
    expect(page.get_by_text("runs 2")).to_be_visible(timeout=20_000)
    page.get_by_text("away").click()
    expect(slider).to_have_count(0)
    page.get_by_text("away").click()
    slider_of(seen)
    assert slider.input_value() == last
    expect(page.get_by_text("runs 4")).to_be_visible()
    assert page.get_by_text(f"told {live_grid(session.sample_plan(session.samples()[0])).budgets[-1]}").count() == 1


def test_marks_are_buttons_that_go_there(chinese: str, visit: Visits) -> None:
    grid = live_grid(session.sample_plan(session.samples()[0]))
    assert grid.kept_from is not None
    seen = visit(chinese, width=PHONE)
    slider, page = slider_of(seen), seen.page
    for name, step in (("kept", grid.kept_from), ("now", grid.today)):
        button = page.locator(f"button.jump.{name}")
        assert theme.money(grid.budgets[step]) in button.inner_text()
        assert button.bounding_box()["height"] >= 44
        button.click()
        assert slider.input_value() == str(step)
        mark = page.locator(f"i.mark.{name}").bounding_box()
        box = slider.bounding_box()
        wanted = box["x"] + 22 + step / (len(grid.budgets) - 1) * (box["width"] - 44)
        assert abs(mark["x"] + mark["width"] / 2 - wanted) <= 1.5
    assert slider.bounding_box()["height"] >= 44


def test_what_is_read_aloud_waits_until_the_thumb_rests(chinese: str, visit: Visits) -> None:
    seen = visit(chinese, width=DESK)
    slider, page = slider_of(seen), seen.page
    page.wait_for_timeout(1500)
    status = page.get_by_role("status").filter(has_text="。")
    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert status.count() == 0
    expect(status).to_have_count(1)
    assert status.get_attribute("aria-live") == "polite"


def test_a_thumb_drags_across_and_scrolls_down(chinese: str, browser: Browser) -> None:
    """Across moves the thumb and not the page; down scrolls the page and chooses nothing."""
    context = browser.new_context(viewport={"width": PHONE, "height": 500}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(chinese)
    slider = page.get_by_role("slider")
    slider.wait_for(timeout=90_000)
    page.wait_for_timeout(1000)
    before = slider.input_value()
    box = slider.bounding_box()
    assert box is not None
    client = context.new_cdp_session(page)

    def swipe(x: float, y: float, across: float, down: float) -> None:
        client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for k in range(1, 16):
            at = {"x": x + across * k / 15, "y": y + down * k / 15}
            client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
            page.wait_for_timeout(16)
        client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_timeout(TOLD)

    top = "document.querySelector('[data-testid=stMain]').scrollTop"
    swipe(box["x"] + box["width"] * 0.2, box["y"] + 22, 0, -150)
    assert page.evaluate(top) > 50
    assert slider.input_value() == before
    assert page.get_by_text("runs 1", exact=True).count() == 1
    scrolled, box = page.evaluate(top), slider.bounding_box()
    assert box is not None
    swipe(box["x"] + box["width"] * 0.5, box["y"] + 22, 100, 6)
    assert int(slider.input_value()) > int(before) + 20
    assert page.evaluate(top) == scrolled
    expect(page.get_by_text("runs 2", exact=True)).to_be_attached()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_are_those_of_the_theme(chinese: str, visit: Visits, scheme: str) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"][scheme]
    wanted = [config["chartCategoricalColors"][k] for k in range(len(STRATEGIES))]
    seen = visit(chinese, width=DESK, scheme=scheme)
    slider_of(seen)
    lines = seen.page.locator("svg path.line")
    strokes = {each.get_attribute("stroke") for each in lines.all()}
    assert strokes == set(wanted)


def test_hidden_amounts_stay_hidden(chinese: str, visit: Visits) -> None:
    seen = visit(f"{chinese}/?hide=1", width=DESK)
    slider = slider_of(seen)
    for step in slider.evaluate(EVERY_STEP):
        for name in ("budget", "paid"):
            assert step["texts"][name] == "¥••••"
        assert step["said"] == words_in("zh")("live.say.budget", amount="¥••••")
        assert not any(letter.isdigit() for letter in step["texts"]["owed"])
    box = seen.page.locator(".live").inner_text()
    assert not re.search(r"¥\s?\d|\d万", box)


@contextmanager
def printed(page: Page) -> Iterator[None]:
    page.emulate_media(media="print")
    yield
    page.emulate_media(media="screen")


def test_on_paper_the_figures_stay_and_the_slider_goes(chinese: str, visit: Visits) -> None:
    seen = visit(chinese, width=DESK)
    slider = slider_of(seen)
    with printed(seen.page):
        expect(slider).to_be_hidden()
        expect(seen.page.locator("[data-out=budget]")).to_be_visible()
        expect(seen.page.locator("svg path.line").first).to_be_attached()
