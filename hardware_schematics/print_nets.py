# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Prints what follows from the net tables: `python hardware_schematics/print_nets.py`.

Written are the firmware's pin maps, the simulator's wiring, the wiring tables and the parts lists. A
test prints them again and compares bytes, so a wire has one place to be changed. Schematics, SPICE
decks and the stripboard have printers of their own beside this one; `make hardware` runs them all.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
if str(FOLDER) not in sys.path:  # a test may load this file by its path
    sys.path.insert(0, str(FOLDER))

import print_parts  # noqa: E402 the folder must be found first
from boards import WiringError  # noqa: E402
from firmware_view import Insole, Mat, load_insole, load_mat  # noqa: E402
from print_firmware import (  # noqa: E402
    mat_pin_map_text,
    mat_simulator_text,
    pin_map_text,
    portable_pin_map_text,
    simulator_text,
)
from print_tables import wiring_text  # noqa: E402

__all__ = ["Insole", "Mat", "WiringError", "load_insole", "load_mat", "outputs"]

FIRMWARE = FOLDER.parent / "firmware_arduino"
SKETCH = FIRMWARE / "solerig_scanner"
SIMULATOR = FIRMWARE / "simulator"
PIN_MAP_PATH = SKETCH / "pin_map.h"  # the insoles on an Uno or Nano
SIMULATOR_PATH = SIMULATOR / "wiring.h"
WIRING_PATH = FOLDER / "wiring_insole.md"


def outputs() -> dict[Path, str]:
    """Every printed file with its text."""
    insole = load_insole()
    printed = {
        PIN_MAP_PATH: pin_map_text(insole),
        SIMULATOR_PATH: simulator_text(insole),
        WIRING_PATH: wiring_text(insole),
        SKETCH / "pin_map_insole_portable.h": portable_pin_map_text(insole),
    }
    for board in ("mega", "leonardo"):
        other = load_insole(board=board)
        printed[SKETCH / f"pin_map_insole_{board}.h"] = pin_map_text(other)
        printed[SIMULATOR / f"wiring_insole_{board}.h"] = simulator_text(other)
    for name in ("mat16", "mat32", "mat16_cheap"):
        mat = load_mat(name)
        printed[SKETCH / f"pin_map_{name}.h"] = mat_pin_map_text(mat)
        printed[SIMULATOR / f"wiring_{name}.h"] = mat_simulator_text(mat)
        if mat.board.name == "uno":
            printed[SKETCH / f"pin_map_{name}_portable.h"] = portable_pin_map_text(mat)
        printed[FOLDER / f"wiring_{name}.md"] = wiring_text(mat.design)
    return printed | print_parts.outputs()


def main() -> int:
    for path, text in outputs().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
