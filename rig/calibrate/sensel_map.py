# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sample carries which pad: mends swapped wires, declares pads that are not there."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rig.errors import SettingsError

Int64 = npt.NDArray[np.int64]
SenselMap = tuple[int, ...]

ABSENT = -1
"""In place of a sample's number: this pad has no sensor."""


def identity_map(sensels: int) -> SenselMap:
    """Wired as drawn: sample i carries pad i."""
    return tuple(range(sensels))


def check_sensel_map(sensel_map: SenselMap, sensels: int) -> None:
    """Refuse a map that cannot be.

    Raises
    ------
    SettingsError
        Not one entry a pad, a sample that does not exist, or one sample for two pads.
    """
    if len(sensel_map) != sensels:
        raise SettingsError(
            f"The sensor map has {len(sensel_map)} entries; {sensels} are needed, one a pad. Run "
            "'solerig doctor --board' again."
        )
    strange = [s for s in sensel_map if not ABSENT <= s < sensels]
    twice = [s for s, times in Counter(sensel_map).items() if s != ABSENT and times > 1]
    if strange or twice:
        which = (
            f"there is no sample {strange[0]}" if strange else f"two pads share sample {twice[0]}"
        )
        raise SettingsError(
            f"The sensor map cannot be: {which}. Run 'solerig doctor --board' again."
        )


def present_pads(sensel_map: SenselMap) -> npt.NDArray[np.bool_]:
    """Which pads have a sensor, shape (sensels,)."""
    return np.array(sensel_map) != ABSENT


def mapped_counts(counts: npt.NDArray[np.uint16], sensel_map: SenselMap) -> npt.NDArray[np.uint16]:
    """Samples in the order of the pads.

    Parameters
    ----------
    counts : (n, sensels)
        As they crossed the wire.

    Returns
    -------
    (n, sensels)
        Column i is pad i; 0 where the pad has no sensor. `counts` itself when nothing is to do.
    """
    if sensel_map == identity_map(len(sensel_map)):
        return counts
    ordered = counts.take(_columns(sensel_map), axis=1)
    ordered[:, ~present_pads(sensel_map)] = 0
    return ordered


@lru_cache(maxsize=16)
def _columns(sensel_map: SenselMap) -> Int64:
    """Columns to take; an absent pad takes any one, which is then cleared."""
    return np.maximum(np.array(sensel_map, np.int64), 0)
