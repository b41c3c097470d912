# SPDX-License-Identifier: GPL-3.0-or-later
"""Shares of the load above the unloaded baseline, and when conditions on them begin and end."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.results import ContactResult, LoadBlock
from rig.contact.rules import SHARE_LEFT_LEAST
from rig.drills.frames import smallest
from rig.layout import Foot

_NOWHERE = np.zeros(0, np.intp)


def corrected_shares(
    loads: LoadBlock, contact: ContactResult, body_weight_n: float, feet: Iterable[Foot] = Foot
) -> list[Float64]:
    """Feet's shares of the load, (n,) each, baseline removed; 0 where nobody stands."""
    left_n, right_n = loads.foot_force_n[:, 0], loads.foot_force_n[:, 1]
    if contact.baseline_n is not None:
        left_n = np.maximum(left_n - contact.baseline_n[:, 0], 0.0)
        right_n = np.maximum(right_n - contact.baseline_n[:, 1], 0.0)
    force_n, total_n = (left_n, right_n), left_n + right_n
    least_n = SHARE_LEFT_LEAST * body_weight_n
    if smallest(total_n) > least_n:
        return [force_n[foot] / total_n for foot in feet]
    stands = total_n > least_n
    total_n[~stands] = 1.0
    return [np.where(stands, force_n[foot] / total_n, 0.0) for foot in feet]


def first_where(condition: np.ndarray) -> int | None:
    """The first place at which a condition holds; None where it never does."""
    if len(condition) == 0:
        return None
    at = int(condition.argmax())
    return at if condition[at] else None


def last_where(condition: np.ndarray) -> int | None:
    """The last place at which a condition holds; None where it never does."""
    at = first_where(condition[::-1])
    return None if at is None else len(condition) - 1 - at


def edges(condition: np.ndarray, before: bool) -> tuple[np.ndarray, np.ndarray]:
    """Indices at which a condition begins and ends; `before` is its value before the first frame."""
    if first_where(condition != before) is None:
        return _NOWHERE, _NOWHERE
    was = np.concatenate(([before], condition[:-1]))
    return np.flatnonzero(condition & ~was), np.flatnonzero(~condition & was)
