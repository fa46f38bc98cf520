"""Random use of the whole app: `python -m tests.random_walk --steps 1000 [--seed N]`.

A walker visits pages, moves every control that it finds, types odd things, undoes, changes the language, comes back in
a new session. After each step the page is looked over: no exception, no figure that is none, no key of the catalogue,
no placeholder. It knows no page by name, so a new page is walked as soon as `app.py` lists it.
"""

import argparse
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

from streamlit.runtime.state.common import TESTING_KEY
from streamlit.testing.v1 import AppTest

from app import HOME, PAGES
from core import simulate
from core.plan import dump_plan
from pages.shared import charts, session
from pages.shared.words import LANGUAGES, words_in

APP = str(Path(__file__).parents[1] / "app.py")
STEP_SECONDS_MAX = 60
_MICRO = 1_000_000
TEXTS = (
    "",
    " ",
    "0",
    "-5",
    "¥1,234.50",
    "１２３４．５",
    "1e9",
    "99999999999999999999",
    "abc",
    "12.345",
    "NaN",
    "<b>x</b>",
    "**x** [y](z)",
    "{name}",
    "'; DROP TABLE",
    "😀" * 40,
    "微粒贷",
    "2026-11-24",
    "20",
    "5000",
)
# Words that stand for a mistake of ours wherever they are read; what a walker typed itself is taken out before.
WRONG = re.compile(r"\bNone\b|\bNaN\b|\bnan\b|\binf\b|\bNaT\b|Traceback")
WEIGHTS = {"arrive": 1, "page": 2, "toggle": 1, "choice": 2}
TYPED_BADLY = ("NaN", "{name}")
PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


class Trouble(NamedTuple):
    """Something that must not be seen, and how the walker got there."""

    what: str
    steps: list[str]


class Walker:
    """A reader who does anything at all; the same seed does the same."""

    def __init__(self, seed: int) -> None:
        """Arrive at the start, with nothing open."""
        self._random = random.Random(seed)
        self._keys = frozenset(key for key in words_in(LANGUAGES[0]).sentences if "." in key)
        self.steps: list[str] = []
        self.done: Counter[str] = Counter()
        self.slowest = 0.0
        self.app: Any = self._arrive()

    def step(self) -> Trouble | None:
        """Do one thing, and look the page over."""
        actions = list(self._actions())
        kinds = sorted({kind for kind, _, _ in actions})
        (kind,) = self._random.choices(kinds, [WEIGHTS.get(kind, 4) for kind in kinds])
        _, what, act = self._random.choice([action for action in actions if action[0] == kind])
        self.done[kind] += 1
        self.steps.append(what)
        began = time.perf_counter()
        try:
            act()
        except Exception as error:  # whatever leaves the app is what is looked for
            return Trouble(f"{type(error).__name__}: {error}", self.steps[-8:])
        self.slowest = max(self.slowest, time.perf_counter() - began)
        wrong = self._look_over()
        return Trouble(wrong, self.steps[-8:]) if wrong else None

    # -- what can be done

    def _actions(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        app, choose = self.app, self._random.choice
        yield "arrive", "come back in a new session", self._come_back
        for entry in (HOME, *PAGES):
            yield "arrive", f"come back to {entry.address}", lambda entry=entry: self._come_back(entry.address)
            yield "page", f"open {entry.address}", lambda entry=entry: self.app.switch_page(entry.file).run()
        for button in (*app.button, *app.get("download_button")):
            if not button.proto.disabled:
                yield "button", f"press {button.key}", lambda button=button: button.click().run()
        for toggle in (*app.toggle, *app.checkbox):
            yield "toggle", f"turn {toggle.key}", lambda toggle=toggle: toggle.set_value(not toggle.value).run()
        for field in (*app.text_input, *app.text_area):
            text = choose(TEXTS)
            yield "text", f"type {text!r} into {field.key}", lambda f=field, t=text: f.set_value(t).run()
        for field in app.number_input:
            number = choose((field.min, field.max, 0, 1, 100.5, 1_000_000, None))
            yield "number", f"type {number} into {field.key}", lambda f=field, n=number: f.set_value(n).run()
        for slider in app.slider:
            value = self._between(slider)
            yield "slider", f"move {slider.key} to {value}", lambda s=slider, v=value: s.set_value(v).run()
        for picker in app.date_input:
            day = self._day(picker)
            yield "date", f"set {picker.key} to {day}", lambda p=picker, d=day: p.set_value(d).run()
        for group in (*app.selectbox, *app.radio):
            if group.options:
                index = self._random.randrange(len(group.options))
                yield "choice", f"choose {index} of {group.key}", lambda g=group, i=index: self._choose(g, i)
        for group in app.button_group:
            yield "choice", f"press some of {group.key}", lambda g=group: self._press(g)
        for uploader in app.file_uploader:
            file = self._file()
            yield (
                "upload",
                f"upload {len(file)} bytes",
                lambda u=uploader, f=file: u.set_value(("x.json", f, "application/json")).run(),
            )

    def _arrive(self, page: str | None = None) -> AppTest:
        app = AppTest.from_file(APP, default_timeout=STEP_SECONDS_MAX)
        app.query_params["lang"] = self._random.choice(LANGUAGES)
        if page:
            app.query_params["page"] = page
        return app.run()

    def _come_back(self, page: str | None = None) -> None:
        self.app = self._arrive(page)

    def _choose(self, group: Any, index: int) -> None:
        _by_what_is_shown(group)
        group.set_value(group.options[index]).run()

    def _press(self, group: Any) -> None:
        _by_what_is_shown(group)
        if isinstance(group.value, list):
            group.set_value([option for option in group.options if self._random.random() < 0.4]).run()
        else:
            group.set_value(self._random.choice(group.options)).run()

    def _between(self, slider: Any) -> Any:
        if isinstance(slider.value, date):
            low, high = (datetime.fromtimestamp(edge / _MICRO, UTC).date() for edge in (slider.min, slider.max))
            return low + timedelta(self._random.randint(0, max((high - low).days, 0)))
        return slider.min + slider.step * self._random.randint(0, max(int((slider.max - slider.min) // slider.step), 0))

    def _day(self, picker: Any) -> date:
        low, high = picker.min or date(1990, 1, 1), picker.max or date(2100, 1, 1)
        near = (picker.value if isinstance(picker.value, date) else low) + timedelta(self._random.randint(-400, 400))
        return min(max(self._random.choice((low, high, near)), low), high)

    def _file(self) -> bytes:
        plan = dump_plan(session.sample_plan(self._random.choice(session.samples()))).encode()
        return self._random.choice(
            (b"", b"{", b"\xff\xfe\x00", plan, plan[: len(plan) // 2], plan.replace(b"ashore.plan/1", b"x"))
        )

    # -- what must not be seen

    def _look_over(self) -> str | None:
        if self.app.exception:
            return f"exception: {[each.message for each in self.app.exception]}"
        typed = {field.value for field in (*self.app.text_input, *self.app.text_area) if field.value}
        for text in texts_of(self.app):
            for own in (*typed, *TYPED_BADLY):
                text = text.replace(own, " ")
            found = WRONG.search(text) or PLACEHOLDER.search(text)
            if found:
                return f"{found[0]!r} on screen: {text[:200]!r}"
            key = next((key for key in self._keys if key in text), None)
            if key:
                return f"raw key {key!r} on screen: {text[:200]!r}"
        return None


def texts_of(app: Any) -> Iterator[str]:
    """Give every text that a reader meets, without the markup of tables."""
    for kind in (
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "warning",
        "info",
        "error",
        "success",
        "toast",
        "code",
    ):
        yield from (str(element.value) for element in app.get(kind))
    for kind in (
        "button",
        "checkbox",
        "toggle",
        "text_input",
        "number_input",
        "selectbox",
        "slider",
        "date_input",
        "expander",
    ):
        yield from (str(element.label) for element in app.get(kind))
    for metric in app.metric:
        yield f"{metric.label} {metric.value} {metric.delta or ''}"
    for element in app.get("html"):
        body = re.sub(r"<style.*?</style>|<[^>]+>", " ", element.proto.body, flags=re.DOTALL)
        if "{" not in body or "<table" in element.proto.body:
            yield unescape(body)


def _by_what_is_shown(group: Any) -> None:
    """Let a group be set by what it shows; a test does not know the values that the page means by it."""
    own, shown = group.format_func, set(group.options)
    group.root.session_state[TESTING_KEY][group.id] = lambda value: value if value in shown else own(value)


def walk(steps: int, seed: int) -> tuple[Trouble | None, Walker]:
    """Take so many steps in a store of their own; stop at the first trouble."""
    walker = Walker(seed)
    for _ in range(steps):
        trouble = walker.step()
        if trouble is not None:
            return trouble, walker
    return None, walker


def main() -> int:
    """Run the command."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--steps", type=int, default=1000)
    reader.add_argument("--seed", type=int, default=None)
    given = reader.parse_args()
    seed = random.randrange(10**6) if given.seed is None else given.seed
    charts.FIRST_PAUSE_SECONDS = 0
    simulate.warm()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ASHORE_DATA_DIR"] = folder
        began = time.perf_counter()
        trouble, walker = walk(given.steps, seed)
    seconds = time.perf_counter() - began
    print(f"seed {seed}: {len(walker.steps)} steps in {seconds:.0f} s, the slowest {walker.slowest:.2f} s")
    print(", ".join(f"{kind} {count}" for kind, count in walker.done.most_common()))
    if trouble is None:
        print("no trouble")
        return 0
    print(f"TROUBLE: {trouble.what}")
    print("\n".join(f"  {step}" for step in trouble.steps))
    return 1


if __name__ == "__main__":
    sys.exit(main())
