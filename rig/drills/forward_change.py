# SPDX-License-Identifier: GPL-3.0-or-later
"""Forward change of support: lean, pull and let the other foot fall, travelling.

One repetition a pull (`rig.drills.pulls`). The weight need not have shifted before: the lift is meant
to be simultaneous. No heel is watched on the standing foot. Insoles do not see travel; of a lean they
see where the standing foot bears at the pull, to be compared with the own change of support. When it
is told: all that it is judged by happens as the foot lands, so a clean one is rewarded 0.25 s after
that, as faults are told.
"""

from __future__ import annotations

from rig.contact.results import ContactResult, HeelTouch
from rig.drills.pulls import MOVES, PullMemory, begin, judge_forward, watch
from rig.drills.table import Drill


def alarm(_memory: PullMemory, _state: str, _contact: ContactResult) -> HeelTouch | None:
    """No heel is watched."""
    return None


FORWARD_CHANGE = Drill(
    "forward-change", "step on", MOVES, begin, watch, alarm, judge_forward, weighs=True
)
