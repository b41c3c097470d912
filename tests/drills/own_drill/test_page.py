# SPDX-License-Identifier: GPL-3.0-or-later
"""`OWN_DRILL.md` shows the very files that are tested here."""

import re
from pathlib import Path

import pytest

from rig.drills import api

HERE = Path(__file__).parent
PAGE = (Path(api.__file__).parent / "OWN_DRILL.md").read_text("utf-8")


def _lines(text):
    return [line for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("name", ["heel_raise.py", "heel_raise_person.py", "test_heel_raise.py"])
def test_the_page_shows_the_file_whole(name):
    section = PAGE.split(f"\n## `{name}`\n")[1].split("\n## ")[0]
    shown = "\n".join(re.findall(r"```python\n(.*?)```", section, re.DOTALL))
    assert _lines(shown) == _lines((HERE / name).read_text("utf-8"))


def test_the_page_shows_the_package_whole():
    section = PAGE.split("\n## The package\n")[1].split("\n## ")[0]
    (shown,) = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    assert shown == (HERE / "pyproject.toml").read_text("utf-8")


def test_a_drill_needs_no_name_from_elsewhere():
    imported = re.findall(r"^from (rig\S*) import", (HERE / "heel_raise.py").read_text(), re.M)
    assert imported == ["rig.drills.api"]
    assert sorted(api.__all__) == sorted(set(api.__all__))
    assert all(hasattr(api, name) for name in api.__all__)
