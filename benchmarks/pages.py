"""How long a control takes to a repainted page: `python -m benchmarks.pages [--json] [--rounds N] [--people N]`.

Every page of the app beside a peer, a page with the same widgets and charts of constant data, in one run and one
Chromium: the time from the key that moves a control to the last change on the page. What the app adds to what Streamlit
and the browser take anyway is the ratio. Script times are those of whole runs through `AppTest`, its own work included.

With `--people` instead: so many people at once on one server process, see `benchmarks.people`.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.testing.v1 import AppTest

from app import HOME, PAGES, Entry
from benchmarks import people
from benchmarks.serving import ROOT, serving
from core import simulate
from pages.shared import charts, theme

SAMPLE = "cards_and_jiebei_past_90_days"
RATIO_MAX, SCRIPT_MS_MAX = 1.5, 60.0
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
# A slider is Streamlit's or the one that answers by itself while it moves; beside that one the peer has Streamlit's.
CONTROLS = {
    "switch": "[data-testid=stCheckbox] input",
    "slider": "[data-testid=stSlider] input, [data-testid^=stBidiComponent] input[type=range]",
}
# A slider that stands at its upper end moves down.
KEYS = {
    "switch": "() => 'Space'",
    "slider": "(input) => (input.valueAsNumber < Number(input.max) ? 'ArrowRight' : 'ArrowLeft')",
}
_LIVE = "ashore_live"
# From the key to the last change on the page, components within included, once the script has run and nothing has
# changed for a while.
MEASURE = """() => new Promise((done, fail) => {
  const app = document.querySelector('[data-testid=stApp]'), page = document.querySelector('[data-testid=stMain]')
  let start, last, ran = false
  document.addEventListener('keydown', () => { start = performance.now() }, { once: true, capture: true })
  const watcher = new MutationObserver(() => { if (start) last = performance.now() })
  const within = [...page.querySelectorAll('*')].map(one => one.shadowRoot).filter(root => root)
  for (const part of [page, ...within])
    watcher.observe(part, { subtree: true, childList: true, characterData: true, attributes: true })
  const timer = setInterval(() => {
    if (!start) return
    const running = app.dataset.testScriptState === 'running'
    ran = ran || running || last - start > 20
    if (ran && !running && last && performance.now() - last > 400) {
      clearInterval(timer); watcher.disconnect(); done(last - start)
    }
    if (performance.now() - start > 10000) { clearInterval(timer); fail(new Error('the page never settled')) }
  }, 10)
})"""


# -- the peer's elements


def elements(block: Any) -> list[dict[str, Any]]:
    """Write down what a page consists of, as `benchmarks.peer` plays it; what it cannot play is left out."""
    found = (_element(child) for child in block.children.values())
    return [node for node in found if node is not None]


def _element(node: Any) -> dict[str, Any] | None:
    if hasattr(node, "children"):
        children = elements(node)
        if node.type == "expander":
            return {"kind": "expander", "label": node.label, "children": children}
        if node.type in ("column", "grid_container"):
            return {"kind": node.type.removesuffix("_container"), "children": children}
        if children and all(child["kind"] == "column" for child in children):
            return {"kind": "columns", "children": children}
        flow = getattr(node.proto, "flex_container", None)
        bordered = bool(flow and flow.border)
        across = bool(flow and flow.direction == flow.HORIZONTAL)
        key = node.key if node.type == "flex_container" else None
        return {"kind": "block", "border": bordered, "horizontal": across, "key": key, "children": children}
    kind, proto = node.type, node.proto
    if kind in ("title", "header", "subheader", "caption", "markdown", "html"):
        return {"kind": kind, "body": proto.body}
    if kind == "metric":
        return {"kind": kind, "label": proto.label, "body": proto.body}
    if kind == "plotly_chart":
        return {"kind": "plotly", "spec": proto.spec, "height": theme.CHART_HEIGHT}
    if kind == "slider" and isinstance(node.value, int):
        edges = {"low": int(node.min), "high": int(node.max), "step": int(node.step), "value": node.value}
        return {"kind": kind, "label": node.label, **edges}
    if kind == "button_group":
        return {"kind": "choices", "label": "", "options": list(node.options)}
    if kind == "selectbox":
        return {"kind": kind, "label": node.label, "options": list(node.options)}
    if kind == "bidi_component" and proto.component_name == _LIVE:
        last = len(json.loads(proto.json or proto.mixed.json)["budgets"]) - 1
        return {"kind": "slider", "label": proto.component_name, "low": 0, "high": last, "step": 1, "value": last // 2}
    known = {"button": "button", "toggle": "toggle", "checkbox": "toggle", "text_input": "text", "text_area": "text"}
    known |= {"number_input": "number", "date_input": "date", "slider": "toggle"}
    return {"kind": known[kind], "label": node.label} if kind in known else None


def look_at(entry: Entry, rounds: int) -> tuple[list[list[dict[str, Any]]], list[float]]:
    """Give a page's elements with amounts shown and hidden, and the times of its runs in milliseconds."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page(entry.file).run()
    states, times = [elements(app.main)], []
    for _ in range(rounds):
        switch = app.toggle(key="privacy.hidden")
        began = time.perf_counter()
        switch.set_value(not switch.value).run()
        times.append(1000 * (time.perf_counter() - began))
        if len(states) < 2:
            states.append(elements(app.main))
    return states, times


# -- servers and the browser


def repaint_times(browser: Browser, addresses: Sequence[str], control: str, rounds: int) -> list[list[float]]:
    """Move a control so often on each of some pages, in turn, so that what else the machine does disturbs all alike.

    Returns:
        The milliseconds until the page had changed, a list a page; nothing where one of them has no such control.
    """
    pages = [browser.new_page(viewport={"width": 1280, "height": 800}) for _ in addresses]
    try:
        for page, address in zip(pages, addresses, strict=True):
            page.goto(address)
            page.locator("h1").first.wait_for(timeout=90_000)
            page.wait_for_timeout(4000)
            if not page.locator(CONTROLS[control]).count():
                return []
        times = [[_once(page, control) for page in pages] for _ in range(rounds + 2)]
        return [list(each) for each in zip(*times[2:], strict=True)]  # the first two find everything cold
    finally:
        for page in pages:
            page.close()


def _once(page: Page, control: str) -> float:
    page.bring_to_front()
    moved = page.locator(CONTROLS[control]).first
    moved.focus()
    key = moved.evaluate(KEYS[control])
    page.evaluate(f"() => {{ window.measured = ({MEASURE})() }}")
    page.keyboard.press(key)
    return float(page.evaluate("() => window.measured"))


def in_short(times: list[float]) -> dict[str, float]:
    """Give median and 95th percentile."""
    ordered = sorted(times)
    return {
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))], 1),
    }


def compare(browser: Browser, real: str, entry: Entry, folder: str, rounds: int) -> dict[str, Any]:
    """Measure a page beside its peer."""
    states, scripts = look_at(entry, rounds)
    written = Path(folder) / f"{entry.address}.json"
    written.write_text(json.dumps(states), "utf-8")
    result: dict[str, Any] = {"script": in_short(scripts), "controls": {}}
    address = real if entry is HOME else f"{real}/{entry.address}"
    with serving(str(ROOT / "benchmarks" / "peer.py"), ASHORE_PEER=str(written)) as peer:
        for control in CONTROLS:
            times = repaint_times(browser, (address, peer), control, rounds)
            if times:
                ours, theirs = times
                ratio = statistics.median(ours) / statistics.median(theirs)
                result["controls"][control] = {
                    "page": in_short(ours),
                    "peer": in_short(theirs),
                    "ratio": round(ratio, 2),
                }
    return result


def measure(rounds: int) -> dict[str, Any]:
    """Measure every page."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    charts.FIRST_PAUSE_SECONDS = 0
    simulate.warm()
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["ASHORE_DATA_DIR"] = folder
        start = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        start.button(key=f"sample.{SAMPLE}").click().run()
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        with serving("app.py", ASHORE_DATA_DIR=folder) as real:
            for entry in (HOME, *PAGES):
                results[entry.address] = compare(browser, real, entry, folder, rounds)
        browser.close()
    return results


def main() -> None:
    """Run the command."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--json", action="store_true")
    reader.add_argument("--rounds", type=int, default=15)
    reader.add_argument("--people", type=int, help="so many people at once, in place of one browser")
    reader.add_argument("--seconds", type=float, default=60, help="for how long they use the app")
    given = reader.parse_args()
    if given.people is not None:
        people.report(given.people, given.seconds, people.SECONDS_A_MOVE, as_json=given.json)
        return
    results = measure(given.rounds)
    if given.json:
        print(json.dumps({"machine": platform.platform(), "pages": results}, indent=2))
        return
    for address, result in results.items():
        script = result["script"]
        print(f"{address}: script {script['median_ms']} ms (p95 {script['p95_ms']}; at most {SCRIPT_MS_MAX:.0f})")
        for control, times in result["controls"].items():
            page, peer = times["page"], times["peer"]
            print(
                f"  {control}: page {page['median_ms']} ms (p95 {page['p95_ms']}), "
                f"peer {peer['median_ms']} ms (p95 {peer['p95_ms']}), ratio {times['ratio']} (at most {RATIO_MAX})"
            )


if __name__ == "__main__":
    main()
