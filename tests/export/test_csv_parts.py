# SPDX-License-Identifier: GPL-3.0-or-later
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.contact.results import ContactEvent, EventKind
from rig.errors import RecordingError
from rig.export.contact_column import ContactColumn
from rig.export.csv_rows import RowPrinter, decimals_of
from rig.export.layout_columns import column_names, mat_column_names
from rig.export.whole_files import written_whole
from rig.layout import Foot
from rig.wire.packets import LayoutId


def test_columns_are_those_of_the_format() -> None:
    names = column_names()
    assert names[:2] == ("t_s", "L_HB_N")
    assert names[17:22] == ("L_F_N", "L_copx_mm", "L_copy_mm", "L_contact", "R_HB_N")
    assert names[-3:] == ("X_mm", "Y_mm", "flags")
    assert len(names) == len(set(names)) == 1 + 2 * (16 + 4) + 3


def test_a_mats_cells_have_their_place() -> None:
    assert mat_column_names(2, 2) == ("M_r00_c00_N", "M_r00_c01_N", "M_r01_c00_N", "M_r01_c01_N")
    assert len(column_names(LayoutId.MAT_32X32)) == 1 + 1024 + 2 * 7 + 3


def test_decimals_go_by_the_columns_end() -> None:
    columns = ("t_s", "L_HB_N", "L_copx_mm", "L_contact", "flags")
    assert [decimals_of(c) for c in columns] == [6, 3, 2, 0, 0]


def test_a_row_is_printed_exactly() -> None:
    printer = RowPrinter(("t_s", "L_F_N", "X_mm", "flags"))
    table = np.array([[0.0, 1234.5678, -0.001, 5.0], [0.001, np.nan, np.nan, 0.0]])
    assert printer.text(table) == "0.000000,1234.568,0.00,5\n0.001000,,,0\n"


@given(st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=20))
def test_what_is_printed_reads_back_within_its_precision(values: list[float]) -> None:
    printer = RowPrinter(("L_F_N", "X_mm"))
    table = np.array([[v, -v] for v in values])
    printed = printer.text(table)
    assert "-0.000," not in printed
    read = np.array([[float(c) for c in line.split(",")] for line in printed.splitlines()])
    assert np.all(np.abs(read - table) <= np.array([0.000501, 0.00501]))


def event(t_s: float, foot: Foot, kind: EventKind) -> ContactEvent:
    return ContactEvent(t_s, foot, kind, float("nan"), t_s)


def test_contact_holds_from_on_up_to_off() -> None:
    column = ContactColumn(Foot.LEFT)
    column.take(
        (
            event(0.30, Foot.LEFT, EventKind.FOOT_OFF),
            event(0.10, Foot.LEFT, EventKind.FOOT_ON),
            event(0.15, Foot.RIGHT, EventKind.FOOT_ON),
            event(0.20, Foot.LEFT, EventKind.HEEL_ON),
        )
    )
    t_s = np.array([0.0, 0.1, 0.2, 0.25, 0.3, 0.4])
    assert column.states(t_s[:3]).tolist() == [False, True, True]
    assert column.states(t_s[3:]).tolist() == [True, False, False]
    column.take((event(0.5, Foot.LEFT, EventKind.FOOT_ON),))
    assert column.states(np.array([0.45, 0.55])).tolist() == [False, True]
    assert column.states(np.array([])).tolist() == []


def test_files_appear_together_or_not_at_all(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    second.write_text("old")

    def fail() -> None:
        with written_whole(first, second) as (a, b):
            a.write("half")
            b.write("half")
            raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        fail()
    assert [p.name for p in tmp_path.iterdir()] == ["b"]
    assert second.read_text() == "old"
    with written_whole(first, second) as (a, b):
        a.write("1")
        b.write("2")
    assert (first.read_text(), second.read_text()) == ("1", "2")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with (
        pytest.raises(RecordingError, match="cannot be written"),
        written_whole(tmp_path / "nowhere" / "a"),
    ):
        pass
