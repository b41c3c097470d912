# SPDX-License-Identifier: GPL-3.0-or-later
"""When a sensel is not believed: every threshold, and which neighbours speak for which sensel.

All numbers are design choices, tuned on simulated feet of seeds below 1,000 for one aim before all: a
sensel that merely bears nothing is never called dead. Forces here are those of pads, not of feet.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rig.layout.insole import SENSOR_NAMES

WINDOW_S = 2.0
SAMPLE_HZ = 100
"""Health looks at every n-th frame only, so that it costs next to nothing."""
LEAST_SAMPLES = 100
"""Of a window at the most that the divider can give, for a short: no foot presses one pad with 180 N for
so long."""

PLENTY_N = 3.0
SILENT_N = 0.1
"""On a pad whose neighbours bear plenty; the dead zone ends at 0.2 N and theirs is fifteen times it."""
DEAD_CONTACTS = 3
DEAD_SAMPLES = 20
DEAD_STANDING_SAMPLES = 10 * SAMPLE_HZ
"""Ten seconds of quiet standing say as much as three contacts."""
ALIVE_SAMPLES = 50
"""Of reading again before a dead sensel is believed again: half a second."""

STUCK_N = 1.0
STUCK_CONTACTS = 2
STUCK_RANGE = 0.05
STUCK_COUNTS = 6
"""A stuck sensel moves by at most so many counts and 5 % while its foot comes and goes twice."""
COMINGS_N = ((5.0, 20.0), (15.0, 60.0))
"""Sum of a foot's other pads from which it is light and loaded, in two ways: a foot that taps is empty
between and never bears much; in pony the toes of the leaving foot keep a tenth of the body weight.

A foot that stands all the time, or never touches the ground, does not come and go, so its stuck sensels
are not found while it does: in standing on both feet, under the standing foot of tapping and the free
foot of hopping. Nor does a dead one show while its neighbours bear little, as on the heel of a foot that
taps with its ball. `rig.contact.mask_effect.effect_of_mask` says how far
off the CoP may then be; on simulated feet that stand flat (six people, each pad in turn) a pad that is
stuck at 250 counts moved it by 2 mm (median; 8 mm at most), a dead one by 4 mm (15 mm at most)."""

NOISY_COUNTS = 10.0
NOISY_RATIO = 2.0
"""Second differences over first ones, squared: 3 for white noise at any rate, 0.3 for a tap of 60 ms,
1.4 for the sharpest impact at 100 samples a second."""
NOISE_SAMPLES = 25
NOISY_PARTS = 6
"""Quarter seconds of it, less those that were quiet."""

BRIDGED_COUNTS = 4
BRIDGED_RANGE_COUNTS = 100
BRIDGED_RANGE = 0.4
BRIDGED_WINDOWS = 6
"""Two sensels that read the same at every sample of so many windows in which both moved, by 40 % of at
least 100 counts, are one: quiet standing alone cannot tell two like pads from one."""

SATURATED_SAMPLES = 20

LIFT_BOUND_N = 12.0
"""Sum of a foot's pads below which it is off the ground if it reads steadily too; about 10 % of the body
weight of most people (design choice)."""

_NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "HB": ("HM", "HL"),
    "HM": ("HB", "HL", "HF"),
    "HL": ("HB", "HM", "HF"),
    "HF": ("HM", "HL"),
    "MT1": ("MT2", "HX"),
    "MT2": ("MT1", "MT3"),
    "MT3": ("MT2", "MT4"),
    "MT4": ("MT3", "MT5"),
    "HX": ("MT1", "T2"),
    "T2": ("HX", "T34"),
    "T34": ("T2", "T5"),
}
"""Who must bear plenty for a sensel's silence to mean something: pads on both sides of it. The midfoot
(AM, LP, LD), the outermost ball (MT5) and the little toe (T5) may bear nothing in healthy feet whatever
their neighbours do, so nothing live can tell whether they are dead; pressing them one by one does."""


@lru_cache(maxsize=1)
def neighbours() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Index of three neighbours of each of the 32 sensels, (32, 3), the last ones repeated, and which
    sensels (32,) have any."""
    index = np.zeros((2 * len(SENSOR_NAMES), 3), np.int64)
    judged = np.zeros(len(index), np.bool_)
    for foot in (0, 1):
        for name, around in _NEIGHBOURS.items():
            sensel = foot * len(SENSOR_NAMES) + SENSOR_NAMES.index(name)
            places = [foot * len(SENSOR_NAMES) + SENSOR_NAMES.index(n) for n in around]
            index[sensel] = (places + [places[-1]] * 2)[:3]
            judged[sensel] = True
    return index, judged
