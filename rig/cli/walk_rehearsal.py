# SPDX-License-Identifier: GPL-3.0-or-later
"""Rehearsing the walk from sensor to sensor without a board: a script is the finger."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rig.calibrate.board_walk import Asked, Counts, WalkEvent, WalkState, walk
from rig.calibrate.calibration import SENSELS
from rig.errors import SettingsError

WAIT_S, HOLD_S = 0.5, 0.5
"""From the question to the press, and how long it lasts, as the maker is told (design choice)."""
PRESS_COUNTS = 300
"""About 4 N on an FSR 402 with 1.0 kohm: a firm finger (design choice)."""

Walk = Callable[[WalkState, Counts], tuple[WalkState, list[WalkEvent]]]


class ScriptedFinger:
    """Presses what the walk asks for.

    The source gives the time only: of its samples the finger takes the number, not the values, since its
    simulated person stands on the sensors or on none of them.

    Parameters
    ----------
    wires
        Sample on which each sensel hangs, SENSELS of them.
    rate_hz
        Frames a second.
    """

    def __init__(self, wires: Sequence[int], rate_hz: int) -> None:
        self._wires = wires
        self._down, self._up = round(WAIT_S * rate_hz), round((WAIT_S + HOLD_S) * rate_hz)
        self._wire: int | None = None
        self._frames = 0

    def walk(self, state: WalkState, counts: Counts) -> tuple[WalkState, list[WalkEvent]]:
        """As `rig.calibrate.board_walk.walk`; step by step, for each answer moves the finger."""
        events: list[WalkEvent] = []
        for start in range(0, len(counts), state.step_frames):
            state, found = walk(state, self._press(len(counts[start : start + state.step_frames])))
            for event in found:
                if isinstance(event, Asked):
                    self._wire, self._frames = self._wires[event.asked], 0
            events += found
        return state, events

    def _press(self, frames: int) -> Counts:
        """What the samples read for the next frames, shape (frames, SENSELS)."""
        counts = np.zeros((frames, SENSELS), dtype=np.uint16)
        if self._wire is not None:
            counts[
                max(0, self._down - self._frames) : max(0, self._up - self._frames), self._wire
            ] = PRESS_COUNTS
        self._frames += frames
        return counts


def swapped_wires(swaps: Sequence[int]) -> tuple[int, ...]:
    """Sample of each sensel when the 1st and 2nd, 3rd and 4th, ... of `swaps` change places.

    Raises
    ------
    SettingsError
        A sensor that is named twice, or has no partner.
    """
    if len(swaps) % 2:
        raise SettingsError(
            "--rehearse-swap takes different sensors two by two, such as L_T5,R_MT5 or "
            "L_T5,R_MT5,R_HB,R_AM; give each a partner."
        )
    wires = list(range(SENSELS))
    for one, other in zip(swaps[::2], swaps[1::2], strict=True):
        wires[one], wires[other] = other, one
    return tuple(wires)
