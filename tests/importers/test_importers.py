# SPDX-License-Identifier: GPL-3.0-or-later
"""Other makers' files, written here, through our contact and CoP code."""

from pathlib import Path

import numpy as np
import pytest

from rig.errors import AnalysisError
from rig.importers import (
    SensorForces,
    contacts_of,
    load_block,
    read_fscan,
    read_gaitpdb,
    read_pedar,
)
from rig.layout import Foot, Region
from rig.settings import Participant

WALKER = Participant(750.0, "typed", 42.0)
# frames, flanks of 60 ms to 750 N: ON at 45 N comes 3.6 ms after the foot, OFF at 22.5 N 1.8 ms before
STRIDE_S, STANCE_S = 1.1, 0.66
CONTACT_S = STANCE_S - 0.0036 - 0.0018


# gaitpdb --------------------------------------------------------------------------------------

# first and last sensor lie under heel and toes, four rows of them in between
GAITPDB_ROWS = ((0,), (1, 2), (3, 4), (5, 6), (7,))


def _write_gaitpdb(path: Path, walk, split) -> Path:
    rows = np.zeros((len(walk.t_s), 16))
    for foot in (0, 1):
        part = split(walk.progress[:, foot], np.linspace(0.0, 1.0, 5))
        for row, sensors in enumerate(GAITPDB_ROWS):
            for sensor in sensors:
                rows[:, 8 * foot + sensor] = (
                    walk.force_n[:, foot] * part[:, row] / len(sensors)
                ).round(2)
    totals = rows.reshape(-1, 2, 8).sum(axis=2)
    lines = [
        "\t".join([f"{t:.4f}", *(f"{v:g}" for v in row), *(f"{v:.2f}" for v in total)])
        for t, row, total in zip(walk.t_s, rows, totals, strict=True)
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def gaitpdb(tmp_path, make_walk, split):
    walk = make_walk(12.0, 100.0)
    return walk, _write_gaitpdb(tmp_path / "walk.txt", walk, split)


def test_every_step_of_a_gaitpdb_walk_is_one_contact(gaitpdb):
    walk, path = gaitpdb
    forces = read_gaitpdb(path)
    assert forces.rate_hz == pytest.approx(100.0)
    found = contacts_of(forces, WALKER)
    for foot in Foot:
        contacts = [c for c in found.contacts if c.foot == foot]
        assert len(contacts) == len(walk.on_s[foot])
        ons = np.array([c.on_s for c in contacts])
        assert np.abs(ons - walk.on_s[foot] - 0.0036).max() < 0.005
        assert np.allclose(np.diff(ons), STRIDE_S, atol=0.005)
        times = np.array([c.contact_time_s for c in contacts])
        assert times.mean() == pytest.approx(CONTACT_S, abs=0.01)
        assert all(c.heel_touch == "load" for c in contacts)


def test_the_cop_of_a_gaitpdb_walk_goes_from_heel_to_toe(gaitpdb):
    """Sensors lie from 0.08 to 0.92 of the foot's length, evenly."""
    walk, path = gaitpdb
    loads = load_block(read_gaitpdb(path, 250.0), WALKER)
    for foot in Foot:
        ap = loads.foot_cop_mm[:, foot, 1]
        borne = walk.force_n[:, foot] >= 75.0 + 1.0
        expected = 250.0 * (0.08 + 0.84 * walk.progress[borne, foot])
        assert np.abs(ap[borne] - expected).max() < 0.5
        assert np.abs(loads.foot_cop_mm[borne, foot, 0]).max() < 0.01
        assert np.isnan(ap[walk.force_n[:, foot] < 74.0]).all()
    assert np.allclose(loads.foot_force_n, walk.force_n, atol=0.05)
    assert np.allclose(loads.region_force_n.sum(axis=2), loads.foot_force_n)


def test_sensors_on_the_outside_of_either_foot(gaitpdb):
    """The second sensor lies laterally: to the left on the left foot, to the right on the right."""
    forces = read_gaitpdb(gaitpdb[1])
    assert forces.place_mm[1, 0] < forces.place_mm[2, 0]
    assert forces.place_mm[9, 0] > forces.place_mm[10, 0]
    assert list(forces.region[:8]) == [0, 0, 0, 1, 1, 2, 2, 3]


def test_totals_that_are_not_the_sums_are_refused(gaitpdb):
    _, path = gaitpdb
    lines = path.read_text().splitlines()
    lines[60] = "\t".join([*lines[60].split("\t")[:-1], "12.0"])
    path.write_text("\n".join(lines))
    with pytest.raises(AnalysisError, match="differ from the sums"):
        read_gaitpdb(path)


# pedar ----------------------------------------------------------------------------------------

PEDAR_ROWS = (5, *(7,) * 12, 6, 4)


def _write_pedar(path: Path, pressure_kpa: np.ndarray) -> Path:
    numbers = "\t".join(f"{i:7d}" for i in [*range(1, 100)] * 2)
    head = [
        "file name:  made.sol\tdate/time  01.01.26 10.00",
        "sensor type:  none",
        "total time [secs]:  1.0\ttime per frame [secs]:  0.01000\tscanning rate [Hz]:   100",
        "pressure values in  kPa",
        "",
        "time[secs]    \t" + numbers,
    ]
    rows = [
        "\t".join([f"{(i + 1) / 100:12.5f}", *(f"{v:7.3f}" for v in row)])
        for i, row in enumerate(pressure_kpa)
    ]
    path.write_text("\n".join([*head, *rows]) + "\n")
    return path


def test_every_step_of_a_pedar_walk_is_one_contact_from_heel_to_toe(tmp_path, make_walk, split):
    walk = make_walk(8.0, 100.0)
    row_of_sensor = np.repeat(np.arange(15), PEDAR_ROWS)
    kpa = np.concatenate(
        [
            (split(walk.progress[:, f], np.linspace(0, 1, 15)) * walk.force_n[:, f, None])[
                :, row_of_sensor
            ]
            for f in (0, 1)
        ],
        axis=1,
    )
    path = _write_pedar(tmp_path / "walk.asc", kpa)
    found = contacts_of(read_pedar(path), WALKER)
    for foot in Foot:
        contacts = [c for c in found.contacts if c.foot == foot]
        assert len(contacts) == len(walk.on_s[foot])
        ap = found.loads.foot_cop_mm[:, foot, 1]
        step = (walk.t_s > contacts[0].on_s) & (walk.t_s < contacts[0].off_s) & np.isfinite(ap)
        assert (np.diff(ap[step]) > 0.0).all()
        assert ap[step][0] < 0.15 * 265.0
        assert ap[step][-1] > 0.85 * 265.0


def test_one_pressure_on_all_sensors_is_pressure_times_the_sole(tmp_path):
    """100 kPa on a 265 mm sole of about 172 cm^2 a 260 mm foot's: 0.1 N on each mm^2."""
    from rig.layout import insole_layout

    forces = read_pedar(_write_pedar(tmp_path / "even.asc", np.full((5, 198), 100.0)), 265.0)
    sole_mm2 = insole_layout(265.0).tributary_mm2.sum()
    loads = load_block(forces, WALKER)
    assert loads.foot_force_n[:, 0] == pytest.approx(0.1 * sole_mm2, rel=0.02)
    assert np.array_equal(np.bincount(forces.region[:99]), [26, 28, 28, 17])


def test_the_first_sensor_of_a_row_lies_medially(tmp_path):
    forces = read_pedar(_write_pedar(tmp_path / "even.asc", np.ones((3, 198))))
    assert forces.place_mm[5, 0] > forces.place_mm[11, 0]
    assert forces.place_mm[99 + 5, 0] < forces.place_mm[99 + 11, 0]


def test_other_units_are_refused(tmp_path):
    path = _write_pedar(tmp_path / "even.asc", np.ones((3, 198)))
    path.write_text(path.read_text().replace("kPa", "N"))
    with pytest.raises(AnalysisError, match="kPa"):
        read_pedar(path)


# F-Scan ---------------------------------------------------------------------------------------


def _write_fscan(path: Path, kpa: np.ndarray, unit: str = "KPa") -> Path:
    frames, rows, columns = kpa.shape
    lines = [
        "DATA_TYPE MOVIE",
        f"ROWS {rows}",
        f"COLS {columns}",
        "ROW_SPACING 5.08 mm",
        "COL_SPACING 5.08 mm",
        "SENSEL_AREA 25.8064 mm2",
        "SECONDS_PER_FRAME 0.02",
        f"UNITS {unit}",
        "ASCII_DATA @@",
        "",
    ]
    for number in range(frames):
        lines.append(f"Frame {number + 1}")
        lines += [",".join(["B", *(f"{v:.4f}" for v in row[1:-1]), "B"]) for row in kpa[number]]
        lines.append("")
    path.write_text("\r\n".join([*lines, "@@", ""]))
    return path


def test_an_fscan_step_goes_from_the_last_row_to_the_first(tmp_path, make_walk, split):
    walk = make_walk(5.0, 50.0)
    part = split(walk.progress[:, 0], np.linspace(0.0, 1.0, 20))
    kpa = np.zeros((len(walk.t_s), 24, 7))
    kpa[:, 2:22, 2] = part[:, ::-1] * walk.force_n[:, 0, None] / 25.8064 * 1e3
    forces = read_fscan(_write_fscan(tmp_path / "left.asf", kpa), Foot.LEFT)
    assert forces.foot_length_mm == pytest.approx(20 * 5.08)
    assert forces.rate_hz == pytest.approx(50.0)
    found = contacts_of(forces, WALKER)
    assert len(found.contacts) == len(walk.on_s[0])
    loads = found.loads
    borne = walk.force_n[:, 0] > 76.0
    assert np.allclose(loads.foot_force_n[:, 0], walk.force_n[:, 0], atol=0.5)
    expected = 2.54 + walk.progress[borne, 0] * 19 * 5.08
    assert np.abs(loads.foot_cop_mm[borne, 0, 1] - expected).max() < 0.1
    assert np.allclose(loads.foot_cop_mm[borne, 0, 0], -5.08)
    assert np.isnan(loads.foot_force_n[:, 1]).all()
    assert np.isnan(loads.cop_mm).all()


def test_fscan_files_that_cannot_be_read_say_why(tmp_path):
    kpa = np.ones((3, 4, 4))
    with pytest.raises(AnalysisError, match="export it in kPa"):
        read_fscan(_write_fscan(tmp_path / "a.asf", kpa, "PSI"), Foot.LEFT)
    with pytest.raises(AnalysisError, match="no pressure at all"):
        read_fscan(_write_fscan(tmp_path / "b.asf", 0.0 * kpa), Foot.LEFT)
    path = _write_fscan(tmp_path / "c.asf", kpa)
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(AnalysisError, match="Frame 3"):
        read_fscan(path, Foot.LEFT)


# all ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", [read_gaitpdb, read_pedar, lambda p: read_fscan(p, Foot.LEFT)])
def test_what_is_no_such_file_is_refused_in_one_sentence(read, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear all,\nno numbers here.\n")
    for path in (letter, tmp_path / "none.txt"):
        with pytest.raises(AnalysisError) as refused:
            read(path)
        assert "\n" not in str(refused.value)


def test_missing_frames_are_counted_and_long_holes_end_contacts():
    t_s = np.arange(0.0, 6.0, 0.01)
    kept = (t_s < 2.0) | (t_s >= 3.0)
    force = np.where((t_s > 1.0) & (t_s < 4.0), 700.0, 0.0)[kept]
    forces = SensorForces(
        device="made",
        t_s=t_s[kept],
        rate_hz=100.0,
        force_n=np.column_stack((0.5 * force, 0.5 * force)),
        foot=np.array([0, 0]),
        place_mm=np.array([[0.0, 40.0], [0.0, 180.0]]),
        region=np.array([int(Region.HEEL), int(Region.BALL)]),
        foot_length_mm=265.0,
    )
    found = contacts_of(forces, WALKER)
    assert found.loads.force.lost_before.sum() == 100
    first, second = found.contacts
    assert first.off_s is None
    assert second.on_s is None
    assert second.off_s == pytest.approx(3.995, abs=0.01)
    borne = found.loads.foot_force_n[:, 0] > 100.0
    assert np.allclose(found.loads.foot_cop_mm[borne, 0, 1], 110.0)
