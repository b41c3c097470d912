# SPDX-License-Identifier: GPL-3.0-or-later
"""Force plates made from truth: their own clock, rate, origin, noise and sync line."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from rig.compare.recording_traces import recording_traces
from rig.record import Recording
from rig.simulate.board import hello_bytes, packet_ends, scan_bytes
from rig.simulate.person import SimulatedSession, simulate_session
from rig.simulate.recorded import write_session
from rig.wire.packets import INPUT_SYNC_OUT, HelloReason

PULSES_S = (2.5, 21.25)
PULSE_S = 0.050
ORIGIN_MM = np.array([123.4, -56.7])


class PlateClock(Protocol):
    """Which moment of the recording each of the plate's samples is."""

    def recording_s(self, plate_s: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True)
class Trial:
    """A recording on disk and the session it came from."""

    folder: Path
    session: SimulatedSession

    def plate(
        self, path: Path, clock: PlateClock, rate_hz: float, sync: bool, seconds: float = 22.0
    ) -> Path:
        """Write what a plate of that clock would have exported."""
        truth, rng = self.session.truth, np.random.default_rng(11)
        plate_s = np.arange(int(seconds * rate_hz)) / rate_hz
        at_s = clock.recording_s(plate_s)
        foot_n = np.column_stack(
            [np.interp(at_s, truth.t_s, truth.loads.foot_force_n[:, foot]) for foot in (0, 1)]
        )
        cop = np.column_stack(
            [np.interp(at_s, truth.t_s, np.nan_to_num(truth.loads.cop_mm[:, a])) for a in (0, 1)]
        )
        total = foot_n.sum(axis=1) + rng.normal(0.0, 1.0, len(at_s))
        cop += ORIGIN_MM + rng.normal(0.0, 0.3, cop.shape)
        high = np.zeros(len(at_s), dtype=bool)
        for start_s in PULSES_S:
            high |= (at_s >= start_s) & (at_s < start_s + PULSE_S)
        volts = 5.0 * high + rng.normal(0.0, 0.05, len(at_s))
        columns = [1000.0 + plate_s, total, *cop.T]
        names = ["Time (s)", "Fz (N)", "COPx (mm)", "COPy (mm)"]
        if sync:
            columns.append(volts)
            names.append("Sync (V)")
        table = np.column_stack(columns)
        np.savetxt(path, table, delimiter=",", header=",".join(names), comments="", fmt="%.5f")
        return path


def _with_pulses(session: SimulatedSession) -> SimulatedSession:
    """The same session from a board that gives a pulse on its sync output at `PULSES_S`."""
    t_s = (session.scan_us - session.scan_us[0]) * 1e-6
    flags = np.zeros(len(t_s), np.int64)
    for start_s in PULSES_S:
        flags[(t_s >= start_s) & (t_s < start_s + PULSE_S)] = int(INPUT_SYNC_OUT)
    hello = hello_bytes(session.hello, HelloReason.BOOT, int(session.scan_us[0]) - 100_000)
    numbers = np.arange(len(t_s))
    stream = hello + scan_bytes(session.hello, numbers, session.scan_us, flags, session.counts)
    ends = packet_ends(stream)
    sent_s = np.concatenate(([-0.1], t_s + 0.001))
    return replace(session, stream=stream, packet_end_offsets=ends, packet_sent_s=sent_s)


@pytest.fixture(scope="session")
def hopping(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """26 s of hopping at 1,000 Hz with two sync pulses."""
    session = _with_pulses(simulate_session("hopping", 26.0, 12))
    folder = tmp_path_factory.mktemp("compare") / "hops"
    write_session(folder, session)
    return Trial(folder, session)


@pytest.fixture(scope="session")
def hopping_traces(hopping: Trial):
    return recording_traces(Recording.open(hopping.folder))
