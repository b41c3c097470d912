# SPDX-License-Identifier: GPL-3.0-or-later
"""Plates' tables: what names tell, what must be said, what is refused."""

from pathlib import Path

import numpy as np
import pytest

from rig.compare import read_reference
from rig.errors import AnalysisError, SettingsError

N = 300
T = np.arange(N) / 100.0
FORCE = 700.0 + 10.0 * np.sin(T)


@pytest.fixture
def table(tmp_path: Path):
    def write(names: str, *columns: np.ndarray, fmt: str = "%.4f") -> Path:
        path = tmp_path / "plate.csv"
        data = np.column_stack(columns)
        np.savetxt(path, data, delimiter=",", header=names, comments="", fmt=fmt)
        return path

    return write


def test_columns_are_found_by_their_names(table):
    path = table("Time (s),Fz (N),COPx (mm),COPy (mm),Trigger (V)", T + 50, FORCE, T, 2 * T, 0 * T)
    found = read_reference(path)
    assert found.rate_hz == 100.0
    assert found.t_s[0] == 0.0
    assert found.total_n is not None
    assert np.allclose(found.total_n, FORCE, atol=1e-4)
    assert found.cop_mm is not None
    assert np.allclose(found.cop_mm, np.column_stack((T, 2 * T)), atol=1e-4)
    assert found.sync is not None
    assert found.columns["sync"] == "Trigger (V)"


def test_two_feet_make_a_total(table):
    found = read_reference(table("t,left_fz_N,right_fz_N", T, FORCE / 4, 3 * FORCE / 4))
    assert found.foot_n is not None
    assert np.allclose(found.foot_n[:, 1], 0.75 * FORCE, atol=1e-3)
    assert found.total_n is not None
    assert np.allclose(found.total_n, FORCE, atol=1e-3)
    assert found.cop_mm is None


def test_units_signs_and_roles_that_are_told(table):
    path = table("a,b,c", -FORCE / 1000, T / 1000, T / 500, fmt="%.6f")
    text = path.read_text().replace("a,b,c", "plate kN,front m,side m")
    path.write_text(text)
    found = read_reference(
        path,
        {"force": "plate kN", "ap": "2", "ml": "side m"},
        rate_hz=100.0,
        flip=("force", "ml"),
    )
    assert found.total_n is not None
    assert np.allclose(found.total_n, FORCE, atol=1e-2)
    assert found.cop_mm is not None
    assert np.allclose(found.cop_mm, np.column_stack((-2 * T, T)), atol=1e-2)


@pytest.mark.parametrize(
    ("names", "values", "options", "says"),
    [
        ("t,Fz", -FORCE, {}, "add --flip force"),
        ("t,Fz", FORCE, {"flip": ("force",)}, "leave out --flip force"),
        ("t,Fz", FORCE / 1000, {}, "never exceeds"),
        ("t,mass", FORCE, {}, "--columns force="),
        ("t,Fz", FORCE, {"columns": {"force": "Fy"}}, 'no column "Fy"'),
        ("t,Fz", FORCE, {"columns": {"time": "2", "force": "2"}}, "twice"),
        ("u,Fz", FORCE, {}, "--rate"),
    ],
)
def test_bad_tables_are_refused_in_one_sentence(table, names, values, options, says):
    with pytest.raises(AnalysisError, match=says) as refused:
        read_reference(table(names, T, values), **options)
    assert "\n" not in str(refused.value)


def test_two_forces_ask_which(table):
    with pytest.raises(AnalysisError, match="2 columns that could be force"):
        read_reference(table("t,Fz plate,Fz other", T, FORCE, FORCE))


def test_a_blink_is_no_reference(table):
    with pytest.raises(AnalysisError, match="at least a second"):
        read_reference(table("t,Fz", T[:50], FORCE[:50]))


@pytest.mark.parametrize(
    "options",
    [
        {"columns": {"weight": "Fz"}},
        {"columns": {"left": "Fz"}},
        {"columns": {"ml": "Fz"}},
        {"flip": ("time",)},
    ],
)
def test_options_that_mean_nothing_are_refused(table, options):
    with pytest.raises(SettingsError, match=r"--columns|--flip"):
        read_reference(table("t,Fz", T, FORCE), **options)
