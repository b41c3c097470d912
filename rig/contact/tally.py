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


def tally(
    signals: FootSignals, start: int, stop: int, since_s: float = -math.inf, *, rare: bool = True
) -> Tally:
    """Sum up frames start to stop (half open) of a block.

    A heel that was down before `since_s` touches from there on: what came before belongs to another
    support or hold. `rare` False says that no frame of the block is saturated or a heel touch.
    """
    if stop <= start:
        return Tally()
    share_max = float(np.maximum.reduce(signals.heel_share[start:stop]))
    peak_n = float(np.maximum.reduce(signals.force_n[start:stop]))
    return _completed(signals, start, stop, (peak_n, share_max), since_s, rare=rare)


def has_rare(signals: FootSignals) -> bool:
    """Whether any frame of a block is saturated or a heel touch."""
    either = np.logical_or.reduce(signals.touch_long) or np.logical_or.reduce(signals.saturated)
    return bool(either)


def _completed(
    signals: FootSignals,
    start: int,
    stop: int,
    most: tuple[float, float],
    since_s: float,
    *,
    rare: bool,
) -> Tally:
    """The tally of at least one frame whose highest force and heel share are known."""
    heavy_s = _heavy_s(signals, start, stop, most[1])
    if not rare:
        return Tally(*most, *_NO_TOUCH, heavy_s, stop - start)
    touch = _touch(signals, start, stop, since_s)
    saturated = int(np.count_nonzero(signals.saturated[start:stop]))
    return Tally(*most, *touch, heavy_s, stop - start, saturated)


class Tallies:
    """Those of every stretch of a block, from one bound to the next; maxima are found all at once.

    Parameters
    ----------
    bounds : list of int
        Rising, the first 0 and the last the number of frames, which is above all others.
    """

    __slots__ = ("_bounds", "_most", "_rare", "_signals")

    def __init__(self, signals: FootSignals, bounds: list[int]) -> None:
        starts = np.array(bounds[:-1])
        self._signals = signals
        self._bounds = bounds
        peaks = np.maximum.reduceat(signals.force_n, starts).tolist()
        shares = np.maximum.reduceat(signals.heel_share, starts).tolist()
        self._most: list[tuple[float, float]] = list(zip(peaks, shares, strict=True))
        self._rare = has_rare(signals)

    def of(self, place: int) -> Tally:
        """That of the stretch between a bound and the next one."""
        start, stop = self._bounds[place], self._bounds[place + 1]
        if stop <= start:
            return Tally()
        most = self._most[place]
        return _completed(self._signals, start, stop, most, -math.inf, rare=self._rare)


_NO_TOUCH = (NEVER, NEVER)


def _touch(signals: FootSignals, start: int, stop: int, since_s: float) -> tuple[float, float]:
    """When the first heel touch began, and when its 30 ms were over."""
    touching = signals.touch_long[start:stop]
    first = int(touching.argmax())
    if touching[first] and signals.touch_start_s[start + first] < since_s:
        touching = touching & (signals.t_s[start:stop] - since_s >= signals.touch_least_s)
        first = int(touching.argmax())
    if not touching[first]:
        return _NO_TOUCH
    began_s = max(signals.touch_start_s.item(start + first), since_s)
    return began_s, signals.t_s.item(start + first)


def _heavy_s(signals: FootSignals, start: int, stop: int, share_max: float) -> float:
    """When the heel first bore a quarter of the foot's load."""
    if share_max < KISS_SHARE_BELOW:
        return NEVER
    heavy = signals.heel_share[start:stop] >= KISS_SHARE_BELOW
    return signals.t_s.item(start + int(heavy.argmax()))


def joined(first: Tally, second: Tally) -> Tally:
    """Two stretches as one."""
    if second.frames == 0:
        return first
    if first.frames == 0:
        return second
    peak_n, share, touch_s, touch_known_s, heavy_s, frames, saturated = first
    peak2_n, share2, touch2_s, touch_known2_s, heavy2_s, frames2, saturated2 = second
    return Tally(
        peak_n if peak_n > peak2_n else peak2_n,
        share if share > share2 else share2,
        touch_s if touch_s < touch2_s else touch2_s,
        touch_known_s if touch_known_s < touch_known2_s else touch_known2_s,
        heavy_s if heavy_s < heavy2_s else heavy2_s,
        frames + frames2,
        saturated + saturated2,
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
