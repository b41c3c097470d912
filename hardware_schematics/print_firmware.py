# SPDX-License-Identifier: CERN-OHL-S-2.0
"""The firmware's pin maps and the simulator's wiring, as text."""

from __future__ import annotations

from boards import Pin, WiringError
from firmware_view import Insole, Mat, Multiplexer

PRINTED = "Printed by `python hardware_schematics/print_nets.py` from {}: do not edit."


def printed_from(table: str) -> str:
    """The line that every printed file carries."""
    return PRINTED.format(table)


def pin_map_text(insole: Insole) -> str:
    """The firmware's pin map of the insoles on one board."""
    left, right = insole.multiplexers
    if left.enable is None or left.enable != right.enable:
        raise WiringError("both multiplexers need the same enable line")
    if left.pull_down_ohm != right.pull_down_ohm:
        raise WiringError("both multiplexers need the same pull-down")
    lines = [
        *_pin_map_head(insole.title, "nets.toml"),
        *_pin_map_multiplexer("MUX_LEFT", left),
        *_pin_map_multiplexer("MUX_RIGHT", right),
        *_pin_map_output("MUX_OFF", left.enable, "EN of both multiplexers, high = off"),
        *_pin_map_common(insole),
        f"#define PULL_DOWN_OHM {left.pull_down_ohm}",
        f"#define CHANNELS_PER_FOOT {len(insole.channels)}",
        "",
        "#endif",
    ]
    return "\n".join(lines) + "\n"


def mat_pin_map_text(mat: Mat) -> str:
    """The firmware's pin map of a mat."""
    lines = [*_pin_map_head(mat.title, "nets_mat.toml")]
    for mux in mat.multiplexers:
        lines += _pin_map_multiplexer(f"COLUMNS_{mux.foot}", mux)
    lines += [
        *_pin_map_output("ROW_DATA", mat.row_data, "into the row drivers, first bit = last row"),
        *_pin_map_output("ROW_CLOCK", mat.row_clock, "shifts on the rising edge"),
        *_pin_map_output("ROW_LATCH", mat.row_latch, "shows what was shifted on the rising edge"),
        *_pin_map_output("ROW_OFF", mat.row_off, "high = no row is driven"),
        *_pin_map_common(mat),
        f"#define ROWS {mat.rows}",
        f"#define COLUMNS {mat.columns}",
        *_front_end(mat),
        "",
        "#endif",
    ]
    return "\n".join(lines) + "\n"


def _front_end(mat: Mat) -> list[str]:
    if mat.feedback_ohm == 0:
        return [f"#define PULL_DOWN_OHM {mat.multiplexers[0].pull_down_ohm}"]
    return [
        f"#define FEEDBACK_OHM {mat.feedback_ohm}",
        "// VREF of the supply: what a column reads while no row is driven",
        f"#define REFERENCE_PERMILLE {mat.reference_permille}",
        "// from VREF's amplifier to VREF, from VREF to each row, from the active row to ground",
        f"#define REFERENCE_OHM {mat.reference_ohm}",
        f"#define ROW_IDLE_OHM {mat.row_idle_ohm}",
        f"#define ROW_OHM {mat.row_ohm:g}",
    ]


def _pin_map_head(title: str, table: str) -> list[str]:
    return [
        "// SPDX-License-Identifier: GPL-3.0-or-later",
        f"// {title}.",
        f"// {printed_from(table)}",
        "#ifndef PIN_MAP_H",
        "#define PIN_MAP_H",
        "",
    ]


def _pin_map_common(rig: Insole | Mat) -> list[str]:
    return [
        *_pin_map_output("SYNC_OUT", rig.sync_out, "to a force plate or a camera"),
        *_pin_map_output("LED", rig.led, "on the board"),
        f"// sync input, {rig.sync_in.label}",
        f"#define SYNC_IN_PIN PIN{rig.sync_in.port}",
        f"#define SYNC_IN_BIT {rig.sync_in.bit}",
        "",
    ]


def _pin_map_multiplexer(name: str, mux: Multiplexer) -> list[str]:
    first = mux.select[0]
    labels = " ".join(p.label for p in mux.select)
    return [
        f"// {mux.name}: S0-S3 on {labels}, SIG on {mux.signal.label}",
        f"#define {name}_SELECT_PORT PORT{first.port}",
        f"#define {name}_SELECT_DDR DDR{first.port}",
        f"#define {name}_SELECT_SHIFT {first.bit}",
        f"#define {name}_ADC_CHANNEL {mux.signal.adc}",
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


def portable_pin_map_text(rig: Insole | Mat) -> str:
    """The pin map of any board of the Uno's shape, in the labels that the Arduino core knows."""
    is_mat = isinstance(rig, Mat)
    table = "nets_mat.toml" if is_mat else "nets.toml"
    lines = [*_pin_map_head(f"{rig.title}, or any board of its shape", table)]
    for mux in rig.multiplexers:
        name = f"COLUMNS_{mux.foot}" if is_mat else {"L": "MUX_LEFT", "R": "MUX_RIGHT"}[mux.foot]
        select = ", ".join(_label(p) for p in mux.select)
        lines += [
            f"#define {name}_SELECT_LABELS {{ {select} }}",
            f"#define {name}_SIGNAL_LABEL {_label(mux.signal)}",
        ]
    outputs = {"SYNC_OUT": rig.sync_out, "LED": rig.led, "SYNC_IN": rig.sync_in}
    if isinstance(rig, Mat):
        outputs |= {"ROW_DATA": rig.row_data, "ROW_CLOCK": rig.row_clock}
        outputs |= {"ROW_LATCH": rig.row_latch, "ROW_OFF": rig.row_off}
        sizes = [f"#define ROWS {rig.rows}", f"#define COLUMNS {rig.columns}", *_front_end(rig)]
    else:
        enable = rig.multiplexers[0].enable
        if enable is None:
            raise WiringError("an insole's multiplexers need an enable line")
        outputs |= {"MUX_OFF": enable}
        sizes = [
            f"#define PULL_DOWN_OHM {rig.multiplexers[0].pull_down_ohm}",
            f"#define CHANNELS_PER_FOOT {len(rig.channels)}",
        ]
    lines += [f"#define {name}_LABEL {_label(pin)}" for name, pin in outputs.items()]
    return "\n".join([*lines, *sizes, "", "#endif"]) + "\n"


def _label(pin: Pin) -> str:
    return pin.label.removeprefix("D")


def simulator_text(insole: Insole) -> str:
    """The simulator's wiring of the insoles."""
    rows = []
    for foot, mux in enumerate(insole.multiplexers):
        if mux.enable is None:
            raise WiringError(f"{mux.name}: an insole's multiplexer needs an enable line")
        select = ", ".join(_c_pin(p) for p in mux.select)
        rows.append(
            f'    {{"{mux.name}", {{{select}}}, {_c_pin(mux.enable)},\n'
            f"     {mux.signal.adc}, {foot * len(insole.channels)}, "
            f"{float(mux.resistance_ohm)}, {float(mux.pull_down_ohm)}}},"
        )
    lines = [
        *_simulator_head("nets.toml"),
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
        *_simulator_common(insole),
        "",
        "#endif",
    ]
    return "\n".join(lines) + "\n"


def mat_simulator_text(mat: Mat) -> str:
    """The simulator's wiring of a mat; the ohms say how its analogue side behaves."""
    muxes = [
        f'    {{"{m.name}", {{{", ".join(_c_pin(p) for p in m.select)}}}, '
        f"{m.signal.adc}, {16 * n}, {float(m.resistance_ohm)}, {float(m.pull_down_ohm)}}},"
        for n, m in enumerate(mat.multiplexers)
    ]
    row_pins = (
        ("ROW_DATA", mat.row_data),
        ("ROW_CLOCK", mat.row_clock),
        ("ROW_LATCH", mat.row_latch),
        ("ROW_OFF", mat.row_off),
    )
    lines = [
        *_simulator_head("nets_mat.toml"),
        "struct wiring_pin { char port; int bit; };",
        "struct wiring_column_mux {",
        "    const char *name;",
        "    struct wiring_pin select[4];",
        "    int adc_channel, first_column;",
        "    double mux_ohm, pull_down_ohm;",
        "};",
        "",
        f"#define WIRING_ROWS {mat.rows}",
        f"#define WIRING_COLUMNS {mat.columns}",
        f"#define WIRING_VIRTUAL_GROUND {int(mat.feedback_ohm > 0)}",
        f"#define WIRING_ROW_OHM {mat.row_ohm}",
        f"#define WIRING_ROW_IDLE_OHM {float(mat.row_idle_ohm)}",
        f"#define WIRING_FEEDBACK_OHM {float(mat.feedback_ohm)}",
        f"#define WIRING_REFERENCE_RATIO {mat.reference_permille / 1000}",
        f"#define WIRING_REFERENCE_OHM {float(mat.reference_ohm)}",
        f"#define WIRING_MUX_COUNT {len(mat.multiplexers)}",
        "static const struct wiring_column_mux WIRING_MUXES[WIRING_MUX_COUNT] = {",
        *muxes,
        "};",
        *(_simulator_pin(name, pin) for name, pin in row_pins),
        *_simulator_common(mat),
        "",
        "#endif",
    ]
    return "\n".join(lines) + "\n"


def _simulator_head(table: str) -> list[str]:
    return [
        "// SPDX-License-Identifier: GPL-3.0-or-later",
        f"// How the simulated board is wired. {printed_from(table)}",
        "#ifndef WIRING_H",
        "#define WIRING_H",
        "",
    ]


def _simulator_common(rig: Insole | Mat) -> list[str]:
    pins = (("SYNC_IN", rig.sync_in), ("SYNC_OUT", rig.sync_out), ("LED", rig.led))
    return [_simulator_pin(name, pin) for name, pin in pins]


def _c_pin(pin: Pin) -> str:
    return f"{{'{pin.port}', {pin.bit}}}"


def _simulator_pin(name: str, pin: Pin) -> str:
    return f"static const struct wiring_pin WIRING_{name} = {_c_pin(pin)};"
