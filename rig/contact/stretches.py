# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads between one break of the data and the next."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from rig.contact.results import LoadBlock
from rig.contact.rules import LONGEST_GAP_S


def stretches(loads: LoadBlock) -> Iterator[LoadBlock]:
    """The block in parts without a long gap inside; none where it has no frames."""
    if len(loads) == 0:
        return
    cuts = np.flatnonzero(np.diff(loads.force.t_s) > LONGEST_GAP_S) + 1
    for start, stop in pairwise((0, *(int(c) for c in cuts), len(loads))):
        yield _cut(loads, start, stop)


def _cut(loads: LoadBlock, start: int, stop: int) -> LoadBlock:
    if start == 0 and stop == len(loads):
        return loads
    part = slice(start, stop)
    return LoadBlock(
        force=loads.force.cut(part),
        foot_force_n=loads.foot_force_n[part],
        region_force_n=loads.region_force_n[part],
        foot_cop_mm=loads.foot_cop_mm[part],
        cop_mm=loads.cop_mm[part],
        share_left=loads.share_left[part],
    )
