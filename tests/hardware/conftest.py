# SPDX-License-Identifier: GPL-3.0-or-later
"""The printers of hardware_schematics/ are scripts beside each other, not a package."""

import shutil
import sys
from pathlib import Path

import pytest

HARDWARE = Path(__file__).resolve().parents[2] / "hardware_schematics"
if str(HARDWARE) not in sys.path:
    sys.path.insert(0, str(HARDWARE))


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A copy of the net tables, to be changed."""
    for table in HARDWARE.glob("*.toml"):
        shutil.copy(table, tmp_path)
    return tmp_path
