# SPDX-License-Identifier: GPL-3.0-or-later
"""How wrong a mat's CoP can be: sums worked by hand, and the share of simulated people that it holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rig.analysis.cop_coverage import STANCES
from rig.analysis.mat_cop_coverage import judged
from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import FrameFlag
from rig.calibrate.mat_force_block import MatForceBlock
from rig.contact import mat_cop_error as under_test
from rig.contact.mat_loads import MatLoadBlock
from rig.layout.mat import MatLayout
from rig.settings import Participant
from rig.simulate.mat_rigs import mat_hello, mat_rig
from rig.wire.frames import Segment, SegmentCause

PERSON = Participant(700.0, "typed", 42.0)
MEASURED = Calibration(body_weight_gain=1.0, body_weight_gain_source="measured")
LAYOUT = MatLayout(16, 16, 25.0)
HEELS = np.array([[112.5, 62.5], [287.5, 62.5]])


def loads_with(cells: dict[tuple[int, int], float], frames: int = 3, flags: int = 0):
    """Feet that point straight ahead with these newtons on (row, column)."""
    cell_n = np.zeros((frames, 16, 16))
    for (row, column), newtons in cells.items():
        cell_n[:, row, column] = newtons
    hello = mat_hello(mat_rig("mat16"), 200, 1)
    number = np.arange(frames)
    force = MatForceBlock(
        segment=Segment(0, hello, SegmentCause.HELLO, clock_continues=False),
        t_s=number / 200.0,
        frame_number=number,
        end_offset=number + 1,
        layout=LAYOUT,
        cell_force_n=cell_n,
        flags=np.full(frames, flags, np.uint32),
        lost_before=np.zeros(frames, np.int64),
    )
    unknown = bool(flags & FrameFlag.FEET_UNKNOWN)
    total = cell_n.sum(axis=(1, 2))
    known = np.where(unknown, np.nan, 1.0)
    left = cell_n[:, :, :8].sum(axis=(1, 2))
    feet = np.column_stack((left, total - left)) * known
    nothing = np.zeros((frames, 2, 2)) * known
    return MatLoadBlock(
        force=force,
        foot_force_n=feet,
        region_force_n=np.zeros((frames, 2, 4)),
        foot_cop_mm=nothing,
        cop_mm=np.zeros((frames, 2)),
        share_left=feet[:, 0] / total,
        total_force_n=total,
        heel_mm=np.tile(HEELS, (frames, 1, 1)) * known,
        toe_out_deg=np.zeros((frames, 2)) * known,
    )


def test_gains_of_two_cells_and_of_their_regions_add_up_as_by_hand():
    # 30 kPa each, in column 4: heel row 4 (ap 50 mm), ball row 9 (ap 175 mm)
    newtons = 30e-3 * LAYOUT.cell_area_mm2
    error = under_test.mat_cop_error(
        loads_with({(4, 4): newtons, (9, 4): newtons}), MEASURED, PERSON
    )
    relative = 0.15**2 + under_test.TOGETHER_SD**2 + (0.25 * (30 / 470) ** 4) ** 2
    by_hand = 2 * relative * newtons**2 * 62.5**2 / (2 * newtons) ** 2
    empty = error.covariance_mm2[0, 1, 1] - by_hand
    # what empty cells may have missed comes on top: half of 1 N each, at most 60 at 150 mm
    assert 0.0 < empty < 120 * 0.5**2 * 200.0**2 / (2 * newtons) ** 2
    loaded = error.total_force_sd_n[0] ** 2 - (0.04 * 2 * newtons) ** 2
    assert loaded == pytest.approx(2 * relative * newtons**2, abs=120 * 0.5**2)


def test_a_foot_s_own_place_is_in_its_cop_and_not_in_that_of_both():
    loads = loads_with({(4, 4): 300.0, (9, 4): 300.0, (4, 11): 300.0, (9, 11): 300.0})
    seen = under_test.mat_cop_error(loads, MEASURED, PERSON)
    flags = np.full(3, FrameFlag.FOOT_PLACE_ASSUMED, np.uint32)
    assumed = under_test.mat_cop_error(
        replace(loads, force=replace(loads.force, flags=flags)), MEASURED, PERSON
    )
    (ml, ap), (ml_then, ap_then) = under_test.HEEL_SD_MM, under_test.ASSUMED_SD_MM
    grown = assumed.foot_covariance_mm2 - seen.foot_covariance_mm2
    assert (grown[..., 0, 0] >= ml_then**2 - ml**2).all()
    assert (grown[..., 1, 1] >= ap_then**2 - ap**2).all()
    np.testing.assert_array_equal(assumed.covariance_mm2, seen.covariance_mm2)


def test_feet_that_nobody_can_name_have_no_error_of_their_own():
    cells = {(4, 4): 300.0, (9, 11): 300.0}
    error = under_test.mat_cop_error(
        loads_with(cells, flags=FrameFlag.FEET_UNKNOWN), MEASURED, PERSON
    )
    assert np.isnan(error.foot_covariance_mm2).all()
    assert np.isnan(error.force_sd_n).all()
    assert not np.isnan(error.covariance_mm2).any()
    assert (error.total_force_sd_n > 0.0).all()


def test_curves_of_every_cell_make_the_error_smaller():
    rows = [(row, column) for row in (3, 4, 9, 10) for column in (4, 11)]
    loads = loads_with(dict.fromkeys(rows, 20.0))
    curves = replace(MEASURED, sensel_k_us=(4.0,) * 256, sensel_exponent=(1.0,) * 256)
    plain = under_test.mat_cop_error(loads, MEASURED, PERSON).covariance_mm2
    equal = under_test.mat_cop_error(loads, curves, PERSON).covariance_mm2
    assert (equal[:, [0, 1], [0, 1]] < 0.7 * plain[:, [0, 1], [0, 1]]).all()


def test_a_frame_s_error_is_the_same_alone_and_among_others():
    cells = {(4, 4): 300.0, (9, 4): 211.0, (4, 11): 123.0, (9, 11): 300.0}
    many = under_test.mat_cop_error(loads_with(cells, frames=37), MEASURED, PERSON)
    one = under_test.mat_cop_error(loads_with(cells, frames=1), MEASURED, PERSON)
    for name in ("foot_covariance_mm2", "covariance_mm2", "force_sd_n", "total_force_sd_n"):
        assert getattr(many, name)[:1].tobytes() == getattr(one, name).tobytes(), name


@pytest.mark.parametrize("stance", STANCES)
def test_the_ellipse_holds_the_true_cop_of_people_not_used_for_tuning(stance):
    # 16 people are few: the band of 85 to 99 % is judged over 50 by the module itself
    runs = [judged(seed, STANCES[stance]) for seed in range(20_100, 20_116)]
    inside = np.concatenate([run.inside[run.defined] for run in runs])
    assert inside.mean() >= 0.80
    undefined = np.concatenate([~run.defined for run in runs])
    assert undefined.mean() < 0.01
    both = np.concatenate([run.area_mm2[:, 2] for run in runs])
    assert both.mean() < 300.0
