# SPDX-License-Identifier: GPL-3.0-or-later
"""Anybody's table of CoP: what can be read is read rightly, what cannot is refused in one sentence."""

import re
from pathlib import Path

import numpy as np
import pytest

from rig.balance.cop_csv import read_cop_csv
from rig.errors import AnalysisError

COUNT = 200
ML = np.round(3.0 * np.sin(np.arange(COUNT) / 9.0), 3)
AP = np.round(5.0 * np.cos(np.arange(COUNT) / 11.0), 3)


def _lines(separator: str = ",", decimal: str = ".", time: bool = False, rate_hz: float = 100.0):
    def text(value: float, digits: int = 3) -> str:
        return f"{value:.{digits}f}".replace(".", decimal)

    for i in range(COUNT):
        cells = [text(ML[i]), text(AP[i])]
        yield separator.join([text(i / rate_hz, 4), *cells] if time else cells)


@pytest.fixture
def table(tmp_path: Path):
    def write(*lines: str, name: str = "cop.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("\n".join(lines).encode(encoding))
        return path

    return write


def _same(found, factor: float = 1.0) -> None:
    assert np.allclose(found.cop_mm, np.column_stack((ML, AP)) * factor)


@pytest.mark.parametrize(
    ("separator", "decimal"),
    [(",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ","), ("  ", ".")],
)
@pytest.mark.parametrize("header", [True, False])
def test_separators_and_decimal_signs(table, separator, decimal, header):
    head = [separator.join(("ML", "AP"))] if header else []
    found = read_cop_csv(table(*head, *_lines(separator, decimal)), "mm", 100.0)
    _same(found)
    assert found.rate_hz == 100.0


@pytest.mark.parametrize(("unit", "factor"), [("mm", 1.0), ("cm", 10.0), ("m", 1000.0)])
def test_units(table, unit, factor):
    _same(read_cop_csv(table(*_lines()), unit, 100.0), factor)


@pytest.mark.parametrize(
    "head",
    ["t_s,cop_ml_cm,cop_ap_cm", "Time [s],ML [cm],AP (cm)", "time,COPx cm,COPy cm"],
)
def test_the_header_names_time_and_unit(table, head):
    found = read_cop_csv(table(head, *_lines(time=True)))
    _same(found, 10.0)
    assert found.rate_hz == 100.0
    assert found.t_s[-1] == pytest.approx((COUNT - 1) / 100.0)


def test_milliseconds_and_a_row_of_units(table):
    rows = [f"{10 * i};{ML[i]};{AP[i]}" for i in range(COUNT)]
    found = read_cop_csv(table("time;ML;AP", "ms;cm;cm", *rows))
    _same(found, 10.0)
    assert found.rate_hz == 100.0


@pytest.mark.parametrize("columns", [("ML", "AP"), ("2", "3"), ("ml", "3")])
def test_columns_by_name_or_number(table, columns):
    rows = [f"{i},{ml},{ap},7.5" for i, (ml, ap) in enumerate(zip(ML, AP, strict=True))]
    _same(read_cop_csv(table("n,ML,AP,force", *rows), "mm", 50.0, columns))


def test_axes_in_the_other_order_and_comments_before_them(table):
    rows = [f"{ap},{ml}" for ml, ap in zip(ML, AP, strict=True)]
    _same(read_cop_csv(table("# made by a plate", "AP,ML", *rows), "mm", 100.0))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_other_programs(table, encoding):
    _same(
        read_cop_csv(
            table("ML;AP;Über", *[f"{x};0" for x in _lines(";")], encoding=encoding), "mm", 9.0
        )
    )


def test_empty_cells_are_missing_not_zero(table):
    rows = list(_lines())
    rows[50] = ","
    rows[51] = "nan,NaN"
    found = read_cop_csv(table("ML,AP", *rows), "mm", 100.0)
    assert np.isnan(found.cop_mm[50:52]).all()
    assert np.isfinite(np.delete(found.cop_mm, [50, 51], axis=0)).all()


@pytest.mark.parametrize(
    "head", ["ml (mm),ap (mm)", "ML/mm,AP/mm", "cop_ml_mm,cop_ap_mm", "ML [Millimeter],AP [Millimeter]",
             "ML mm,AP mm", "COPx (plate 1),COPy (plate 1)", "ML (left),AP (left)", "cop_x_1,cop_y_1",
             "COPx,COPy", "x,y"]
)  # fmt: skip
def test_headers_that_name_millimetres_or_nothing_are_read(table, head):
    _same(read_cop_csv(table(head, *_lines()), "mm", 100.0))


NO_LENGTHS = {
    "x (N),y (N)": "n", "ml (in),ap (in)": "in", "x (N.m),y (N.m)": "n.m", "x (mm/s),y (mm/s)": "mm/s",
    "ml_in,ap_in": "in", "x [V],y [V]": "v", "x N-m,y N-m": "n-m", "ML (µm),AP (µm)": "µm",
    "ml mm/s,ap mm/s": "mm/s", "ML [inch],AP [inch]": "inch", "ML_deg,AP_deg": "deg",
}  # fmt: skip


@pytest.mark.parametrize("head", NO_LENGTHS)
def test_a_unit_that_is_no_length_of_ours_is_refused(table, head):
    with pytest.raises(AnalysisError, match=f"in {re.escape(NO_LENGTHS[head])}; "):
        read_cop_csv(table(head, *_lines()), "mm", 100.0)


def test_columns_that_are_asked_for_by_name_must_be_lengths_too(table):
    with pytest.raises(AnalysisError, match="Fx_V in v"):
        read_cop_csv(table("Fx_V,Fy_V", *_lines()), "mm", 100.0, ("Fx_V", "Fy_V"))
    rows = [f"{row}" for row in _lines()]
    with pytest.raises(AnalysisError, match="ML in in; "):
        read_cop_csv(table("ML,AP", "in,in", *rows), "mm", 100.0)


def _with_text(first: int, end: int, text: str = "ERR"):
    for i, row in enumerate(_lines(time=True)):
        t_s, ml, ap = row.split(",")
        yield f"{t_s},{text if first <= i < end else ml},{ap}"


@pytest.mark.parametrize("head", [["t_s,ML,AP"], []])
def test_text_at_the_top_is_refused_as_text_further_down(table, head):
    """Neither are its rows cut off in silence nor is the last of them taken for the header."""
    asked = {"unit": "mm", "rate_hz": 100.0, "columns": ("2", "3")}
    for first, row in ((0, 1), (50, 51)):
        with pytest.raises(AnalysisError, match=f'Row {row} of the numbers.*"ERR"'):
            read_cop_csv(table(*head, *_with_text(first, 100)), **asked)


def test_rows_of_nothing_but_text_are_no_header(table):
    rows = ["ERR,ERR"] * 5
    for head in (["ML,AP"], []):
        with pytest.raises(AnalysisError, match="ERR"):
            read_cop_csv(table(*head, *list(_lines())[:20], *rows, *_lines()), "mm", 100.0)
    with pytest.raises(AnalysisError, match=r'Row 1 .*"ERR"'):
        read_cop_csv(table("ML,AP", *rows, *_lines()), "mm", 100.0)


@pytest.mark.parametrize("events", [range(COUNT), range(60), (0, 7, 190)])
def test_text_in_other_columns_changes_nothing(table, events):
    rows = [
        f"{row},{'event ' + str(i) if i in events else ''}"
        for i, row in enumerate(_lines(time=True))
    ]
    found = read_cop_csv(table("t_s,ML_mm,AP_mm,event", *rows))
    _same(found)


def test_lines_before_the_header_are_skipped(table):
    rows = ["Subject,Smith", "Rate,100", "t_s,ML,AP", "s,cm,cm", *_lines(time=True)]
    _same(read_cop_csv(table(*rows)), 10.0)


def test_missing_rows_at_the_top_are_missing_samples(table):
    found = read_cop_csv(table("ML,AP", ",", "nan,nan", *_lines()), "mm", 100.0)
    assert np.isnan(found.cop_mm[:2]).all()
    assert len(found.t_s) == COUNT + 2


TIMES = [
    "seconds",
    "sec",
    "Elapsed time (s)",
    "Abs Time",
    "Time [s]",
    "t_s",
    "Zeit/s",
    "clock",
    "a",
]


@pytest.mark.parametrize("name", TIMES)
def test_a_rate_against_the_times_is_refused_whatever_they_are_called(table, name):
    path = table(f"{name},ML_mm,AP_mm", *_lines(time=True))
    with pytest.raises(AnalysisError, match=r"--rate says 50 Hz.* 100 Hz"):
        read_cop_csv(path, "mm", 50.0)
    _same(read_cop_csv(path, "mm", 100.0))


def test_a_rate_against_times_without_a_header_is_refused(table):
    path = table(*_lines(time=True))
    with pytest.raises(AnalysisError, match=r"column 1 .*100 Hz"):
        read_cop_csv(path, "mm", 50.0, ("2", "3"))
    _same(read_cop_csv(path, "mm", 100.0, ("2", "3")))


@pytest.mark.parametrize(
    ("name", "step"), [("frame", 5), ("Sample #", 2), ("a", 1), ("ticks", 10), ("ticks", 10_000)]
)
def test_counters_beside_the_cop_contradict_nothing(table, name, step):
    rows = [f"{i * step},{row}" for i, row in enumerate(_lines())]
    _same(read_cop_csv(table(f"{name},ML,AP", *rows), "mm", 100.0))


def test_minutes_and_milliseconds_by_name(table):
    for name, factor in (("Time (min)", 1 / 60), ("elapsed_ms", 1e3), ("Time [milliseconds]", 1e3)):
        rows = [f"{i / 100.0 * factor:.9g},{row}" for i, row in enumerate(_lines())]
        assert read_cop_csv(table(f"{name},ML_mm,AP_mm", *rows)).rate_hz == 100.0


RISING = {
    "time with a gap": np.arange(COUNT) / 100.0 + 0.3 * (np.arange(COUNT) > 99),
    "uneven time": np.sort(np.random.default_rng(6).uniform(0.0, 2.0, COUNT)),
    "counter of a byte": (np.arange(COUNT) + 150.0) % 256,
    "clock that falls": -np.arange(COUNT) / 7.0,
}


@pytest.mark.parametrize("case", RISING)
def test_times_and_counters_are_not_taken_for_a_cop(table, case):
    rows = [f"{a:.5f},{b}" for a, b in zip(RISING[case], AP, strict=True)]
    with pytest.raises(AnalysisError, match=r"column 1 .* evenly"):
        read_cop_csv(table(*rows), "mm", 100.0)


BAD = {
    "one name twice": (
        ["ML,AP,ML", "1,2,3", "2,3,4"],
        {"columns": ("ML", "AP")},
        "several columns",
    ),
    "decimal commas between commas": (["ML,AP", "1,5,2,5", "2,5,3,5"], {}, "4 cells.*semicolons"),
    "a cell too many": (["1,2", "2,3", "3,4,5"], {}, "Row 3 .* 3 cells"),
    "a slip of the pen": (["ML,AP", "1,2", "1_5,3"], {}, 'Row 2.*"1_5"'),
    "empty": ([], {}, "no rows"),
    "text": (["Dear colleague,", "here are the data."], {}, "text"),
    "text in a number": (["ML,AP", "1.0,2.0", "oops,3.0"], {}, 'Row 2.*"oops"'),
    "three columns": (["1,2,3", "2,3,4"], {}, "--columns"),
    "no axis names": (["a,b", "1,2", "2,3"], {}, "which columns are ML and AP"),
    "wrong column": (["ML,AP", "1,2", "2,3"], {"columns": ("ML", "XX")}, 'no column "XX"'),
    "one column twice": (["ML,AP", "1,2", "2,3"], {"columns": ("1", "1")}, "twice"),
    "no rate": (["ML,AP", "1,2", "2,3"], {"rate_hz": None}, "--rate"),
    "no unit": (["ML,AP", "1,2", "2,3"], {"unit": None}, "--unit"),
    "mixed units": (["ML_mm,AP_cm", "1,2", "2,3"], {"unit": None}, "one unit"),
    "contradicting unit": (["ML_cm,AP_cm", "1,2", "2,3"], {}, "one of them is wrong"),
    "contradicting rate": (["t_s,ML,AP", "0,1,2", "0.02,2,3", "0.04,1,1"], {}, "50 Hz"),
    "time runs back": (["t_s,ML,AP", "0,1,2", "0.02,2,3", "0.01,1,1"], {}, "do not rise at row 3"),
    "empty column": (["ML,AP", "1,", "2,", "3,"], {}, "AP .* is empty"),
    "absurd rate": (["ML,AP", "1,2", "2,3"], {"rate_hz": 0.0}, "cannot be right"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_is_said_in_one_sentence(table, case):
    lines, changes, says = BAD[case]
    asked = {"unit": "mm", "rate_hz": 100.0, **changes}
    with pytest.raises(AnalysisError, match=says) as refusal:
        read_cop_csv(table(*lines), **asked)
    assert "\n" not in str(refusal.value)


def test_a_picture_and_a_missing_file_are_refused(tmp_path):
    picture = tmp_path / "cop.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0")
    with pytest.raises(AnalysisError, match="not a text file"):
        read_cop_csv(picture, "mm", 100.0)
    with pytest.raises(AnalysisError, match="cannot be read"):
        read_cop_csv(tmp_path / "none.csv", "mm", 100.0)
