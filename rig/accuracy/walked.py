# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody presses every sensor of a simulated pair of insoles, as 'solerig doctor --board' asks."""

from __future__ import annotations

import numpy as np

from rig.calibrate.board_walk import Counts, Press, Rested, WalkEvent, walk, walk_state
from rig.calibrate.walk_findings import findings
from rig.simulate.bench import insole_bench
from rig.simulate.phrases import DENSE_RATE_HZ
from rig.simulate.sensors import CHANNELS, SensorFaults

PRESS_N = 8.0
RATE_HZ = 100
REST_S, PRESSED_S, BETWEEN_S = 1.5, 0.6, 0.6
GIVES_UP_S = 2.0


def walk_notices(seed: int, faults: SensorFaults) -> bool:
    """Whether the walk over the sensors finds any of them not in order."""
    every_s = PRESSED_S + BETWEEN_S
    force = np.zeros((round((REST_S + CHANNELS * every_s) * DENSE_RATE_HZ), CHANNELS))
    for sensel in range(CHANNELS):
        start = round((REST_S + sensel * every_s) * DENSE_RATE_HZ)
        force[start : start + round(PRESSED_S * DENSE_RATE_HZ), sensel] = PRESS_N
    counts = insole_bench(force, seed, RATE_HZ, faults).counts.astype(np.uint16)
    rested, presses = _walked(counts)
    return any(finding.verdict != "ok" for finding in findings(rested, presses)) or bool(
        rested.shorted or rested.noisy
    )


def _walked(counts: Counts) -> tuple[Rested, list[Press]]:
    """Press what is asked for until the walk goes on, then let go."""
    rest = counts[: round(REST_S * RATE_HZ)]
    state = walk_state(tuple(range(CHANNELS)), RATE_HZ, GIVES_UP_S)
    state, events = walk(state, rest)
    told: list[WalkEvent] = list(events)
    every, pressed = round((PRESSED_S + BETWEEN_S) * RATE_HZ), round(PRESSED_S * RATE_HZ)
    while not state.is_over:
        place = state.place
        start = len(rest) + state.asked[place] * every
        state, events = walk(state, counts[start : start + pressed])
        told += events
        while state.place == place:
            state, events = walk(state, counts[start + pressed : start + every])
            told += events
    rested = next(event for event in told if isinstance(event, Rested))
    return rested, [event for event in told if isinstance(event, Press)]
