# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables against what is known outside them: the boards' cards, data sheets, good practice."""

from pathlib import Path

import pytest
from boards import BOARDS, WiringError
from firmware_view import load_insole, load_mat
from net_table import DESIGNS, Design, load_design

MATS = ("mat16", "mat32", "mat16_cheap")
ICS = ("CD74HC4067", "TPIC6B595", "HC595", "MCP6024", "MCP6022")


def _trace(design: Design, ref: str, pin: str) -> set[str]:
    """The board's pins that a part's pin reaches."""
    reached = design.reached_from(design.parts[ref].pins[pin])
    return {label for label, net in design.parts["A1"].pins.items() if net in reached}


def _ends_of_role(design: Design, net: str, role: str) -> int:
    return sum(design.parts[ref].role == role for ref, _ in design.nets()[net])


def test_insole_wires_arrive_where_the_maker_is_told() -> None:
    design = load_design("insole")
    for mux, pins in (("U1", ("D4", "D5", "D6", "D7")), ("U2", ("D8", "D9", "D10", "D11"))):
        for n, pin in enumerate(pins):
            assert _trace(design, mux, f"S{n}") == {pin}
        assert _trace(design, mux, "EN") == {"D3"}
    assert _trace(design, "U1", "SIG") == {"A0"}
    assert _trace(design, "U2", "SIG") == {"A1"}


@pytest.mark.parametrize(
    ("board", "label", "place"),
    [  # from the boards' printed pin-out cards
        ("uno", "D13", "B5"),
        ("uno", "D2", "D2"),
        ("uno", "A5", "C5"),
        ("mega", "D13", "B7"),
        ("mega", "D22", "A0"),
        ("mega", "D29", "A7"),
        ("mega", "D30", "C7"),
        ("mega", "D37", "C0"),
        ("mega", "D2", "E4"),
        ("mega", "D12", "B6"),
        ("leonardo", "D13", "C7"),
        ("leonardo", "D2", "D1"),
        ("leonardo", "A0", "F7"),
        ("leonardo", "A5", "F0"),
        ("leonardo", "D11", "B7"),
    ],
)
def test_boards_pins_sit_where_their_cards_say(board: str, label: str, place: str) -> None:
    pin = BOARDS[board].pins[label]
    assert f"{pin.port}{pin.bit}" == place


def test_no_port_bit_is_named_twice() -> None:
    for board in BOARDS.values():
        places = [(pin.port, pin.bit) for pin in board.pins.values()]
        assert len(places) == len(set(places)), board.name


@pytest.mark.parametrize(
    ("board", "select", "adc"),
    [
        ("uno", ("D4", "D8"), (0, 1)),
        ("mega", ("D22", "D26"), (0, 1)),
        ("leonardo", ("A3", "D8"), (1, 0)),
    ],
)
def test_insoles_run_on_every_board(
    board: str, select: tuple[str, str], adc: tuple[int, int]
) -> None:
    muxes = load_insole(board=board).multiplexers
    assert tuple(m.select[0].label for m in muxes) == select
    assert tuple(m.signal.adc for m in muxes) == adc


@pytest.mark.parametrize("name", MATS)
def test_every_row_and_column_arrives(name: str) -> None:
    """Row n comes from driver output n; column n ends at channel n of its bank's multiplexer."""
    mat = load_mat(name)
    parts = mat.design.parts
    for n in range(mat.rows):
        driver = parts[f"U{n // 8 + 1}"]
        output = f"Q{n % 8}" if name == "mat16_cheap" else f"DRAIN{n % 8}"
        through = parts[f"R{101 + n}"]
        assert driver.pins[output] in through.pins.values()
        assert f"ROW{n}" in through.pins.values()
    for n in range(mat.columns):
        channel = parts[f"U{31 + n // 16}"].pins[f"C{n % 16}"]
        if name == "mat16_cheap":
            assert channel == f"COL{n}"
        else:
            assert channel == parts[f"U{11 + n // 4}"].pins[f"OUT{n % 4 + 1}"]
            assert parts[f"R{251 + n}"].pins == {"1": f"COL{n}", "2": channel}
            assert (
                parts[f"R{201 + n}"].pins["2"] == parts[f"U{11 + n // 4}"].pins[f"IN{n % 4 + 1}-"]
            )


@pytest.mark.parametrize("name", DESIGNS)
def test_every_line_that_leaves_the_box_is_protected(name: str) -> None:
    """Each connector's pin has an ESD part on its net, except ground."""
    design = load_design(name)
    for part in design.with_role("connector"):
        for pin, net in part.pins.items():
            if net != "GND":
                assert _ends_of_role(design, net, "esd") == 1, f"{part.ref} pin {pin} ({net})"


def test_every_line_of_a_foot_is_limited_in_current() -> None:
    """Between a cable's line and anything that drives it stands a resistor or a fuse."""
    design = load_design("insole")
    for jack in ("J1", "J2"):
        for net in set(design.parts[jack].pins.values()) - {"GND"}:
            others = [
                design.parts[ref] for ref, _ in design.nets()[net] if ref not in ("J11", "J12")
            ]
            box = [p for p in others if p.sheet == "box" and p.role not in ("esd", "connector")]
            assert box, net
            assert all(p.role in ("series", "fuse", "pull_down") for p in box), net


@pytest.mark.parametrize("name", DESIGNS)
def test_every_chip_has_its_capacitor(name: str) -> None:
    design = load_design(name)
    for sheet in {part.sheet for part in design.parts.values()}:
        here = [part for part in design.parts.values() if part.sheet == sheet]
        chips = [part for part in here if part.stock_key in ICS]
        capacitors = [p for p in here if p.role == "decoupling" and p.stock_key == "C_100N"]
        assert len(capacitors) >= len(chips), sheet


@pytest.mark.parametrize("name", DESIGNS)
def test_only_light_and_transistors_cross_to_sync(name: str) -> None:
    """No net of the sync terminals touches the rig's own nets: the person stays off the mains' earth."""
    design = load_design(name)
    outside = {net for ref in ("J3", "J4") for net in design.parts[ref].pins.values()}
    grown = True
    while grown:
        ends = {ref for net in outside for ref, _ in design.nets()[net]} - {"OK1", "OK2"}
        wider = outside | {net for ref in ends for net in design.parts[ref].pins.values()}
        grown, outside = wider != outside, wider
    assert outside.isdisjoint({"+5V", "GND", "SYNC_IN", "SYNC_OUT"})
    assert outside == {
        "SYNC_IN_P", "SYNC_IN_N", "SYNC_IN_LED", "SYNC_OUT_P", "SYNC_OUT_N", "SYNC_OUT_C"
    }  # fmt: skip


@pytest.mark.parametrize("name", DESIGNS)
def test_outputs_are_off_while_the_board_resets(name: str) -> None:
    """A pull-up holds the off line while the board's pins float."""
    design = load_design(name)
    net = "MUX_OFF" if name == "insole" else "ROW_OFF"
    [pull_up] = design.with_role("pull_up")
    assert pull_up.pins == {"1": "+5V", "2": net}


@pytest.mark.parametrize(
    ("table", "one", "other"),
    [
        ("nets.toml", '{foot}_S0_CABLE", 2', '{foot}_S9_CABLE", 2'),  # a wire to nowhere
        ("nets.toml", 'D4 = "L_S0"\nD5 = "L_S1"', 'D4 = "L_S1"\nD5 = "L_S0"'),
        (
            "nets.toml",
            'S0 = "R_S0_CABLE", S1 = "R_S1_CABLE"',
            'S0 = "R_S1_CABLE", S1 = "R_S0_CABLE"',
        ),
        ("nets.toml", 'SIG = "L_DIVIDER"', 'SIG = "R_DIVIDER"'),
        ("nets.toml", 'D13 = "LED"\nA0 = "L_SIGNAL"', 'A0 = "LED"\nD13 = "L_SIGNAL"'),
        ("nets.toml", 'channels = ["HB", ', 'channels = ["HM", '),
        ("nets.toml", '3 = "L_S2_CABLE", 4 = "L_DIVIDER"', '4 = "L_S2_CABLE", 3 = "L_DIVIDER"'),
        ("nets.toml", 'first = "R11"', 'first = "R1"'),
        ("nets.toml", 'stock = "PTC_100MA"', 'stock = "PTC_1A"'),
    ],
)
def test_a_wrong_wire_in_the_table_is_refused(
    tables: Path, table: str, one: str, other: str
) -> None:
    path = tables / table
    text = path.read_text(encoding="utf-8")
    assert one in text
    path.write_text(text.replace(one, other, 1), encoding="utf-8")
    with pytest.raises(WiringError):
        load_insole(path)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('D4 = "COLA_S0", D5 = "COLA_S1"', 'D5 = "COLA_S0", D4 = "COLA_S1"'),
        ('2 = "ROW{16n+1}", 3 = "ROW{16n+2}"', '3 = "ROW{16n+1}", 2 = "ROW{16n+2}"'),
        ('2 = "COL{16n+1}", 3 = "COL{16n+2}"', '3 = "COL{16n+1}", 2 = "COL{16n+2}"'),
        ('D8 = "ROW_DATA", ', ""),
        ('A0 = "COLA_SIGNAL"', 'A0 = "COLB_SIGNAL"'),
    ],
)
def test_a_wrong_wire_in_a_mats_table_is_refused(tables: Path, one: str, other: str) -> None:
    path = tables / "nets_mat.toml"
    text = path.read_text(encoding="utf-8")
    assert one in text
    path.write_text(text.replace(one, other), encoding="utf-8")
    with pytest.raises(WiringError):
        load_mat("mat16", tables)


@pytest.mark.parametrize(
    ("was", "wrong", "printed"),
    [
        ("ohm = 220\n", "ohm = 330\n", "#define WIRING_ROW_IDLE_OHM 330.0"),
        ("ohm = 10\n", "ohm = 22\n", "#define WIRING_REFERENCE_OHM 22.0"),
        ("ohm = 3000\n", "ohm = 3300\n", "#define WIRING_FEEDBACK_OHM 3300.0"),
    ],
)
def test_a_mats_resistor_of_another_value_reaches_the_simulator(
    tables: Path, was: str, wrong: str, printed: str
) -> None:
    from print_firmware import mat_simulator_text

    path = tables / "parts.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(was) == 1
    path.write_text(text.replace(was, wrong), encoding="utf-8")
    assert printed in mat_simulator_text(load_mat("mat16", tables))


def test_a_pull_down_of_another_value_reaches_firmware_and_simulator(tables: Path) -> None:
    from print_firmware import pin_map_text, simulator_text

    path = tables / "parts.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("ohm = 1000\n", "ohm = 2200\n"), encoding="utf-8")
    insole = load_insole(tables / "nets.toml")
    assert "#define PULL_DOWN_OHM 2200" in pin_map_text(insole)
    assert simulator_text(insole).count("2200.0}") == 2
