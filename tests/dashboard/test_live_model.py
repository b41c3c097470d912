# SPDX-License-Identifier: GPL-3.0-or-later
import dataclasses

import numpy as np
import pytest

from dashboard.live_model import LiveModel
from rig.acquire.messages import MarkerAdded, Refused
from rig.layout import Foot, Region
from rig.settings import Participant


def test_a_drill_fills_every_part(model, hopping):
    last_s = hopping.blocks[-1].loads.force.t_s[-1] if len(hopping.blocks[-1].loads) else 9.0
    assert model.traces.newest_t_s == pytest.approx(last_s, abs=0.05)
    assert model.strip.painted(Foot.RIGHT, "foot")
    assert model.drill.count > 3
    assert len(model.trails.t_s) > 50
    assert model.force_scale.top >= model.traces.peak()


def test_the_force_scale_steps_down_when_the_hops_have_scrolled_out(play):
    """The person hops for nine seconds and then stands: ten seconds later no hop is to be seen."""
    hops, quiet = play("hopping", 9.0, 3), play("stance", 3.0, 1)
    model = LiveModel()
    model.push(hops.update(), 100.0)
    # hops of 70 kg press with about two body weights, 1,400 N
    high = model.force_scale.top
    assert high >= 1000.0
    standing = [b for b in quiet.blocks if len(b.loads)]
    for second in range(12):
        blocks = tuple(_at(b, 9.0 + second) for b in standing if b.loads.force.t_s[0] < 1.0)
        model.push(hops.update(blocks=blocks), 101.0 + second)
        if second == 6:
            assert model.force_scale.top == high
    # 686 N on two feet: no heel or ball bears more than half of it
    assert model.force_scale.top <= 500.0


def _at(block, shift_s):
    force = dataclasses.replace(block.loads.force, t_s=block.loads.force.t_s + shift_s)
    return dataclasses.replace(block, loads=dataclasses.replace(block.loads, force=force))


def test_what_is_drawn_does_not_depend_on_how_it_was_drained(hopping):
    at_once, in_pieces = LiveModel(), LiveModel()
    at_once.push(hopping.update(), 100.0)
    for start in np.arange(0.0, 9.0, 0.25):
        in_pieces.push(hopping.update(start, start + 0.25), 100.0)
    for ours, theirs in zip(
        at_once.traces.series(1000.0), in_pieces.traces.series(1000.0), strict=True
    ):
        assert np.array_equal(ours, theirs)
    assert at_once.drill.count == in_pieces.drill.count
    for foot in Foot:
        assert at_once.strip.painted(foot, "foot") == in_pieces.strip.painted(foot, "foot")


def test_the_trace_holds_the_truths_peak_of_the_ball(model, hopping):
    newest = model.traces.newest_t_s
    force = np.concatenate([b.loads.region_force_n for b in hopping.blocks])
    t_s = np.concatenate([b.loads.force.t_s for b in hopping.blocks])
    recent = t_s > newest - 9.0
    assert model.traces.series(1000.0)[1][:, 3].max() == pytest.approx(
        force[recent, Foot.RIGHT, Region.BALL].max()
    )


def test_data_age_and_what_counts_as_stale(hopping):
    model = LiveModel()
    assert model.is_stale(0.0)
    model.push(hopping.update(), 50.0)
    assert not model.is_stale(50.4)
    assert model.is_stale(50.6)
    model.push(hopping.update(blocks=()), 51.0)
    assert model.is_stale(51.0)


def test_a_new_stream_forgets_the_old_one(model, hopping):
    model.push(hopping.update(0.0, 1.0, stream_restarted=True), 200.0)
    assert model.traces.newest_t_s < 1.1
    assert model.strip.newest_t_s < 1.1
    assert model.drill.count <= 1


def test_what_is_decided_after_the_last_frame_still_counts(hopping):
    model = LiveModel()
    with_frames = [b for b in hopping.blocks if len(b.loads)]
    model.push(hopping.update(), 10.0)
    ending = dataclasses.replace(
        with_frames[-1],
        loads=_no_frames(with_frames[-1].loads),
        drill=dataclasses.replace(with_frames[-1].drill, count=99),
    )
    model.push(hopping.update(blocks=(ending,)), 11.0)
    assert model.drill.count == 99
    assert model.age_s(11.0) == 1.0


def _no_frames(loads):
    force = dataclasses.replace(loads.force, t_s=loads.force.t_s[:0])
    return dataclasses.replace(loads, force=force)


def test_markers_stand_at_the_newest_frame_and_leave_with_the_window(model, hopping):
    at_s = model.traces.newest_t_s
    model.push(hopping.update(blocks=(), markers=(MarkerAdded("one", "", 0),)), 300.0)
    assert model.marker_times_s == [at_s]
    assert "one" in model.messages.current(300.1).sentence


def test_refusals_and_jumps_are_said_in_words(model, hopping):
    model.push(hopping.update(blocks=(), skipped_bytes=900), 300.0)
    assert "fell behind" in model.messages.current(300.1).sentence
    refused = Refused("tare", "The feet were not lifted. Lift both and tare again.")
    model.push(hopping.update(blocks=(), refusals=(refused,)), 301.0)
    assert model.messages.current(301.1).sentence == refused.sentence
    assert model.messages.current(301.1).kind == "problem"


def test_a_measurement_tells_what_to_do_and_that_it_is_done(model, hopping):
    quiet = hopping.update(blocks=())
    model.push(quiet, 300.0, ("tare", 0.4))
    assert model.messages.current(300.0).sentence == "Tare: keep both feet lifted.  40 %"
    model.push(quiet, 301.0, None)
    assert model.messages.current(301.0).sentence == "Tare taken."


def test_a_measurement_that_was_refused_is_not_called_done(model, hopping):
    refused = Refused("weigh", "One foot was in the air. Stand on both.")
    model.push(hopping.update(blocks=()), 300.0, ("weigh", 0.9))
    model.push(hopping.update(blocks=(), refusals=(refused,)), 301.0, None)
    assert model.messages.current(301.0).sentence == refused.sentence


def test_a_measurement_is_announced_while_it_runs_and_its_outcome_for_three_seconds(hopping):
    model, quiet = LiveModel(), hopping.update(blocks=())
    assert model.announcement(299.0) is None
    model.push(quiet, 300.0, ("weigh", 0.25))
    running = model.announcement(300.0)
    assert running is not None
    assert (running.progress, running.kind) == (0.25, "note")
    assert "stand still" in running.sentence
    model.push(quiet, 303.0, None)
    assert model.announcement(305.9).kind == "done"
    assert model.announcement(306.1) is None
    refused = Refused("weigh", "One foot was in the air. Stand on both.")
    model.push(quiet, 310.0, ("weigh", 0.9))
    model.push(hopping.update(blocks=(), refusals=(refused,)), 311.0, None)
    told = model.announcement(313.9)
    assert (told.sentence, told.kind, told.progress) == (refused.sentence, "problem", None)
    assert model.announcement(314.1) is None


def test_a_measurement_that_another_source_broke_off_is_not_called_done(hopping):
    model = LiveModel()
    model.push(hopping.update(blocks=()), 300.0, ("tare", 0.4))
    model.push(hopping.update(blocks=(), stream_restarted=True), 301.0, None)
    assert model.announcement(301.1) is None


def test_other_refusals_are_not_laid_over_the_feet(hopping):
    model = LiveModel()
    model.push(hopping.update(blocks=(), refusals=(Refused("OpenSource", "No port."),)), 300.0)
    assert model.announcement(300.1) is None


def test_the_foots_length_follows_the_shoe_size_unless_it_was_measured(hopping):
    model = LiveModel()
    # 20/3 * 42 - 15 mm
    assert model.foot_length_mm == pytest.approx(265.0)
    measured = Participant(shoe_size_eu=42.0, foot_length_mm=251.0)
    settings = dataclasses.replace(hopping.settings, participant=measured)
    model.push(hopping.update(blocks=(), settings=settings), 1.0)
    assert model.foot_length_mm == 251.0
