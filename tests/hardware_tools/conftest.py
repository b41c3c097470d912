# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests run KiCad and ngspice: `make test-hardware` installs them and collects this folder."""

import os
import sys
from pathlib import Path

HARDWARE = Path(__file__).resolve().parents[2] / "hardware_schematics"
if str(HARDWARE) not in sys.path:
    sys.path.insert(0, str(HARDWARE))

collect_ignore_glob = [] if os.environ.get("SOLERIG_HARDWARE") else ["test_*.py"]
