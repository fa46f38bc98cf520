"""How fast the slider of `pages/shared/live` answers: `python -m benchmarks.live [--json] [--moves N]`.

The time to build a grid and the bytes that are handed to the browser, for 8 debts over 60 months and 40 over 360; and,
in a Chromium, from the `input` event of a real key press or drag to the second animation frame after it, when what it
changed is on the screen. A phone is a page 390 pixels wide whose processor is slowed down four times.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks.pages import FLAGS, serving
from core import simulate
from core.household import dump_household, household_of
from core.live_grid import live_grid
from core.plan import Plan
from pages.shared import keeping, session
from pages.shared.live import _FOLDER, payload
from pages.shared.words import words_in

SIZES = ((8, 60, 250_000), (40, 360, 500_000))  # debts, months, bytes at most
SCREENS = (("desk", 1280, 1, 34.0), ("phone", 390, 4, 60.0))  # name, width, slowed down, milliseconds at most
SLIDER = ".st-key-live input[type=range]"
WATCH = """() => {
  window.frames_ms = []
  window.addEventListener('input', () => {
    const began = performance.now()
    requestAnimationFrame(() => requestAnimationFrame(() => window.frames_ms.push(performance.now() - began)))
  }, true)
}"""


@dataclass(frozen=True)
class Size:
    """What a plan of a size costs: the time to build its grid and to write it down, and the bytes handed over."""

    debts: int
    months: int
    steps: int
    grid_ms: float
    payload_ms: float
    payload_bytes: int
    assets_bytes: int


def plan_of(debts: int, months: int) -> Plan:
    """Give a plan with so many debts, those of the examples over and over."""
    plans = [session.sample_plan(name) for name in session.samples()]
    start = max(plan.as_of for plan in plans)
    every = [debt for plan in plans for debt in plan.debts]
    copies = tuple(every[k % len(every)].model_copy(update={"id": f"debt-{k}"}) for k in range(debts))
    return plans[0].model_copy(update={"as_of": start, "debts": copies, "horizon_months": months})


def timed(work: Callable[[], Any], rounds: int) -> float:
    """Give the median time of some work in milliseconds."""
    times: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return round(statistics.median(times), 1)


def size_of(debts: int, months: int) -> Size:
    """Measure a plan of a size."""
    plan, say = plan_of(debts, months), words_in("zh")
    grid = live_grid(plan)
    return Size(
        debts,
        months,
        len(grid.budgets),
        timed(lambda: live_grid(plan), 7),
        timed(lambda: json.dumps(payload(grid, say, best=True)), 7),
        len(json.dumps(payload(grid, say, best=True))),
        sum(path.stat().st_size for path in _FOLDER.glob("*.[jch]*s*")),
    )


def moves_ms(page: Page, slowed: int, moves: int) -> dict[str, list[float]]:
    """Press keys and drag, and give the time of each move from its `input` event to its frame."""
    slider = page.locator(SLIDER)
    slider.wait_for(timeout=90_000)
    slider.scroll_into_view_if_needed()
    page.wait_for_timeout(3000)
    client = page.context.new_cdp_session(page)
    client.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    page.evaluate(WATCH)
    slider.focus()
    keys = _collect(page, lambda k: page.keyboard.press("ArrowLeft" if k // 20 % 2 else "ArrowRight"), moves)
    box = slider.bounding_box()
    assert box is not None
    y, left, width = box["y"] + box["height"] / 2, box["x"] + 40, box["width"] - 80
    touch = slowed > 1
    _finger(client, touch, "start", left, y)
    drag = _collect(
        page, lambda k: _finger(client, touch, "move", left + width * abs((k * 7) % (2 * 97) - 97) / 97, y), moves
    )
    _finger(client, touch, "end", left, y)
    client.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return {"keys": keys, "drag": drag}


def _collect(page: Page, move: Callable[[int], None], moves: int) -> list[float]:
    page.evaluate("() => { window.frames_ms.length = 0 }")
    for k in range(moves):
        move(k)
        page.wait_for_timeout(60)
    page.wait_for_timeout(300)
    found: list[float] = page.evaluate("() => window.frames_ms")
    return found


def _finger(client: CDPSession, touch: bool, what: str, x: float, y: float) -> None:
    if touch:
        points = [] if what == "end" else [{"x": x, "y": y}]
        client.send("Input.dispatchTouchEvent", {"type": f"touch{what.title()}", "touchPoints": points})
        return
    kind = {"start": "mousePressed", "move": "mouseMoved", "end": "mouseReleased"}[what]
    mouse = {"type": kind, "x": x, "y": y, "button": "left", "buttons": int(what != "end"), "clickCount": 1}
    client.send("Input.dispatchMouseEvent", mouse)


def in_short(times: list[float]) -> dict[str, float]:
    """Give number, median and 90th percentile of times."""
    ordered = sorted(times)
    return {
        "moves": len(ordered),
        "median_ms": round(statistics.median(ordered), 1),
        "p90_ms": round(ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))], 1),
    }


def screens(moves: int) -> dict[str, dict[str, dict[str, float]]]:
    """Measure the overview of a household with 8 debts at every width."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    found: dict[str, dict[str, dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["ASHORE_DATA_DIR"] = folder
        document = household_of(plan_of(8, 60))
        keeping.store().create(dump_household(document).encode())
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        with serving("app.py", ASHORE_DATA_DIR=folder) as address:
            for name, width, slowed, _ in SCREENS:
                phone = slowed > 1
                context = browser.new_context(viewport={"width": width, "height": 844}, has_touch=phone)
                page = context.new_page()
                page.goto(f"{address}/?lang=zh")
                found[name] = {how: in_short(times) for how, times in moves_ms(page, slowed, moves).items()}
                context.close()
        browser.close()
    return found


def main() -> None:
    """Run the command."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--json", action="store_true")
    reader.add_argument("--moves", type=int, default=60)
    given = reader.parse_args()
    simulate.warm()
    sizes = [size_of(debts, months) for debts, months, _ in SIZES]
    seen = screens(given.moves)
    if given.json:
        print(json.dumps({"machine": platform.platform(), "sizes": [vars(each) for each in sizes], "screens": seen}))
        return
    for each, (*_, most) in zip(sizes, SIZES, strict=True):
        print(
            f"{each.debts} debts, {each.months} months: grid of {each.steps} steps in {each.grid_ms} ms, written down "
            f"in {each.payload_ms} ms, {each.payload_bytes:,} bytes (at most {most:,}), {each.assets_bytes:,} of code"
        )
    for name, width, slowed, most in SCREENS:
        for how, times in seen[name].items():
            print(
                f"{name} ({width} px, slowed {slowed}×), {how}: median {times['median_ms']} ms, "
                f"p90 {times['p90_ms']} ms (at most {most:.0f}), {times['moves']} moves"
            )


if __name__ == "__main__":
    main()
