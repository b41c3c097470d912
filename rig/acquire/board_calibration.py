# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept for a board that has just said who it is: its sensor map and its calibration."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from rig.acquire.sensel_maps import NO_ID, load_map
from rig.calibrate import store
from rig.calibrate.calibration import Calibration


def calibration_of_board(board: int, present: Calibration) -> Calibration:
    """The calibration in force for this board; `present` where none is kept, with the board's map.

    Raises
    ------
    SettingsError
        A file that cannot be understood.
    """
    sensel_map = load_map(board)
    kept = None if board == NO_ID else store.in_force(f"{board:08x}")
    if kept is None:
        return replace(present, sensel_map=sensel_map)
    today = datetime.now(UTC).astimezone().date()
    return replace(store.for_today(kept, today), sensel_map=sensel_map)
