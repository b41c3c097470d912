# SPDX-License-Identifier: GPL-3.0-or-later
"""The insole's table against the reference's figures: places, regions, areas, mirror."""

import numpy as np
import pytest

from rig.layout import Foot, Region, foot_width_mm, insole_layout
from rig.layout.foot import inside_outline
from rig.layout.insole import PAD_AREA_MM2, PAD_DIAMETER_MM


@pytest.fixture
def layout():
    return insole_layout(260.0)


def test_sixteen_pads_named_from_heel_to_toes(layout):
    by_region = {
        region: [n for n, r in zip(layout.names, layout.region, strict=True) if r == region]
        for region in Region
    }
    assert by_region == {
        Region.HEEL: ["HB", "HM", "HL", "HF"],
        Region.MIDFOOT: ["AM", "LP", "LD"],
        Region.BALL: ["MT1", "MT2", "MT3", "MT4", "MT5"],
        Region.TOES: ["HX", "T2", "T34", "T5"],
    }


def test_first_metatarsal_of_the_right_foot_lies_to_the_left(layout):
    mt1 = layout.names.index("MT1")
    assert layout.place_mm[Foot.RIGHT, mt1] == pytest.approx([-0.32 * 98.8, 0.73 * 260])


def test_left_is_the_right_foot_mirrored(layout):
    mirrored = layout.place_mm[Foot.RIGHT] * np.array([-1.0, 1.0])
    np.testing.assert_array_equal(layout.place_mm[Foot.LEFT], mirrored)


def test_every_pad_lies_whole_on_the_sole(layout):
    angles = np.linspace(0.0, 2.0 * np.pi, 72)
    rim = 0.5 * PAD_DIAMETER_MM * np.column_stack((np.cos(angles), np.sin(angles)))
    for name, centre in zip(layout.names, layout.place_mm[Foot.RIGHT], strict=True):
        x, y = (centre + rim).T
        assert inside_outline(x / layout.foot_width_mm, y / 260.0).all(), name


def test_pads_cover_20_of_172_square_centimetres(layout):
    pads_cm2 = 16 * PAD_AREA_MM2 / 100
    assert pads_cm2 == pytest.approx(20.3, abs=0.1)
    assert layout.tributary_mm2.sum() / 100 == pytest.approx(172.0, abs=1.0)


def test_tributary_areas_span_8_to_19_square_centimetres(layout):
    assert layout.tributary_mm2.min() / 100 == pytest.approx(8.0, abs=0.5)
    assert layout.tributary_mm2.max() / 100 == pytest.approx(19.0, abs=0.5)


def test_areas_grow_with_the_square_of_the_length(layout):
    twice = insole_layout(520.0)
    assert twice.tributary_mm2 / layout.tributary_mm2 == pytest.approx(np.full(16, 4.0), rel=0.01)
    assert twice.foot_width_mm == foot_width_mm(520.0)
