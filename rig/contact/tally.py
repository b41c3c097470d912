# SPDX-License-Identifier: GPL-3.0-or-later
"""What a stretch of frames under one foot amounts to, and how two stretches join."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from rig.contact.results import HeelTouch
from rig.contact.rules import KISS_IMPULSE_BELOW, KISS_SHARE_BELOW
from rig.contact.signals import FootSignals

NEVER = math.inf


class Tally(NamedTuple):
    """Maxima and first times; joining them is exact, so results do not depend on the cut.

    `touch_s` is when the first heel touch began, `touch_known_s` when its 30 ms were over,
    `heavy_known_s` when the heel first bore a quarter of the foot's load; infinite where it never
    happened.
    """

    peak_force_n: float = 0.0
    heel_share_max: float = -math.inf
    touch_s: float = NEVER
    touch_known_s: float = NEVER
    heavy_known_s: float = NEVER
    frames: int = 0
    saturated_frames: int = 0


def tally(signals: FootSignals, start: int, stop: int, since_s: float = -math.inf) -> Tally:
    """Sum up frames start to stop (half open) of a block.

    A heel that was down before `since_s` touches from there on: what came before belongs to another
    support or hold.
    """
    if stop <= start:
        return Tally()
    share = signals.heel_share[start:stop]
    share_max = float(np.maximum.reduce(share))
    touch_s = touch_known_s = heavy_known_s = NEVER
    touching = signals.touch_long[start:stop]
    first = int(touching.argmax())
    if touching[first] and signals.touch_start_s[start + first] < since_s:
        touching = touching & (signals.t_s[start:stop] - since_s >= signals.touch_least_s)
        first = int(touching.argmax())
    if touching[first]:
        touch_s = max(float(signals.touch_start_s[start + first]), since_s)
        touch_known_s = float(signals.t_s[start + first])
    if share_max >= KISS_SHARE_BELOW:
        heavy_known_s = float(signals.t_s[start + int((share >= KISS_SHARE_BELOW).argmax())])
    return Tally(
        peak_force_n=float(np.maximum.reduce(signals.force_n[start:stop])),
        heel_share_max=share_max,
        touch_s=touch_s,
        touch_known_s=touch_known_s,
        heavy_known_s=heavy_known_s,
        frames=stop - start,
        saturated_frames=int(np.count_nonzero(signals.saturated[start:stop])),
    )


def joined(first: Tally, second: Tally) -> Tally:
    """Two stretches as one."""
    return Tally(
        max(first.peak_force_n, second.peak_force_n),
        max(first.heel_share_max, second.heel_share_max),
        min(first.touch_s, second.touch_s),
        min(first.touch_known_s, second.touch_known_s),
        min(first.heavy_known_s, second.heavy_known_s),
        first.frames + second.frames,
        first.saturated_frames + second.saturated_frames,
    )


def grade_so_far(summed: Tally) -> HeelTouch:
    """Grade while the contact lasts: its impulse is not known yet, so the heel's share decides."""
    if summed.touch_known_s == NEVER:
        return "none"
    return "load" if summed.heavy_known_s < NEVER else "kiss"


def grade(summed: Tally, heel_impulse_share: float) -> HeelTouch:
    """Grade of a whole contact (kiss: h below 0.25 and under a tenth of the impulse)."""
    so_far = grade_so_far(summed)
    if so_far == "kiss" and heel_impulse_share >= KISS_IMPULSE_BELOW:
        return "load"
    return so_far
