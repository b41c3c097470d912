# SPDX-License-Identifier: GPL-3.0-or-later
"""Broken sensors among feet that come and go; and healthy feet, in which nothing may be found."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import FrameFlag
from rig.calibrate.force_stage import ForceState, force_stage, tell_self_test, watch_drift
from rig.calibrate.health_results import HealthKind
from rig.contact.rules import contact_rules
from rig.layout.insole import SENSOR_NAMES
from rig.settings import DrillSettings, Participant
from rig.simulate.motions import drill_setting
from rig.simulate.person import simulate_session
from rig.wire.packets import Command, Reply, Result

RATE = 200
SECONDS = 24.0
LIGHT = ("AM", "LP", "LD", "T5")
CONTACT_S, PERIOD_S = 0.6, 1.2
T = np.arange(round(RATE * SECONDS)) / RATE


def index(name, foot=0):
    return 16 * foot + SENSOR_NAMES.index(name)


def walking_counts(seed=0):
    """Feet in turn; 300 to 620 counts on each pad at most, arch and little toe nearly nothing."""
    rng = np.random.default_rng(seed)
    most = rng.permutation(np.linspace(300.0, 620.0, 32))
    most[[index(n, f) for n in LIGHT for f in (0, 1)]] = 4.0
    counts = np.zeros((len(T), 32))
    for foot in (0, 1):
        phase = (T + 0.5 * PERIOD_S * foot) % PERIOD_S
        shape = np.where(phase < CONTACT_S, np.sin(np.pi * phase / CONTACT_S), 0.0)
        skew = 0.5 + 0.5 * rng.random(16)
        counts[:, 16 * foot : 16 * foot + 16] = shape[:, None] ** skew * most[16 * foot :][:16]
    return counts + rng.normal(0.0, 0.7, counts.shape)


@pytest.fixture(scope="module")
def forces(make_block):
    def run(counts, cuts=(), state=None):
        state = ForceState(Calibration(), body_weight_known=True) if state is None else state
        whole = np.clip(np.rint(counts), 0, 1023)
        number, blocks = np.arange(len(whole)), []
        for start, stop in pairwise((0, *cuts, len(whole))):
            block = make_block(
                whole[start:stop],
                numbers=number[start:stop],
                scan_rate_hz=RATE,
                adc_full_scale=1024,
            )
            state, force = force_stage(state, block, number[start:stop] / RATE)
            blocks.append(force)
        return blocks

    return run


def found(blocks, *, of=None):
    every = [f for block in blocks for f in block.findings]
    return [f for f in every if of is None or f.sensel == of]


def test_healthy_feet_have_no_findings(forces):
    for seed in range(4):
        assert found(forces(walking_counts(seed))) == []


@pytest.mark.parametrize(
    "drill",
    [
        "stance",
        "pony",
        "tapping",
        "hopping",
        "lunge",
        "switch",
        "walking",
        "running",
        "sitting",
        "foam",
    ],
)
def test_nothing_is_found_in_a_simulated_person(drill, make_block):
    session = simulate_session(drill, 24.0, 10_103, rate_hz=100)
    assert findings_of(session, session.counts, drill, make_block) == ()


def findings_of(session, counts, motion, make_block):
    drill = DrillSettings(drill_setting(motion), "right")
    rules = contact_rules(Participant(body_weight_n=686.0), session.calibration, drill)
    block = make_block(counts, scan_rate_hz=100, adc_full_scale=1024)
    state = ForceState(session.calibration, body_weight_known=True)
    state = watch_drift(state, follows=not rules.toes_stay_down)
    return force_stage(state, block, block.frame_number / 100)[1].findings


def test_a_sensor_stuck_in_the_middle_is_found_though_toes_stay_down(make_block):
    """In pony no foot is ever empty; the seed is not one that thresholds were tuned on."""
    session = simulate_session("pony", 16.0, 10_104, rate_hz=100)
    for sensel in (index("HB"), index("MT2", 1), index("LD")):
        counts = np.array(session.counts)
        counts[:, sensel] = 250
        (finding,) = findings_of(session, counts, "pony", make_block)
        assert (finding.sensel, finding.kind) == (sensel, HealthKind.STUCK)


@pytest.mark.parametrize("name", ["HB", "HF", "MT1", "MT3", "MT4", "HX", "T2"])
def test_a_dead_sensor_is_found_and_masked(forces, name):
    counts = walking_counts()
    counts[:, index(name)] = 0.0
    (block,) = forces(counts)
    (finding,) = found([block])
    assert (finding.sensel, finding.kind) == (index(name), HealthKind.DEAD)
    after = finding.t_s <= T
    assert np.isnan(block.pad_force_n[after, 0, index(name)]).all()
    assert not np.isnan(block.pad_force_n[~after]).any()
    assert (((block.flags & FrameFlag.SENSOR_MASKED) != 0) == after).all()


def test_a_dead_sensor_that_answers_again_is_believed_again(forces):
    counts = walking_counts()
    alive = counts[:, index("HB")].copy()
    counts[:, index("HB")] = np.where(T < 12.0, 0.0, alive)
    (block,) = forces(counts)
    assert [f.kind for f in found([block])] == [HealthKind.DEAD, HealthKind.ANSWERS]
    assert not np.isnan(block.pad_force_n[-1]).any()


@pytest.mark.parametrize("names", [LIGHT, ("HX", "T2", "T34", "T5"), ("HB", "HM", "HL", "HF")])
def test_pads_that_bear_nothing_are_not_dead(forces, names):
    """The arch, lifted toes, a heel that never touches down."""
    counts = walking_counts()
    counts[:, [index(n) for n in names]] = 0.0
    assert found(forces(counts)) == []


def test_a_shorted_sensor_is_found(forces):
    counts = walking_counts()
    counts[T >= 8.0, index("MT2", 1)] = 956.0
    (finding,) = found(forces(counts))
    assert (finding.sensel, finding.kind) == (index("MT2", 1), HealthKind.SHORTED)
    assert 9.0 <= finding.t_s <= 12.0


def test_a_stuck_sensor_is_found(forces):
    counts = walking_counts()
    counts[:, index("LP")] = 300.0 + np.random.default_rng(1).integers(0, 3, len(T))
    (finding,) = found(forces(counts))
    assert (finding.sensel, finding.kind) == (index("LP"), HealthKind.STUCK)


def test_a_loose_contact_is_found(forces):
    counts = walking_counts()
    counts[:, index("HM")] += np.random.default_rng(1).normal(0.0, 25.0, len(T))
    (finding,) = found(forces(counts))
    assert (finding.sensel, finding.kind) == (index("HM"), HealthKind.NOISY)


def test_two_lines_that_touch_are_found(forces):
    counts = walking_counts()
    counts[:, index("MT4")] = counts[:, index("MT3")]
    pair = found(forces(counts))
    assert {f.kind for f in pair} == {HealthKind.BRIDGED}
    assert {(f.sensel, f.value) for f in pair} == {
        (index("MT3"), index("MT4")),
        (index("MT4"), index("MT3")),
    }


def test_saturation_is_told_once_and_masks_nothing(forces):
    counts = walking_counts()
    counts[:, index("HB")] *= 3.0
    (block,) = forces(np.minimum(counts, 950.0))
    (finding,) = found([block])
    assert (finding.sensel, finding.kind) == (index("HB"), HealthKind.SATURATED)
    assert block.masks == ()


def test_drift_is_told_and_taken_off_after_a_lift_of_two_seconds(forces):
    """60 counts more on every pad of the left foot from 4 s on; it is lifted from 14 s to 18 s."""
    counts = walking_counts()
    lifted = (T >= 14.0) & (T < 18.0)
    counts[lifted, :16] = 0.0
    counts[T >= 4.0, :16] += 60.0
    (block,) = forces(counts)
    drifted, rezeroed = found([block])
    assert (drifted.kind, drifted.foot, drifted.sensel) == (HealthKind.DRIFTED, 0, None)
    assert drifted.t_s < 14.0
    assert rezeroed.kind is HealthKind.REZEROED
    assert rezeroed.t_s >= 18.0
    flight = (T % PERIOD_S > CONTACT_S + 0.1) & (T > 4.0)
    before, after = flight & (T < 14.0), flight & (rezeroed.t_s <= T)
    assert block.pad_force_n[before, 0].sum(axis=1).mean() > 5.0
    assert block.pad_force_n[after, 0].sum(axis=1).mean() < 0.5


def test_the_boards_self_test_masks_at_once(forces):
    """Two bits a sensel: 0 silent, 1 answered, 2 shorted, 3 grounded; sample 5 shorted, 9 grounded."""
    states = [1] * 32
    states[5], states[9], states[11] = 2, 3, 0
    data = bytes(
        sum(state << (2 * place) for place, state in enumerate(states[first : first + 4]))
        for first in range(0, 32, 4)
    )
    reply = Reply(Command.SELF_TEST, 1, Result.DONE, 0, data)
    state = tell_self_test(ForceState(Calibration(), body_weight_known=True), reply)
    (block,) = forces(walking_counts()[:10], state=state)
    assert [(f.sensel, f.kind) for f in block.findings] == [
        (5, HealthKind.SHORTED),
        (9, HealthKind.GROUNDED),
    ]
    missing = np.isnan(block.pad_force_n.reshape(10, 32))
    assert missing.all(axis=0).nonzero()[0].tolist() == [5, 9]


@settings(max_examples=20)
@given(cuts=st.lists(st.integers(1, len(T) - 1), max_size=12, unique=True).map(sorted))
def test_cuts_change_nothing(forces, cuts):
    counts = walking_counts(3)
    counts[:, index("HB")] = 0.0
    counts[T > 9.0, index("MT2", 1)] = 956.0
    counts[T > 4.0, :16] += 60.0
    (whole,) = forces(counts)
    blocks = forces(counts, cuts)
    pads = np.concatenate([b.pad_force_n for b in blocks])
    assert pads.tobytes() == whole.pad_force_n.tobytes()
    assert np.concatenate([b.flags for b in blocks])[1:].tolist() == whole.flags[1:].tolist()
    assert repr(found(blocks)) == repr(found([whole]))
    masks = [m for b in blocks for run, m in b.mask_runs() for _ in range(run.stop - run.start)]
    assert masks == [m for run, m in whole.mask_runs() for _ in range(run.stop - run.start)]


def test_frames_are_counted_not_samples(forces):
    """A block without any sample of health's own changes nothing either."""
    counts = walking_counts()[: 3 * RATE]
    (whole,) = forces(counts)
    pieces = forces(counts, range(1, 3 * RATE))
    assert np.concatenate([p.pad_force_n for p in pieces]).tobytes() == whole.pad_force_n.tobytes()
