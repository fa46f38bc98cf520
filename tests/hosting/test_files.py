"""Whether what hosts are given names things that exist."""

import base64
import hashlib
import re
from dataclasses import fields
from pathlib import Path

import pytest
import streamlit
from streamlit.web.cli import main_run

from core.sharing.limits import VARIABLE, Limits
from core.store.retention import UNOPENED_DAYS

ROOT = Path(__file__).parents[2]
SETTINGS = (ROOT / "hosting" / "ashore.env").read_text("utf-8")
NAMES = re.findall(r"^#?([A-Z][A-Z_]+)=", SETTINGS, re.MULTILINE)
GUIDE = (ROOT / "docs" / "hosting.md").read_text("utf-8")


def test_streamlit_knows_each_of_its_settings() -> None:
    known = {parameter.envvar for parameter in main_run.params}
    assert [name for name in NAMES if name.startswith("STREAMLIT_") and name not in known] == []


def test_the_app_reads_each_of_its_settings() -> None:
    code = "\n".join(path.read_text("utf-8") for folder in ("core", "pages") for path in (ROOT / folder).rglob("*.py"))
    own = [name for name in NAMES if name.startswith("ASHORE_") and not name.startswith(VARIABLE)]
    assert own
    assert [name for name in own if f'"{name}"' not in code] == []


def test_the_limits_are_all_there_with_their_defaults() -> None:
    written = dict(re.findall(rf"^#{VARIABLE}(\w+)=(\d+)$", SETTINGS, re.MULTILINE))
    assert written == {field.name.upper(): str(field.default) for field in fields(Limits)}


def test_the_policy_names_the_script_in_streamlits_page() -> None:
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    scripts = re.findall(rb"<script>(.*?)</script>", page, re.DOTALL)
    hashes = {base64.b64encode(hashlib.sha256(script).digest()).decode() for script in scripts}
    policy = (ROOT / "hosting" / "nginx.conf").read_text("utf-8")
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == hashes


@pytest.mark.parametrize("name", NAMES)
def test_the_guide_explains_every_setting(name: str) -> None:
    assert GUIDE.count(f"`{name}`") >= 2  # in each language


def test_the_guide_names_the_retention_that_holds() -> None:
    assert f"{UNOPENED_DAYS} 天" in GUIDE
    assert f"{UNOPENED_DAYS} days" in GUIDE


def test_every_file_has_its_place_in_the_guide() -> None:
    for path in (ROOT / "hosting").iterdir():
        assert f"hosting/{path.name}" in GUIDE, path.name
