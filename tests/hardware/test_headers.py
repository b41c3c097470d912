# SPDX-License-Identifier: GPL-3.0-or-later
"""The committed pin headers and harness wirings, read back and walked wire by wire to the parts.

They are parsed here from their text, without the program that printed them.
"""

import re
from pathlib import Path

import pytest
from boards import BOARDS
from net_table import Design, load_design
from print_nets import SIMULATOR, SKETCH

Place = tuple[str, int]  # port, bit
INSOLES = (("uno", ""), ("mega", "_insole_mega"), ("leonardo", "_insole_leonardo"))
MATS = ("mat16", "mat32", "mat16_cheap")


def _net_at(design: Design, board: str) -> dict[Place, str]:
    """Port and bit -> net, from the table and the board's card."""
    other = design.head.get("boards", {}).get(board)
    pins = other["pins"] if other else design.parts["A1"].pins
    cards = BOARDS[board].pins
    return {
        (cards[label].port, cards[label].bit): net for label, net in pins.items() if label in cards
    }


def _adc_net(design: Design, board: str, channel: int) -> str:
    [pin] = [pin for pin in BOARDS[board].pins.values() if pin.adc == channel]
    return _net_at(design, board)[pin.port, pin.bit]


def _defines(header: str) -> dict[str, str]:
    return dict(re.findall(r"^#define (\w+) (\w+)$", header, re.MULTILINE))


def _header_faults(header: str, design: Design, board: str) -> list[str]:
    """Where the header's pins lead elsewhere than its names say."""
    defines, net_at = _defines(header), _net_at(design, board)
    wanted: dict[str, dict[Place, str]] = {}
    if design.name == "insole":
        banks = {"MUX_LEFT": "L", "MUX_RIGHT": "R"}
        outputs = {"MUX_OFF": "MUX_OFF"}
    else:
        banks = {f"COLUMNS_{b}": f"COL{b}" for b in "AB"[: design.head["columns"] // 16]}
        outputs = {net: net for net in ("ROW_DATA", "ROW_CLOCK", "ROW_LATCH", "ROW_OFF")}
    outputs |= {"SYNC_OUT": "SYNC_OUT", "LED": "LED"}
    faults = []
    for name, bank in banks.items():
        port, shift = defines[f"{name}_SELECT_PORT"], int(defines[f"{name}_SELECT_SHIFT"])
        assert defines[f"{name}_SELECT_DDR"] == port.replace("PORT", "DDR")
        wanted[name] = {(port.removeprefix("PORT"), shift + n): f"{bank}_S{n}" for n in range(4)}
        if _adc_net(design, board, int(defines[f"{name}_ADC_CHANNEL"])) != f"{bank}_SIGNAL":
            faults.append(f"{name}_ADC_CHANNEL")
    for name, net in outputs.items():
        wanted[name] = {
            (defines[f"{name}_PORT"].removeprefix("PORT"), int(defines[f"{name}_BIT"])): net
        }
    sync_in = (defines["SYNC_IN_PIN"].removeprefix("PIN"), int(defines["SYNC_IN_BIT"]))
    wanted["SYNC_IN"] = {sync_in: "SYNC_IN"}
    return faults + [
        name
        for name, places in wanted.items()
        for at, net in places.items()
        if net_at.get(at) != net
    ]


def _harness_faults(wiring: str, design: Design, board: str) -> list[str]:
    """Where the simulated multiplexers' lines lead elsewhere than the table's."""
    faults = []
    net_at = _net_at(design, board)
    rows = re.findall(
        r'\{"(\w+)", \{((?:\{[^}]*\}(?:, )?){4})\}(.*?)\},?\n(?=    \{"|\};)', wiring, re.DOTALL
    )
    assert len(rows) == len(design.with_role("multiplexer"))
    for name, select, rest in rows:
        mux = design.parts[name]
        places = [(port, int(bit)) for port, bit in re.findall(r"\{'(\w)', (\d+)\}", select)]
        for n, place in enumerate(places):
            if net_at[place] not in design.reached_from(mux.pins[f"S{n}"]):
                faults.append(f"{name} S{n}")
        numbers = re.findall(r"(?<![\w'.])\d+(?:\.\d+)?", re.sub(r"\{[^}]*\}", "", rest))
        if _adc_net(design, board, int(numbers[0])) not in design.reached_from(mux.pins["SIG"]):
            faults.append(f"{name} SIG")
        if float(numbers[2]) != mux.stock["on_ohm"]:
            faults.append(f"{name} ohm")
    for name in ("SYNC_IN", "SYNC_OUT", "LED"):
        [(port, bit)] = re.findall(rf"WIRING_{name} = \{{'(\w)', (\d+)\}}", wiring)
        if net_at[port, int(bit)] != name:
            faults.append(name)
    return faults


def _matrix_ohms(design: Design) -> dict[str, float]:
    """What the harness must say of a mat's rows, columns and reference; read from single parts."""
    ohm = {ref: part.stock["ohm"] for ref, part in design.parts.items() if "ohm" in part.stock}
    driver = design.parts["U1"].stock["on_ohm"]
    if design.name == "mat16_cheap":
        return {"ROW": driver + ohm["R101"], "ROW_IDLE": 0, "FEEDBACK": 0, "REFERENCE": 0}
    return {
        "ROW": driver,
        "ROW_IDLE": ohm["R101"],
        "FEEDBACK": ohm["R251"],
        "REFERENCE": ohm["R4"],
    }


def _matrix_faults(wiring: str, design: Design) -> list[str]:
    """Which of a mat's ohms the harness gives otherwise than the parts."""
    given = dict(re.findall(r"^#define WIRING_(\w+)_OHM (\S+)$", wiring, re.MULTILINE))
    wanted = _matrix_ohms(design)
    assert given.keys() == wanted.keys()
    return [name for name, ohm in wanted.items() if float(given[name]) != ohm]


@pytest.mark.parametrize(("board", "suffix"), INSOLES)
def test_insole_headers_and_harness_lead_to_the_tables_nets(board: str, suffix: str) -> None:
    design = load_design("insole")
    header = (SKETCH / f"pin_map{suffix}.h").read_text(encoding="utf-8")
    wiring = (SIMULATOR / f"wiring{suffix}.h").read_text(encoding="utf-8")
    assert _header_faults(header, design, board) == []
    assert _harness_faults(wiring, design, board) == []


@pytest.mark.parametrize("name", MATS)
def test_mat_headers_and_harness_lead_to_the_tables_nets(name: str) -> None:
    design = load_design(name)
    header = (SKETCH / f"pin_map_{name}.h").read_text(encoding="utf-8")
    wiring = (SIMULATOR / f"wiring_{name}.h").read_text(encoding="utf-8")
    assert _header_faults(header, design, design.board) == []
    assert _harness_faults(wiring, design, design.board) == []
    assert _matrix_faults(wiring, design) == []


@pytest.mark.parametrize("name", ["ROW", "ROW_IDLE", "FEEDBACK", "REFERENCE"])
def test_a_wrong_ohm_in_a_mats_harness_is_found(name: str) -> None:
    wiring = (SIMULATOR / "wiring_mat16.h").read_text(encoding="utf-8")
    mutated = re.sub(rf"(WIRING_{name}_OHM) \S+", r"\1 7.5", wiring)
    assert _matrix_faults(mutated, load_design("mat16")) == [name]


def _swapped(path: Path, one: str, other: str) -> str:
    text = path.read_text(encoding="utf-8")
    assert one in text
    return text.replace(one, "\0").replace(other, one).replace("\0", other)


@pytest.mark.parametrize(
    ("one", "other", "fault"),
    [
        ("SELECT_SHIFT 4", "SELECT_SHIFT 0", "MUX_LEFT"),
        ("LEFT_ADC_CHANNEL 0", "LEFT_ADC_CHANNEL 1", "MUX_LEFT_ADC_CHANNEL"),
        ("SYNC_OUT_BIT 4", "SYNC_OUT_BIT 5", "SYNC_OUT"),
        ("MUX_OFF_PORT PORTD", "MUX_OFF_PORT PORTB", "MUX_OFF"),
        ("SYNC_IN_BIT 2", "SYNC_IN_BIT 3", "SYNC_IN"),
    ],
)
def test_a_wrong_pin_in_the_header_is_found(one: str, other: str, fault: str) -> None:
    mutated = _swapped(SKETCH / "pin_map.h", one, other)
    assert fault in _header_faults(mutated, load_design("insole"), "uno")


@pytest.mark.parametrize(
    ("one", "other", "fault"),
    [
        ("{'D', 4}", "{'D', 5}", "U1 S0"),
        ("{'B', 2}", "{'B', 3}", "U2 S2"),
        ("     0, 0, 70.0", "     1, 0, 70.0", "U1 SIG"),
        ("     0, 0, 70.0", "     0, 0, 80.0", "U1 ohm"),
        ("SYNC_OUT = {'B', 4}", "SYNC_OUT = {'B', 5}", "SYNC_OUT"),
    ],
)
def test_a_wrong_wire_in_the_harness_is_found(one: str, other: str, fault: str) -> None:
    mutated = _swapped(SIMULATOR / "wiring.h", one, other)
    assert fault in _harness_faults(mutated, load_design("insole"), "uno")


def test_the_decks_prescalers_are_the_firmwares() -> None:
    """The settling bound is simulated at the ADC clocks that the scan really uses."""
    from print_spice import PRESCALERS

    text = (SKETCH / "scan_rate.cpp").read_text(encoding="utf-8")
    # the insoles' own function is the last of three; it returns the prescaler's power of two
    function = text.split("uint8_t rate_adc_prescaler_bits")[-1].split("}")[0]
    used = [2 ** int(power) for power in re.findall(r"return (\d+);", function)]
    default = re.search(
        r"#define DEFAULT_SCAN_RATE_HZ \(SOLERIG_RADIO \? \d+ : (\d+)\)",
        (SKETCH / "config.h").read_text("utf-8"),
    )
    assert default is not None
    limits = [int(hz) for hz in re.findall(r"scan_rate_hz <= (\d+)", function)]
    at_default = used[next(n for n, hz in enumerate(limits) if int(default[1]) <= hz)]
    assert (at_default, used[-1]) == PRESCALERS
