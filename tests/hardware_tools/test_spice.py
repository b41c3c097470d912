# SPDX-License-Identifier: GPL-3.0-or-later
"""The analogue bounds, from ngspice and the net table's own values."""

import csv
from pathlib import Path

import numpy as np
import pytest
from firmware_view import load_insole, load_mat
from plot_spice import RESULTS_PATH, results
from print_spice import SPICE_FOLDER
from spice_matrix import feet_pattern
from spice_parts import ASSUMED
from spice_results import ghosts, run_deck


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    return results()


def test_committed_figures_are_those_of_the_decks(found: dict[str, float]) -> None:
    with RESULTS_PATH.open(encoding="utf-8") as file:
        committed = {row["figure"]: float(row["value"]) for row in csv.DictReader(file)}
    assert committed.keys() == found.keys()
    for figure, value in committed.items():  # other versions of ngspice step otherwise
        assert found[figure] == pytest.approx(value, rel=0.02, abs=0.02), figure


def test_previous_channel_leaves_at_most_one_count_at_the_default_scan(
    found: dict[str, float],
) -> None:
    """1,000 scans a second run at ADC prescaler 32."""
    for case in ("rin_1k", "rin_10k", "rpull_1k", "ccable_100p", "ccable_220p"):
        assert abs(found[f"insole_settling_p32.{case}_lsb"]) <= 1.0


def test_the_buffer_takes_the_other_foots_charge_at_the_fast_scan(found: dict[str, float]) -> None:
    """Its output stands about 15 mV (3 counts) above ground whatever was before: no residue."""
    floor = found["insole_settling_p16_buffered.rin_1k_lsb"]
    assert 2 < floor < 5
    assert abs(found["insole_settling_p16_buffered.rin_10k_lsb"] - floor) < 0.1
    assert found["insole_settling_p16.rin_10k_lsb"] > 1


def test_the_bound_can_fail(tmp_path: Path) -> None:
    """A 10 kohm pull-down, or a move after the own conversion began, breaks the bound."""
    deck = (SPICE_FOLDER / "insole_settling_p32.cir").read_text(encoding="utf-8")
    (tmp_path / "slow.cir").write_text(deck.replace("pull=1000", "pull=10k"), encoding="utf-8")
    assert run_deck("slow", tmp_path)[0]["rin_10k_lsb"] > 5
    late = deck.replace("pulse(0 1 1u ", "pulse(0 1 29u ")
    assert late != deck
    (tmp_path / "late.cir").write_text(late, encoding="utf-8")
    assert run_deck("late", tmp_path)[0]["rin_10k_lsb"] > 1


@pytest.mark.parametrize("mat", ["mat16", "mat32"])
def test_recommended_mats_show_ghosts_below_one_percent(found: dict[str, float], mat: str) -> None:
    assert found[f"{mat}_ghost_virtual_ground.largest_ghost_percent"] <= 1.0
    assert found[f"{mat}_ghost_floating.largest_ghost_percent"] > 10  # what the stage is there for


@pytest.mark.parametrize("mat", ["mat16", "mat32"])
def test_a_loaded_row_reads_low_by_its_drivers_share(mat: str) -> None:
    """Kirchhoff by hand: the driver's voltage is what its current leaves; nothing else is lost."""
    design = load_mat(mat)
    seen = ghosts(mat, "virtual_ground").pressed
    feet = feet_pattern(design)
    nominal = 5 * design.reference_permille / 1000
    series = design.design.parts["R4"].stock["ohm"]
    for row in {r for r, _ in seen}:
        cells = sum(r == row for r, _ in feet)
        siemens = cells / ASSUMED["cell_full_ohm"]
        # VREF's source feeds the idle resistor through its 10 ohm; columns are held by amplifiers
        matrix = np.array(
            [
                [1 / series + 1 / design.row_idle_ohm, -1 / design.row_idle_ohm],
                [
                    -1 / design.row_idle_ohm - siemens,
                    1 / design.row_idle_ohm + siemens + 1 / design.row_ohm,
                ],
            ]
        )
        vref, vrow = np.linalg.solve(matrix, [nominal / series, 0.0])
        empty = (
            nominal
            * (design.row_idle_ohm + design.row_ohm)
            / (design.row_idle_ohm + design.row_ohm + series)
        )
        out = vref + (vref - vrow) * design.feedback_ohm / ASSUMED["cell_full_ohm"]
        expected = (out - empty) / (nominal * design.feedback_ohm)
        mean = np.mean([s for (r, _), s in seen.items() if r == row])
        assert mean == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("mat", ["mat16", "mat32"])
def test_a_row_change_is_over_when_the_next_row_is_sampled(
    found: dict[str, float], mat: str
) -> None:
    for capacitance in ("quarter", "nominal", "fourfold"):
        assert abs(found[f"{mat}_column.residue_{capacitance}_lsb"]) <= 1.0


def test_divider_counts_follow_the_law(found: dict[str, float]) -> None:
    insole = load_insole()
    mux = insole.multiplexers[0]
    series = mux.resistance_ohm + insole.design.parts["F1"].stock["ohm"]
    for word, ohm in (("10k", 1e4), ("1k", 1e3), ("200", 200.0)):
        counts = 1024 * mux.pull_down_ohm / (mux.pull_down_ohm + series + ohm)
        assert found[f"insole_divider.counts_{word}"] == pytest.approx(counts, rel=1e-3)


def test_currents_stay_within_their_limits(found: dict[str, float]) -> None:
    """A shorted select line stays below a pin's 20 mA; a cell never carries 2 mA; a pad's mean current,
    one sixteenth of the time at most, stays below 1 mA/cm2 at any load."""
    assert found["insole_divider.select_short_ma"] < 20
    assert found["mat16_cell.ma_1"] < 2
    area = load_insole().design.parts["SL1"].stock["area_cm2"]
    assert found["insole_divider.ma_1"] / 16 / area < 1.0


def test_a_fully_loaded_cell_still_reads_below_the_rail(found: dict[str, float]) -> None:
    assert 900 < found["mat16_cell.counts_1k"] < 1000
    assert found["mat16_cell.counts_500"] > 1000  # beyond it is flagged as saturated
