# SPDX-License-Identifier: GPL-3.0-or-later
"""The bytes of a whole simulated session, and when each packet has crossed the wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.layout.foot import Float64
from rig.simulate.board import Int64, hello_bytes, packet_ends, scan_bytes, status_bytes
from rig.wire.packets import Hello, HelloReason


@dataclass(frozen=True, slots=True, eq=False)
class SessionStream:
    """HELLO, then SCANs with a STATUS once a second, as after START.

    Attributes
    ----------
    end_offsets : (packets,) int64
        Offset just after each packet.
    sent_s : (packets,) float64
        True seconds since the first scan at which each packet has crossed the wire; negative for the
        hello.
    """

    stream: bytes
    end_offsets: Int64
    sent_s: Float64


def session_stream(
    hello: Hello,
    scan_us: Int64,
    counts: Int64,
    arrives: npt.NDArray[np.bool_],
    scan_span_us: float,
    true_s: Callable[[Float64], Float64],
) -> SessionStream:
    """Pack a session.

    Parameters
    ----------
    scan_us, counts, arrives
        Board time of each scan (n,), its samples (n, sensels), and whether the link brings it (n,).
    scan_span_us : float
        How long a scan takes before it can be sent.
    true_s
        From the board's clock to true seconds since the first scan.
    """
    done_us = scan_us + scan_span_us
    hello_us = int(scan_us[0]) - 100_000
    parts, ready_us = [hello_bytes(hello, HelloReason.BOOT, hello_us)], [np.array([hello_us])]
    first, sent, status_us = 0, 0, (int(scan_us[0]) // 1_000_000 + 1) * 1_000_000
    while first < len(scan_us):
        end = int(np.searchsorted(done_us, status_us, side="right"))
        kept = first + np.flatnonzero(arrives[first:end])
        flags = np.zeros(len(kept), np.int64)
        parts.append(scan_bytes(hello, kept, scan_us[kept], flags, counts[kept]))
        ready_us.append(done_us[kept])
        sent += end - first
        if end < len(scan_us):
            parts.append(status_bytes(status_us, sent, 0))
            ready_us.append(np.array([status_us]))
        first, status_us = end, status_us + 1_000_000
    stream = b"".join(parts)
    ends = packet_ends(stream)
    sizes = np.diff(ends, prepend=0)
    sent_s = _crossed_s(true_s(np.concatenate(ready_us)), sizes * 10 / hello.baud)
    return SessionStream(stream, ends, sent_s)


def _crossed_s(ready_s: Float64, line_s: Float64) -> Float64:
    """When each packet is through, where one can only follow the other on the line."""
    queued_s = np.cumsum(line_s)
    return np.maximum.accumulate(ready_s - (queued_s - line_s)) + queued_s
