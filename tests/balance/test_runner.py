# SPDX-License-Identifier: GPL-3.0-or-later
"""Every protocol end to end on simulated people who follow a script, failed trials included.

The scripts say when feet leave the ground and come back; the true force under each foot says when that
crossed the contact thresholds. Insoles add sensor faults, so a time may err by what the drills' contact
times may: 50 ms is allowed, of which a lifted foot's flank lasts 80.
"""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from rig.balance.limits import target_offset_mm
from rig.balance.protocol import find_protocol
from rig.balance.protocol_file import own_protocols
from rig.balance.runner import begin, press
from rig.balance.summary import summary, summary_csv
from rig.balance.trial import Person
from rig.errors import SettingsError
from rig.simulate.phrases import (
    BOTH_FEET,
    LIFTED_Y,
    OTHER,
    POSE_Y,
    STAND_Y,
    WORKING,
    Motion,
    Phrase,
    Posture,
    hold,
    lift,
    move,
    on_one_leg,
    set_down,
)

TIME_ERROR_S = 0.05
LIVE = {"every_s": None, "piece_bytes": 700}
"""Blocks as the pipeline gives them: the end of a contact at a gap is known only behind the gap."""
BODY_N = 70.0 * 9.80665


def protocol(key):
    return find_protocol(own_protocols(), key)


def stays(seconds):
    """On both feet."""
    return [hold(BOTH_FEET, seconds)]


def steps_after(seconds, rest_s):
    """On both feet; then the left foot is lifted for a second and set down again."""
    leg = on_one_leg(WORKING)
    moves = [lift(BOTH_FEET, leg, 0.4), hold(leg, 0.6), set_down(leg, BOTH_FEET, 0.4)]
    return [hold(BOTH_FEET, seconds), *moves, hold(BOTH_FEET, rest_s - 1.4)]


def seconds_of(phrases):
    return sum(phrase.duration_s for phrase in phrases)


def true_crossing(played, foot, after_s, falling, share=0.03):
    """When the true force under a foot crosses the tap's ON (0.03 body weights; half of it to OFF)."""
    force = played.truth.foot_force_n[:, foot]
    level = share * BODY_N * (0.5 if falling else 1.0)
    first = round(after_s * 1000)
    there = force[first:] <= level if falling else force[first:] >= level
    return after_s + int(np.argmax(there)) / 1000.0


def told(cues, kind):
    return [cue.t_s for cue in cues if cue.kind == kind]


@pytest.fixture(scope="module")
def quiet_stance(play, drive):
    """Six trials of 30 s: a step in the second, eyes opened (by key) in the fifth."""
    script, starts, keys = [*stays(1.0)], [], []
    for trial in range(6):
        begins_s = seconds_of(script)
        starts.append(begins_s)
        keys.append((begins_s, "start"))
        if trial == 1:
            script += steps_after(15.0, 4.0)
        elif trial == 4:
            script += stays(20.0)
            keys.append((begins_s + 17.0, "eyes_opened"))
        else:
            script += stays(37.0)
    played = play(script, seconds_of(script))
    return (played, starts, *drive(played, protocol("quiet-stance"), keys))


def test_quiet_stance_ends_by_time_step_and_key(quiet_stance):
    played, starts, run, _, shown = quiet_stance
    outcomes = [trial.outcome for trial in run.trials]
    assert outcomes == ["time", "step", "time", "time", "eyes_opened", "time"]
    times_s = [trial.time_s for trial in run.trials]
    assert [times_s[i] for i in (0, 2, 3, 5)] == pytest.approx([30.0] * 4, abs=1e-6)
    lifted_s = true_crossing(played, 0, starts[1] + 14.0, falling=True)
    second = run.trials[1]
    assert second.start_s + second.time_s == pytest.approx(lifted_s, abs=TIME_ERROR_S)
    # the key takes effect at the block that it came after
    assert times_s[4] == pytest.approx(12.0, abs=0.3)
    assert [mark.label for mark in run.trials[4].marks] == ["eyes_opened"]
    assert run.phase == "done"
    assert not any(show for _, show in shown)


def test_cues_come_at_their_times_and_none_during_a_trial_but_the_ten_seconds(quiet_stance):
    _, starts, run, cues, _ = quiet_stance
    starts_s = [trial.start_s for trial in run.trials]
    assert told(cues, "start") == starts_s
    assert starts_s == pytest.approx([s + 5.0 for s in starts], abs=0.3)
    full = [t for t in run.trials if t.full_time]
    assert told(cues, "ten_seconds_left") == pytest.approx([t.start_s + 20.0 for t in full])
    for trial in run.trials:
        inside = [c.kind for c in cues if trial.start_s < c.t_s < trial.start_s + trial.time_s]
        assert inside in ([], ["ten_seconds_left"])
    spotter = [c for c in cues if "spotter" in c.says]
    assert len(spotter) == 1
    assert spotter[0].t_s > starts_s[2]


def test_the_summary_averages_full_trials_and_names_its_quotients(quiet_stance):
    *_, run, _, _ = quiet_stance
    content = json.loads(json.dumps(summary(run), allow_nan=False))
    assert content["schema"] == "solerig-balance-test-1"
    assert content["complete"] is True
    assert content["order"] == ["eyes-open", "eyes-closed"]
    opened = content["conditions"][0]
    assert (opened["trials"], opened["full_time_trials"]) == (3, 2)
    paths = [t["measures"]["path_mm"] for t in content["trials"]]
    assert opened["measures"]["path_mm"] == pytest.approx((paths[0] + paths[2]) / 2.0)
    quotient = (paths[3] + paths[5]) / (paths[0] + paths[2])
    assert content["ratios"]["romberg_quotient_path"] == pytest.approx(quotient)
    assert set(content["ratios"]) == {"romberg_quotient_path", "romberg_quotient_ellipse_area"}
    assert opened["ml"].startswith("assumed width")
    assert opened["validity"] == {"valid": True, "flags": []}
    assert content["ratios_valid"] == dict.fromkeys(content["ratios"], True)
    flags = [flag["code"] for flag in content["trials"][1]["validity"]["flags"]]
    assert flags[0] == "ended_early"
    assert content["trials"][0]["validity"]["valid"] is True


def test_the_table_has_a_row_a_trial(quiet_stance):
    *_, run, _, _ = quiet_stance
    rows = list(csv.DictReader(io.StringIO(summary_csv(run))))
    assert [row["outcome"] for row in rows] == [t.outcome for t in run.trials]
    assert [float(row["time_s"]) for row in rows] == pytest.approx(
        [t.time_s for t in run.trials], abs=5e-4
    )
    assert rows[4]["marks"] == "eyes_opened"
    assert float(rows[0]["velocity_mm_s"]) == pytest.approx(
        run.trials[0].measures["velocity_mm_s"], rel=1e-5
    )
    assert rows[0]["sample_entropy_ap"] != "nan"


def test_trials_do_not_depend_on_how_the_stream_is_cut(play, drive):
    """Keys at the same frames: starts, ends and measures are equal to the bit."""
    script = [*stays(12.0), *steps_after(3.0, 3.0), *stays(40.0)]
    # where both cuts have a block that ends
    keys = [(0.985, "start"), (20.985, "start")]
    found = [
        drive(play(script, seconds_of(script), every_s=every_s), protocol("romberg"), keys)
        for every_s in (1.0, 0.04)
    ]
    (first, cues, _), (second, others, _) = found
    assert [t.outcome for t in first.trials] == ["step", "time"]
    # as text: NaN is not equal to itself
    assert repr(first.trials) == repr(second.trials)
    # a spotter's word is a key as well, and comes with its block
    timed = [[c for c in told if c.kind != "instruction"] for told in (cues, others)]
    assert timed[0] == timed[1]


def test_blocks_of_the_pipeline_itself_lead_to_the_same_trial(play, drive):
    """As pushed in small pieces, against the whole stream cut afterwards."""
    script = [*stays(9.0), *steps_after(1.0, 3.0)]
    keys = [(0.0, "start")]
    runs = [
        drive(play(script, 13.0, every_s=every_s, piece_bytes=bytes_), protocol("romberg"), keys)[0]
        for every_s, bytes_ in ((None, 700), (0.1, 1 << 20))
    ]
    assert [t.outcome for t in runs[0].trials] == ["step"]
    first, second = (run.trials[0].start_s + run.trials[0].time_s for run in runs)
    assert first == second


def test_mctsib_tries_up_to_three_times_and_averages(play, drive):
    """Eyes closed on firm ground: 8 s, 15 s, then all 30; on foam with eyes closed never."""
    plan = [None, 8.0, 15.0, None, None, 4.0, 6.0, 9.0]
    script, keys = [*stays(1.0)], []
    for fails_after in plan:
        keys.append((seconds_of(script), "start"))
        script += stays(34.0) if fails_after is None else steps_after(2.0 + fails_after, 3.0)
    run, _, _ = drive(play(script, seconds_of(script)), protocol("mctsib"), keys)
    content = summary(run)
    assert content["complete"] is True
    by_key = {c["key"]: c for c in content["conditions"]}
    assert [by_key[k]["trials"] for k in by_key] == [1, 3, 1, 3]
    assert by_key["eyes-open-firm"]["time_s"] == pytest.approx(30.0)
    # keys wait for their block, and a foot lifted over 0.4 s is off somewhere in between
    mean_s = (8.0 + 15.0 + 30.0) / 3.0
    assert by_key["eyes-closed-firm"]["time_s"] == pytest.approx(mean_s, abs=0.6)
    assert by_key["eyes-closed-foam"]["time_s"] == pytest.approx(19.0 / 3.0, abs=0.6)
    assert content["ratios"]["vestibular_ratio_velocity"] is None
    assert content["ratios_valid"]["vestibular_ratio_velocity"] is None
    assert by_key["eyes-closed-foam"]["validity"]["valid"] is None
    firm = by_key["eyes-closed-firm"]["measures"]["velocity_mm_s"]
    assert content["ratios"]["somatosensory_ratio_velocity"] == pytest.approx(
        firm / by_key["eyes-open-firm"]["measures"]["velocity_mm_s"]
    )


def leg_script(role, held_s, ending):
    """Lift the other foot, hold, then end by a touch, a hop, or setting the foot down for good."""
    leg = on_one_leg(role)
    start = [hold(BOTH_FEET, 2.0), lift(BOTH_FEET, leg, 0.6), hold(leg, held_s)]
    if ending == "touch":
        load = (0.8, 0.2) if role == WORKING else (0.2, 0.8)
        y = (POSE_Y, LIFTED_Y) if role == WORKING else (LIFTED_Y, POSE_Y)
        touch = Posture(load, y)
        down = [set_down(leg, touch, 0.3), move(touch, BOTH_FEET, 0.5)]
    elif ending == "hop":
        down = [hop(leg), hold(leg, 1.0), set_down(leg, BOTH_FEET, 0.5)]
    else:
        down = [set_down(leg, BOTH_FEET, 0.6)]
    return [*start, *down, hold(BOTH_FEET, 2.0)]


def hop(leg):
    """Off the ground for 0.2 s."""

    def sample(t_s):
        load = np.where((t_s > 0.1) & (t_s < 0.3), 0.0, 1.0)[:, None] * np.array(leg.load_bw)
        y = np.broadcast_to(np.array(leg.posture_y), (len(t_s), 2))
        return Motion(load, y, np.ones(len(t_s)))

    return Phrase(0.4, leg, sample)


@pytest.fixture(scope="module")
def single_leg(play, drive):
    """Left, eyes open: practice, then touch, hop, touch. Right, eyes open: practice, then 30 s. Eyes
    closed: eyes opened by key, arms moved by key, and touches."""
    script, keys = [*stays(1.0)], []
    ends = [(3.0, "touch"), (5.0, "touch"), (7.0, "hop"), (9.0, "touch")]
    plan = [(OTHER, *end) for end in ends]
    plan += [(WORKING, 3.0, "touch"), (WORKING, 32.0, "down")]
    plan += [(OTHER, *end) for end in ends]
    plan += [(WORKING, 8.0, "touch")] * 4
    for place, (role, held_s, ending) in enumerate(plan):
        begins_s = seconds_of(script)
        keys.append((begins_s + 0.5, "start"))
        if place == 11:
            keys.append((begins_s + 6.6, "eyes_opened"))
        if place == 12:
            keys.append((begins_s + 7.6, "arms_moved"))
        script += leg_script(role, held_s, ending)
    played = play(script, seconds_of(script))
    return played, drive(played, protocol("single-leg"), keys)[0]


def test_single_leg_stance_ends_by_touch_hop_key_and_time(single_leg):
    _, run = single_leg
    outcomes = [t.outcome for t in run.trials]
    assert outcomes == [
        "touch", "touch", "hop", "touch",
        "touch", "time",
        "touch", "touch", "hop", "touch",
        "touch", "eyes_opened", "arms_moved", "touch",
    ]  # fmt: skip
    practice = [i for i, trial in enumerate(run.trials) if trial.practice]
    assert practice == [0, 4, 6, 10]
    assert run.phase == "done"


def test_single_leg_times_are_those_of_the_true_forces(single_leg):
    """From the free foot's lift to the first touch, or to the standing foot's flight."""
    played, run = single_leg
    for trial in run.trials:
        standing = 0 if trial.condition.startswith("left") else 1
        free = 1 - standing
        lifted_s = true_crossing(played, free, trial.start_s - 0.5, falling=True)
        assert trial.start_s == pytest.approx(lifted_s, abs=TIME_ERROR_S)
        if trial.outcome == "touch":
            ended_s = true_crossing(played, free, lifted_s + 1.0, falling=False)
        elif trial.outcome == "hop":
            ended_s = true_crossing(played, standing, lifted_s + 1.0, falling=True)
        else:
            continue
        assert trial.start_s + trial.time_s == pytest.approx(ended_s, abs=TIME_ERROR_S)


def test_single_leg_counts_the_best_of_the_scored_trials(single_leg):
    _, run = single_leg
    content = summary(run)
    times = {c["key"]: c["time_s"] for c in content["conditions"]}
    left = [t.time_s for t in run.trials[1:4]]
    assert times["left-eyes-open"] == max(left)
    assert times["right-eyes-open"] == pytest.approx(30.0)
    assert content["protocol"]["trial_rule"] == "best of 3"
    full = run.trials[5]
    assert full.details["stance"]["feet"] == "right"
    assert full.details["stance"]["ml"] is None
    assert full.validity["valid"] is True
    assert full.measures["velocity_mm_s"] > 5.0


@pytest.mark.parametrize("key", ["tandem", "semi-tandem"])
def test_tandem_stances_end_with_a_step_and_stand_on_their_template(play, drive, key):
    """Left foot in front bears 0.6: the CoP lies ahead by the front foot's share of the offset."""
    front = Posture((0.4, 0.6), (STAND_Y, STAND_Y))
    leg = on_one_leg(WORKING)
    step = [lift(front, leg, 0.4), hold(leg, 0.4), set_down(leg, front, 0.4), hold(front, 2.0)]
    script, keys = [hold(front, 1.0)], []
    for held_s in (6.0, 33.0, 32.0):
        keys.append((seconds_of(script), "start"))
        script += [hold(front, held_s), *step]
    played = play(script, seconds_of(script))
    run, _, _ = drive(played, protocol(key), keys)
    assert [t.outcome for t in run.trials] == ["step", "time", "time"]
    assert [t.condition for t in run.trials] == ["left-in-front"] * 2 + ["right-in-front"]
    assert run.trials[0].time_s == pytest.approx(6.4, abs=0.6)
    lengths = {"tandem": 1.0, "semi-tandem": 0.75}[key]
    left, right = (t.measures["mean_ap_mm"] for t in run.trials[1:])
    # both templates differ only in which foot stands ahead: 0.6 against 0.4 of the offset
    assert left - right == pytest.approx(0.2 * lengths * played.foot_length_mm, rel=0.2)


HEIGHT_MM = 1750.0
DIRECTIONS = ["front", "front-right", "right", "back-right"]
DIRECTIONS += ["back", "back-left", "left", "front-left"]


@pytest.fixture(scope="module")
def limits(play, drive):
    """Half a second after each cue the person leans about half of the way to the target, in 1.2 s."""
    script, keys = stays(1.0), [(1.0, "start")]
    script += stays(2.0)
    for place in range(8):
        angle = np.deg2rad(45.0 * place)
        share = 0.25 * np.sin(angle)
        y = STAND_Y + (0.20 if np.cos(angle) > 0 else 0.09) * np.cos(angle)
        leaning = Posture((0.5 + share, 0.5 - share), (y, y))
        script += [
            hold(BOTH_FEET, 0.5), move(BOTH_FEET, leaning, 1.2), hold(leaning, 4.8),
            move(leaning, BOTH_FEET, 1.5), hold(BOTH_FEET, 5.15),
        ]  # fmt: skip
    played = play(script, seconds_of(script) + 2.0)
    person = Person(played.foot_length_mm, height_mm=HEIGHT_MM)
    return played, *drive(played, protocol("limits-of-stability"), keys, person)


def test_limits_of_stability_measure_the_leans_that_were_made(limits):
    """Excursions against the true CoP; the slow lean makes the endpoint the farthest, but for sway."""
    played, run, _, shown = limits
    assert [t.condition for t in run.trials] == DIRECTIONS
    assert {t.outcome for t in run.trials} == {"time"}
    for place, trial in enumerate(run.trials):
        offset = np.array(target_offset_mm(45.0 * place, HEIGHT_MM))
        distance = np.hypot(*offset)
        first, last = round(trial.start_s * 1000), round((trial.start_s + 8.0) * 1000)
        cop = played.truth.cop_mm
        along = (cop[first:last] - cop[first - 2000 : first].mean(axis=0)) @ offset / distance
        found = trial.measures
        assert found["target_mm"] == pytest.approx(distance)
        # insoles show a lean through gains that err by several percent, and a few mm of sway
        assert found["maximum_excursion_percent"] == pytest.approx(
            100.0 * along.max() / distance, rel=0.2, abs=4.0
        )
        assert found["endpoint_excursion_percent"] <= found["maximum_excursion_percent"]
        assert found["endpoint_excursion_percent"] > 0.6 * found["maximum_excursion_percent"]
        assert 0.25 < found["reaction_time_s"] < 1.2
        assert found["movement_velocity_mm_s"] == pytest.approx(along.max() / 1.2, rel=0.5)
        assert found["directional_control_percent"] > 30.0
    assert ("measuring", True) in shown
    assert summary(run)["all_conditions"]["maximum_excursion_percent"] == pytest.approx(
        np.mean([t.measures["maximum_excursion_percent"] for t in run.trials])
    )


def test_limits_of_stability_ask_for_the_spotter_once_and_for_a_height_first(limits):
    _, run, cues, _ = limits
    assert sum("spotter" in cue.says for cue in cues) == 1
    assert len(told(cues, "start")) == 8
    with pytest.raises(SettingsError, match="height"):
        begin(run.protocol, Person(265.0))


def test_weight_shifts_are_counted_on_each_side(play, drive):
    """Period 4 s, 0.75 of the weight to each side: 10 visits and 9 or 10 shifts in 20 s."""
    swing = Posture((0.5, 0.5), (STAND_Y, STAND_Y), 0.3)

    def sample(t_s):
        part = 0.5 + 0.25 * np.sin(2.0 * np.pi * t_s / 4.0)
        y = np.full((len(t_s), 2), STAND_Y)
        return Motion(np.column_stack((part, 1.0 - part)), y, np.full(len(t_s), 0.3))

    script, keys = [*stays(1.0)], []
    for _ in range(3):
        keys.append((seconds_of(script), "start"))
        script += [hold(BOTH_FEET, 2.0), Phrase(24.0, swing, sample), hold(BOTH_FEET, 0.5)]
    run, _, _ = drive(play(script, seconds_of(script)), protocol("weight-shift"), keys)
    assert [t.practice for t in run.trials] == [True, False, False]
    for trial in run.trials:
        assert trial.measures["shifts"] in (9.0, 10.0)
        assert trial.measures["shift_period_s"] == pytest.approx(4.0, abs=0.1)
        for side in ("left", "right"):
            assert trial.measures[f"{side}_peak_percent"] == pytest.approx(75.0, abs=6.0)


def test_standing_still_is_no_valid_weight_shift(play, drive):
    keys = [(1.0, "start"), (24.0, "start"), (47.0, "start")]
    run, _, _ = drive(play(stays(75.0), 75.0), protocol("weight-shift"), keys)
    assert [trial.outcome for trial in run.trials] == ["time"] * 3
    for trial in run.trials:
        assert [flag["code"] for flag in trial.validity["flags"]] == ["no_shifts"]
        assert trial.validity["valid"] is False


def test_lost_frames_speak_against_a_weight_shift(play, drive):
    played = play(stays(24.0), 24.0, lost_s=(10.0, 10.3), **LIVE)
    run, _, _ = drive(played, protocol("weight-shift"), [(1.0, "start")])
    codes = [flag["code"] for flag in run.trials[0].validity["flags"]]
    assert codes == ["missing_samples", "long_gap", "lost_frames", "no_shifts"]


@pytest.mark.parametrize(
    ("leant_s", "codes"),
    [((2.7, 1.2), ["too_early"]), ((None, None), ["no_lean"]), ((3.6, 1.2), [])],
)
def test_a_lean_waits_for_the_cue_and_takes_place(play, drive, leant_s, codes):
    """The cue comes at 3 s: a lean from 2.7 s on did not wait, one from 3.6 s on did."""
    begins_s, takes_s = leant_s
    script = stays(13.0)
    if begins_s is not None:
        ahead = Posture((0.5, 0.5), (STAND_Y + 0.2, STAND_Y + 0.2))
        script = [*stays(begins_s), move(BOTH_FEET, ahead, takes_s), hold(ahead, 13.0)]
    played = play(script, 13.0)
    person = Person(played.foot_length_mm, height_mm=HEIGHT_MM)
    run, _, _ = drive(played, protocol("limits-of-stability"), [(1.0, "start")], person)
    (trial,) = run.trials
    assert [flag["code"] for flag in trial.validity["flags"]] == codes
    assert np.isfinite(trial.measures["reaction_time_s"]) == (codes == [])


def hurried(key):
    """A protocol with trials of 4 s after half a second."""
    whole = protocol(key)
    conditions = tuple(replace(c, seconds=4.0) for c in whole.conditions)
    return replace(whole, conditions=conditions, settle_s=0.5)


def test_a_discarded_trial_is_repeated(play, drive):
    keys = [(1.0, "start"), (6.5, "discard"), (7.0, "start"), (12.5, "start")]
    run, _, _ = drive(play(stays(18.0), 18.0), hurried("romberg"), keys)
    assert [t.discarded for t in run.trials] == [True, False, False]
    assert [t.condition for t in run.trials] == ["eyes-open", "eyes-open", "eyes-closed"]
    content = summary(run)
    assert [c["trials"] for c in content["conditions"]] == [1, 1]
    assert len(content["trials"]) == 3


def test_nothing_starts_while_a_foot_is_up_or_nobody_stands_by(play, drive):
    """The person stands on one leg until 8 s: the clock starts 5 s after the foot is down."""
    leg = on_one_leg(WORKING)
    script = [*stays(1.0), lift(BOTH_FEET, leg, 0.5), hold(leg, 6.0)]
    script += [set_down(leg, BOTH_FEET, 0.5), *stays(40.0)]
    played = play(script, seconds_of(script))
    run, cues, _ = drive(played, protocol("romberg"), [(3.0, "start")])
    down_s = true_crossing(played, 0, 7.0, falling=False)
    assert run.trials[0].start_s == pytest.approx(down_s + 5.0, abs=TIME_ERROR_S)
    assert any(cue.kind == "caution" for cue in cues)
    # eyes closed now waits: start without a spotter does nothing
    waiting = begin(protocol("single-leg"), Person(265.0))[0]
    assert waiting.phase == "spotter"
    assert press(waiting, "start")[0] == waiting


def test_lost_frames_are_no_step(play, drive):
    """A gap of 0.4 s ends every contact in the data, but nobody saw a foot move."""
    played = play(stays(42.0), 42.0, lost_s=(15.0, 15.4), **LIVE)
    run, _, _ = drive(played, protocol("romberg"), [(1.0, "start")])
    (trial,) = run.trials
    assert (trial.outcome, trial.time_s) == ("time", pytest.approx(30.0))
    codes = [flag["code"] for flag in trial.validity["flags"]]
    assert codes == ["missing_samples", "long_gap", "lost_frames"]
    assert trial.details["preprocessing"]["missing_samples"] == pytest.approx(40, abs=1)


def test_a_long_gap_leaves_a_trial_without_measures(play, drive):
    played = play(stays(9.0), 9.0, lost_s=(3.0, 4.5), **LIVE)
    run, _, _ = drive(played, hurried("romberg"), [(1.0, "start")])
    (trial,) = run.trials
    assert trial.outcome == "time"
    assert trial.measures == {}
    assert "missing" in trial.refusal
    assert trial.validity["valid"] is False
    assert summary(run)["conditions"][0]["measures"] == {}


def test_an_order_at_random_is_the_same_for_the_same_seed(play, drive):
    keys = [(1.0, "start")]
    orders = {seed: begin(protocol("mctsib"), Person(265.0), seed)[0].order for seed in range(20)}
    assert orders == {
        seed: begin(protocol("mctsib"), Person(265.0), seed)[0].order for seed in range(20)
    }
    assert len(set(orders.values())) > 5
    run, _, _ = drive(play(stays(4.0), 4.0), protocol("mctsib"), keys, seed=3)
    content = summary(run)
    assert content["order_seed"] == 3
    assert content["complete"] is False
    assert content["order"] == [run.protocol.conditions[i].key for i in orders[3]]


def test_quitting_keeps_what_was_done(play, drive):
    keys = [(1.0, "start"), (20.0, "quit")]
    run, _, _ = drive(play(stays(22.0), 22.0), protocol("romberg"), keys)
    assert run.phase == "done"
    assert run.trials == ()
    assert summary(run)["complete"] is False
