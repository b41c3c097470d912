# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything about one foot, frame by frame, that a stretch of contact is summed up from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rig.calibrate.force_block import Float64, FrameFlag, Int64, UInt32
from rig.contact.results import LoadBlock
from rig.contact.rules import HEEL_TOUCH_OF_FOOT, HEEL_TOUCH_S, ContactRules
from rig.layout import Foot, Region

Mask = np.ndarray


class FootSignals(NamedTuple):
    """n frames of one foot.

    Attributes
    ----------
    heel_share : (n,)
        Heel force over foot force; minus infinity where the foot bears too little for it to mean
        anything, so that maxima pass it over.
    touch_long : (n,) bool
        The heel has been touching for 30 ms at this frame.
    touch_start_s : (n,)
        When the newest run of heel touch began.
    touch_least_s : float
        What 30 ms are at this rate: the frames last a period each, with a quarter left for jitter.
    impulse_n_s, heel_impulse_n_s : (n,)
        Running integrals since the stream began; differences are the impulses.
    lost, lost_before : (n,) int64
        Running count of lost frames, and those lost just before each frame.
    """

    t_s: Float64
    force_n: Float64
    heel_share: Float64
    touch_long: Mask
    touch_start_s: Float64
    touch_least_s: float
    impulse_n_s: Float64
    heel_impulse_n_s: Float64
    lost: Int64
    lost_before: Int64
    saturated: Mask


class SignalCarry(NamedTuple):
    """Last frame of the block before; `t_s` None before the first frame of a run."""

    t_s: float | None = None
    force_n: float = 0.0
    heel_n: float = 0.0
    impulse_n_s: float = 0.0
    heel_impulse_n_s: float = 0.0
    lost: int = 0
    touch_start_s: float | None = None
    touch_long: bool = False


Carries = tuple[SignalCarry, SignalCarry]
FeetSignals = tuple[FootSignals, FootSignals]


class _Steps(NamedTuple):
    """What both feet have in common: half of each frame's step in time, and frames lost until it."""

    half_s: Float64
    lost: Int64


def feet_signals(
    carries: Carries, loads: LoadBlock, rules: ContactRules, frame_s: float
) -> tuple[Carries, FeetSignals]:
    """Signals of both feet over a block of at least one frame, and what the next block needs."""
    t_s = loads.force.t_s
    before_s = carries[0].t_s
    half_s = np.empty(len(t_s))
    half_s[0] = 0.0 if before_s is None else 0.5 * (float(t_s[0]) - before_s)
    np.subtract(t_s[1:], t_s[:-1], out=half_s[1:])
    half_s[1:] *= 0.5
    steps = _Steps(half_s, carries[0].lost + np.cumsum(loads.force.lost_before))
    left, right = (
        _foot_signals(carries[foot], loads, foot, rules, frame_s, steps) for foot in Foot
    )
    return (left[0], right[0]), (left[1], right[1])


def _foot_signals(
    carry: SignalCarry,
    loads: LoadBlock,
    foot: Foot,
    rules: ContactRules,
    frame_s: float,
    steps: _Steps,
) -> tuple[SignalCarry, FootSignals]:
    t_s = loads.force.t_s
    force_n = np.ascontiguousarray(loads.foot_force_n[:, foot])
    heel_n = np.ascontiguousarray(loads.region_force_n[:, foot, Region.HEEL])
    share = np.full(len(t_s), -np.inf)
    bears = force_n >= rules.cop_least_n
    if bears.any():
        np.divide(heel_n, force_n, out=share, where=bears)
    touching = heel_n >= rules.heel_touch_n
    if touching.any():
        touching &= share >= HEEL_TOUCH_OF_FOOT
    least_s = HEEL_TOUCH_S - 1.25 * frame_s
    start_s, long_enough = _touch_runs(carry, t_s, touching, least_s)
    if carry.t_s is None:
        force_before_n, heel_before_n = float(force_n[0]), float(heel_n[0])
    else:
        force_before_n, heel_before_n = carry.force_n, carry.heel_n
    signals = FootSignals(
        t_s=t_s,
        force_n=force_n,
        heel_share=share,
        touch_long=long_enough,
        touch_start_s=start_s,
        touch_least_s=least_s,
        impulse_n_s=_integral(carry.impulse_n_s, force_before_n, force_n, steps.half_s),
        heel_impulse_n_s=_integral(carry.heel_impulse_n_s, heel_before_n, heel_n, steps.half_s),
        lost=steps.lost,
        lost_before=loads.force.lost_before,
        saturated=_saturated(loads.force.flags, foot),
    )
    return SignalCarry(
        t_s=float(t_s[-1]),
        force_n=float(force_n[-1]),
        heel_n=float(heel_n[-1]),
        impulse_n_s=float(signals.impulse_n_s[-1]),
        heel_impulse_n_s=float(signals.heel_impulse_n_s[-1]),
        lost=int(signals.lost[-1]),
        touch_start_s=float(start_s[-1]) if touching[-1] else None,
        touch_long=bool(long_enough[-1]),
    ), signals


def _saturated(flags: UInt32, foot: Foot) -> Mask:
    """Frames in which a pad of this foot was, or where the flags do not say of which foot."""
    if not int(np.bitwise_or.reduce(flags)) & FrameFlag.SATURATED:
        return np.zeros(len(flags), np.bool_)
    of_foot = FrameFlag.SATURATED_LEFT if foot == Foot.LEFT else FrameFlag.SATURATED_RIGHT
    either = FrameFlag.SATURATED_LEFT | FrameFlag.SATURATED_RIGHT
    unsaid = (flags & (FrameFlag.SATURATED | either)) == FrameFlag.SATURATED
    return ((flags & of_foot) != 0) | unsaid


def _touch_runs(
    carry: SignalCarry, t_s: Float64, touching: Mask, least_s: float
) -> tuple[Float64, Mask]:
    """Start of each frame's run of touching, and whether it has lasted long enough."""
    if not touching.any():
        return np.full(len(t_s), -np.inf), touching
    begins = np.flatnonzero(touching[1:] & ~touching[:-1]) + 1
    before_s = -np.inf
    if touching[0]:
        before_s = t_s.item(0) if carry.touch_start_s is None else carry.touch_start_s
    bounds = np.concatenate(([0], begins, [len(t_s)]))
    start_s = np.repeat(np.concatenate(([before_s], t_s[begins])), bounds[1:] - bounds[:-1])
    return start_s, touching & (t_s - start_s >= least_s)


def _integral(before: float, value_before: float, value: Float64, half_s: Float64) -> Float64:
    """Running trapezoid integral; strictly sequential, so equal however the stream is cut."""
    pieces = np.empty(len(value) + 1)
    pieces[0], pieces[1] = before, value_before + value[0]
    np.add(value[1:], value[:-1], out=pieces[2:])
    pieces[1:] *= half_s
    return np.cumsum(pieces, out=pieces)[1:]


def joined_signals(first: FootSignals, second: FootSignals) -> FootSignals:
    """Two stretches, one after the other."""
    return FootSignals(
        t_s=np.concatenate((first.t_s, second.t_s)),
        force_n=np.concatenate((first.force_n, second.force_n)),
        heel_share=np.concatenate((first.heel_share, second.heel_share)),
        touch_long=np.concatenate((first.touch_long, second.touch_long)),
        touch_start_s=np.concatenate((first.touch_start_s, second.touch_start_s)),
        touch_least_s=second.touch_least_s,
        impulse_n_s=np.concatenate((first.impulse_n_s, second.impulse_n_s)),
        heel_impulse_n_s=np.concatenate((first.heel_impulse_n_s, second.heel_impulse_n_s)),
        lost=np.concatenate((first.lost, second.lost)),
        lost_before=np.concatenate((first.lost_before, second.lost_before)),
        saturated=np.concatenate((first.saturated, second.saturated)),
    )


def joined_feet(first: FeetSignals, second: FeetSignals) -> FeetSignals:
    """Two stretches of both feet, one after the other."""
    return joined_signals(first[0], second[0]), joined_signals(first[1], second[1])


def signals_from(signals: FootSignals, start: int) -> FootSignals:
    """The frames from `start` on."""
    return FootSignals(
        t_s=signals.t_s[start:],
        force_n=signals.force_n[start:],
        heel_share=signals.heel_share[start:],
        touch_long=signals.touch_long[start:],
        touch_start_s=signals.touch_start_s[start:],
        touch_least_s=signals.touch_least_s,
        impulse_n_s=signals.impulse_n_s[start:],
        heel_impulse_n_s=signals.heel_impulse_n_s[start:],
        lost=signals.lost[start:],
        lost_before=signals.lost_before[start:],
        saturated=signals.saturated[start:],
    )
