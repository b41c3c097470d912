# SPDX-License-Identifier: GPL-3.0-or-later
"""What analysing a recording costs beside decoding it, and how long an hour at 1 kHz takes.

The peer is the decoder alone on the same bytes in the same pieces: less than that, nothing that reads
them can cost.
"""

import numpy as np

from benchmarks.joined_sessions import joined_sessions
from benchmarks.row import Row, best_seconds
from rig.analysis import analyse
from rig.batch import PIECE_BYTES, WholeStream
from rig.pipeline import PipelineSettings
from rig.settings import DrillName, DrillSettings
from rig.simulate.person import simulate_session
from rig.wire.decoder import Decoder

SECONDS = 120.0
HOUR_S = 3600.0
DRILLS: tuple[DrillName, ...] = ("pony", "switch", "hopping", "stance")
"""The two dearest, a busy one, and the one with fewest contacts."""
SET_S, REST_S = 10.0, 60.0
"""A set of twelve and what lies around it, as the programme asks for them."""


def _practised(drill: DrillName) -> WholeStream:
    """Two sets, each with a minute of rest on both feet after it."""
    done, rest = simulate_session(drill, SET_S, 1), simulate_session("quiet", REST_S, 1)
    settings = PipelineSettings(done.participant, done.calibration, DrillSettings(drill, done.side))
    return joined_sessions([done, rest] * 2, done.rate_hz, settings)


def _simulated(drill: DrillName) -> WholeStream:
    session = simulate_session(drill, SECONDS, 1)
    return WholeStream(
        session.stream,
        np.array([[len(session.stream), 10**9]], np.int64),
        PipelineSettings(
            session.participant, session.calibration, DrillSettings(drill, session.side)
        ),
    )


def _decode(stream: WholeStream) -> None:
    decoder = Decoder(stream.hello)
    for start in range(0, len(stream.wire), PIECE_BYTES):
        decoder.feed(stream.wire[start : start + PIECE_BYTES])


def _rows(what: str, stream: WholeStream, seconds: float) -> list[Row]:
    decoding_s = best_seconds(lambda: _decode(stream))
    analysis_s = best_seconds(lambda: analyse(stream))
    measured = f"{analysis_s * HOUR_S / seconds:.1f} s"
    return [
        Row(what, measured, seconds / analysis_s, "real time"),
        Row(what, measured, analysis_s / decoding_s, "the time of decoding alone"),
    ]


def rows() -> list[Row]:
    """Analysis of dear and of cheap drills: without a pause, which nobody could do, and as practised."""
    found: list[Row] = []
    for drill in DRILLS:
        found += _rows(f"analyse an hour of {drill} without a pause", _simulated(drill), SECONDS)
    for drill in DRILLS[:-1]:
        what = f"analyse an hour of sets and rests of {drill}"
        found += _rows(what, _practised(drill), 2.0 * (SET_S + REST_S))
    return found
