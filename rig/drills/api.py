# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill of one's own imports: these names, and no others, stay as they are between versions.

A drill is an `OwnDrill`: a `Drill` (its table of `Move` rows, `begin`, `watch`, `judge`, `alarm`) with
a `DrillGuide`. `OWN_DRILL.md` beside this file walks through a whole one.
"""

from rig.contact.results import (
    Contact,
    ContactEvent,
    ContactResult,
    EventKind,
    HeelTouch,
    LoadBlock,
)
from rig.contact.rules import reference_body_weight_n
from rig.drills.contact_rules import contact_heel, long_contact
from rig.drills.faults import Cue, Fault, beyond
from rig.drills.guide import INSOLES_ANY, MAT_NO, MAT_ON_THE_SPOT, MAT_STANCE, DrillGuide
from rig.drills.own import OwnDrill, no_alarm
from rig.drills.repetitions import Repetition
from rig.drills.share_run import edges
from rig.drills.table import (
    Drill,
    Judged,
    Judging,
    Move,
    Pulled,
    PullJudged,
    Signal,
    contact_ended_by,
    heel_cue,
    working_foot,
)
from rig.layout import Foot, Region
from rig.settings import DrillSettings, Participant

__all__ = [
    "INSOLES_ANY",
    "MAT_NO",
    "MAT_ON_THE_SPOT",
    "MAT_STANCE",
    "Contact",
    "ContactEvent",
    "ContactResult",
    "Cue",
    "Drill",
    "DrillGuide",
    "DrillSettings",
    "EventKind",
    "Fault",
    "Foot",
    "HeelTouch",
    "Judged",
    "Judging",
    "LoadBlock",
    "Move",
    "OwnDrill",
    "Participant",
    "PullJudged",
    "Pulled",
    "Region",
    "Repetition",
    "Signal",
    "beyond",
    "contact_ended_by",
    "contact_heel",
    "edges",
    "heel_cue",
    "long_contact",
    "no_alarm",
    "reference_body_weight_n",
    "working_foot",
]
