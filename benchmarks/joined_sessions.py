# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated sessions one after the other, as one recording of one board."""

from collections.abc import Sequence

import numpy as np

from rig.batch import WholeStream
from rig.pipeline import PipelineSettings
from rig.simulate.person import SimulatedSession
from rig.simulate.session_stream import session_stream


def joined_sessions(
    parts: Sequence[SimulatedSession], rate_hz: int, settings: PipelineSettings
) -> WholeStream:
    """Of one person at one rate; the first one's hello and clock hold throughout."""
    first = parts[0]
    counts = np.concatenate([part.counts for part in parts])
    scan_us = first.scan_us[0] + 1_000_000 // rate_hz * np.arange(len(counts), dtype=np.int64)
    came = np.ones(len(counts), bool)
    sent = session_stream(first.hello, scan_us, counts, came, 0.0, lambda us: us * 1e-6)
    return WholeStream(sent.stream, np.array([[len(sent.stream), 10**9]], np.int64), settings)
