# SPDX-License-Identifier: GPL-3.0-or-later
"""A mat's cells against places worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from rig.errors import SettingsError
from rig.layout.mat import MatLayout, mat_layout
from rig.wire.packets import LayoutId


@pytest.fixture
def hello():
    def said(layout_id, first_row=0, row_count=0, first_column=0, column_count=0):
        return SimpleNamespace(
            layout_id=layout_id,
            first_row=first_row,
            row_count=row_count,
            first_column=first_column,
            column_count=column_count,
        )

    return said


@pytest.mark.parametrize(
    ("layout_id", "cells", "pitch_mm"),
    [(LayoutId.MAT_16X16, 256, 25.0), (LayoutId.MAT_32X32, 1024, 12.5)],
)
def test_both_mats_measure_400_mm(hello, layout_id, cells, pitch_mm):
    layout = mat_layout(hello(layout_id))
    assert layout.sensel_count == cells
    assert layout.pitch_mm == pitch_mm
    assert layout.field_mm == (400.0, 400.0)
    assert layout.cell_area_mm2 == pitch_mm**2
    assert layout.sensel_count * layout.cell_area_mm2 == 400.0 * 400.0


def test_rows_grow_forward_and_columns_to_the_right(hello):
    layout = mat_layout(hello(LayoutId.MAT_16X16))
    assert layout.place_mm[0].tolist() == [12.5, 12.5]
    assert layout.place_mm[1].tolist() == [37.5, 12.5]
    assert layout.place_mm[16].tolist() == [12.5, 37.5]
    assert layout.place_mm[255].tolist() == [387.5, 387.5]
    np.testing.assert_array_equal(layout.sensel, np.arange(256))


def test_a_region_keeps_the_places_of_its_cells(hello):
    """Rows 2-4, columns 5-6: 6 samples; the first is cell 2 x 16 + 5 at (137.5, 62.5) mm."""
    layout = mat_layout(hello(LayoutId.MAT_16X16, 2, 3, 5, 2))
    assert layout.sensel.tolist() == [37, 38, 53, 54, 69, 70]
    assert layout.place_mm[0].tolist() == [137.5, 62.5]
    whole = mat_layout(hello(LayoutId.MAT_16X16)).place_mm
    np.testing.assert_array_equal(layout.place_mm, whole[layout.sensel])


def test_samples_stand_as_rows_and_columns():
    grid = MatLayout(16, 16, 25.0, 2, 3, 5, 2).grid(np.arange(12).reshape(2, 6))
    assert grid.shape == (2, 3, 2)
    assert grid[1].tolist() == [[6, 7], [8, 9], [10, 11]]


@pytest.mark.parametrize("region", [(14, 3, 0, 16), (0, 16, -1, 4), (16, 1, 0, 1), (0, 1, 8, 9)])
def test_a_region_beside_the_mat_is_refused(hello, region):
    with pytest.raises(SettingsError, match="not on a mat of 16 x 16"):
        mat_layout(hello(LayoutId.MAT_16X16, *region))


def test_an_insoles_hello_has_no_mat(hello):
    with pytest.raises(SettingsError, match="layout 1"):
        mat_layout(hello(LayoutId.INSOLES_16))
