"""Looking a screen over as axe-core does, and what else every screen must hold to."""

from collections.abc import Sequence
from importlib import resources

from playwright.sync_api import Page

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
SMALL_PHONE = 360
HEIGHT = 844
STREAMLITS_OWN = {
    # The area for dropping a file is focusable, yet marked as mere presentation.
    "presentation-role-conflict": "[data-testid=stFileUploaderDropzone]",
}


def settle(page: Page) -> None:
    """Wait until the script has run and every chart is drawn."""
    page.locator("h1").first.wait_for(timeout=60_000)
    page.wait_for_timeout(300)
    page.wait_for_function(
        """() => !document.querySelector('[data-testid=stStatusWidget], [data-stale=true]')
            && [...document.querySelectorAll('[data-testid=stPlotlyChart]')].every(box => box.querySelector('svg'))
            && document.getAnimations().every(one => one.playState !== 'running' || one.animationName)""",
        timeout=60_000,
    )
    page.wait_for_timeout(200)


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    left: list[str] = []
    for rule in found["violations"]:
        known = STREAMLITS_OWN.get(rule["id"])
        for node in rule["nodes"]:
            target = node["target"][0]
            own = known and page.evaluate("([t, s]) => !!document.querySelector(t)?.closest(s)", [target, known])
            if not own:
                left.append(f"{rule['id']}: {node['html'][:200]}")
    return left


def wider_than_the_screen(page: Page) -> bool:
    return page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
            .some(box => box.scrollWidth > box.clientWidth)"""
    )


def undescribed_charts(page: Page) -> list[str]:
    """Name the charts without a description of some length."""
    return page.locator("[data-testid=stPlotlyChart]").evaluate_all(
        """boxes => boxes.filter(box => (
            (box.closest('[aria-label]') || box.querySelector('[aria-label]'))?.getAttribute('aria-label') || ''
        ).length <= 10).map(box => box.closest('[class*=st-key-]')?.className || 'a chart')"""
    )


def look(page: Page, ways: Sequence[tuple[int, str]]) -> list[str]:
    """Look a screen over at these widths and in these schemes, everything unfolded."""
    page.evaluate("() => document.querySelectorAll('details:not([open]) > summary').forEach(one => one.click())")
    found = undescribed_charts(page)
    for width, scheme in ways:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": HEIGHT})
        settle(page)
        found += [f"{width} {scheme} {each}" for each in violations(page)]
    page.set_viewport_size({"width": SMALL_PHONE, "height": HEIGHT})
    page.wait_for_timeout(200)
    return [*found, "scrolls sideways"] if wider_than_the_screen(page) else found
