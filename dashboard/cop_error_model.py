# SPDX-License-Identifier: GPL-3.0-or-later
"""How far off each centre of pressure may be: the 95 % ellipse around each dot."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from rig.calibrate.force_block import ForceBlock
from rig.contact.cop_error import cop_error
from rig.contact.error_propagation import error_ellipse
from rig.contact.results import LoadBlock
from rig.layout import Foot
from rig.layout.insole import on_stance_template
from rig.pipeline import PipelineSettings

Float64 = npt.NDArray[np.float64]
EVERY_S = 0.1
"""The ellipse changes as slowly as the way a person stands; the dot in it moves with every frame."""
CORNERS = 36
_TURN = np.linspace(0.0, 2.0 * np.pi, CORNERS + 1)


@dataclass(slots=True)
class CopEllipses:
    """`around_mm` (3, corners, 2): left, right, both; places about the dot in the body frame, NaN where
    there is none."""

    around_mm: Float64 = field(default_factory=lambda: np.full((3, CORNERS + 1, 2), np.nan))
    _next_s: float = -np.inf

    def push(self, loads: LoadBlock, settings: PipelineSettings) -> None:
        """Take a block of an insole pair; a mat's CoP has no ellipse here."""
        if len(loads) == 0 or not isinstance(loads.force, ForceBlock):
            return
        newest_s = float(loads.force.t_s[-1])
        if newest_s < self._next_s:
            return
        self._next_s = newest_s + EVERY_S
        error = cop_error(last_frame(loads), settings.calibration, settings.participant)
        turned = [_turned(error.foot_covariance_mm2[0, foot], foot) for foot in Foot]
        covariance = np.stack((*turned, error.covariance_mm2[0]))
        self.around_mm = _outline(covariance)

    def clear(self) -> None:
        self.around_mm = np.full((3, CORNERS + 1, 2), np.nan)
        self._next_s = -np.inf


def last_frame(loads: LoadBlock) -> LoadBlock:
    """The newest frame alone, as a block."""
    last = slice(len(loads) - 1, len(loads))
    return LoadBlock(
        force=loads.force.cut(last),
        foot_force_n=loads.foot_force_n[last],
        region_force_n=loads.region_force_n[last],
        foot_cop_mm=loads.foot_cop_mm[last],
        cop_mm=loads.cop_mm[last],
        share_left=loads.share_left[last],
    )


def _turned(covariance_mm2: Float64, foot: Foot) -> Float64:
    """From the foot's frame to the body's."""
    axes = on_stance_template(foot, np.eye(2)) - on_stance_template(foot, np.zeros(2))
    return axes.T @ covariance_mm2 @ axes


def _outline(covariance_mm2: Float64) -> Float64:
    """(k, corners, 2) ML and AP about the dot."""
    ellipse = error_ellipse(covariance_mm2)
    angle = np.deg2rad(ellipse.angle_deg)[:, None]
    along = ellipse.major_mm[:, None] * np.cos(_TURN)
    across = ellipse.minor_mm[:, None] * np.sin(_TURN)
    ml = along * np.sin(angle) + across * np.cos(angle)
    ap = along * np.cos(angle) - across * np.sin(angle)
    return np.stack((ml, ap), axis=-1)
