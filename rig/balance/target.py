# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a leaning person is relative to the target: the one CoP that is shown during a trial."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.balance.definitions import AP, ML
from rig.balance.limits import target_offset_mm
from rig.balance.run_state import Run
from rig.balance.signals import join_signals
from rig.balance.stances import body_cop_mm

SHOWN_S = 0.1
"""The mean of so long is shown, so that noise does not tremble on the screen."""


@dataclass(frozen=True, slots=True)
class LeanNow:
    """Everything in mm from the middle, ML and AP; `along_percent` of the way to the target."""

    target_mm: tuple[float, float]
    cop_mm: tuple[float, float]
    along_percent: float


def lean_now(run: Run) -> LeanNow | None:
    """None unless limits of stability are being measured and the CoP is known."""
    up = run.next_up
    if not run.show_cop or run.phase != "measuring" or up is None or not run.frames:
        return None
    direction, height_mm = up[0].direction_deg, run.person.height_mm
    if direction is None or height_mm is None:
        return None
    template, length_mm = up[0].template, run.person.foot_length_mm
    rest = join_signals(run.frames).between(run.rest_s, run.phase_s)
    newest = join_signals(run.frames[-8:]).between(run.now_s - SHOWN_S, np.inf)
    middle, here = (
        np.nanmean(cop, axis=0) if np.isfinite(cop).all(axis=1).any() else None
        for cop in (body_cop_mm(part, template, length_mm) for part in (rest, newest))
    )
    if middle is None or here is None:
        return None
    target = np.array(target_offset_mm(direction, height_mm))
    moved = here - middle
    return LeanNow(
        (float(target[ML]), float(target[AP])),
        (float(moved[ML]), float(moved[AP])),
        float(100.0 * (moved @ target) / (target @ target)),
    )
