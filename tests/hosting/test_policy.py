"""Whether the pages work under the policy that nginx sends, in a browser that keeps it."""

from playwright.sync_api import Browser

from app import HOME, PAGES
from tests.hosting.conftest import Site


def test_no_page_breaks_the_policy(site: Site, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    said: list[str] = []
    refused: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", lambda response: refused.append(response.url) if response.status >= 400 else None)
    page.goto(f"{site.address}/?lang=zh")
    page.locator(".st-key-sample-halved_income button").click(timeout=60_000)
    page.locator(".js-plotly-plot .main-svg").first.wait_for(timeout=90_000)
    for number in range(len((HOME, *PAGES))):
        page.locator("[data-testid=stPageLink] a").nth(number).click()
        page.wait_for_timeout(1500)
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    assert said == []
    assert refused == []


def test_nobody_may_frame_the_app(site: Site, browser: Browser) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_content(f'<iframe src="{site.address}/"></iframe>')
    page.wait_for_timeout(2000)
    assert any("frame" in line.lower() for line in said)
    assert all(not frame.url.startswith(site.address) for frame in page.frames)
