# SPDX-License-Identifier: GPL-3.0-or-later
"""What analysing a recording costs beside decoding it, and how long an hour at 1 kHz takes.

The peer is the decoder alone on the same bytes in the same pieces: less than that, nothing that reads
them can cost.
"""

import numpy as np

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


def _rows(drill: DrillName) -> list[Row]:
    stream = _simulated(drill)
    decoding_s = best_seconds(lambda: _decode(stream))
    analysis_s = best_seconds(lambda: analyse(stream))
    what = f"analyse an hour of {drill} at 1 kHz"
    measured = f"{analysis_s * HOUR_S / SECONDS:.1f} s"
    return [
        Row(what, measured, SECONDS / analysis_s, "real time"),
        Row(what, measured, analysis_s / decoding_s, "the time of decoding alone"),
    ]


def rows() -> list[Row]:
    """Analysis of dear and of cheap drills."""
    return [row for drill in DRILLS for row in _rows(drill)]
