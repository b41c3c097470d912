# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill of one's own: what a package hands over through an entry point, and what is checked of it.

`OWN_DRILL.md` beside this file walks through a whole one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from rig.contact.results import ContactResult, HeelTouch
from rig.drills.guide import DrillGuide
from rig.drills.table import Drill
from rig.errors import SettingsError
from rig.settings import DRILL_NAME, CoachedDrill
from rig.thresholds import Thresholds

ContactsLike = Literal[CoachedDrill, "free"]
_THRESHOLD = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True, eq=False)
class OwnDrill:
    """A drill with all that Solerig says of it.

    Attributes
    ----------
    drill : Drill
        Its table and what turns data into signals, faults and alarms.
    guide : DrillGuide
        What `solerig drills show` prints of it.
    contacts_like : str
        Contacts are found as in this drill of ours: "free" and "switch" know feet that bear the body;
        "change-of-support" reads them above their unloaded baseline as well; "tapping" and "hopping"
        have one foot that only taps; "stance" two that may; "pony" has no OFF, but crossings of s = 0.5.
    one_sided : bool
        Whether the working side means something.
    thresholds : mapping of str to float
        Its own, with their defaults; a profile's table of the drill's name may set others.
    counted, measure, measure_title, measure_unit
        What the dashboard counts, and which measure of the newest repetition it shows.
    """

    drill: Drill
    guide: DrillGuide
    contacts_like: ContactsLike = "free"
    one_sided: bool = False
    thresholds: Mapping[str, float] = field(default_factory=dict)
    counted: str = "repetitions"
    measure: str = ""
    measure_title: str = ""
    measure_unit: Literal["s", "ms"] = "s"


def check_own(own: object, name: str) -> OwnDrill:
    """What an entry point called `name` gave, if it is a drill that can be used.

    Raises
    ------
    SettingsError
        It is none; what is wrong with it is said.
    """
    if not isinstance(own, OwnDrill):
        raise SettingsError(f"it is a {type(own).__name__}, not an OwnDrill.")
    if not isinstance(own.drill, Drill) or not isinstance(own.guide, DrillGuide):
        raise SettingsError("an OwnDrill holds a Drill, then a DrillGuide.")
    for holds, wrong in (*_name_checks(own, name), *_table_checks(own.drill), *_rule_checks(own)):
        if not holds:
            raise SettingsError(wrong)
    return own


_Check = tuple[bool, str]


def _name_checks(own: OwnDrill, name: str) -> list[_Check]:
    called = own.drill.name
    return [
        (called == name, f'its table is called "{called}"; both must have one name.'),
        (
            DRILL_NAME.fullmatch(name) is not None,
            "a name has small letters, digits and hyphens, begins with a letter, and ends before 40.",
        ),
        (
            own.contacts_like in get_args(ContactsLike),
            f'contacts_like "{own.contacts_like}" is none of {", ".join(get_args(ContactsLike))}.',
        ),
    ]


def _table_checks(drill: Drill) -> list[_Check]:
    sources = {row.state for row in drill.moves}
    targets = {row.target for row in drill.moves} | {drill.initial}
    keys = [(row.state, row.signal) for row in drill.moves]
    return [
        (any(row.counts for row in drill.moves), "no row of its table counts a repetition."),
        (
            sources == targets,
            f"states that cannot be reached, or not be left: {', '.join(sorted(sources ^ targets))}.",
        ),
        (len(keys) == len(set(keys)), "two rows of its table have the same state and signal."),
        (
            drill.heel_states <= sources,
            f"heel_states names no state: {', '.join(sorted(drill.heel_states - sources))}.",
        ),
    ]


def _rule_checks(own: OwnDrill) -> list[_Check]:
    shared = {f.name for f in fields(Thresholds)} - {"name", "own"}
    named = {key for _, _, keys, _ in own.guide.rules for key in keys}
    odd = sorted(named - shared - set(own.thresholds))
    unfit = sorted(
        key
        for key, value in own.thresholds.items()
        if not (
            _THRESHOLD.fullmatch(key) and isinstance(value, int | float) and math.isfinite(value)
        )
    )
    return [
        (not odd, f"its guide names thresholds that nobody has: {', '.join(odd)}."),
        (not unfit, f"its thresholds must be numbers with plain names: {', '.join(unfit)}."),
        (
            not set(own.thresholds) & shared,
            f"thresholds are ours already: {', '.join(sorted(set(own.thresholds) & shared))}.",
        ),
    ]


def no_alarm(_memory: Any, _state: str, _contact: ContactResult) -> HeelTouch | None:
    """For drills that watch no heel."""
    return None
