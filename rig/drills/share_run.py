# SPDX-License-Identifier: GPL-3.0-or-later
"""Shares of the load above the unloaded baseline, and when conditions on them begin and end."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.results import ContactResult, LoadBlock
from rig.contact.rules import SHARE_LEFT_LEAST
from rig.layout import Foot


def corrected_shares(
    loads: LoadBlock, contact: ContactResult, body_weight_n: float, feet: Iterable[Foot] = Foot
) -> list[Float64]:
    """Feet's shares of the load, (n,) each, baseline removed; 0 where nobody stands."""
    force_n = [loads.foot_force_n[:, foot] for foot in Foot]
    if contact.baseline_n is not None:
        above_n = [force_n[foot] - contact.baseline_n[:, foot] for foot in Foot]
        force_n = [np.maximum(load_n, 0.0, out=load_n) for load_n in above_n]
    total_n = force_n[0] + force_n[1]
    stands = total_n > SHARE_LEFT_LEAST * body_weight_n
    if stands.all():
        return [force_n[foot] / total_n for foot in feet]
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
    was = np.concatenate(([before], condition[:-1]))
    return np.flatnonzero(condition & ~was), np.flatnonzero(~condition & was)
