# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide's drawings follow the net table, and a wire changed there changes them."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from boards import WiringError
from net_table import load_design, load_stock
from print_diagrams import FEET, foot_svg, level0_svg, level0_wires, outputs, parts_table

TEXT = "{http://www.w3.org/2000/svg}text"


def changed(tables: Path, before: str, after: str) -> None:
    nets = tables / "nets.toml"
    text = nets.read_text()
    assert before in text
    nets.write_text(text.replace(before, after, 1))


def words(svg: str) -> list[str]:
    return [t.text for t in ET.fromstring(svg.split("-->\n", 2)[2]).iter(TEXT)]  # noqa: S314 - ours


def test_committed_drawings_are_what_is_printed_now():
    for path, text in outputs().items():
        assert path.read_text(encoding="utf-8") == text, path.name
    printed = {path.name for path in outputs()}
    assert {p.name for p in next(iter(outputs())).parent.iterdir()} == printed


def test_level_0_is_wired_as_the_firmware_expects():
    wires = {(w.part, w.pin): w.board_pin for w in level0_wires(load_design("insole"))}
    # the pins of the sketch's first release, by hand
    left = {"VCC": "5V", "GND": "GND", "S0": "D4", "S1": "D5", "S2": "D6", "S3": "D7"}
    right = left | {"S0": "D8", "S1": "D9", "S2": "D10", "S3": "D11"}
    expected = {("U1", pin): of for pin, of in (left | {"EN": "D3", "SIG": "A0"}).items()}
    expected |= {("U2", pin): of for pin, of in (right | {"EN": "D3", "SIG": "A1"}).items()}
    assert wires == expected


def test_swapped_select_lines_show_in_the_drawing(tables: Path):
    changed(tables, 'D4 = "L_S0"\nD5 = "L_S1"', 'D4 = "L_S1"\nD5 = "L_S0"')
    wires = {(w.part, w.pin): w.board_pin for w in level0_wires(load_design("insole", tables))}
    assert (wires["U1", "S0"], wires["U1", "S1"]) == ("D5", "D4")


def test_a_wire_that_ends_nowhere_is_refused(tables: Path):
    changed(tables, 'D4 = "L_S0"', 'D4 = ""')
    with pytest.raises((WiringError, StopIteration)):
        level0_wires(load_design("insole", tables))


@pytest.mark.parametrize("foot", FEET)
def test_drawings_say_every_wire(foot: str):
    design = load_design("insole")
    level0, cable = words(level0_svg(design, foot)), words(foot_svg(design, foot))
    for n in range(16):
        assert f"C{n}" in level0
    for pin in ("S0", "S1", "S2", "S3", "EN", "SIG", "VCC", "GND"):
        assert pin in level0
        assert pin in cable
    assert [w for w in cable if w.startswith("pin ")] == [f"pin {n}" for n in range(1, 9)]


def test_words_stay_within_their_drawing():
    for path, text in outputs().items():
        if path.suffix != ".svg":
            continue
        root = ET.fromstring(text.split("-->\n", 2)[2])  # noqa: S314 - ours
        width, height = float(root.get("width")), float(root.get("height"))
        for word in root.iter(TEXT):
            size, x, y = (float(word.get(k)) for k in ("font-size", "x", "y"))
            long = 0.62 * size * len(word.text)
            left = {"start": x, "middle": x - long / 2, "end": x - long}[word.get("text-anchor")]
            assert left >= 0.0, (path.name, word.text)
            assert left + long <= width, (path.name, word.text)
            assert size <= y <= height, (path.name, word.text)


def test_the_total_is_the_sum_of_its_lines():
    prices = [float(v) for v in re.findall(r"\| ([\d.]+) \|$", parts_table(load_stock()), re.M)]
    assert prices[-1] == pytest.approx(sum(prices[:-1]), abs=0.005)
    assert len(prices) > 5
