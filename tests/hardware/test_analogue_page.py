# SPDX-License-Identifier: GPL-3.0-or-later
"""What analogue.md says of the pad that rests selected, worked out again from deck and sketch."""

import csv
import re

import pytest
from net_table import FOLDER, load_design
from print_nets import SKETCH

CLOCKS = 14  # 13 of a conversion and up to one until the next edge (ATmega328P data sheet)
CPU_MHZ = 16
PAGE = (FOLDER / "analogue.md").read_text(encoding="utf-8")
ROWS = [
    tuple(float(cell) for cell in row)
    for row in re.findall(r"^\| ([\d,]+) Hz \| (\S+) ms \| (\S+) % \| (\S+) mA \| (\S+) \|$",
                          PAGE.replace(",", ""), re.MULTILINE)
]  # fmt: skip


def _prescaler(rate_hz: float) -> int:
    """As the insoles' function in scan_rate.cpp, the last of three, chooses it."""
    text = (SKETCH / "scan_rate.cpp").read_text(encoding="utf-8")
    body = text.split("uint8_t rate_adc_prescaler_bits")[-1].split("}")[0]
    for limit, bits in re.findall(r"scan_rate_hz <= (\d+)\) return (\d+)", body):
        if rate_hz <= int(limit):
            return 2 ** int(bits)
    return 2 ** int(re.findall(r"^    return (\d+);", body, re.MULTILINE)[-1])


def test_the_table_covers_the_rates() -> None:
    assert [row[0] for row in ROWS] == [40, 100, 200, 500, 600, 1000, 2000]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]:.0f}")
def test_the_resting_pads_current_is_what_deck_and_sketch_give(row: tuple[float, ...]) -> None:
    rate_hz, scan_ms, rest_percent, mean_ma, density = row
    with (FOLDER / "spice" / "results.csv").open(encoding="utf-8") as file:
        found = {r["figure"]: float(r["value"]) for r in csv.DictReader(file)}
    sensor = load_design("insole").parts["SL1"]
    scan_s = 32 * CLOCKS * _prescaler(rate_hz) / (CPU_MHZ * 1e6)
    rest = 1 - scan_s * rate_hz
    mean = found["insole_divider.ma_200"] * (rest + (1 - rest) / 16)
    assert scan_ms == pytest.approx(1e3 * scan_s, abs=0.006)
    assert rest_percent == pytest.approx(100 * rest, abs=0.6)
    assert mean_ma == pytest.approx(mean, abs=0.06)
    assert density == pytest.approx(mean / sensor.stock["area_cm2"], abs=0.06)


def test_the_pad_that_rests_is_the_one_named() -> None:
    """A scan ends by selecting channel 0; the switch goes off only when scanning ends."""
    assert load_design("insole").parts["SL1"].value == "HB"
    assert "HB" in PAGE
    text = (SKETCH / "scan_insoles.cpp").read_text(encoding="utf-8")
    scan = text.split("void front_scan(")[1].split("\n}")[0]
    assert "void front_prepare() {}" in text
    assert "MUX_OFF" not in scan, "the sketch switches off between scans now: say so in analogue.md"
    assert "% CHANNELS_PER_FOOT" in text.split("void scan_channel(")[1].split("\n}")[0]
