# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of all that a balance test measures, so that a file which names another one is refused."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache

import numpy as np

from rig.balance.limits import Lean
from rig.balance.measures import sway_measures
from rig.balance.protocol import Measured
from rig.balance.weight_shift import weight_shift_measures


@lru_cache(maxsize=4)
def measure_names(measured: Measured) -> frozenset[str]:
    """Of each kind of test; a hold's `time_s` is no measure of sway and is not among them."""
    if measured == "limits":
        return frozenset(field.name for field in fields(Lean))
    angle = np.linspace(0.0, 7.0, 100)
    circle = np.column_stack((np.cos(angle), np.sin(angle)))
    if measured == "shift":
        return frozenset(weight_shift_measures(0.5 + 0.3 * circle[:, 0], circle, 50.0))
    return frozenset(sway_measures(circle, 50.0))
