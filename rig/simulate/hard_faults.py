# SPDX-License-Identifier: GPL-3.0-or-later
"""Broken, swapped or misplaced sensors, each from a moment on; what really happens stays untouched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from rig.errors import SettingsError
from rig.layout.foot import Float64, Foot

HardFaultKind = Literal[
    "dead",
    "stuck-low",
    "stuck-high",
    "bridged",
    "swapped",
    "feet-swapped",
    "noisy",
    "wrong-size",
    "preload",
    "slip",
]
_SENSELS_OF: dict[HardFaultKind, int] = {
    "dead": 1,
    "stuck-low": 1,
    "stuck-high": 1,
    "bridged": 2,
    "swapped": 2,
    "noisy": 1,
}
_USUAL_SIZE: dict[HardFaultKind, float] = {
    "bridged": 1.0,
    "noisy": 20.0,
    "wrong-size": 39.0,
    "preload": 0.08,
    "slip": 0.02,
}
HARD_FAULT_KINDS: tuple[HardFaultKind, ...] = get_args(HardFaultKind)
WIRE_FAULTS: tuple[HardFaultKind, ...] = tuple(_SENSELS_OF)
"""Those of wires and contacts, which a mat can have too."""
SHORT_US = 1e7
"""A tenth of an ohm: wires that touch."""
STUCK_LOW_COUNT = 0


@dataclass(frozen=True, slots=True)
class HardFault:
    """One thing that is wrong with a pair of insoles.

    Attributes
    ----------
    kind : HardFaultKind
        dead: an open line, so no more than noise. stuck-low: shorted to ground, 0 counts. stuck-high:
        the sensor is shorted. bridged: two lines touch. swapped: two sensels' lines are interchanged;
        feet-swapped: all lines of both feet. noisy: a bad contact. wrong-size: the insole was made for
        another foot. preload: a laced shoe presses. slip: the insole creeps forward under the foot.
    start_s, end_s : float
        True seconds since the person began to move.
    sensels : foot * samples a foot + channel, or row * columns + column of a mat
        Drawn by the seed where empty; bridged and swapped take two, drawn from one foot.
    foot : Foot or None
        Of wrong-size, preload and slip; None is both.
    size : float
        bridged: how far they share, 1 is metal on metal. noisy: noise in LSB (rms). wrong-size: EU
        size of the insole. preload: body weights on each sole. slip: foot lengths a minute. NaN takes
        the usual one: 1, 20, 39, 0.08, 0.02.
    """

    kind: HardFaultKind
    start_s: float = 0.0
    end_s: float = np.inf
    sensels: tuple[int, ...] = ()
    foot: Foot | None = None
    size: float = float("nan")

    def on(self, foot: Foot) -> bool:
        """Whether it concerns this foot."""
        return self.foot is None or self.foot == foot

    def during(self, t_s: Float64) -> npt.NDArray[np.bool_]:
        """Which of the moments fall into it."""
        return (t_s >= self.start_s) & (t_s < self.end_s)


def settled_faults(
    hard: tuple[HardFault, ...], seed: int, groups: tuple[tuple[int, ...], ...], sensels: int
) -> tuple[HardFault, ...]:
    """The same faults with sensels drawn and usual sizes filled in.

    Parameters
    ----------
    groups : of sensels
        Those to draw from, by foot, or all of a mat's; a pair is drawn from one group.
    sensels : int
        How many there are.

    Raises
    ------
    SettingsError
        A fault that does not exist, or one that names sensels that are not there, or not two for a
        pair.
    """
    return tuple(
        _settled(fault, np.random.default_rng([seed, 44, number]), groups, sensels)
        for number, fault in enumerate(hard)
    )


def _settled(
    fault: HardFault,
    rng: np.random.Generator,
    groups: tuple[tuple[int, ...], ...],
    sensels: int,
) -> HardFault:
    if fault.kind not in HARD_FAULT_KINDS:
        raise SettingsError(
            f'No hard fault is called "{fault.kind}"; choose one of {", ".join(HARD_FAULT_KINDS)}.'
        )
    needed = _SENSELS_OF.get(fault.kind, 0)
    at = fault.sensels
    if not at and needed:
        group = np.array(groups[int(rng.integers(len(groups)))])
        at = tuple(rng.choice(group, size=needed, replace=False).tolist())
    if (needed == 2 and len(at) != 2) or any(not 0 <= sensel < sensels for sensel in at):
        raise SettingsError(
            f'The fault "{fault.kind}" cannot be on sensels {at}; name {needed} of sensels 0 to '
            f"{sensels - 1}."
        )
    usual = _USUAL_SIZE.get(fault.kind, 0.0)
    return replace(fault, sensels=at, size=usual if np.isnan(fault.size) else fault.size)


def rewired(conductance_us: Float64, t_s: Float64, hard: tuple[HardFault, ...]) -> Float64:
    """What the multiplexers see of the sensors, (n, sensels) at times (n, sensels) or (n, 1)."""
    seen = conductance_us
    for kind in ("dead", "stuck-high", "bridged", "swapped", "feet-swapped"):
        for fault in (f for f in hard if f.kind == kind):
            seen = np.where(fault.during(t_s), _replaced(seen, fault), seen)
    return seen


def _replaced(seen: Float64, fault: HardFault) -> Float64:
    """The samples as they are while the fault lasts."""
    out = seen.copy()
    at = list(fault.sensels)
    if fault.kind == "dead":
        out[:, at] = 0.0
    elif fault.kind == "stuck-high":
        out[:, at] = SHORT_US
    elif fault.kind == "bridged":
        out[:, at] += fault.size * seen[:, at[::-1]]
    elif fault.kind == "swapped":
        out[:, at] = seen[:, at[::-1]]
    elif fault.kind == "feet-swapped":
        out = np.roll(seen, seen.shape[1] // 2, axis=1)
    return out


def extra_noise_lsb(
    t_s: Float64, sensels: int, hard: tuple[HardFault, ...], rng: np.random.Generator
) -> Float64:
    """(n, sensels) what bad contacts add; `t_s` (n,). Draws a row a scan, so pieces add up."""
    noise = np.zeros((len(t_s), sensels))
    noisy = [(fault, sensel) for fault in hard if fault.kind == "noisy" for sensel in fault.sensels]
    drawn = rng.standard_normal((len(t_s), len(noisy)))
    for column, (fault, sensel) in enumerate(noisy):
        noise[:, sensel] += np.where(fault.during(t_s), fault.size * drawn[:, column], 0.0)
    return noise


def held_counts(
    counts: npt.NDArray[np.int64], t_s: Float64, hard: tuple[HardFault, ...]
) -> npt.NDArray[np.int64]:
    """Counts (n, sensels) with lines shorted to ground; `t_s` (n,)."""
    held = counts.copy()
    for fault in (f for f in hard if f.kind == "stuck-low"):
        for sensel in fault.sensels:
            held[fault.during(t_s), sensel] = STUCK_LOW_COUNT
    return held
