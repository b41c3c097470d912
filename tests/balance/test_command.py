# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig balance` end to end: tables and recordings in, JSON or one sentence out."""

import json
import math
import re
import shutil
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from rig.cli.__main__ import run

COUNT = 3000
RATE_HZ = 100.0


@pytest.fixture(scope="module")
def sway():
    """A wander in mm with 30 s at 100 Hz; a seed of its own."""
    steps = np.random.default_rng(10_200).standard_normal((COUNT, 2)) * (0.10, 0.14)
    return 100.0 + np.cumsum(steps, axis=0)


def _rows(cop, digits: int = 9):
    return [f"{ml:.{digits}f},{ap:.{digits}f}" for ml, ap in cop]


def published(cop, rate_hz):
    """Measures as a published table has them: T = N/fs, covariance 1/N, F-prediction ellipse.

    Written out from the formulas of Prieto et al. 1996 and Quijoux et al. 2021, sample by sample,
    without Solerig's own code.
    """
    n = len(cop)
    ml = [float(v) for v in cop[:, 0] - math.fsum(cop[:, 0]) / n]
    ap = [float(v) for v in cop[:, 1] - math.fsum(cop[:, 1]) / n]
    points = list(zip(ml, ap, strict=True))
    totex = math.fsum(math.dist(a, b) for a, b in pairwise(points))
    totex_ap = math.fsum(abs(b - a) for a, b in pairwise(ap))
    mdist = math.fsum(math.hypot(x, y) for x, y in points) / n
    swept = math.fsum(abs(ap[i + 1] * ml[i] - ap[i] * ml[i + 1]) for i in range(n - 1))
    s_ml, s_ap = math.fsum(x * x for x in ml) / n, math.fsum(y * y for y in ap) / n
    s_both = math.fsum(x * y for x, y in points) / n
    quantile = stats.f.ppf(0.95, 2, n - 2)
    seconds = n / rate_hz
    return {
        "path_mm": totex,
        "velocity_mm_s": totex * rate_hz / n,
        "velocity_ap_mm_s": totex_ap * rate_hz / n,
        "mean_distance_mm": mdist,
        "rms_ml_mm": math.sqrt(s_ml),
        "rms_ap_mm": math.sqrt(s_ap),
        "range_ap_mm": max(ap) - min(ap),
        "sway_area_rate_mm2_s": swept / (2.0 * seconds),
        "mean_frequency_hz": totex / (2.0 * math.pi * mdist * seconds),
        "ellipse_area_mm2": 2.0
        * math.pi
        * quantile
        * (n + 1)
        * (n - 1)
        / (n * (n - 2))
        * math.sqrt(s_ml * s_ap - s_both**2),
    }


def test_a_published_table_is_reproduced(write_lines, solerig_json, sway):
    path = write_lines("ML,AP", *_rows(sway))
    found = solerig_json(
        "balance", path, "--rate", 100, "--unit", "mm", "--no-filter",
        "--duration", "n", "--ellipse", "f-prediction", "--json",
    )  # fmt: skip
    written = np.array([[float(x) for x in row.split(",")] for row in _rows(sway)])
    expected = published(written, RATE_HZ)
    assert {k: found["measures"][k] for k in expected} == pytest.approx(expected, rel=1e-6)
    assert found["definitions"]["ellipse"] == "f-prediction"
    assert found["definitions"]["duration"] == "N/fs"
    assert found["preprocessing"]["filtered"] is False
    assert found["validity"] == {"valid": True, "flags": []}


def test_the_same_table_in_metres_with_semicolons_and_decimal_commas(
    write_lines, solerig_json, sway
):
    """Numbers in other clothes give the same measures."""
    plain = write_lines("ML,AP", *_rows(sway))
    rows = [
        f"{i / RATE_HZ:.2f};{ap / 1000.0:.12f};{ml / 1000.0:.12f}".replace(".", ",")
        for i, (ml, ap) in enumerate(sway)
    ]
    dressed = write_lines("Zeit [s];AP [m];ML [m]", *rows, name="dressed.csv")
    first = solerig_json("balance", plain, "--rate", 100, "--unit", "mm", "--json")
    second = solerig_json("balance", dressed, "--json")
    assert second["measures"] == pytest.approx(first["measures"], rel=1e-6)


@pytest.mark.parametrize("rate_hz", [60.0, 64.0, 75.0, 120.0])
@pytest.mark.parametrize("told", [(), ("--rate",)])
def test_a_published_table_with_rounded_times_is_reproduced(
    write_lines, solerig_json, sway, rate_hz, told
):
    """Whole milliseconds beside the samples do not change the rate that they were taken at."""
    rows = [f"{i / rate_hz:.3f},{row}" for i, row in enumerate(_rows(sway))]
    path = write_lines("time_s,ML_mm,AP_mm", *rows)
    asked = [*told, *([rate_hz] if told else [])]
    found = solerig_json(
        "balance", path, *asked, "--no-filter", "--ellipse", "f-prediction", "--json"
    )
    expected = published(np.round(sway, 9), rate_hz)
    assert {k: found["measures"][k] for k in expected} == pytest.approx(expected, rel=1e-6)
    assert found["preprocessing"]["missing_samples"] == 0
    assert found["preprocessing"]["resampled"] is False
    assert found["validity"] == {"valid": True, "flags": []}


def test_the_filter_is_on_unless_told_otherwise(write_lines, solerig_json, sway):
    path = write_lines("ML,AP", *_rows(sway))
    asked = ["balance", path, "--rate", 100, "--unit", "mm", "--json"]
    smooth, rough = solerig_json(*asked), solerig_json(*asked, "--no-filter")
    assert smooth["preprocessing"]["low_pass_hz"] == 10.0
    assert rough["preprocessing"]["low_pass_hz"] is None
    assert smooth["measures"]["path_mm"] < 0.8 * rough["measures"]["path_mm"]
    assert smooth["preprocessing"]["rate_hz"] == 100.0


def test_a_table_keeps_its_own_rate(write_lines, solerig_json):
    t_s = np.arange(6000) / 200.0
    rows = _rows(np.column_stack((np.sin(t_s), 2.0 * np.cos(0.7 * t_s))) * 5.0)
    found = solerig_json("balance", write_lines(*rows), "--rate", 200, "--unit", "cm", "--json")
    assert found["preprocessing"]["rate_hz"] == 200.0
    assert found["preprocessing"]["samples"] == 6000
    assert found["measures"]["range_ap_mm"] == pytest.approx(200.0, rel=0.01)


GOOD = [f"{math.sin(i / 9.0):.4f},{2.0 * math.cos(i / 7.0):.4f}" for i in range(COUNT)]
TIMED = [f"{i / 100.0:.3f},{row}" for i, row in enumerate(GOOD)]
ASK = ("--rate", "100", "--unit", "mm")
REFUSED = {
    "text": (["Dear colleague,", "the data follow."], ASK, "text"),
    "text among numbers": ([*GOOD[:50], "oops,1.0", *GOOD[50:]], ASK, "oops"),
    "a long run of NaN": ([*GOOD[:500], *["nan,nan"] * 200, *GOOD[700:]], ASK, "missing"),
    "many short runs of NaN": (
        ["," if i % 10 == 0 else row for i, row in enumerate(GOOD)],
        ASK,
        "missing",
    ),
    "wrong columns": (["ML,AP", *GOOD], (*ASK, "--columns", "X,Y"), 'no column "X"'),
    "one column name": (["ML,AP", *GOOD], (*ASK, "--columns", "ML"), "wants two"),
    "three columns": ([f"{row},3" for row in GOOD], ASK, "--columns"),
    "three samples": (GOOD[:3], ASK, "3 samples"),
    "contradicting rate": (["t_s,ML,AP", *TIMED], ("--rate", "50", "--unit", "mm"), "100 Hz"),
    "mixed units": (["ML [mm],AP [cm]", *GOOD], ("--rate", "100"), "one unit"),
    "contradicting unit": (["ML [cm],AP [cm]", *GOOD], ASK, "one of them is wrong"),
    "the time as a column": (
        ["t_s,ML,AP", *TIMED],
        ("--unit", "mm", "--columns", "t_s,AP"),
        "names the time column",
    ),
    "an unnamed time as a column": (TIMED, (*ASK, "--columns", "1,3"), "column 1 .* evenly"),
    "a counter as a column": (
        [f"{-i},{row}" for i, row in enumerate(GOOD)],
        (*ASK, "--columns", "1,2"),
        "column 1 .* evenly",
    ),
    "milliseconds taken for seconds": (
        ["time,ML,AP", *[f"{10 * i},{row}" for i, row in enumerate(GOOD)]],
        ("--unit", "mm", "--no-filter"),
        "0.1 Hz.*time_ms",
    ),
    "milliseconds at 1 kHz taken for seconds": (
        ["time,ML,AP", *[f"{i},{row}" for i, row in enumerate(GOOD)]],
        ("--unit", "mm", "--no-filter"),
        "1 Hz.*time_ms",
    ),
    "no unit": (GOOD, ("--rate", "100"), "--unit"),
    "no rate": (GOOD, ("--unit", "mm"), "--rate"),
    "a cut": (GOOD, (*ASK, "--from", "3"), "cut a recording"),
    "a floor": (GOOD, (*ASK, "--floor", "x"), "--floor is for recordings"),
    "irregular times as they are": (
        ["t_s,ML,AP", *[f"{i / 100 + 0.003 * (i % 3):.3f},{r}" for i, r in enumerate(GOOD)]],
        ("--unit", "mm", "--no-filter", "--rate", "100"),
        "evenly spaced|time column",
    ),
}


def test_a_file_out_of_a_recording_is_no_table(tmp_path, refusal):
    (tmp_path / "recording.json").write_text("{}")
    assert "give its folder" in refusal("balance", tmp_path / "recording.json")


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_measured_is_refused_in_one_sentence(write_lines, refusal, case):
    lines, options, says = REFUSED[case]
    sentence = refusal("balance", write_lines(*lines), *options, "--json")
    assert re.search(says, sentence), sentence


def _wander(scale=lambda _: 1.0, add=lambda _: 0.0, ml=1.0):
    """Rows of a smooth sway of a few mm; `scale` and `add` work on both axes by row."""
    waves = ((0.11, 3.0), (0.37, 1.5), (0.83, 0.7))
    for i in range(COUNT):
        at = [
            sum(a * math.sin(2 * math.pi * f * (i / 100.0 + o)) for f, a in waves) for o in (0, 5.3)
        ]
        yield f"{ml * 0.7 * at[0] * scale(i) + add(i):.4f},{at[1] * scale(i) + add(i):.4f}"


FLAGGED = {
    "mm, then cm": (list(_wander(lambda i: 1.0 if i < 1500 else 0.1)), ASK, "speed_changed"),
    "cm in the last 5 s": (list(_wander(lambda i: 1.0 if i < 2500 else 0.1)), ASK, "speed_changed"),
    "mm, then cm, far off": (
        list(_wander(lambda i: 1.0 if i < 1500 else 0.1, lambda i: 100.0 if i < 1500 else 10.0)),
        ASK,
        "cop_jump",
    ),
    "a step": (list(_wander(add=lambda i: 80.0 * (i >= 900))), ASK, "cop_jump"),
    "an outlier": (list(_wander(add=lambda i: 9999.0 * (i == 1000))), ASK, "cop_jump"),
    "zeros for missing": (
        list(_wander(lambda i: float(not 1000 <= i < 1400))),
        ASK,
        "frozen",
    ),
    "ML in cm beside AP in mm": (list(_wander(ml=0.1)), ASK, "unequal_axes"),
    "constant and broken": (["123.456,-7.89"] * COUNT, ASK, "constant"),
    "noise": (
        [
            f"{math.sin(i * i * 1.7) + 3 * math.sin(i / 900):.4f},{3 * math.cos(i / 500):.4f}"
            for i in range(30 * 1000)
        ],
        ("--rate", "1000", "--unit", "mm", "--no-filter"),
        "noise_dominates",
    ),
    "constant": (["1.0,2.0"] * COUNT, ASK, "constant"),
    "an axis at rest": ([f"1.0,{row.split(',')[1]}" for row in GOOD], ASK, "on_a_line"),
    "one column twice": (
        [f"{row.split(',')[0]}," * 2 + "0" for row in GOOD],
        (*ASK, "--columns", "1,2"),
        "on_a_line",
    ),
    "wrong unit": ([f"{i % 7},{i % 11}" for i in range(COUNT)], (*ASK[:2], "--unit", "m"), "size"),
    "a short run of NaN": ([*GOOD[:500], *["nan,nan"] * 5, *GOOD[505:]], ASK, "missing_samples"),
    "half a second missing": ([*GOOD[:500], *["nan,nan"] * 40, *GOOD[540:]], ASK, "long_gap"),
    "too short": (GOOD[:2000], ASK, "too_short"),
    "too slow": (GOOD, ("--rate", "40", "--unit", "mm"), "rate_too_low"),
    "irregular times": (
        ["t_s,ML,AP", *[f"{i / 100 + 0.002 * math.sin(i):.5f},{r}" for i, r in enumerate(GOOD)]],
        ("--unit", "mm", "--rate", "100"),
        "irregular_time",
    ),
}


@pytest.mark.parametrize("case", FLAGGED)
def test_what_is_doubtful_is_measured_and_flagged(write_lines, solerig_json, case):
    lines, options, code = FLAGGED[case]
    validity = solerig_json("balance", write_lines(*lines), *options, "--json")["validity"]
    assert validity["valid"] is False
    assert any(code in flag["code"] for flag in validity["flags"])
    assert all(flag["says"].endswith(".") for flag in validity["flags"])


@pytest.mark.parametrize("digits", [2, 3, 4])
@pytest.mark.parametrize("rate_hz", [60.0, 100.0])
def test_an_honest_table_has_no_flags(write_lines, solerig_json, rate_hz, digits):
    rows = [f"{i / rate_hz:.{digits}f},{row}" for i, row in enumerate(_wander())]
    path = write_lines("Time,ML (mm),AP (mm)", *rows)
    for more in ([], ["--no-filter"]):
        found = solerig_json("balance", path, *more, "--json")
        assert found["validity"] == {"valid": True, "flags": []}
        assert found["preprocessing"]["rate_hz"] == rate_hz


@pytest.mark.parametrize("values", [("0.1", "0.1"), ("123.456", "-7.89")])
def test_a_constant_cop_is_called_that_and_nothing_else(write_lines, solerig_json, values):
    path = write_lines(*[",".join(values)] * COUNT)
    for more in ([], ["--no-filter"]):
        found = solerig_json("balance", path, *ASK, *more, "--json")
        assert [flag["code"] for flag in found["validity"]["flags"]] == ["constant"]


@pytest.mark.parametrize(
    ("head", "options", "expected"),
    [
        ([], ASK, ("1", "2", "their order, ML first", "mm", "--unit", "--rate")),
        (["x_mm,y_mm"], ASK[:2],
         ("x_mm", "y_mm", "header, x taken for ML and y for AP", "mm", "header", "--rate")),
        (["AP_cm,ML_cm"], ASK[:2], ("ML_cm", "AP_cm", "header", "cm", "header", "--rate")),
        (["a,b"], (*ASK, "--columns", "b,a"), ("b", "a", "--columns", "mm", "--unit", "--rate")),
    ],
)  # fmt: skip
def test_the_json_says_what_was_taken_for_what(write_lines, solerig_json, head, options, expected):
    found = solerig_json("balance", write_lines(*head, *GOOD), *options, "--json")["table"]
    assert (*found["columns"].values(), *list(found.values())[1:]) == expected
    assert list(found["columns"]) == ["ml", "ap"]


def test_people_see_which_columns_were_taken(write_lines, capsys):
    assert run(["balance", str(write_lines("time [s],x [mm],y [mm]", *TIMED))]) == 0
    printed = capsys.readouterr().out
    assert "ML: x [mm], AP: y [mm] (header, x taken for ML" in printed
    assert "rate from column time [s]" in printed


def test_people_see_the_measures_and_the_cautions(write_lines, capsys):
    assert run(["balance", str(write_lines(*GOOD[:2000])), *ASK]) == 0
    printed = capsys.readouterr().out
    assert "velocity_mm_s" in printed
    assert "Caution" in printed
    assert "chi2" in printed


def test_a_recording_has_its_own_clock_and_says_what_else_it_saw(stance_recording, solerig_json):
    folder, session = stance_recording
    found = solerig_json("balance", folder, "--from", 0.5, "--to", 5.5, "--json")
    assert found["schema"] == "solerig-balance-1"
    assert found["preprocessing"]["source_rate_hz"] == 250.0
    assert found["preprocessing"]["rate_hz"] == 100.0
    assert found["preprocessing"]["samples"] == 500
    assert found["interval"] == {"from_s": 0.5, "to_s": pytest.approx(5.5, abs=0.01)}
    assert found["stance"]["feet"] == "both"
    assert found["stance"]["ml"].startswith("assumed width")
    for key in ("path_mm", "velocity_mm_s", "ellipse_area_mm2", "mean_frequency_hz"):
        assert found["measures"][key] > 0.0
    # the insoles' gains err by a few percent; the true share of the same seconds
    loads = session.truth.loads
    inside = (session.truth.t_s >= 0.5) & (session.truth.t_s < 5.5)
    true = loads.foot_force_n[inside].mean(axis=0)
    share = 100.0 * true[0] / true.sum()
    assert found["load"]["symmetry_percent"] == pytest.approx(share, abs=5.0)
    assert found["load"]["asymmetry_percent"] == pytest.approx(
        abs(50.0 - found["load"]["symmetry_percent"])
    )
    heel = loads.region_force_n[inside].mean(axis=0)[:, 0] / true
    for side, expected in zip(("left", "right"), heel, strict=True):
        assert found["load"][side]["heel_percent"] == pytest.approx(100.0 * expected, abs=10.0)
        assert found["per_foot"][side]["rms_ap_mm"] > 0.0
    assert [flag["code"] for flag in found["validity"]["flags"]] == ["too_short"]


def test_lifted_feet_and_steps_in_a_recording_are_flagged(stance_recording, solerig_json):
    """The truth's contacts say when a foot was up."""
    folder, session = stance_recording
    lifted_s = min(c.off_s for c in session.truth.contacts if c.off_s is not None)
    down_s = min(c.on_s for c in session.truth.contacts if c.on_s is not None and c.on_s > lifted_s)
    over = solerig_json("balance", folder, "--from", 0.5, "--to", down_s + 1.0, "--json")
    codes = {flag["code"] for flag in over["validity"]["flags"]}
    assert {"foot_lifted", "stepped"} <= codes
    alone = solerig_json(
        "balance", folder, "--from", lifted_s + 0.6, "--to", down_s - 0.6, "--json"
    )
    free = next(c.foot for c in session.truth.contacts if c.off_s == lifted_s)
    assert alone["stance"]["feet"] == ("left", "right")[1 - free]
    assert alone["stance"]["ml"] is None
    assert alone["per_foot"][("left", "right")[free]] is None
    codes = {flag["code"] for flag in alone["validity"]["flags"]}
    assert not codes & {"foot_lifted", "stepped"}


def test_without_times_the_first_seconds_are_left_out(stance_recording, solerig_json):
    folder, _ = stance_recording
    found = solerig_json("balance", folder, "--json")
    assert found["interval"]["from_s"] == pytest.approx(5.0, abs=0.01)
    assert found["preprocessing"]["settling_s"] == 5.0


def test_a_recording_without_a_weight_is_measured_alike_and_flagged(
    stance_recording, tmp_path, solerig_json
):
    """The CoP is a ratio of forces; the weight only decides which foot stands."""
    folder, _ = stance_recording
    nameless = tmp_path / "nameless"
    shutil.copytree(folder, nameless)
    info = json.loads((nameless / "recording.json").read_text())
    info["participant"] |= {"body_weight_n": None, "body_weight_source": "unknown"}
    (nameless / "recording.json").write_text(json.dumps(info))
    known, unknown = (
        solerig_json("balance", each, "--from", 0.5, "--to", 5.5, "--json")
        for each in (folder, nameless)
    )
    assert unknown["measures"] == pytest.approx(known["measures"], nan_ok=True)
    codes = {flag["code"] for flag in unknown["validity"]["flags"]}
    assert codes == {"too_short", "no_body_weight"}


def test_a_dead_weights_velocity_is_printed_beside(stance_recording, solerig_json):
    """Any recording serves as a floor; this one is no dead weight, so everything is near it."""
    folder, _ = stance_recording
    asked = ("balance", folder, "--from", 0.5, "--to", 5.5, "--json")
    found = solerig_json(*asked, "--floor", folder)
    assert found["noise_floor"]["velocity_mm_s"] > 0.0
    assert "near_noise_floor" in {flag["code"] for flag in found["validity"]["flags"]}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--from", "500"), "no frames"),
        (("--from", "5", "--to", "4"), "no time"),
        (("--from", "1", "--to", "1.5"), "less than a second"),
        (("--rate", "100"), "knows its rate"),
    ],
)
def test_intervals_that_are_not_there(stance_recording, refusal, options, says):
    assert says in refusal("balance", stance_recording[0], *options)


def test_a_folder_that_is_no_recording(tmp_path, refusal):
    assert "recording" in refusal("balance", tmp_path)
