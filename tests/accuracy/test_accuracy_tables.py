# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tables print, against figures worked out here by other means."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rig.accuracy.design import LAYOUTS, newtons_a_count, reaches_n, tributary_mm2
from rig.accuracy.event_errors import HeelCounts, heel_counts, matched, time_errors
from rig.accuracy.load_errors import LoadErrors, load_errors, pooled
from rig.accuracy.moving import by_motion
from rig.accuracy.sessions import clinic_calibration, on_insoles, side_of
from rig.accuracy.tables import markdown, parts_that_fit, table, table_from_json, table_json
from rig.batch import WholeStream, outputs
from rig.contact.results import Contact
from rig.layout import Foot, insole_layout
from rig.pipeline import PipelineSettings
from rig.settings import DrillSettings
from rig.simulate.person import simulate_session
from rig.simulate.population import drawn_build
from rig.simulate.truth_model import TrueContact

SEED, SECONDS, RATE = 10_003, 5.0, 1000


@pytest.fixture(scope="module")
def hopping():
    """The session itself, and its blocks, without the report's help."""
    mass_kg, shoe_eu = drawn_build(SEED)
    session = simulate_session("hopping", SECONDS, SEED, RATE, side_of(SEED), mass_kg, shoe_eu)
    settings = PipelineSettings(
        session.participant, clinic_calibration(SEED), DrillSettings("hopping", session.side)
    )
    arrivals = np.array([[len(session.stream), 10**9]], np.int64)
    blocks = [
        block
        for output, _ in outputs(WholeStream(session.stream, arrivals, settings))
        for block in output.blocks
    ]
    return session, blocks


def test_a_tiny_run_says_what_truth_and_pipeline_say(hopping):
    session, blocks = hopping
    loads, events = by_motion([SEED], SECONDS, ["hopping"])
    weight_n = session.participant.body_weight_n
    force_n = np.concatenate([b.loads.foot_force_n for b in blocks])
    cop_mm = np.concatenate([b.loads.foot_cop_mm for b in blocks])
    # at 1,000 Hz the k-th scan lies within 0.3 ms of the k-th dense sample
    n = min(len(force_n), len(session.truth.t_s))
    true_n, true_mm = (
        getattr(session.truth.loads, name)[:n] for name in ("foot_force_n", "foot_cop_mm")
    )
    on_ground = true_n.sum(axis=1) >= 0.1 * weight_n
    off = (force_n[:n].sum(axis=1) - true_n.sum(axis=1))[on_ground] / weight_n
    borne = true_n >= 0.1 * weight_n
    ap = (cop_mm[:n] - true_mm)[borne][:, 1]
    row = dict(zip([c.head for c in loads.columns], loads.rows[0], strict=True))
    assert row["force % BW"] == pytest.approx(100 * np.sqrt((off**2).mean()), abs=0.2)
    assert row["foot CoP AP mm"] == pytest.approx(np.sqrt(np.nanmean(ap**2)), abs=0.2)
    contacts = [c for b in blocks for c in b.contact.contacts if c.off_s is not None]
    true_offs = sorted(c.off_s for c in session.truth.contacts if c.off_s is not None)
    offs_ms = [1000 * (a.off_s - b) for a, b in zip(contacts, true_offs, strict=True)]
    row = dict(zip([c.head for c in events.columns], events.rows[0], strict=True))
    assert (row["missed"], row["extra"]) == (0, 0)
    assert row["contacts"] == len(session.truth.contacts)
    assert row["OFF mean ms"] == pytest.approx(np.mean(offs_ms), abs=0.051)
    assert row["OFF sd"] == pytest.approx(np.std(offs_ms), abs=0.051)


def test_the_same_command_gives_the_same_numbers():
    assert by_motion([SEED], 2.0, ["quiet"]) == by_motion([SEED], 2.0, ["quiet"])


def test_a_late_start_and_a_constant_error_are_counted_as_they_are(hopping):
    found = on_insoles("quiet", SEED, 2.0, 100)
    errors = load_errors(found, 1.0)
    late = found.t_s >= 1.0
    off = (found.total_n - found.true_force_n.sum(axis=1))[late] / found.weight_n
    assert errors.force_bw == pytest.approx(math.sqrt(float((off**2).mean())))


def test_sessions_count_alike():
    one, other = (LoadErrors(f, 3.0, 0.0, math.nan, 1.0) for f in (0.03, 0.04))
    both = pooled([one, other])
    assert both.force_bw == pytest.approx(math.sqrt(0.00125))
    assert both.foot_ap_mm == pytest.approx(3.0)
    assert math.isnan(both.body_ap_mm)


def found_contact(on_s, off_s, foot=Foot.LEFT, heel="none"):
    return Contact(
        foot,
        "foot",
        on_s,
        off_s,
        700.0,
        100.0,
        heel,
        0.1,
        0.0,
        0,
        saturated=False,
        first_s=on_s or 0.0,
        last_s=off_s or 9.0,
    )


def true_contact(on_s, off_s, foot=Foot.LEFT, heel="none", kind="foot"):
    return TrueContact(foot, kind, on_s, off_s, 700.0, 100.0, heel, 0.1, 0.0)


def test_contacts_are_paired_by_overlap_and_the_rest_is_missed_or_extra():
    true = [true_contact(1.0, 1.3), true_contact(2.0, 2.3), true_contact(2.0, 2.3, Foot.RIGHT)]
    cut = [found_contact(1.01, 1.1), found_contact(1.12, 1.31), found_contact(2.5, 2.6)]
    result = matched([*cut, found_contact(2.0, 2.4, Foot.RIGHT)], true)
    assert [(a.on_s, b.on_s, b.foot) for a, b in result.pairs] == [
        (1.12, 1.0, Foot.LEFT),
        (2.0, 2.0, Foot.RIGHT),
    ]
    assert result.missed == (true[1],)
    assert result.extra == (cut[0], cut[2])


def test_open_ends_overlap_what_they_reach():
    result = matched([found_contact(None, 1.0)], [true_contact(None, 1.1)])
    assert len(result.pairs) == 1


def test_the_worst_time_keeps_its_sign():
    errors = time_errors([0.001, -0.004, 0.002])
    assert errors.worst_ms == pytest.approx(-4.0)
    assert errors.mean_ms == pytest.approx(-1.0 / 3.0)


def test_heels_are_counted_by_grade_and_taps_are_not():
    true = [
        true_contact(0.0, 0.9, heel="kiss"),
        true_contact(1.0, 1.9, heel="kiss"),
        true_contact(2.0, 2.9),
        true_contact(3.0, 3.9, heel="load", kind="tap"),
    ]
    found = [
        found_contact(0.0, 0.9, heel="load"),
        found_contact(1.0, 1.9),
        found_contact(2.0, 2.9, heel="kiss"),
        found_contact(3.0, 3.9),
    ]
    counts = heel_counts([matched(found, true)])
    assert counts == HeelCounts(((0, 1, 0), (1, 0, 1), (0, 0, 0)))
    assert counts.share("kiss", "kiss", "load") == pytest.approx(50.0)
    assert counts.share("none", "kiss") == pytest.approx(100.0)
    assert math.isnan(counts.share("load", "load"))


def test_numbers_are_stored_as_they_are_printed():
    made = table("k", "t", "a", [("what", None), ("mm", 1)], [("x", 1.26), ("y", math.nan)])
    assert made.rows == (("x", 1.3), ("y", None))
    assert markdown(made).splitlines()[2:] == ["| x | 1.3 |", "| y | - |"]
    assert table_from_json(table_json(made)) == made


def test_a_wide_table_is_cut_under_its_first_column():
    heads = [("name", None), *((f"column {i}", 0) for i in range(9))]
    made = table("k", "t", "a", heads, [("row", *range(9))])
    parts = parts_that_fit(made, 40)
    assert all(part[0] == 0 for part in parts)
    assert [place for part in parts for place in part[1:]] == list(range(1, 10))
    assert len(parts) > 1


def test_a_pull_down_reaches_and_resolves_as_its_divider_does():
    # 5 V over R, 70 ohm and Rm in series; 95 % of the highest count the divider can reach
    for ohm in (470, 1000, 4700):
        top = 0.95 * 1024 * ohm / (ohm + 70)
        r_ohm = ohm * (1024 - top) / top - 70
        assert reaches_n(ohm) == pytest.approx(1e6 / r_ohm / 100, rel=0.01)

        def count(force_n, ohm=ohm):
            return 1024 * ohm / (ohm + 70 + 1e4 / force_n)

        assert 1.0 / newtons_a_count(10.0, ohm) == pytest.approx(
            (count(10.01) - count(9.99)) / 0.02, rel=1e-4
        )


def test_areas_add_up_to_the_sole_and_sixteen_are_the_insoles_own():
    own = insole_layout(265.0)
    for layout in LAYOUTS.values():
        areas = tributary_mm2(layout, own.foot_length_mm, own.foot_width_mm)
        assert areas.sum() == pytest.approx(own.tributary_mm2.sum(), rel=0.01)
    ours = tributary_mm2(LAYOUTS[16], own.foot_length_mm, own.foot_width_mm)
    assert ours == pytest.approx(own.tributary_mm2, rel=0.06)
