# SPDX-License-Identifier: GPL-3.0-or-later
"""A mat, tared and weighed from its bytes, and its real image recorded, analysed and exported."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from rig.acquire.live import LiveSession
from rig.acquire.live_update import LiveUpdate
from rig.acquire.measuring import Measuring, visit_tare, visit_weight
from rig.acquire.messages import SourceSpec
from rig.analysis import analyse_recording
from rig.calibrate.calibration import Calibration
from rig.calibrate.mat_force import cells_of_counts
from rig.export.csv import export_csv
from rig.record import Recording
from rig.simulate.mat_session import simulate_mat_session
from rig.simulate.sensors import NO_FAULTS
from rig.wire.decoder import Decoder
from rig.wire.frames import FrameBlock


def test_a_mat_is_tared_empty_and_weighed_in_quiet_stance() -> None:
    stands = simulate_mat_session("quiet", 3.0, 20_030, "mat16", faults=NO_FAULTS)
    weight_n = stands.participant.body_weight_n
    assert weight_n is not None
    nobody = np.full((400, 256), 245, np.uint16)
    person = stands.participant
    tared = visit_tare(nobody, stands.hello, Calibration(), person)
    assert len(tared.tare_force_n) == 256
    frames = [i for i in Decoder(None).feed(stands.stream) if isinstance(i, FrameBlock)]
    weighing = Measuring(
        "weigh",
        2.0,
        frames[0].segment.hello,
        lambda counts: visit_weight(counts, stands.hello, tared, person, weight_n),
    )
    weighing.take(stands.stream)
    assert weighing.is_complete
    weighed = weighing.result()
    cells_n = cells_of_counts(stands.counts[400:].astype(np.uint16), stands.hello, weighed)
    total_n = cells_n.sum(axis=(1, 2)).mean() * weighed.body_weight_gain
    assert abs(total_n / weight_n - 1.0) < 0.03


def test_the_real_image_is_recorded_analysed_and_exported(runtime: Path, tmp_path: Path) -> None:
    session = LiveSession.start(runtime)
    try:
        session.open_source(SourceSpec(kind="firmware", rig="mat16", seed=3))
        found = _until(session, lambda u: u.link.frames > 0)
        tare_n = tuple(0.001 * cell for cell in range(256))
        tared = replace(found.settings.calibration, tare_force_n=tare_n)
        session.change_calibration(tared)
        _until(session, lambda u: u.settings.calibration == tared)
        session.start_recording(tmp_path / "r")
        _until(session, lambda u: u.recording.bytes_written > 50_000)
        session.stop_recording()
        _until(session, lambda u: not u.recording.recording)
    finally:
        session.shutdown()
        session.close()
    recording = Recording.open(tmp_path / "r")
    assert recording.info.calibration.tare_force_n == tare_n
    analysis = analyse_recording(recording)
    assert analysis.mat_frames == analysis.frames > 100
    assert export_csv(recording, tmp_path / "r.csv") == analysis.frames
    lines = (tmp_path / "r.csv").read_text(encoding="utf-8").splitlines()
    table = [line.split(",") for line in lines if not line.startswith("#")]
    last = dict(zip(table[0], table[-1], strict=True))
    weight_n = recording.info.participant.body_weight_n
    assert weight_n is not None
    both_n = float(last["L_F_N"]) + float(last["R_F_N"])
    # the closed form of the film's gain knows nothing of its faults
    assert abs(both_n / weight_n - 1.0) < 0.25
    assert 0.0 < float(last["X_sd_mm"]) < 20.0
    assert 0.0 < float(last["F_sd_N"]) < 0.2 * weight_n


def _until(session: LiveSession, done: Callable[[LiveUpdate], bool]) -> LiveUpdate:
    for _ in range(600):
        update = session.poll(wait_s=0.1)
        assert update.link.state != "refused", update.link.sentence
        assert not update.refusals, update.refusals
        if done(update):
            return update
    raise AssertionError(f"it did not come: {update.link.sentence}")
