# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers in a drill's table beside its thresholds, read from the code that uses them."""

from __future__ import annotations

from typing import NamedTuple

from rig.contact import rules, support
from rig.drills import (
    contact_details,
    contact_rules,
    hopping,
    lunge,
    pony,
    pulls,
    running_lunge,
    sets,
    stance,
    switch,
    tapping,
)
from rig.drills.set_plan import HOLDS_A_LEG, SETS
from rig.settings import DrillName
from rig.thresholds import FEWEST, MOST

BEGINNERS_GUIDE = "S. McPhail, Pose running technique: a beginner's guide"


class Number(NamedTuple):
    """`says` ends where the value begins; without a source it is a design choice."""

    says: str
    value: str
    source: str = ""


def _s(seconds: float) -> str:
    return f"{1000.0 * seconds:g} ms" if seconds < 1.0 else f"{seconds:g} s"


def _bw(share: float) -> str:
    return f"{share:g} body weights"


_STOOD = Number(
    "a contact that lasted longer was standing, and is not judged", _s(contact_rules.STOOD_S)
)
_WATCHED = "after so long on one foot nobody's heel is watched any more"
_PULLS = (
    Number("a foot is up for at least", _s(pulls.SHORTEST_LIFT_S)),
    Number("and at most, or nothing was dropped", _s(pulls.LONGEST_LIFT_S)),
    Number(
        "a foot bears little until it bears, above the limit of LOW-PULL,", _bw(pulls.LOW_DOUBT_BW)
    ),
    Number("a pull is judged so long after the foot is down", _s(pulls.JUDGED_AFTER_S)),
    Number("in the air with both feet for longer, the person has left", _s(pulls.LONGEST_HOP_S)),
)
NUMBERS: dict[DrillName, tuple[Number, ...]] = {
    "stance": (
        Number("the standing leg bears at least, of the load", f"{stance.ONE_LEG_SHARE:g}"),
        Number("and has borne it, before the hold begins, for", _s(stance.SETTLE_S)),
        Number("both feet on the ground before the first hold for", _s(stance.BOTH_FEET_S)),
        Number("the shortest hold that counts", _s(stance.SHORTEST_HOLD_S)),
        Number("the longest", _s(stance.LONGEST_HOLD_S), BEGINNERS_GUIDE),
        Number("holds a leg", f"{HOLDS_A_LEG}"),
        Number("DRIFT and HAND compare with the hold's first", _s(stance.USUAL_S)),
    ),
    "change-of-support": _PULLS,
    "pony": (
        Number("a change is a swing of the share of at least", f"{support.LEAST_SWING:g}"),
        Number("to at least", f"{support.LEAST_TAKEN:g}"),
        Number("reaching one half within", _s(support.SWING_S)),
        Number("off the ground for longer, the person has stepped off", _s(support.OFF_S)),
        Number(
            "support times allow for insoles that read apart, by the share's pace within",
            _s(pony.AROUND_S),
        ),
        Number("PARTIAL waits for the weight to go over for", _s(pony.SURE_S)),
        Number("PUSH looks at the time before the change of", _s(pony.PUSH_BEFORE_S)),
        Number(_WATCHED, _s(pony.LONGEST_WATCHED_S)),
        _STOOD,
    ),
    "forward-change": _PULLS,
    "tapping": (
        Number("the standing leg's mean share of the load at least", f"{tapping.SUPPORT_SHARE:g}"),
        Number("over", _s(tapping.SUPPORT_MEAN_S)),
        Number("a tap lasts at most, or the foot was put down", _s(tapping.PUT_DOWN_S)),
        Number("and at least", _s(rules.SHORTEST_TAP_S)),
        Number("in the air for longer, the foot rests", _s(tapping.LONGEST_LIFT_S)),
    ),
    "hopping": (
        Number("a flight lasts at least", _s(hopping.SHORTEST_FLIGHT_S)),
        Number("and at most", _s(hopping.LONGEST_FLIGHT_S)),
        Number("in it the free foot bears less than", _bw(hopping.AIRBORNE_SHARE)),
        Number("the set ends when the free foot bears", _bw(hopping.FREE_FOOT_SHARE)),
        Number("RHYTHM needs periods", f"{hopping.LEAST_PERIODS}"),
        Number("HOP-UP learns the person's own from the first", f"{contact_rules.LEARNT_FROM}"),
        Number(_WATCHED, _s(hopping.LONGEST_WATCHED_S)),
        _STOOD,
    ),
    "lunge": (
        Number("the front foot has borne at least", _bw(lunge.BORNE_SHARE)),
        Number("and is OFF for at least", _s(lunge.SHORTEST_OFF_S)),
        Number("and at most", _s(lunge.LONGEST_OFF_S)),
        Number(_WATCHED, _s(lunge.LONGEST_WATCHED_S)),
        _STOOD,
    ),
    "switch": (
        Number("both feet are down between two supports for at most", _s(switch.LONGEST_BOTH_S)),
        Number("or in the air for at most", _s(switch.LONGEST_FLIGHT_S)),
        Number("feet that come out of the air within this landed at once", _s(switch.TOGETHER_S)),
        Number(_WATCHED, _s(switch.LONGEST_WATCHED_S)),
        _STOOD,
    ),
    "running-lunge": (
        Number("a contact that counts lasts at least", _s(running_lunge.SHORTEST_S)),
        Number("and at most", _s(running_lunge.LONGEST_S)),
        Number("DRIVE learns the person's own from the first", f"{contact_rules.LEARNT_FROM}"),
    ),
}
SHARED: tuple[Number, ...] = (
    Number(
        "a foot is ON from",
        f"{_bw(rules.FOOT_ON_SHARE)}, at least {rules.FOOT_ON_N:g} N, or {rules.NOISE_SDS:g} standard "
        "deviations of its noise",
        "40 N is in use on force plates: Sensors 2023, 23:2736",
    ),
    Number("for", _s(rules.ON_DEBOUNCE_S)),
    Number("a foot that taps, from", f"{_bw(rules.TAP_ON_SHARE)}, at least {rules.TAP_ON_N:g} N"),
    Number(
        "OFF at",
        f"{rules.OFF_OF_ON:g} of ON, or {rules.OFF_OF_PEAK:g} of the contact's peak, for "
        f"{_s(rules.OFF_DEBOUNCE_S)}",
    ),
    Number("the shortest contact", _s(rules.SHORTEST_CONTACT_S)),
    Number("the shortest flight", _s(rules.SHORTEST_FLIGHT_S)),
    Number(
        "a heel touch: the heel bears",
        f"{_bw(rules.HEEL_TOUCH_SHARE)}, at least {rules.HEEL_TOUCH_N:g} N, and "
        f"{rules.HEEL_TOUCH_OF_FOOT:g} of the foot's load, for {_s(rules.HEEL_TOUCH_S)}",
    ),
    Number(
        "it is a kiss below",
        f"{rules.KISS_SHARE_BELOW:g} of the foot's load and {rules.KISS_IMPULSE_BELOW:g} of the "
        "contact's impulse, load from there on",
    ),
    Number(
        "heel and ball are ON, for their order, from",
        f"{_bw(rules.REGION_ON_SHARE)} for {_s(rules.REGION_DEBOUNCE_S)}",
    ),
    Number(
        "a heel comes to fresh sensors, which read less: it is ON from, of that",
        f"{contact_details.FRESH_HEEL:g}",
        "half of what FSRs creep by in 20 s, 5 % per tenfold time (Interlink FSR 400 series)",
    ),
    Number("repetitions of a set", f"{FEWEST} to {MOST}", BEGINNERS_GUIDE),
    Number("sets of a drill", f"{SETS}", BEGINNERS_GUIDE),
    Number("rest between sets", _s(sets.REST_S)),
)
"""What all drills share."""
SOURCES: dict[str, str] = {
    "heel_first_y": "thirds of the foot: Cavanagh and Lafortune 1980, J Biomech 13:397",
}
"""Thresholds of a profile that were published; all others are design choices."""
