# SPDX-License-Identifier: GPL-3.0-or-later
"""What a simulated person does in a balance test: one motion throughout, chosen by its conditions."""

from __future__ import annotations

from collections import Counter

from rig.balance.protocol import Condition, Protocol
from rig.settings import Side
from rig.simulate.catalogue import MOTIONS


def rehearsed_motion(protocol: Protocol, side: Side) -> tuple[str, Side]:
    """The simulated motion that fits most of a test's conditions, and its working side.

    A simulated person cannot change what it does when a condition ends, and hears no cue. Of motions
    that fit equally many conditions the first is taken.
    """
    if protocol.measure == "limits":
        return "leaning", "right"
    if protocol.measure == "shift":
        return "shifting", side
    counted = Counter(_stance(condition) for condition in protocol.conditions)
    (stance, _), *_ = counted.most_common()
    if stance != "one-leg":
        return stance, side
    legs: list[Side] = [c.feet for c in protocol.conditions if c.feet != "both"]
    return "leg-by-leg" if len(set(legs)) > 1 else "single-leg", legs[0]


def _stance(condition: Condition) -> str:
    if condition.feet != "both":
        return "one-leg"
    if condition.surface == "foam":
        return "foam"
    return "eyes-closed" if condition.eyes == "closed" else "quiet"


def rehearsal_said(protocol: Protocol, motion: str) -> str:
    """What must be known of a rehearsal's values."""
    said = f"Rehearsal: the simulated person hears no cue and {MOTIONS[motion]}."
    if motion not in ("quiet", "eyes-closed", "foam"):
        return said
    others = [c.key for c in protocol.conditions if _stance(c) != motion]
    if others:
        said += f" {', '.join(others)}: the same, so these values mean nothing."
    return said
