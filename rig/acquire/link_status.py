# SPDX-License-Identifier: GPL-3.0-or-later
"""Small questions about a link's state."""

from __future__ import annotations

from dataclasses import replace

from rig.acquire.messages import LinkStatus


def closed_status() -> LinkStatus:
    """No source is open."""
    return LinkStatus(
        state="closed",
        sentence="Nothing is connected.",
        source_kind="",
        source_name="",
        simulated=False,
        hello=None,
        frames=0,
        lost_frames=0,
        damaged_packets=0,
        rate_hz=0.0,
        board_frames_sent=None,
        board_frames_dropped=None,
        supply_mv=None,
    )


def same_but_counts(a: LinkStatus, b: LinkStatus) -> bool:
    """Whether two states differ in nothing but what always changes."""

    def still(s: LinkStatus) -> LinkStatus:
        return replace(
            s, frames=0, lost_frames=0, rate_hz=0.0, board_frames_sent=None, supply_mv=None
        )

    return still(a) == still(b)
