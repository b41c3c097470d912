# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the example where `pip install` would put it, without asking a registry for anything."""

import os
import sys
import tomllib
from pathlib import Path

import pytest

from rig.drills.registry import added_drills

HERE = Path(__file__).parent
os.environ["QT_QPA_PLATFORM"] = "offscreen"


@pytest.fixture(scope="module", autouse=True)
def installed(tmp_path_factory):
    """The folder of the package's metadata, as an installer writes them from `pyproject.toml`."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]
    site = tmp_path_factory.mktemp("site")
    about = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    about.mkdir()
    named = f"Name: {project['name']}\nVersion: {project['version']}\n"
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\n{named}", "utf-8")
    groups = [
        "\n".join([f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())])
        for group, entries in project["entry-points"].items()
    ]
    (about / "entry_points.txt").write_text("\n".join(groups), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for folder in (str(HERE), str(site)):
            patch.syspath_prepend(folder)
        added_drills.cache_clear()
        yield site
    added_drills.cache_clear()
    for name in ("heel_raise", "heel_raise_person"):
        sys.modules.pop(name, None)
