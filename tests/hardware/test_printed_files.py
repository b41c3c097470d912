# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything printed is printed again: a wire or a value changed in one place only is seen here."""

import re
from functools import cache
from pathlib import Path

import print_nets
import print_schematic
import print_spice
import pytest
from boards import WiringError

PRINTERS = {
    "nets": print_nets.outputs,
    "schematic": print_schematic.outputs,
    "spice": print_spice.outputs,
}


@cache
def printed_by(printer: str) -> dict[Path, str]:
    """Printed when a test asks: tables that are refused fail that test, which names the net."""
    try:
        return PRINTERS[printer]()
    except WiringError as error:
        refused = str(error)
    pytest.fail(f"the net tables are refused: {refused}", pytrace=False)


def printed() -> dict[Path, str]:
    return {path: text for printer in PRINTERS for path, text in printed_by(printer).items()}


@pytest.mark.parametrize("printer", PRINTERS)
def test_is_what_the_tables_print(printer: str) -> None:
    files = printed_by(printer)
    assert files
    stale = [
        path.name
        for path, text in files.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert not stale, f"{', '.join(stale)}: not what the tables print; run make hardware"


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
    assert found <= printed().keys()


def test_no_printed_file_names_this_machine() -> None:
    for path, text in printed().items():
        assert not re.search(r"/(home|root|work|tmp)/", text), path.name
