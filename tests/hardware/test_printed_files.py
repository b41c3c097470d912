# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything printed is printed again: a wire or a value changed in one place only is seen here."""

import re
from pathlib import Path

import print_nets
import print_schematic
import print_spice
import pytest

PRINTED = print_nets.outputs() | print_schematic.outputs() | print_spice.outputs()


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: path.name)
def test_is_what_the_tables_print(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PRINTED[path], (
        f"{path.name} is not what the tables print; run make hardware"
    )


def test_no_printed_file_is_left_over() -> None:
    """A deck, a header or a sheet whose design is gone would be trusted for nothing."""
    kinds = (
        (print_nets.SKETCH, "pin_map*.h"),
        (print_nets.SIMULATOR, "wiring*.h"),
        (print_nets.FOLDER / "spice", "*.cir"),
        (print_nets.FOLDER / "insole", "*.kicad_sch"),
        (print_nets.FOLDER / "mat", "*.kicad_sch"),
        (print_nets.FOLDER, "parts_*.csv"),
        (print_nets.FOLDER, "wiring_*.md"),
    )
    found = {path for folder, pattern in kinds for path in folder.glob(pattern)}
    assert found <= PRINTED.keys()


def test_no_printed_file_names_this_machine() -> None:
    for path, text in PRINTED.items():
        assert not re.search(r"/(home|root|work|tmp)/", text), path.name
