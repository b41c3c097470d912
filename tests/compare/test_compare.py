# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings of simulated people against plates made from their truth."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from rig.cli.__main__ import run
from rig.compare import compare, comparison_json, read_reference
from rig.compare.clocks import Edges
from rig.compare.recording_traces import RecordingTraces
from rig.errors import AnalysisError

NO_EDGES = Edges(np.zeros(0), np.zeros(0, dtype=bool), (0.0, 40.0))


@dataclass(frozen=True)
class PlateClock:
    """A recording's time is offset_s + (1 + ppm / 1e6) x the plate's."""

    offset_s: float
    ppm: float

    def recording_s(self, plate_s):
        return self.offset_s + (1.0 + self.ppm * 1e-6) * plate_s


@pytest.fixture(scope="session")
def clock():
    """Of a plate that starts 1.7345 s after us and runs 60 ppm slow."""
    return PlateClock(1.7345, 60.0)


@pytest.fixture(scope="session")
def plate_1200(hopping, clock, tmp_path_factory) -> Path:
    """What a plate of 1,200 Hz with a sync line wrote of the hops."""
    path = tmp_path_factory.mktemp("plate") / "plate.csv"
    return hopping.plate(path, clock, 1200.0, sync=True)


@pytest.fixture(scope="session")
def compared(hopping_traces, plate_1200):
    return compare(hopping_traces, read_reference(plate_1200))


@pytest.mark.parametrize("rate_hz", [1200.0, 500.0])
def test_sync_edges_place_the_plate_within_a_millisecond(
    hopping, hopping_traces, clock, tmp_path, rate_hz
):
    path = hopping.plate(tmp_path / "plate.csv", clock, rate_hz, sync=True)
    found = compare(hopping_traces, read_reference(path))
    alignment = found.alignment
    assert alignment.method == "sync edge"
    assert alignment.edges == 4
    for plate_s in (0.0, 10.0, 20.0):
        placed = alignment.clock.to_recording(np.array([plate_s]))[0]
        assert placed == pytest.approx(clock.recording_s(plate_s), abs=0.001)
    assert abs(alignment.drift_ppm - clock.ppm) < alignment.drift_half_width_ppm < 60.0
    assert found.compared_at == ("recording" if rate_hz > 1000 else "reference")
    assert found.warnings == ()


@pytest.mark.parametrize(("rate_hz", "ppm"), [(1200.0, 60.0), (500.0, -4000.0)])
def test_the_best_lag_places_it_within_three_milliseconds_and_says_so(
    hopping, hopping_traces, tmp_path, rate_hz, ppm
):
    slow = PlateClock(1.2, ppm)
    path = hopping.plate(tmp_path / "plate.csv", slow, rate_hz, sync=False)
    found = compare(hopping_traces, read_reference(path))
    alignment = found.alignment
    assert (alignment.method, alignment.signal) == ("best lag", "total_force_n")
    for plate_s in (0.0, 10.0, 20.0):
        placed = alignment.clock.to_recording(np.array([plate_s]))[0]
        assert placed == pytest.approx(slow.recording_s(plate_s), abs=0.003)
    assert alignment.correlation > 0.98
    assert alignment.second_correlation < alignment.correlation
    if abs(ppm) > 1000:
        assert alignment.drift_ppm == pytest.approx(ppm, abs=60.0)
    assert any("not by a sync edge" in warning for warning in found.warnings)


def test_figures_are_those_of_the_definitions(hopping_traces, plate_1200, compared):
    """RMSE, bias and limits worked out here from the frames and the plate's clock."""
    found = compared
    plate = np.loadtxt(plate_1200, delimiter=",", skiprows=1)
    at_s = found.alignment.clock.to_recording(plate[:, 0] - plate[0, 0])
    t_s = hopping_traces.t_s
    both = (t_s >= at_s[0]) & (t_s <= at_s[-1])
    theirs = np.interp(t_s[both], at_s, plate[:, 1])
    difference = hopping_traces.foot_n.sum(axis=1)[both] - theirs
    force = {q.name: q for q in found.quantities}["total_force_n"].raw
    assert force.n == np.count_nonzero(both)
    assert force.bias == pytest.approx(difference.mean(), rel=1e-9)
    assert force.rmse == pytest.approx(np.sqrt((difference**2).mean()), rel=1e-9)
    spread = 1.96 * difference.std(ddof=1)
    assert force.limits_high == pytest.approx(difference.mean() + spread, rel=1e-9)
    borne = theirs >= 0.1 * 70.0 * 9.80665
    ours = hopping_traces.cop_mm[both][:, 1]
    use = borne & np.isfinite(ours)
    apart = ours[use] - np.interp(t_s[both], at_s, plate[:, 3])[use]
    ap = {q.name: q for q in found.quantities}["cop_ap_mm"]
    assert ap.raw.bias == pytest.approx(apart.mean(), rel=1e-6)
    assert ap.centred is not None
    assert ap.centred.rmse == pytest.approx(apart.std(), rel=1e-6)
    assert ap.centred.bias == pytest.approx(0.0, abs=1e-9)


def test_another_origin_shows_as_bias_and_not_in_what_is_centred(hopping_traces, plate_1200):
    reference = read_reference(plate_1200)
    assert reference.cop_mm is not None
    moved = replace(reference, cop_mm=reference.cop_mm + np.array([10.0, -20.0]))
    before, after = (
        {q.name: q for q in compare(hopping_traces, r).quantities} for r in (reference, moved)
    )
    assert after["cop_ml_mm"].raw.bias - before["cop_ml_mm"].raw.bias == pytest.approx(-10.0)
    assert after["cop_ap_mm"].raw.bias - before["cop_ap_mm"].raw.bias == pytest.approx(20.0)
    for name in ("cop_ml_mm", "cop_ap_mm"):
        assert after[name].centred.rmse == pytest.approx(before[name].centred.rmse)


def test_every_hop_is_found_and_timed(hopping, compared):
    assert [c.what for c in compared.contacts] == ["either"] * 3
    truth = [
        c
        for c in hopping.session.truth.contacts
        if c.on_s is not None and c.off_s is not None and c.on_s > 1.8 and c.off_s < 23.7
    ]
    assert len(truth) > 30
    for contacts in compared.contacts:
        assert abs(contacts.reference_contacts - len(truth)) <= 1
        assert (contacts.missed, contacts.extra) == (0, 0)
        assert abs(contacts.on.mean_s) < 0.005
        assert abs(contacts.off.mean_s) < 0.010
        assert contacts.peak_force_n is not None
        assert contacts.contact_time_s is not None
        assert contacts.contact_time_s.icc_3_1.value > 0.9


# --- traces made here: lags without a pipeline -------------------------------------------------


def _steps(t_s: np.ndarray) -> np.ndarray:
    """Uneven stamps on 700 N."""
    starts = np.cumsum(np.random.default_rng(8).uniform(0.6, 1.6, 60))
    return 700.0 + 500.0 * sum(np.exp(-(((t_s - at) / 0.08) ** 2)) for at in starts)


def _traces(force_n: np.ndarray, t_s: np.ndarray, edges: Edges = NO_EDGES) -> RecordingTraces:
    feet = np.column_stack((0.5 * force_n, 0.5 * force_n))
    cop = np.column_stack((np.sin(t_s), np.cos(1.3 * t_s)))
    return RecordingTraces(
        t_s=t_s,
        rate_hz=1.0 / float(np.median(np.diff(t_s))),
        total_n=force_n,
        foot_n=feet,
        foot_cop_mm=np.stack((cop, cop), axis=1),
        cop_mm=cop,
        sync_edges=(NO_EDGES, edges),
        contacts=(),
        on_n=(42.0, 42.0),
        cop_least_n=70.0,
        clock_runs=1,
        lost_frames=0,
        body_weight_n=700.0,
    )


def _plate(path: Path, names: str, *columns: np.ndarray) -> Path:
    np.savetxt(path, np.column_stack(columns), delimiter=",", header=names, comments="", fmt="%.6f")
    return path


def test_a_long_plate_file_around_a_short_recording(tmp_path):
    t_s = np.arange(0.0, 15.0, 0.001)
    plate_s = np.arange(0.0, 45.0, 1 / 600)
    path = _plate(tmp_path / "p.csv", "t,Fz", plate_s, _steps(plate_s - 12.3))
    found = compare(_traces(_steps(t_s), t_s), read_reference(path))
    assert found.alignment.lag_s == pytest.approx(-12.3, abs=0.001)
    assert found.overlap_s == pytest.approx(15.0, abs=0.01)


def test_without_force_the_cop_gives_the_lag(tmp_path):
    t_s = np.arange(0.0, 30.0, 0.002)
    rng = np.random.default_rng(9)
    sway = gaussian_filter1d(rng.normal(size=(15000, 2)), 60, axis=0) * 200.0
    traces = replace(_traces(np.full(len(t_s), 700.0), t_s), cop_mm=sway)
    plate_s = np.arange(0.0, 20.0, 0.002)
    theirs = [np.interp(plate_s + 4.321, t_s, sway[:, axis]) for axis in (0, 1)]
    path = _plate(tmp_path / "p.csv", "t,cop_ml_mm,cop_ap_mm", plate_s, *theirs)
    found = compare(traces, read_reference(path))
    assert found.alignment.signal == "cop_ap_mm"
    assert found.alignment.lag_s == pytest.approx(4.321, abs=0.002)
    assert found.contacts == ()
    assert any("no vertical force" in warning for warning in found.warnings)


def test_a_rhythm_is_called_unsure(tmp_path):
    t_s = np.arange(0.0, 20.0, 0.002)
    rhythm = 700.0 * np.maximum(np.sin(2 * np.pi * t_s / 0.5), 0.0)
    path = _plate(tmp_path / "p.csv", "t,Fz", t_s[:5000], rhythm[1000:6000])
    found = compare(_traces(rhythm, t_s), read_reference(path))
    assert any("not sure" in warning for warning in found.warnings)


def test_a_sync_column_that_does_not_fit_falls_back_and_says_why(tmp_path):
    t_s = np.arange(0.0, 15.0, 0.001)
    noise = np.random.default_rng(10).normal(size=len(t_s))
    path = _plate(tmp_path / "p.csv", "t,Fz,sync", t_s, _steps(t_s + 0.5), noise)
    pulse = Edges(np.array([3.0, 3.05]), np.array([True, False]), (0.0, 15.0))
    found = compare(_traces(_steps(t_s), t_s, pulse), read_reference(path))
    assert found.alignment.method == "best lag"
    assert "do not fit together" in found.warnings[0]
    assert found.alignment.lag_s == pytest.approx(0.5, abs=0.001)


def test_edges_of_two_pulses_that_are_not_one_are_doubted(tmp_path):
    t_s = np.arange(0.0, 15.0, 0.001)
    sync = 5.0 * ((t_s >= 2.0) & (t_s < 2.05))
    path = _plate(tmp_path / "p.csv", "t,Fz,sync", t_s, _steps(t_s + 0.5), sync)
    other = Edges(np.array([6.0, 6.05]), np.array([True, False]), (0.0, 15.0))
    found = compare(_traces(_steps(t_s), t_s, other), read_reference(path))
    assert found.alignment.method == "sync edge"
    assert found.alignment.lag_s == pytest.approx(4.0, abs=0.001)
    assert "check that both edges belong to one pulse" in found.warnings[0]


def test_with_edges_the_delay_of_our_force_is_seen(tmp_path):
    t_s = np.arange(0.0, 15.0, 0.001)
    sync = 5.0 * ((t_s >= 2.0) & (t_s < 2.05))
    path = _plate(tmp_path / "p.csv", "t,Fz,sync", t_s, _steps(t_s + 1.0), sync)
    pulse = Edges(np.array([3.0, 3.05]) - 0.0005, np.array([True, False]), (0.0, 15.0))
    found = compare(_traces(_steps(t_s - 0.012), t_s, pulse), read_reference(path))
    assert found.alignment.lag_s == pytest.approx(1.0, abs=0.0005)
    assert found.alignment.force_offset_s == pytest.approx(0.012, abs=0.001)


def test_edges_far_apart_tell_the_drift_of_a_trial_in_which_nothing_moves(tmp_path):
    """Two pulses 25 s apart at 1,000 Hz on both sides, the plate's clock 500 ppm slow."""
    t_s, plate_s = np.arange(0.0, 30.0, 0.001), np.arange(0.0, 29.0, 0.001)
    ours = np.array([3.0005, 3.0505, 28.0005, 28.0505])
    at_s = 0.5 + (1.0 + 500e-6) * plate_s
    sync = ((at_s >= 3.0) & (at_s < 3.05)) | ((at_s >= 28.0) & (at_s < 28.05))
    still = 700.0 + np.random.default_rng(1).normal(0.0, 1.0, len(plate_s))
    path = _plate(tmp_path / "p.csv", "t,Fz,sync", plate_s, still, 5.0 * sync)
    edges = Edges(ours, np.array([True, False, True, False]), (0.0, 30.0))
    found = compare(_traces(np.full(len(t_s), 690.0), t_s, edges), read_reference(path))
    assert found.alignment.drift_by == "edges"
    assert found.alignment.drift_ppm == pytest.approx(500.0, abs=40.0)
    assert found.alignment.lag_s == pytest.approx(0.5, abs=0.001)
    assert found.quantities[0].raw.bias == pytest.approx(-10.0, abs=0.1)


def test_lost_frames_are_not_bridged(tmp_path):
    t_s = np.arange(0.0, 15.0, 0.001)
    kept = (t_s < 7.0) | (t_s > 8.0)
    plate_s = np.arange(0.0, 12.0, 0.002)
    path = _plate(tmp_path / "p.csv", "t,Fz", plate_s, _steps(plate_s + 1.0))
    found = compare(_traces(_steps(t_s[kept]), t_s[kept]), read_reference(path))
    force = found.quantities[0].raw
    assert found.compared_at == "reference"
    assert force.n == pytest.approx(6000 - 500, abs=4)
    assert force.rmse < 0.5


def test_two_that_have_nothing_in_common_are_refused(tmp_path):
    t_s = np.arange(0.0, 10.0, 0.002)
    path = _plate(tmp_path / "p.csv", "t,Fz", t_s, np.full(len(t_s), 700.0))
    with pytest.raises(AnalysisError, match="nothing in common"):
        compare(_traces(np.full(len(t_s), 650.0), t_s), read_reference(path))


def test_two_trials_of_different_things_are_refused(tmp_path):
    t_s = np.arange(0.0, 20.0, 0.002)
    rng = np.random.default_rng(12)
    path = _plate(tmp_path / "p.csv", "t,Fz", t_s, 700.0 + rng.normal(0.0, 20.0, len(t_s)))
    with pytest.raises(AnalysisError, match="nothing in common"):
        compare(_traces(_steps(t_s), t_s), read_reference(path))


def test_feet_on_two_plates_are_compared_one_by_one(hopping, hopping_traces, tmp_path):
    truth = hopping.session.truth
    path = _plate(
        tmp_path / "p.csv",
        "t,left fz N,right fz N",
        truth.t_s[2000:24000] - truth.t_s[2000],
        *truth.loads.foot_force_n[2000:24000].T,
    )
    found = compare(hopping_traces, read_reference(path))
    assert {q.name for q in found.quantities} == {
        "total_force_n",
        "left_force_n",
        "right_force_n",
    }
    assert {c.what for c in found.contacts} == {"left", "right"}
    alone = compare(hopping_traces, read_reference(path), "right")
    assert {c.what for c in alone.contacts} == {"right"}


# --- the command -------------------------------------------------------------------------------


def test_the_command_prints_and_gives_json(hopping, clock, tmp_path, capsys):
    path = hopping.plate(tmp_path / "plate.csv", clock, 500.0, sync=True)
    assert run(["compare", str(hopping.folder), str(path)]) == 0
    said = capsys.readouterr().out
    assert "Aligned by the sync edge (4 edges)" in said
    assert "cop ap mm, means removed" in said
    assert run(["compare", str(hopping.folder), str(path), "--no-sync", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["schema"] == "solerig.compare/1"
    assert content["alignment"]["method"] == "best lag"
    assert content["alignment"]["lag_s"] == pytest.approx(clock.offset_s, abs=0.003)
    assert content["warnings"]


def test_names_in_brackets_are_printed_as_they_stand(hopping, clock, tmp_path, capsys):
    """Plates write `[mm]`, and `[/N]` is what a closing mark of Rich looks like."""
    path = hopping.plate(tmp_path / "plate.csv", clock, 1200.0, sync=True)
    units = {"Time (s)": "Time [s]", "Fz (N)": "Fz [/N]", "(mm)": "[mm]", "(V)": "[red]"}
    text = path.read_text()
    for round_one, square in units.items():
        text = text.replace(round_one, square)
    path.write_text(text)
    roles = "time=Time [s],force=Fz [/N],ml=COPx [mm],ap=COPy [mm],sync=Sync [red]"
    options = ["--columns", roles, "--unit", "mm"]
    assert run(["compare", str(hopping.folder), str(path), *options]) == 0
    said = capsys.readouterr().out
    for name in ("Time [s]", "Fz [/N]", "COPx [mm]", "COPy [mm]", "Sync [red]"):
        assert name in said


def test_the_command_refuses_in_one_sentence(hopping, tmp_path, capsys):
    path = tmp_path / "letter.csv"
    path.write_text("Dear all,\nno numbers here.\n")
    for arguments in (
        [str(hopping.folder), str(path)],
        [str(hopping.folder), str(tmp_path / "none.csv")],
        [str(tmp_path), str(path)],
        [str(hopping.folder), str(path), "--columns", "Fz"],
    ):
        assert run(["compare", *arguments]) == 2
        said = capsys.readouterr().err
        assert "Traceback" not in said
        assert len(said.strip().splitlines()) <= 3


def test_json_has_no_nan(hopping_traces, tmp_path):
    t_s = np.arange(0.0, 15.0, 0.001)
    path = _plate(tmp_path / "p.csv", "t,Fz", t_s, _steps(t_s))
    content = comparison_json(compare(_traces(_steps(t_s), t_s), read_reference(path)))
    json.dumps(content, allow_nan=False)
