# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the feet are taken to stand, since insoles cannot see it, and the CoP that follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.balance.definitions import AP, ML, Float64
from rig.balance.signals import StanceSignals
from rig.calibrate.force_block import FrameFlag
from rig.layout import Foot
from rig.layout.insole import STANCE_TEMPLATE_HEEL_X_MM, STANCE_TEMPLATE_TOE_OUT_DEG

_OUTWARD = (-1.0, 1.0)


@dataclass(frozen=True, slots=True)
class StanceTemplate:
    """Drawn places of the feet.

    Attributes
    ----------
    heel_x_mm : float
        Each heel's distance from the middle line.
    toe_out_deg : float
        Each foot's angle outwards.
    front_lengths : float
        How far the front foot's heel lies ahead of the other heel, in foot lengths; 0 side by side.
    front : Foot, optional
        The front foot.
    """

    key: str
    says: str
    heel_x_mm: float = STANCE_TEMPLATE_HEEL_X_MM
    toe_out_deg: float = STANCE_TEMPLATE_TOE_OUT_DEG
    front_lengths: float = 0.0
    front: Foot | None = None

    @property
    def as_recorded(self) -> bool:
        """The template on which a recording's own CoP stands."""
        return (self.heel_x_mm, self.toe_out_deg, self.front_lengths) == (
            STANCE_TEMPLATE_HEEL_X_MM,
            STANCE_TEMPLATE_TOE_OUT_DEG,
            0.0,
        )


SHOULDER_WIDTH = StanceTemplate("drawn", "The feet on the drawn outlines.")
"""The template of every recording (design choice, after Scoppa et al. 2013's marked feet)."""


def body_cop_mm(signals: StanceSignals, template: StanceTemplate, foot_length_mm: float) -> Float64:
    """(n, 2) CoP of both feet on a template; NaN where a foot's own CoP is undefined.

    Force-weighted mean of the feet's CoP. A mat sees where the feet stand, so its CoP stays as it is.
    """
    if template.as_recorded or not width_is_assumed(signals):
        return signals.cop_mm
    angle = np.deg2rad(template.toe_out_deg)
    moment = np.zeros((len(signals), 2))
    for foot in Foot:
        out = _OUTWARD[foot]
        ml, ap = signals.foot_cop_mm[:, foot, ML], signals.foot_cop_mm[:, foot, AP]
        ahead_mm = template.front_lengths * foot_length_mm if foot == template.front else 0.0
        x = out * (template.heel_x_mm + ap * np.sin(angle)) + ml * np.cos(angle)
        y = ahead_mm + ap * np.cos(angle) - out * ml * np.sin(angle)
        moment += signals.foot_force_n[:, foot, None] * np.column_stack((x, y))
    total = signals.foot_force_n.sum(axis=1)
    unknown = np.full_like(moment, np.nan)
    return np.divide(moment, total[:, None], out=unknown, where=total[:, None] > 0.0)


def width_is_assumed(signals: StanceSignals) -> bool:
    """Insoles do not know where they are; a mat does."""
    return bool((signals.flags & FrameFlag.TEMPLATE_STANCE).any())


def assumed_width(template: StanceTemplate) -> str:
    """What must be said beside ML results of insoles."""
    parts = (
        f"heels {2.0 * template.heel_x_mm:g} mm apart, toes {template.toe_out_deg:g} deg outwards"
    )
    if template.front_lengths:
        parts += f", the front foot {template.front_lengths:g} foot lengths ahead"
    return f"assumed width: {parts}; ML results of both feet scale with the true width"
