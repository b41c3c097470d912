# SPDX-License-Identifier: GPL-3.0-or-later
"""Anybody's table of CoP: what can be read is read rightly, what cannot is refused in one sentence."""

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


BAD = {
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
