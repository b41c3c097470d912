# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide's drawings follow the net table, and a wire changed there changes them."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from boards import WiringError
from net_table import DESIGNS, load_design
from print_blocks import BLOCKS, block_svg, blocks, chip_sides, two_pin_words
from print_diagrams import FEET, foot_svg, level0_svg, level0_wires, outputs

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


MATS = [name for name in DESIGNS if name != "insole"]


@pytest.mark.parametrize("name", MATS)
def test_every_part_of_a_mat_is_soldered_in_one_block(name: str):
    design = load_design(name)
    placed = [part.ref for parts in blocks(design).values() for part in parts]
    assert sorted(placed) == sorted(design.parts.keys() - {"A1"})


@pytest.mark.parametrize("name", MATS)
def test_a_mats_drawings_say_every_end_of_every_net(name: str):
    """Read back from the drawings: nets and where they end, but for the Arduino's own."""
    design = load_design(name)
    drawn: dict[str, set[str]] = {}
    for block, parts in blocks(design).items():
        text = "".join(block_svg(design, block)[3])
        for part in parts:
            if part.ref[0] in "UOJD" and len(part.pins) > 2:
                ends = [(pin, net) for side in chip_sides(part) for _, pin, net in side]
            else:
                assert two_pin_words(part) in text
                ends = list(part.pins.items())
            for pin, net in ends:
                if net:
                    assert f">{net}<" in text or two_pin_words(part) in text, (part.ref, net)
                    drawn.setdefault(net, set()).add(f"{part.ref} {pin}")
    expected = {
        net: {f"{ref} {pin}" for ref, pin in ends if ref != "A1"}
        for net, ends in design.nets().items()
    }
    assert drawn == {net: ends for net, ends in expected.items() if ends}
    assert set(BLOCKS) == set(blocks(design))


def test_a_chips_pins_run_round_it_as_on_its_data_sheet():
    """TI SLIS032 (TPIC6B595N, DIP-20): pin 1 free, 2 VCC, 4 DRAIN0; opposite pin 4 is 17, DRAIN7."""
    left, right = chip_sides(load_design("mat16").parts["U1"])
    assert [number for number, _, _ in left] == [str(n) for n in range(1, 11)]
    assert [number for number, _, _ in right] == [str(n) for n in range(20, 10, -1)]
    assert left[0] == ("1", "", "")
    assert left[3] == ("4", "DRAIN0", "ROW0")
    assert right[3] == ("17", "DRAIN7", "ROW7")


def test_a_ribbons_header_counts_across():
    left, right = chip_sides(load_design("mat16").parts["J101"])
    assert [number for number, _, _ in left] == [str(n) for n in range(1, 16, 2)]
    assert [number for number, _, _ in right] == [str(n) for n in range(2, 17, 2)]


def test_a_swapped_row_shows_in_the_drawing(tables: Path):
    nets = tables / "nets_mat.toml"
    text = nets.read_text()
    before, after = (
        'DRAIN0 = "ROW{8n}", DRAIN1 = "ROW{8n+1}"',
        'DRAIN0 = "ROW{8n+1}", DRAIN1 = "ROW{8n}"',
    )
    assert before in text
    nets.write_text(text.replace(before, after))
    left, _ = chip_sides(load_design("mat16", tables).parts["U1"])
    assert [net for _, _, net in left[3:5]] == ["ROW1", "ROW0"]
