# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of pins for other boards is what the net table says."""

import re
from pathlib import Path

import pytest
from boards import WiringError
from print_board_pins import outputs, page, pins_of_nets


def test_committed_page_is_what_is_printed_now():
    for path, text in outputs().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run make hardware"


def test_pins_of_the_other_boards_by_hand():
    pins = pins_of_nets()
    lines = [f"{foot}_S{n}" for foot in "LR" for n in range(4)]
    assert [pins["mega"][line] for line in lines] == [f"D{n}" for n in range(22, 30)]
    assert [pins["leonardo"][line] for line in lines] == [
        *("A3", "A2", "A1", "A0"),
        *("D8", "D9", "D10", "D11"),
    ]
    assert [pins[b]["L_SIGNAL"] for b in ("uno", "mega", "leonardo")] == ["A0", "A0", "A4"]
    assert pins["leonardo"]["HOST_TX"] == "(USB)"
    assert {board: of["GND"] for board, of in pins.items()} == dict.fromkeys(pins, "GND")


def test_a_wire_moved_in_the_table_moves_on_the_page(tables: Path):
    nets = tables / "nets.toml"
    nets.write_text(nets.read_text().replace('A4 = "L_SIGNAL"', 'A9 = "L_SIGNAL"'))
    with pytest.raises(WiringError, match="no pin A9"):
        page(tables)
    nets.write_text(
        nets.read_text().replace('D29 = "R_S3"', 'D30 = "R_S3"').replace("A9 =", "A4 =")
    )
    (row,) = [line for line in page(tables).splitlines() if line.startswith("| R_S3 |")]
    assert re.findall(r"[AD]\d+", row) == ["D11", "D30", "D11"]
