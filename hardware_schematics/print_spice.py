# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Prints the SPICE decks from the net tables: `python hardware_schematics/print_spice.py`.

Every resistor and capacitor that stands in a table is taken from it; what the tables cannot know
(cables, sensors, the converter's inside) is listed in ASSUMED with its source. `plot_spice.py` runs
the decks.
"""

from __future__ import annotations

import sys
from pathlib import Path

from firmware_view import load_insole, load_mat
from net_table import FOLDER
from spice_matrix import DRIVES, matrix_deck
from spice_parts import ADC_CLOCKS, ASSUMED, SAMPLE_CLOCKS, adc_clock_us, amplifier, head

SPICE_FOLDER = FOLDER / "spice"
PRESCALERS = (32, 16)  # 1,000 scans a second and fewer; above


def settling_deck(prescaler: int, *, buffered: bool = False) -> str:
    """One foot's multiplexer moves from a fully loaded sensor to an open one.

    The scan moves a multiplexer right after the other foot's conversion has begun; its own sample is
    taken one conversion and a sampling time later. The sample capacitor comes from the other foot,
    whose reading is at full scale, and is joined for the sampling time alone: the worst case. With
    `buffered` the option U3 is fitted.
    """
    insole = load_insole()
    parts = insole.design.parts
    clock = adc_clock_us(prescaler)
    start, end = 1 + ADC_CLOCKS * clock, 1 + (ADC_CLOCKS + SAMPLE_CLOCKS) * clock
    series, fuse = parts["R23"].stock["ohm"], parts["F1"].stock["ohm"]
    mux = parts["U1"].stock
    fitted = ", buffer fitted" if buffered else ""
    lines = [
        *head(
            f"insoles: previous-channel residue at ADC prescaler {prescaler}{fitted}", "nets.toml"
        ),
        f".param pull={insole.multiplexers[0].pull_down_ohm} rin=10k ccable={ASSUMED['cable_f']:g}",
        "vcc supply 0 5",
        f"rfuse supply top {fuse}",
        f"rloaded top ch0 {ASSUMED['fsr_loaded_ohm']:g}",
        "ropen top ch1 10meg",
        f"cch0 ch0 0 {ASSUMED['sensor_f']:g}",
        f"cch1 ch1 0 {ASSUMED['sensor_f']:g}",
        "vmove move 0 pulse(0 1 1u 10n 10n 1 2)",
        f".model muxon sw(ron={mux['on_max_ohm']} roff=1g vt=0.5 vh=0)",
        "s0 ch0 sig nmove 0 muxon",
        "s1 ch1 sig move 0 muxon",
        "bn nmove 0 v=1-v(move)",
        f"ccommon sig 0 {mux['common_pf']:g}p",
        "ccable sig 0 {ccable}",
        f"cesd sig 0 {parts['D3'].stock['line_pf']:g}p",
        "rpull sig 0 {pull}",
        f"rseries sig {'direct' if buffered else 'pin'} {series}",
        *(amplifier(parts["U3"].stock, "x1", "direct", "pin", "pin") if buffered else []),
        f"cpin pin 0 {ASSUMED['pin_f']:g}",
        "rin pin sampling {rin}",
        f"vsample take 0 pulse(0 1 {start:g}u 1n 1n {SAMPLE_CLOCKS * clock:g}u 1)",
        ".model hold sw(ron=1 roff=1t vt=0.5 vh=0)",
        "ssample sampling held take 0 hold",
        f"csample held 0 {ASSUMED['adc_sample_f']:g} ic=5",
        ".control",
        "set noaskquit",
        *_sweep("rin", ("1k", "10k", "30k", "100k"), end),
        "alter rin = 10k",
        *_sweep("rpull", ("1k", "2.2k", "10k"), end),
        f"alter rpull = {insole.multiplexers[0].pull_down_ohm}",
        *_sweep("ccable", ("100p", "220p", "1n"), end),
        f"alter ccable = {ASSUMED['cable_f']:g}",
        f"tran 20n {end + 1:g}u uic",
        f"wrdata insole_settling_p{prescaler}.txt v(sig) v(held)",
        "quit",
        ".endc",
        ".end",
    ]
    return "\n".join(lines) + "\n"


def _sweep(device: str, values: tuple[str, ...], end_us: float) -> list[str]:
    """Alter a device, and say how far the sample is from what the open sensor alone would read."""
    lines = []
    for value in values:
        lines += [
            f"alter {device} = {value}",
            f"tran 20n {end_us:g}u uic",
            "let final = 5 * @rpull[resistance] / (@rpull[resistance] + 1e7)",
            "let lsb = (v(held)[length(v(held))-1] - final) / 5 * 1024",
            f'echo "RESULT {device}_{value}_lsb $&lsb"',
        ]
    return lines


def divider_deck() -> str:
    """Counts, current and current density of one insole sensor over its resistance, and line shorts."""
    insole = load_insole()
    parts = insole.design.parts
    mux, pull = parts["U1"].stock["on_ohm"], insole.multiplexers[0].pull_down_ohm
    lines = [
        *head("insoles: divider, saturation, current of a pad, shorts", "nets.toml"),
        "vcc supply 0 5",
        f"rfuse supply top {parts['F1'].stock['ohm']}",
        "rfsr top ch 1k",
        f"rmux ch sig {mux}",
        f"rpull sig 0 {pull}",
        "* a pin's output stage, 25 ohm (approximate), through its resistor into a dead short",
        "vpin gpio 0 5",
        "rgpio gpio line 25",
        f"rline line short {parts['R11'].stock['ohm']}",
        "vshort short 0 0",
        ".control",
        "set noaskquit",
    ]
    for value in ("100k", "30k", "10k", "3k", "1k", "500", "300", "200", "100", "1"):
        lines += [
            f"alter rfsr = {value}",
            "op",
            "let counts = v(sig) / 5 * 1024",
            "let ma = -i(vcc) * 1000",
            f'echo "RESULT counts_{value} $&counts"',
            f'echo "RESULT ma_{value} $&ma"',
        ]
    lines += ["let gpio = i(vshort) * 1000", 'echo "RESULT select_short_ma $&gpio"']
    return "\n".join([*lines, "quit", ".endc", ".end"]) + "\n"


def column_deck(name: str) -> str:
    """A mat's row change: does the next row's first column stand still when it is sampled?

    The row advances right after the last column's sample, 1.5 ADC clocks into its conversion; the next
    row's first column is sampled one conversion later. Before, every cell of the column's old row was at
    full scale; in the new row the cell is open.
    """
    mat = load_mat(name)
    parts = mat.design.parts
    clock = adc_clock_us(16)
    sample = 1 + ADC_CLOCKS * clock
    reference = 5 * mat.reference_permille / 1000
    row_farad = ASSUMED["cell_f"] * mat.columns
    lines = [
        *head(f"{name}: settling of a column after the row has changed", "nets_mat.toml"),
        f"vref vref 0 {reference:g}",
        "vcc vdd 0 5",
        "vold oldoff 0 pulse(0 1 1u 10n 10n 1 2)",
        "bnew newoff 0 v=1-v(oldoff)",
        f".model driver sw(ron={mat.row_ohm:g} roff=1g vt=0.5 vh=0)",
        "bold oldon 0 v=1-v(oldoff)",
        "sold rowa 0 oldon 0 driver",
        "snew rowb 0 oldoff 0 driver",
        f"ridlea vref rowa {mat.row_idle_ohm}",
        f"ridleb vref rowb {mat.row_idle_ohm}",
        f"crowa rowa 0 {row_farad:g}",
        f"crowb rowb 0 {row_farad:g}",
        f"rcella rowa col {ASSUMED['cell_full_ohm']:g}",
        "rcellb rowb col 10meg",
        f"ccol col 0 {ASSUMED['cell_f'] * mat.rows + ASSUMED['ribbon_f']:g}",
        f"rguard col inn {parts['R201'].stock['ohm']}",
        f"rf col out {mat.feedback_ohm}",
        f"cf col out {parts['C201'].stock['farad']:g}",
        *amplifier(parts["U11"].stock, "x1", "vref", "inn", "out"),
        "rmux out sig 130",
        "csig sig 0 64p",
        ".control",
        "set noaskquit",
    ]
    nominal = ASSUMED["cell_f"] * mat.rows + ASSUMED["ribbon_f"]
    for label, farad in (("quarter", nominal / 4), ("nominal", nominal), ("fourfold", nominal * 4)):
        lines += [
            f"alter ccol = {farad:g}",
            f"tran 20n {sample:g}u",
            "let n = length(v(sig)) - 1",
            f"let lsb = (v(sig)[n] - {reference:g} * (1 + {mat.feedback_ohm} / 1e7)) / 5 * 1024",
            f'echo "RESULT residue_{label}_lsb $&lsb"',
        ]
    lines += [
        f"alter ccol = {nominal:g}",
        "tran 20n 20u",
        f"wrdata {name}_column.txt v(out) v(rowa)",
    ]
    return "\n".join([*lines, "quit", ".endc", ".end"]) + "\n"


def cell_deck(name: str) -> str:
    """Counts and current of one mat cell over its resistance."""
    mat = load_mat(name)
    parts = mat.design.parts
    lines = [
        *head(f"{name}: saturation and current of a cell", "nets_mat.toml"),
        f"vset vset 0 {5 * mat.reference_permille / 1000:g}",
        f"rref vset vref {parts['R4'].stock['ohm']}",
        "vcc vdd 0 5",
        f"ridle vref row {mat.row_idle_ohm}",
        f"rdriver row 0 {mat.row_ohm:g}",
        "rcell row padin 10k",
        "vpad col padin 0",
        f"rguard col inn {parts['R201'].stock['ohm']}",
        f"rf col out {mat.feedback_ohm}",
        f"cf col out {parts['C201'].stock['farad']:g}",
        *amplifier(parts["U11"].stock, "x1", "vref", "inn", "out"),
        ".control",
        "set noaskquit",
    ]
    for value in ("1meg", "100k", "10k", "3k", "2k", "1.5k", "1k", "500", "100", "1"):
        lines += [
            f"alter rcell = {value}",
            "op",
            "let counts = v(out) / 5 * 1024",
            "let ma = i(vpad) * 1000",
            f'echo "RESULT counts_{value} $&counts"',
            f'echo "RESULT ma_{value} $&ma"',
        ]
    return "\n".join([*lines, "quit", ".endc", ".end"]) + "\n"


def outputs() -> dict[Path, str]:
    """Every deck with its text."""
    decks = {f"insole_settling_p{p}": settling_deck(p) for p in PRESCALERS}
    decks["insole_settling_p16_buffered"] = settling_deck(16, buffered=True)
    decks["insole_divider"] = divider_deck()
    for name in ("mat16", "mat32"):
        decks[f"{name}_column"] = column_deck(name)
        decks[f"{name}_cell"] = cell_deck(name)
        for drive in DRIVES:
            decks[f"{name}_ghost_{drive}"] = matrix_deck(name, drive)
    return {SPICE_FOLDER / f"{name}.cir": text for name, text in decks.items()}


def main() -> int:
    SPICE_FOLDER.mkdir(exist_ok=True)
    for path, text in outputs().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
