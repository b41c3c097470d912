# SPDX-License-Identifier: GPL-3.0-or-later
"""A wrong net in the tables shows up as tests that fail and name the net, not as tests that vanish."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READERS = ("test_printed_files.py", "test_stripboard.py")
COPIED = ("hardware_schematics", "firmware_arduino/solerig_scanner", "firmware_arduino/simulator")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The tables, what is printed from them, and the tests that read both."""
    for folder in COPIED:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    tests = tmp_path / "tests" / "hardware"
    tests.mkdir(parents=True)
    for name in ("conftest.py", *READERS):
        shutil.copy(Path(__file__).with_name(name), tests)
    return tmp_path


@pytest.mark.parametrize(
    ("table", "was", "wrong", "net"),
    [
        ("nets.toml", 'D4 = "L_S0"', 'D4 = "L_S9"', "L_S9"),
        ("nets_mat.toml", 'D9 = "ROW_CLOCK"', 'D9 = "ROW_KNOCK"', "ROW_KNOCK"),
    ],
)
def test_a_wrong_net_fails_tests_and_is_named(
    copy: Path, table: str, was: str, wrong: str, net: str
) -> None:
    path = copy / "hardware_schematics" / table
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, wrong, 1), encoding="utf-8")
    line = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--import-mode=importlib",
    ]
    done = subprocess.run(
        [*line, "--rootdir", str(copy), str(copy / "tests")],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    last = done.stdout.strip().splitlines()[-1]
    assert re.search(r"\d+ failed", last), done.stdout
    assert "error" not in last, done.stdout
    assert net in done.stdout
