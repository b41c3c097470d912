# SPDX-License-Identifier: GPL-3.0-or-later
"""Change of support in place: shift the weight sideways, feel it, pull the free ankle up, let it drop.

One repetition a pull (`rig.drills.pulls` says when it begins, ends and is judged). Pulls that came
before the weight had shifted count, and are called early. When it is told: the standing heel while it
touches; a clean pull as soon as the foot's OFF is known, 30 to 130 ms after it; what was wrong with
pull or drop 0.25 s after the drop. Pressure does not see whether the hamstring or the hip flexor
lifted the foot.
"""

from __future__ import annotations

from rig.drills.pulls import (
    MOVES,
    UP_STATES,
    begin,
    judge_in_place,
    judge_pull,
    support_alarm,
    watch,
)
from rig.drills.table import Drill

CHANGE_OF_SUPPORT = Drill(
    "change-of-support",
    "step on",
    MOVES,
    begin,
    watch,
    support_alarm,
    judge_in_place,
    heel_states=frozenset(UP_STATES),
    weighs=True,
    judge_pull=judge_pull,
)
