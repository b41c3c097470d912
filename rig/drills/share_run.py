# SPDX-License-Identifier: GPL-3.0-or-later
"""Shares of the load above the unloaded baseline, and when conditions on them begin and end."""

from __future__ import annotations

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.results import ContactResult, LoadBlock
from rig.contact.rules import SHARE_LEFT_LEAST


def corrected_shares(loads: LoadBlock, contact: ContactResult, body_weight_n: float) -> Float64:
    """Each foot's share of the load, shape (n, 2), baseline removed; 0 where nobody stands."""
    force_n = loads.foot_force_n
    if contact.baseline_n is not None:
        force_n = np.maximum(force_n - contact.baseline_n, 0.0)
    total = force_n[:, :1] + force_n[:, 1:]
    stands = total > SHARE_LEFT_LEAST * body_weight_n
    return np.divide(force_n, total, out=np.zeros_like(force_n), where=stands)


def edges(condition: np.ndarray, before: bool) -> tuple[np.ndarray, np.ndarray]:
    """Indices at which a condition begins and ends; `before` is its value before the first frame."""
    was = np.concatenate(([before], condition[:-1]))
    return np.flatnonzero(condition & ~was), np.flatnonzero(~condition & was)
