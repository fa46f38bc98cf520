"""Arrows point one way: app, pages, core; the core knows no screen, and no clock or network outside its doors."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCREENS = {"streamlit", "plotly"}
WORLD = {"socket", "urllib", "http", "requests", "time"}
# Who may look at the clock, the environment or the disk, and why: STYLE of the house.
DOORS = {"core/__main__.py", "core/engine/jit.py", "core/engine/compiled.py"}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def roots(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


def sources(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found
    return found


def test_the_core_knows_no_screen_and_no_page() -> None:
    for path in sources("core"):
        assert not roots(path) & (SCREENS | {"pages", "app", "tests", "benchmarks"}), path


def test_the_core_asks_neither_clock_nor_network() -> None:
    for path in sources("core"):
        name = path.relative_to(ROOT).as_posix()
        if name not in DOORS and not name.startswith("core/store"):
            assert not roots(path) & WORLD, path


def test_the_engine_knows_no_file_and_pages_know_no_kernel() -> None:
    for path in sources("core/engine"):
        assert not roots(path) & {"json", "pydantic", "pandas"}, path
    for path in sources("pages"):
        assert not {name for name in imported(path) if name.startswith("core.engine")}, path


def test_importing_the_door_needs_no_screen_and_no_pandas() -> None:
    program = (
        "import sys, core.simulate; print(sorted({'streamlit', 'plotly', 'pandas', 'sqlalchemy'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert answer.stdout.strip() == "[]"
