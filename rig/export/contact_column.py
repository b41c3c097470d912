# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether each foot is on the ground, frame by frame, from events that are decided later."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rig.calibrate.force_block import Float64
from rig.contact.results import ContactEvent, EventKind
from rig.layout import Foot

HOLD_S = 2.0
"""Frames older than this are decided: the longest decision delay is a fraction of it."""


class ContactColumn:
    """Crossings of one foot in the order of time, and the state between them."""

    def __init__(self, foot: Foot) -> None:
        self._foot = foot
        self._crossings: list[tuple[float, bool]] = []
        self._state_before = False

    def take(self, events: tuple[ContactEvent, ...]) -> None:
        """Remember decided FOOT_ON and FOOT_OFF of this foot."""
        for event in events:
            if event.foot == self._foot and event.kind in {EventKind.FOOT_ON, EventKind.FOOT_OFF}:
                self._crossings.append((event.t_s, event.kind is EventKind.FOOT_ON))
        self._crossings.sort()

    def states(self, t_s: Float64) -> npt.NDArray[np.bool_]:
        """State at each of the next frames: ON from its crossing up to the OFF; (n,) bool.

        Frames must be asked for once and in order; crossings before them are then forgotten.
        """
        if len(t_s) == 0:
            return np.zeros(0, dtype=np.bool_)
        times = np.array([t for t, _ in self._crossings], dtype=np.float64)
        states = np.array([self._state_before, *(on for _, on in self._crossings)], dtype=np.bool_)
        found: npt.NDArray[np.bool_] = states[np.searchsorted(times, t_s, side="right")]
        passed = int(np.searchsorted(times, t_s[-1], side="right"))
        self._state_before = bool(states[passed])
        self._crossings = self._crossings[passed:]
        return found
