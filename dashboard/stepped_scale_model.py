# SPDX-License-Identifier: GPL-3.0-or-later
"""The top of a scale: round figures that grow at once and shrink only after a while."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

PRESSURE_STEPS_KPA = (50.0, 100.0, 200.0, 300.0, 500.0, 800.0)
FORCE_STEPS_N = (100.0, 250.0, 500.0, 1000.0, 1500.0, 2000.0, 3000.0, 5000.0)


@dataclass(slots=True)
class SteppedScale:
    """A scale that moves with every frame cannot be read, so its top is one of `steps`.

    It rises to the step that holds a new peak at once. It falls when everything of the last `hold_s`
    would have fitted the lower step (design choice: ten seconds, the length of the traces).
    """

    steps: tuple[float, ...]
    hold_s: float = 10.0
    top: float = field(init=False)
    _needed_at_s: float = field(init=False, default=-math.inf)
    _held: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self.top = self.steps[0]

    def follow(self, peak: float, now_s: float) -> float:
        """Take a new peak (NaN is passed over) and give the scale's top."""
        step = self._step_for(0.0 if math.isnan(peak) else peak)
        if step >= self.top:
            self.top, self._held, self._needed_at_s = step, 0.0, now_s
        else:
            self._held = max(self._held, step)
            if now_s - self._needed_at_s > self.hold_s:
                self.top, self._held, self._needed_at_s = self._held, 0.0, now_s
        return self.top

    def _step_for(self, peak: float) -> float:
        return next((step for step in self.steps if step >= peak), self.steps[-1])
