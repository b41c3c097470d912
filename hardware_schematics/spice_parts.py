# SPDX-License-Identifier: CERN-OHL-S-2.0
"""What the SPICE decks share: the firmware's timing, assumed values, the amplifier's model."""

from __future__ import annotations

import math
from typing import Any

CPU_HZ = 16e6
ADC_CLOCKS = 13  # of a conversion (ATmega328P data sheet, "ADC Conversion Time")
SAMPLE_CLOCKS = 1.5  # until the sample is held

# What no net table knows. Everything here is approximate unless a source is named.
ASSUMED = {
    "adc_sample_f": 14e-12,  # ATmega328P data sheet, "Analog Input Circuitry": 14 pF behind 1-100 kohm
    "pin_f": 10e-12,  # data sheet's pin capacitance
    "cable_f": 220e-12,  # 2 m of cat 5e pair at 52 pF/m, doubled
    "sensor_f": 50e-12,  # a tail and its pad
    "fsr_loaded_ohm": 200.0,  # a pad under a hop, near the top of its range
    "cell_f": 60e-12,  # a cell of about 4 cm2
    "ribbon_f": 100e-12,  # 1 m of ribbon with its neighbours
    "cell_full_ohm": 1000.0,  # a fully loaded cell
    "cell_light_ohm": 10000.0,
    "cell_idle_ohm": 1e7,
    "amplifier_gain": 1e5,
    "amplifier_out_ohm": 50.0,
    "strip_ohm": 0.05,  # a copper-tape row or column, end to end
}


def adc_clock_us(prescaler: int) -> float:
    """Length of an ADC clock."""
    return prescaler / CPU_HZ * 1e6


def head(title: str, table: str) -> list[str]:
    """A deck's first lines; SPICE takes the first one as its title."""
    return [
        f"* Solerig, {title}",
        "* SPDX-License-Identifier: CERN-OHL-S-2.0",
        f"* Printed by `python hardware_schematics/print_spice.py` from {table}: do not edit.",
    ]


def amplifier(stock: dict[str, Any], name: str, plus: str, minus: str, out: str) -> list[str]:
    """One pole, limited slew, output between the rails, no offset (the ghosts' decks have it)."""
    farad = 1e-9
    siemens = 2 * math.pi * stock["gain_bandwidth_hz"] * farad
    most_amp = stock["slew_v_per_us"] * 1e6 * farad
    ohm = ASSUMED["amplifier_gain"] / siemens
    return [
        f"b{name} 0 {name}p i={most_amp:g}*tanh({siemens:g}*(v({plus})-v({minus}))/{most_amp:g})",
        f"c{name} {name}p 0 {farad:g}",
        f"r{name} {name}p 0 {ohm:g}",
        f"d{name}h {name}p {name}h clamp",
        f"d{name}l {name}l {name}p clamp",
        f"v{name}h {name}h 0 4.98",
        f"v{name}l {name}l 0 0.02",
        ".model clamp d(is=1e-12 n=0.01)" if name == "x1" else "*",
        f"e{name} {name}o 0 {name}p 0 1",
        f"ro{name} {name}o {out} {ASSUMED['amplifier_out_ohm']:g}",
    ]
