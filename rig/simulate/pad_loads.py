# SPDX-License-Identifier: GPL-3.0-or-later
"""From true loads to what the pads of an insole would feel, wherever the insole lies under the foot."""

from __future__ import annotations

import numpy as np

from rig.layout import foot_length_mm
from rig.layout.foot import Float64, Foot
from rig.layout.insole import insole_layout
from rig.simulate.body import Subject, TrueLoads
from rig.simulate.hard_faults import HardFault, settled_faults
from rig.simulate.pads import SensorLayout, pad_force_n, pad_integrals
from rig.simulate.phrases import DENSE_RATE_HZ

_SLIP_STEP = 0.005
"""Foot lengths between two tables of integrals; between them pads' forces are taken as linear."""


class PadLoads:
    """One subject's feet on their insoles."""

    def __init__(
        self, subject: Subject, layout: SensorLayout, hard: tuple[HardFault, ...] = ()
    ) -> None:
        self._subject = subject
        self._layout = layout
        self._hard = settled_faults(
            hard, subject.seed, layout.sensels_by_foot, 2 * layout.samples_a_foot
        )
        self._tables: dict[tuple[float, int], Float64] = {}
        self._laced_n = self._lacing()

    @property
    def sensels(self) -> int:
        """Samples of both feet."""
        return 2 * self._layout.samples_a_foot

    def force_n(self, loads: TrueLoads, first_sample: int) -> Float64:
        """(n, sensels) forces on the pads; `loads` begin at dense sample `first_sample`."""
        t_s = (first_sample + np.arange(len(loads))) / DENSE_RATE_HZ
        if not any(f.kind in ("wrong-size", "slip") for f in self._hard):
            force = pad_force_n(loads, self._table(1.0, 0))
        else:
            kernels = loads.kernel_force_n
            feet = [self._displaced(kernels[:, foot], t_s, foot) for foot in Foot]
            force = np.concatenate(feet, axis=1)
        for fault in (f for f in self._hard if f.kind == "preload"):
            feet_in = np.repeat([fault.on(foot) for foot in Foot], self._layout.samples_a_foot)
            force = force + fault.during(t_s)[:, None] * (fault.size * feet_in * self._laced_n)
        return force

    def _displaced(self, kernel_force_n: Float64, t_s: Float64, foot: Foot) -> Float64:
        """(n, samples_a_foot) of one foot whose insole is too small, too large or slips."""
        scale, forward = np.ones(len(t_s)), np.zeros(len(t_s))
        for fault in (f for f in self._hard if f.on(foot)):
            if fault.kind == "wrong-size":
                ratio = foot_length_mm(fault.size) / self._subject.foot_length_mm
                scale = np.where(fault.during(t_s), ratio, scale)
            elif fault.kind == "slip":
                slipped_s = np.clip(t_s, fault.start_s, fault.end_s) - fault.start_s
                forward += fault.size / 60.0 * slipped_s
        steps = forward / _SLIP_STEP
        below = np.floor(steps).astype(np.int64)
        out = np.empty((len(t_s), self._layout.samples_a_foot))
        for ratio, step in sorted(set(zip(scale.tolist(), below.tolist(), strict=True))):
            at = (scale == ratio) & (below == step)
            part = (steps[at] - step)[:, None]
            here, there = self._table(ratio, step), self._table(ratio, step + 1)
            of_field = kernel_force_n[at]
            out[at] = (of_field @ here) * (1.0 - part) + (of_field @ there) * part
        return out

    def _table(self, scale: float, step: int) -> Float64:
        key = (scale, step)
        if key not in self._tables:
            field = self._subject.field
            self._tables[key] = pad_integrals(field, self._layout, scale, step * _SLIP_STEP)
        return self._tables[key]

    def _lacing(self) -> Float64:
        """(sensels,) newtons on each pad of one body weight laced onto each sole, spread unevenly."""
        layout, subject = self._layout, self._subject
        rng = np.random.default_rng([subject.seed, 45])
        sole_mm2 = insole_layout(subject.foot_length_mm).tributary_mm2.sum()
        pad_mm2 = np.pi * (layout.diameter_mm / 2.0) ** 2
        even_n = subject.body_weight_n * pad_mm2 / sole_mm2
        force = np.zeros((2, layout.samples_a_foot))
        uneven = rng.gamma(4.0, size=(2, len(layout.channels)))
        uneven /= uneven.mean(axis=1, keepdims=True)
        force[:, list(layout.channels)] = even_n * uneven
        return force.ravel()
