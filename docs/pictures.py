"""The pictures of the guides, taken from the running app: `python -m docs.pictures`.

Each is what a reader sees of an example household, at a desk and on a phone, in both languages. The examples stay on
their own day, so a second run gives the same pictures, but for the page of the family, which names the day of today.
"""

import io
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks.serving import free_port, start, wait_for
from core.household import dump_household
from core.sharing import Book, Hidden, figures_of
from core.store import Store
from pages.shared import keeping
from pages.shared.words import LANGUAGES, Words, words_in
from tests.chromium import QUIET, find_chromium

FOLDER = Path(__file__).with_name("pictures")
DESK, PHONE = (1280, 800), (390, 844)
BYTES_MAX, TOTAL_BYTES_MAX = 120_000, 2_000_000
COLOURS = (64, 48, 32, 24, 16)
"""How many colours are tried, until a picture is small enough."""

FIRST, LATE = "first_missed_weilidai", "cards_and_jiebei_past_90_days"
WAIT_MS = 90_000
PUBLIC_URL = "https://ashore.example.org"
"""What links begin with in the pictures."""

STILL = """
*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important }
[data-testid=stToastContainer], [data-testid=stToast] { display: none !important }
"""
_QUIET_MS = 600
_GIFT, _MONTHLY = "5000", "500"


def main() -> None:
    """Take every picture anew."""
    began = time.monotonic()
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(QUIET))
        with serving() as (address, _):
            for language in LANGUAGES:
                take_start(browser, address, language)
            open_example(browser, address, FIRST)
            for language in LANGUAGES:
                take_first(browser, address, language)
        with serving() as (address, _):
            open_example(browser, address, LATE)
            for language in LANGUAGES:
                take_late(browser, address, language)
        with serving(ASHORE_MODE="hosted") as (address, folder):
            for language in LANGUAGES:
                take_family(browser, address, folder, language)
        browser.close()
    sizes = [path.stat().st_size for path in FOLDER.glob("*.png")]
    print(f"{len(sizes)} pictures, {sum(sizes):,} bytes, {time.monotonic() - began:.0f} s")
    if max(sizes) > BYTES_MAX or sum(sizes) > TOTAL_BYTES_MAX:
        raise SystemExit(f"too large: at most {BYTES_MAX:,} bytes each and {TOTAL_BYTES_MAX:,} in all")


@contextmanager
def serving(**environment: str) -> Iterator[tuple[str, Path]]:
    """Run the app on a free port, with a data folder that nobody else has; give its address and that folder."""
    port = free_port()
    address = f"http://localhost:{port}"
    with tempfile.TemporaryDirectory() as folder:
        own = {"ASHORE_DATA_DIR": folder, "ASHORE_DATABASE_URL": "", "ASHORE_PUBLIC_URL": PUBLIC_URL, **environment}
        process = start("app.py", port, **own)
        try:
            wait_for(f"{address}/_stcore/health")
            yield address, Path(folder)
        finally:
            process.terminate()
            process.wait(20)


# -- what is pictured


def take_start(browser: Browser, address: str, language: str) -> None:
    """Take the start, and the three questions."""
    say = words_in(language)
    with visit(browser, f"{address}/?lang={language}", PHONE) as page:
        begin = page.get_by_role("button", name=say("start.begin"))
        begin.wait_for(timeout=WAIT_MS)
        take(page, "start", language)
        begin.click()
        page.locator("[data-testid=stSelectbox] button").first.click()
        page.get_by_role("option").nth(1).click()
        page.get_by_label(say("debt.balance")).fill("16800")
        page.get_by_label(say("debt.left")).fill("14")
        page.keyboard.press("Tab")
        take(page, "questions", language, page.get_by_role("heading", name=say("start.debt_question")))


def take_first(browser: Browser, address: str, language: str) -> None:
    """Take the overview and the page of being late, of a household that has just missed its first payment."""
    say = words_in(language)
    for size in (PHONE, DESK):
        with visit(browser, f"{address}/?lang={language}", size) as page:
            page.locator(".st-key-verdict").wait_for(timeout=WAIT_MS)
            take(page, "overview", language)
            if size == PHONE:
                take(page, "slider", language, page.get_by_role("heading", name=say("live.title")))
                continue
            go_to(page, "overdue_cost", say)
            take(page, "overdue", language)
            take(page, "course", language, page.get_by_role("heading", name=say("overdue.course.title")))


def take_late(browser: Browser, address: str, language: str) -> None:
    """Take the budget, the ways, what a brother's help does and the call, of a household months behind."""
    say = words_in(language)
    with visit(browser, f"{address}/?lang={language}", DESK) as page:
        page.locator(".st-key-verdict").wait_for(timeout=WAIT_MS)
        go_to(page, "budget_cuts", say)
        take(page, "budget", language, page.get_by_role("heading", name=say("budget_cuts.limits.title")))
        go_to(page, "strategy_comparison", say)
        take(page, "ways", language, page.get_by_role("heading", name=say("comparison.chart_title")))
    with visit(browser, f"{address}/?lang={language}", PHONE) as page:
        page.locator(".st-key-verdict").wait_for(timeout=WAIT_MS)
        go_to(page, "strategy_comparison", say)
        press(page, say("ways.offers"))
        press(page, say("offer.help"))
        page.get_by_label(say("help.once")).fill(_GIFT)
        page.get_by_label(say("help.monthly")).fill(_MONTHLY)
        page.keyboard.press("Tab")
        page.locator("table.figures").wait_for(timeout=WAIT_MS)
        take(page, "help", language, page.get_by_text(say("help.who"), exact=True))
        go_to(page, "act", say)
        take(page, "call", language, page.get_by_role("heading", name=say("act.phone.title")))


def take_family(browser: Browser, address: str, folder: Path, language: str) -> None:
    """Take where a household makes links, and the page that opens for whoever has one."""
    say = words_in(language)
    document = keeping.sample(FIRST)
    nothing = Hidden(lender_names=False, amounts=False, incomes=False, names=False, notes=False)
    with Store.open(folder / "ashore.db") as store:
        owner = Book(store).create(dump_household(document).encode(), "")
        link = owner.make_link(say("app.title"), nothing, figures_of(document), 1)
    with visit(browser, with_language(owner.address.link(address), language), PHONE) as page:
        page.locator(".st-key-verdict").wait_for(timeout=WAIT_MS)
        go_to(page, "household", say)
        press(page, say("household_page.sharing"))
        page.get_by_role("button", name=say("sharing.make")).wait_for(timeout=WAIT_MS)
        take(page, "sharing", language, page.get_by_role("heading", name=say("sharing.new")))
    with visit(browser, with_language(link.address.link(address), language), PHONE) as page:
        page.locator(".st-key-verdict").wait_for(timeout=WAIT_MS)
        take(page, "family", language)


def with_language(link: str, language: str) -> str:
    """Let a link open in a language; its secret stays behind the #."""
    before, _, secret = link.partition("#")
    return f"{before}&lang={language}#{secret}"


# -- a visitor


def open_example(browser: Browser, address: str, name: str) -> None:
    """Open an example for all who come to this server afterwards."""
    with visit(browser, address, DESK) as page:
        button = page.locator(f".st-key-sample-{name} button")
        button.wait_for(timeout=WAIT_MS)
        button.click()
        page.locator(".st-key-verdict").wait_for(timeout=WAIT_MS)


@contextmanager
def visit(browser: Browser, address: str, size: tuple[int, int]) -> Iterator[Page]:
    """Open an address in a window of its own."""
    width, height = size
    scale = 2 if size == PHONE else 1
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        color_scheme="light",
        reduced_motion="reduce",
        timezone_id="Asia/Shanghai",
    )
    page = context.new_page()
    page.goto(address)
    try:
        yield page
    finally:
        context.close()


def go_to(page: Page, name: str, say: Words) -> None:
    """Go to a page by its link in the bar."""
    page.get_by_role("link", name=say(f"nav.{name}"), exact=True).click()
    page.get_by_role("heading", level=1).wait_for(timeout=WAIT_MS)
    settle(page)


def press(page: Page, label: str) -> None:
    """Press one of several choices that stand side by side."""
    page.locator("[data-testid=stButtonGroup]").get_by_text(label, exact=True).first.click()
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page's script is done and nothing moves any longer."""
    page.wait_for_timeout(_QUIET_MS)
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'running'", timeout=WAIT_MS
    )
    page.evaluate("() => document.fonts.ready")
    page.wait_for_timeout(_QUIET_MS)


def take(page: Page, name: str, language: str, top: Locator | None = None) -> None:
    """Take a picture of what the window shows.

    Args:
        page: The window.
        name: What is pictured.
        language: The language of the page.
        top: What the window is scrolled to; nothing leaves it at its start.
    """
    settle(page)
    page.add_style_tag(content=STILL)
    page.mouse.move(0, 0)
    page.evaluate("() => document.activeElement.blur()")
    if top is None:
        page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    else:
        top.first.evaluate("here => { here.style.scrollMarginTop = '24px'; here.scrollIntoView({ block: 'start' }) }")
    settle(page)
    assert page.viewport_size is not None
    width = page.viewport_size["width"]
    small = reduced(page.screenshot())
    (FOLDER / f"{name}-{width}-{language}.png").write_bytes(small)


def reduced(picture: bytes) -> bytes:
    """Give a picture with as few colours as it needs to be small enough."""
    full = Image.open(io.BytesIO(picture)).convert("RGB")
    found = picture
    for colours in COLOURS:
        written = io.BytesIO()
        few = full.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(written, "PNG", optimize=True)
        found = written.getvalue()
        if len(found) <= BYTES_MAX:
            break
    return found


if __name__ == "__main__":
    main()
