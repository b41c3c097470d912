# SPDX-License-Identifier: GPL-3.0-or-later
"""Shares of the load above the unloaded baseline, and when conditions on them begin and end."""

from __future__ import annotations

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.results import ContactResult, LoadBlock
from rig.contact.rules import SHARE_LEFT_LEAST


def corrected_shares(
    loads: LoadBlock, contact: ContactResult, body_weight_n: float
) -> tuple[Float64, Float64]:
    """Each foot's share of the load, (n,) each, baseline removed; 0 where nobody stands."""
    force_n = loads.foot_force_n
    if contact.baseline_n is not None:
        force_n = np.maximum(force_n - contact.baseline_n, 0.0)
    left_n, right_n = force_n[:, 0], force_n[:, 1]
    total_n = left_n + right_n
    nobody = ~(total_n > SHARE_LEFT_LEAST * body_weight_n)
    total_n[nobody] = 1.0
    shares = left_n / total_n, right_n / total_n
    for share in shares:
        share[nobody] = 0.0
    return shares


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
    was = np.concatenate(([before], condition[:-1]))
    return np.flatnonzero(condition & ~was), np.flatnonzero(~condition & was)
