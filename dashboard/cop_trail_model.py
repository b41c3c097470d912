# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the centre of pressure was during the last second: left foot, right foot, both."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from rig.contact.results import LoadBlock
from rig.layout import Foot
from rig.layout.insole import on_stance_template

Float64 = npt.NDArray[np.float64]
LEFT, RIGHT, BOTH = range(3)


@dataclass(slots=True)
class CopTrails:
    """The last `length_s` at one point every `step_s`, whatever the scan rate."""

    length_s: float = 1.0
    step_s: float = 0.01
    t_s: Float64 = field(default_factory=lambda: np.empty(0))
    places_mm: Float64 = field(default_factory=lambda: np.empty((0, 3, 2)))
    """(k, 3, 2) body frame; NaN where undefined."""

    def push(self, loads: LoadBlock) -> None:
        if len(loads) == 0:
            return
        t_s = loads.force.t_s
        slot = np.floor(t_s / self.step_s)
        newest = self.t_s[-1] if len(self.t_s) else -np.inf
        before = np.concatenate(([np.floor(newest / self.step_s)], slot[:-1]))
        chosen = np.flatnonzero(slot > before)
        places = np.stack(
            (
                on_stance_template(Foot.LEFT, loads.foot_cop_mm[chosen, Foot.LEFT]),
                on_stance_template(Foot.RIGHT, loads.foot_cop_mm[chosen, Foot.RIGHT]),
                loads.cop_mm[chosen],
            ),
            axis=1,
        )
        all_t_s = np.concatenate((self.t_s, t_s[chosen]))
        keep = all_t_s > t_s[-1] - self.length_s
        self.t_s = all_t_s[keep]
        self.places_mm = np.concatenate((self.places_mm, places))[keep]

    def clear(self) -> None:
        self.t_s = np.empty(0)
        self.places_mm = np.empty((0, 3, 2))
