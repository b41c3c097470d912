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

from boards import WiringError  # noqa: E402 the folder must be found first
from firmware_view import Insole, Mat, load_insole, load_mat  # noqa: E402
from net_table import DESIGNS, load_design  # noqa: E402
from print_firmware import (  # noqa: E402
    mat_pin_map_text,
    mat_simulator_text,
    pin_map_text,
    simulator_text,
)
from print_tables import parts_text, wiring_text  # noqa: E402

__all__ = ["Insole", "Mat", "WiringError", "load_insole", "load_mat", "outputs"]

FIRMWARE = FOLDER.parent / "firmware_arduino"
SKETCH = FIRMWARE / "solerig_scanner"
SIMULATOR = FIRMWARE / "simulator"
PIN_MAP_PATH = SKETCH / "pin_map.h"  # the insoles on an Uno or Nano
SIMULATOR_PATH = SIMULATOR / "wiring.h"
WIRING_PATH = FOLDER / "wiring_insole.md"


<<<<<<< HEAD

class WiringError(Exception):
    """The net table asks for something that the firmware or the board cannot do."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One pin of the board: its label, and where it sits on the chip."""

    label: str
    port: str
    bit: int


@dataclass(frozen=True, slots=True)
class Multiplexer:
    """One foot's multiplexer as the board sees it."""

    foot: str
    name: str
    select: tuple[Pin, ...]
    enable: Pin
    signal: Pin
    resistance_ohm: int
    pull_down_ohm: int


@dataclass(frozen=True, slots=True)
class Insole:
    """The insole design, read and checked."""

    title: str
    channels: tuple[str, ...]
    multiplexers: tuple[Multiplexer, ...]
    sync_in: Pin
    sync_out: Pin
    led: Pin
    parts: dict[str, dict[str, Any]]
    sensor_part: str


def load_insole(path: Path = FOLDER / "nets.toml") -> Insole:
    """Read the table and check that the board can do what it says.

    Raises
    ------
    WiringError
        A net is missing or joins what it must not.
    """
    design = tomllib.loads(path.read_text(encoding="utf-8"))["insole"]
    parts = design["parts"]
    board = parts["A1"]["pins"]
    pin_of_net = {net: _pin(label) for label, net in board.items() if label in ATMEGA328P_PINS}
    channels = tuple(design["sensors"]["channels"])
    if len(channels) != 16 or len(set(channels)) != 16:
        raise WiringError("insole.sensors.channels must name 16 different sensors")
    multiplexers = tuple(
        _multiplexer(foot, parts, pin_of_net) for foot in design["sensors"]["feet"]
    )
    return Insole(
        design["title"],
        channels,
        multiplexers,
        _board_pin("SYNC_IN", pin_of_net),
        _board_pin("SYNC_OUT", pin_of_net),
        _board_pin("LED", pin_of_net),
        parts,
        design["sensors"]["part"],
    )


def _pin(label: str) -> Pin:
    return Pin(label, *ATMEGA328P_PINS[label])


def _board_pin(net: str, pin_of_net: dict[str, Pin]) -> Pin:
    if net not in pin_of_net:
        raise WiringError(f"net {net} reaches no pin of the board A1")
    return pin_of_net[net]


def _multiplexer(
    foot: str, parts: dict[str, dict[str, Any]], pin_of_net: dict[str, Pin]
) -> Multiplexer:
    name, part = next(
        (n, p) for n, p in parts.items() if p["role"] == "multiplexer" and p["foot"] == foot
    )
    pins = part["pins"]
    select = tuple(_board_pin(pins[f"S{n}"], pin_of_net) for n in range(4))
    if any(p.port != select[0].port or p.bit != select[0].bit + n for n, p in enumerate(select)):
        raise WiringError(f"{name}: S0-S3 must be four neighbouring bits of one port")
    pull_downs = [
        p["value_ohm"]
        for p in parts.values()
        if p["role"] == "pull_down" and pins["SIG"] in p["pins"].values()
    ]
    if len(pull_downs) != 1:
        raise WiringError(f"{name}: its signal net {pins['SIG']} needs exactly one pull-down")
    signal = _board_pin(pins["SIG"], pin_of_net)
    if signal.port != "C":
        raise WiringError(f"{name}: its signal must reach an analogue input")
    enable = _board_pin(pins["EN"], pin_of_net)
    return Multiplexer(foot, name, select, enable, signal, part["resistance_ohm"], pull_downs[0])


def pin_map_text(insole: Insole) -> str:
    """The firmware's `pin_map.h`."""
    left, right = insole.multiplexers
    if left.enable != right.enable or left.pull_down_ohm != right.pull_down_ohm:
        raise WiringError("both multiplexers need the same enable line and the same pull-down")
    lines = [
        "// SPDX-License-Identifier: GPL-3.0-or-later",
        f"// {insole.title}.",
        f"// {PRINTED}",
        "#ifndef PIN_MAP_H",
        "#define PIN_MAP_H",
        "",
        *_pin_map_multiplexer("LEFT", left),
        *_pin_map_multiplexer("RIGHT", right),
        *_pin_map_output("MUX_OFF", left.enable, "EN of both multiplexers, high = off"),
        *_pin_map_output("SYNC_OUT", insole.sync_out, "to a force plate or a camera"),
        *_pin_map_output("LED", insole.led, "on the board"),
        f"// sync input, {insole.sync_in.label}",
        f"#define SYNC_IN_PIN PIN{insole.sync_in.port}",
        f"#define SYNC_IN_BIT {insole.sync_in.bit}",
        "",
        f"#define PULL_DOWN_OHM {left.pull_down_ohm}",
        f"#define CHANNELS_PER_FOOT {len(insole.channels)}",
        "",
        "#endif",
    ]
    return "\n".join(lines) + "\n"


def _pin_map_multiplexer(name: str, mux: Multiplexer) -> list[str]:
    first = mux.select[0]
    labels = " ".join(p.label for p in mux.select)
    return [
        f"// {mux.name}: S0-S3 on {labels}, SIG on {mux.signal.label}",
        f"#define MUX_{name}_SELECT_PORT PORT{first.port}",
        f"#define MUX_{name}_SELECT_DDR DDR{first.port}",
        f"#define MUX_{name}_SELECT_SHIFT {first.bit}",
        f"#define MUX_{name}_ADC_CHANNEL {mux.signal.bit}",
        "",
    ]


def _pin_map_output(name: str, pin: Pin, meaning: str) -> list[str]:
    return [
        f"// {meaning}, {pin.label}",
        f"#define {name}_PORT PORT{pin.port}",
        f"#define {name}_DDR DDR{pin.port}",
        f"#define {name}_BIT {pin.bit}",
        "",
    ]


def simulator_text(insole: Insole) -> str:
    """The simulator's `wiring.h`."""
    rows = []
    for foot, mux in enumerate(insole.multiplexers):
        select = ", ".join(f"{{'{p.port}', {p.bit}}}" for p in mux.select)
        rows.append(
            f"    {{\"{mux.name}\", {{{select}}}, {{'{mux.enable.port}', {mux.enable.bit}}},\n"
            f"     {mux.signal.bit}, {foot * len(insole.channels)}, "
            f"{float(mux.resistance_ohm)}, {float(mux.pull_down_ohm)}}},"
        )
    lines = [
        "// SPDX-License-Identifier: GPL-3.0-or-later",
        f"// How the simulated board is wired. {PRINTED}",
        "#ifndef WIRING_H",
        "#define WIRING_H",
        "",
        "struct wiring_pin { char port; int bit; };",
        "struct wiring_mux {",
        "    const char *name;",
        "    struct wiring_pin select[4], enable;",
        "    int adc_channel, first_sensel;",
        "    double mux_ohm, pull_down_ohm;",
        "};",
        "",
        f"#define WIRING_CHANNELS {len(insole.channels)}",
        f"#define WIRING_MUX_COUNT {len(insole.multiplexers)}",
        "static const struct wiring_mux WIRING_MUXES[WIRING_MUX_COUNT] = {",
        *rows,
        "};",
        *_simulator_pin("SYNC_IN", insole.sync_in),
        *_simulator_pin("SYNC_OUT", insole.sync_out),
        *_simulator_pin("LED", insole.led),
        "",
        "#endif",
    ]
    return "\n".join(lines) + "\n"


def _simulator_pin(name: str, pin: Pin) -> list[str]:
    return [f"static const struct wiring_pin WIRING_{name} = {{'{pin.port}', {pin.bit}}};"]


def wiring_text(insole: Insole) -> str:
    """The wiring table `wiring_insole.md`."""
    lines = [
        "<!-- SPDX-License-Identifier: CERN-OHL-S-2.0 -->",
        f"# Wiring: {insole.title}",
        "",
        PRINTED,
        "",
        "## Parts",
        "",
        "| part | kind |",
        "|---|---|",
        *[f"| {name} | {part['kind']} |" for name, part in insole.parts.items()],
        f"| FSR_L_…, FSR_R_… | {insole.sensor_part} |",
        "",
        "## Wires, net by net",
        "",
        "| net | joins |",
        "|---|---|",
        *[f"| {net} | {', '.join(ends)} |" for net, ends in _ends_of_nets(insole).items()],
        "",
        "## Sensors",
        "",
        "One end of each sensor goes to +5V, the other to its channel; `sample` = place in a packet.",
        "",
        "| channel | sensor | left | sample | right | sample |",
        "|---:|---|---|---:|---|---:|",
    ]
    left, right = insole.multiplexers
    count = len(insole.channels)
    lines += [
        f"| C{n} | {name} | {left.name} C{n} | {n} | {right.name} C{n} | {n + count} |"
        for n, name in enumerate(insole.channels)
    ]
    return "\n".join(lines) + "\n"


def _ends_of_nets(insole: Insole) -> dict[str, list[str]]:
    ends: dict[str, list[str]] = {}
    for name, part in insole.parts.items():
        for pin, net in part["pins"].items():
            ends.setdefault(net, []).append(f"{name} {pin}")
    return ends
=======
def outputs() -> dict[Path, str]:
    """Every printed file with its text."""
    insole = load_insole()
    printed = {
        PIN_MAP_PATH: pin_map_text(insole),
        SIMULATOR_PATH: simulator_text(insole),
        WIRING_PATH: wiring_text(insole),
    }
    for board in ("mega", "leonardo"):
        other = load_insole(board=board)
        printed[SKETCH / f"pin_map_insole_{board}.h"] = pin_map_text(other)
        printed[SIMULATOR / f"wiring_insole_{board}.h"] = simulator_text(other)
    for name in ("mat16", "mat32", "mat16_cheap"):
        mat = load_mat(name)
        printed[SKETCH / f"pin_map_{name}.h"] = mat_pin_map_text(mat)
        printed[SIMULATOR / f"wiring_{name}.h"] = mat_simulator_text(mat)
        printed[FOLDER / f"wiring_{name}.md"] = wiring_text(mat.design)
    for name in DESIGNS:
        printed[FOLDER / f"parts_{name}.csv"] = parts_text(load_design(name))
    return printed
>>>>>>> hardware


def main() -> int:
    for path, text in outputs().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
