# SPDX-License-Identifier: GPL-3.0-or-later
"""What analogue.md says of the pad that rests selected, worked out again from deck and sketch."""

import csv
import re
from functools import cache

import pytest
from net_table import FOLDER, load_design
from print_nets import SKETCH

CLOCKS = 14  # 13 of a conversion and up to one until the next edge (ATmega328P data sheet)
CPU_MHZ = 16
PAGE = (FOLDER / "analogue.md").read_text(encoding="utf-8")
ROWS = [
    (in_pause, *(float(cell) for cell in (rate, scan, pause, mean, density)))
    for rate, scan, pause, in_pause, mean, density in re.findall(
        r"^\| (\S+) Hz \| (\S+) ms \| (\S+) % \| (on|off) \| (\S+) mA \| (\S+) \|$",
        PAGE.replace(",", ""), re.MULTILINE)
]  # fmt: skip
TICKS_PER_S = 2e6  # the board's clock
MAKERS_MA_PER_CM2 = 1.0


@cache
def _prescaler(rate_hz: float) -> int:
    """As the insoles' function in scan_rate.cpp, the last of three, chooses it."""
    text = (SKETCH / "scan_rate.cpp").read_text(encoding="utf-8")
    body = text.split("uint8_t rate_adc_prescaler_bits")[-1].split("}")[0]
    for limit, bits in re.findall(r"scan_rate_hz <= (\d+)\) return (\d+)", body):
        if rate_hz <= int(limit):
            return 2 ** int(bits)
    return 2 ** int(re.findall(r"^    return (\d+);", body, re.MULTILINE)[-1])


@cache
def _defined(name: str, file: str) -> int:
    """A number that the sketch defines."""
    text = (SKETCH / file).read_text(encoding="utf-8")
    [value] = re.findall(rf"^#define {name} (\d+)$", text, re.MULTILINE)
    return int(value)


def _scan_s(rate_hz: float) -> float:
    return 32 * CLOCKS * _prescaler(rate_hz) / (CPU_MHZ * 1e6)


def _is_off_in_pauses(rate_hz: float) -> bool:
    return 1 - _scan_s(rate_hz) * rate_hz > 1 / _defined("PAUSE_SHARE", "scan_rate.cpp")


@cache
def _full_ma() -> float:
    """Of a pad at 200 ohm while it is selected."""
    with (FOLDER / "spice" / "results.csv").open(encoding="utf-8") as file:
        found = {r["figure"]: float(r["value"]) for r in csv.DictReader(file)}
    return found["insole_divider.ma_200"]


def _mean_ma(rate_hz: float) -> float:
    """HB's: its sixteenth of each scan, and the pause, or only what it takes to settle before a scan."""
    rest = 1 - _scan_s(rate_hz) * rate_hz
    lead_s = _defined("QUIET_TICKS", "scan.h") / TICKS_PER_S + _scan_s(rate_hz) / 32
    resting = lead_s * rate_hz if _is_off_in_pauses(rate_hz) else rest
    return _full_ma() * (resting + (1 - rest) / 16)


@cache
def _area_cm2() -> float:
    return load_design("insole").parts["SL1"].stock["area_cm2"]


def test_the_table_covers_the_rates() -> None:
    assert [row[1] for row in ROWS] == [40, 100, 200, 250, 500, 600, 1000, 1650, 2000]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[1]:.0f}")
def test_the_resting_pads_current_is_what_deck_and_sketch_give(
    row: tuple[str, float, float, float, float, float],
) -> None:
    in_pause, rate_hz, scan_ms, rest_percent, mean_ma, density = row
    assert (in_pause == "off") == _is_off_in_pauses(rate_hz)
    assert scan_ms == pytest.approx(1e3 * _scan_s(rate_hz), abs=0.006)
    assert rest_percent == pytest.approx(100 * (1 - _scan_s(rate_hz) * rate_hz), abs=0.6)
    assert mean_ma == pytest.approx(_mean_ma(rate_hz), abs=0.006)
    assert density == pytest.approx(_mean_ma(rate_hz) / _area_cm2(), abs=0.006)


def test_no_rate_goes_beyond_the_makers_figure() -> None:
    highest = max(_mean_ma(rate_hz) / _area_cm2() for rate_hz in range(40, 2001))
    assert highest < MAKERS_MA_PER_CM2
    [stated] = re.findall(r"The highest of all is (\S+) mA/cm²", PAGE)
    assert float(stated) == pytest.approx(highest, abs=0.06)
    safety = (FOLDER / "safety.md").read_text(encoding="utf-8")
    assert f"no pad carries more than {stated} mA/cm²" in safety


def test_the_pad_that_rests_is_the_one_named() -> None:
    """A scan ends by selecting channel 0 and, where a pause is left, by switching off."""
    assert load_design("insole").parts["SL1"].value == "HB"
    assert "HB" in PAGE
    text = (SKETCH / "scan_insoles.cpp").read_text(encoding="utf-8")
    scan = text.split("void front_scan(")[1].split("\n}")[0]
    assert scan.rstrip().endswith("if (is_off_in_pauses) PIN_HIGH(MUX_OFF);"), "see analogue.md"
    assert "PIN_LOW(MUX_OFF);" in text.split("void front_prepare() {")[1].split("\n}")[0]
    assert "% CHANNELS_PER_FOOT" in text.split("void scan_channel(")[1].split("\n}")[0]
