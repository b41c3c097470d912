# SPDX-License-Identifier: GPL-3.0-or-later
"""What a broken sensor costs, against the same session with the sensor whole."""

import json

import numpy as np
import pytest

from rig.analysis import analyse, analysis_json
from rig.batch import WholeStream, outputs
from rig.layout import Foot
from rig.layout.insole import SENSOR_NAMES
from rig.pipeline import PipelineSettings
from rig.settings import DrillSettings
from rig.simulate.person import simulate_session
from rig.simulate.session_stream import session_stream

DEAD = 16 + SENSOR_NAMES.index("MT2")
DEAD_FROM_S = 6.0


def _stream(session, counts):
    sent = session_stream(
        session.hello,
        session.scan_us,
        counts,
        np.ones(len(counts), bool),
        900.0,
        lambda us: (us - session.scan_us[0]) * 1e-6,
    )
    settings = PipelineSettings(
        session.participant, session.calibration, DrillSettings("hopping", "right")
    )
    return WholeStream(sent.stream, np.array([[len(sent.stream), 10**9]], np.int64), settings)


def _cop_mm(stream):
    blocks = [block for output, _ in outputs(stream) for block in output.blocks]
    return np.concatenate([block.loads.foot_cop_mm[:, Foot.RIGHT] for block in blocks])


@pytest.fixture(scope="module")
def whole_and_broken():
    session = simulate_session("hopping", 14.0, 4)
    counts = session.counts.copy()
    counts[round(DEAD_FROM_S * 1000) :, DEAD] = 0
    return _stream(session, session.counts), _stream(session, counts)


def test_the_cost_in_mm_covers_what_the_cop_really_moved(whole_and_broken):
    whole, broken = whole_and_broken
    content = json.loads(json.dumps(analysis_json(analyse(broken)), allow_nan=False))
    (entry,) = content["sensor_findings"]
    assert (entry["sensor"], entry["finding"]) == ("R_MT2", "dead")
    assert entry["t_s"] > DEAD_FROM_S
    cost_mm = entry["cop_may_be_off_mm"]
    assert entry["said"].endswith(f"the centre of pressure may be {cost_mm:.0f} mm off.")
    moved_mm = np.hypot(*(_cop_mm(broken) - _cop_mm(whole)).T)
    moved_mm = moved_mm[round(1000 * entry["t_s"]) :]
    moved_mm = moved_mm[np.isfinite(moved_mm)]
    assert len(moved_mm) > 1000
    # of a 95 % bound: it holds nearly always, and is no empty promise
    assert np.mean(moved_mm < cost_mm) > 0.9
    assert cost_mm < 20.0 * np.mean(moved_mm)


def test_sound_sensors_cost_nothing(whole_and_broken):
    analysis = analyse(whole_and_broken[0])
    assert analysis.findings == analysis.mask_effects == ()
