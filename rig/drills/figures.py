# SPDX-License-Identifier: GPL-3.0-or-later
"""Every figure that a repetition or a fault gives by name: its unit, what it is, and where it appears.

`size` of a fault is the formula of its rule over these figures and the profile's thresholds.
"""

from __future__ import annotations

from typing import NamedTuple

from rig.contact import rules
from rig.drills import contact_details, contact_rules, pony, pulls, stance, tapping
from rig.settings import DRILL_NAMES, DrillName

_PULLS: tuple[DrillName, ...] = ("change-of-support", "forward-change")
_LET_DOWN: tuple[DrillName, ...] = (*_PULLS, "pony")
_HEEL: tuple[DrillName, ...] = tuple(n for n in DRILL_NAMES if n != "forward-change")
_HEEL_FIRST: tuple[DrillName, ...] = ("forward-change", "tapping", "lunge", "running-lunge")
_TOE_LAND: tuple[DrillName, ...] = ("forward-change", "hopping", "switch")
_TOE_SHIFT: tuple[DrillName, ...] = ("change-of-support", "running-lunge")
_LONG: tuple[DrillName, ...] = ("tapping", "lunge", "switch", "running-lunge")
_PUSH: tuple[DrillName, ...] = ("hopping", "lunge")
_SIDES: tuple[DrillName, ...] = ("pony", "switch")


class Figure(NamedTuple):
    """One meaning of a name.

    `measured_in`: drills among whose measures it is; `triggers`: faults among whose numbers it is, each
    with the drills. Without a source a formula is a design choice.
    """

    name: str
    unit: str
    says: str
    measured_in: tuple[DrillName, ...] = ()
    triggers: tuple[tuple[str, tuple[DrillName, ...]], ...] = ()
    source: str = ""


class Size(NamedTuple):
    """A fault's `size`: an expression in the fault's numbers and `limits`, the profile's thresholds.

    `max` passes over what is unknown; `second` is the second largest.
    """

    code: str
    drills: tuple[DrillName, ...]
    formula: str


def _ms(seconds: float) -> str:
    return f"{1000.0 * seconds:g} ms"


_PLACE = "foot lengths"
_LANDING = (
    f"first {_ms(contact_details.LANDING_S)} from {rules.COP_SHARE:g} body weights on (a tap: from "
    "ON)"
)
_HALF = "three frames from the last above half of the contact's peak"
_ENDS = "the contact that the repetition ends or, in hopping and lunge, follows"

FIGURES: tuple[Figure, ...] = (
    Figure(
        "contact_time_s",
        "s",
        f"OFF minus ON of {_ENDS}; not given where the foot had stood",
        ("tapping", "hopping", "lunge", "switch", "running-lunge"),
        (("LONG", _LONG), ("PUT-DOWN", ("tapping",))),
    ),
    Figure(
        "peak_force_n",
        "N",
        f"the foot's largest force in {_ENDS} (pony: in the support that ended)",
        ("pony", "tapping", "hopping", "lunge", "switch", "running-lunge"),
    ),
    Figure(
        "flight_time_s",
        "s",
        "ON minus the OFF before it: hopping, of the hop foot; switch, ON of the new foot minus OFF of "
        "the old one, not given after double support",
        ("hopping", "switch"),
        (("HOP-UP", ("hopping",)),),
    ),
    Figure(
        "flight_time_s",
        "s",
        "the longest time in the repetition with neither foot ON",
        (),
        (("HOP-UP", _LET_DOWN),),
    ),
    Figure(
        "limit_s",
        "s",
        "the flight time allowed: `flight_s`, or the median of the person's own first "
        f"{contact_rules.LEARNT_FROM} plus `flight_over_own_s` where that is less",
        (),
        (("HOP-UP", ("hopping",)),),
    ),
    Figure(
        "height_mm",
        "mm",
        "1000 g t² / 8 with t = `flight_time_s` and g = 9.80665 m/s²: how far the body rises if it "
        "lands as it took off; landing on a bent leg makes it too large",
        ("hopping",),
        (),
        "free fall; Bosco et al. 1983, Eur J Appl Physiol 50:273",
    ),
    Figure(
        "double_support_s",
        "s",
        "OFF of the foot that left minus ON of the other, where both were down; else not given",
        ("switch",),
        (("DOUBLE-SUPPORT", ("switch",)),),
    ),
    Figure("off_time_s", "s", "the front foot's ON minus the OFF before it", ("lunge",)),
    Figure(
        "rear_share",
        "part of 1",
        "impulse of the rear foot over that of both while the front one is down",
        ("lunge",),
        (("REAR", ("lunge",)),),
    ),
    Figure(
        "pull_time_s",
        "s",
        "(1 - peak_at) contact_time_s: from the force's peak to OFF",
        ("running-lunge",),
    ),
    Figure(
        "loading_rate_bw_s",
        "body weights/s",
        "0.6 P / (t80 - t20): from 20 to 80 % of the first peak P, which is an impact's where one comes "
        f"within {_ms(contact_details.IMPACT_WITHIN_S)} and the force falls by "
        f"{contact_details.IMPACT_DIP_BW:g} body weights after it, else the largest",
        ("running-lunge",),
        (("DRIVE", ("running-lunge",)),),
    ),
    Figure(
        "times_own",
        "ratio",
        "loading_rate_bw_s over the median of the person's own first "
        f"{contact_rules.LEARNT_FROM} contacts",
        (),
        (("DRIVE", ("running-lunge",)),),
    ),
    Figure(
        "hold_time_s",
        "s",
        "from when one leg bears the load until the free foot is down or the standing one up; at most "
        f"{stance.LONGEST_HOLD_S:g} s",
        ("stance",),
    ),
    Figure(
        "lifted_time_s",
        "s",
        "the foot's ON minus the OFF before it (a low pull: the time below `low_pull_bw`)",
        _PULLS,
    ),
    Figure(
        "lifted_time_s",
        "s",
        "the tap's ON minus the OFF of the tap before it",
        (),
        (("OVER-PULLED", ("tapping",)),),
    ),
    Figure(
        "shift_time_s",
        "s",
        "OFF of the pulled foot minus the beginning of the shift: when the other's share of the load "
        f"was last within {pulls.ONSET_SHARE:g} of its lowest in the {pulls.ONSET_WITHIN_S:g} s before "
        "both bore alike",
        _PULLS,
        (("EARLY-PULL", ("change-of-support",)),),
    ),
    Figure(
        "shift_time_s",
        "s",
        f"from a share of {pony.TOGETHER_FROM:g} to one of {1.0 - pony.TOGETHER_FROM:g} on the foot "
        "that takes the weight",
        ("pony",),
        (("NOT-SIMULTANEOUS", ("pony",)),),
    ),
    Figure(
        "share_before_pull",
        "part of 1",
        "the standing foot's part of both feet's load `early_pull_before_s` before OFF",
        _PULLS,
        (("EARLY-PULL", ("change-of-support",)),),
    ),
    Figure(
        "support_y_at_pull",
        _PLACE,
        f"Σ F y / Σ F of the standing foot over the {_ms(pulls.AT_PULL_S)} before OFF",
        _PULLS,
    ),
    Figure(
        "support_time_s",
        "s",
        "how long the foot that gave the weight away bore more than half, allowing for insoles that "
        "read apart; not given where it had stood",
        ("pony",),
    ),
    Figure(
        "share_max",
        "part of 1",
        f"the largest share of the foot that took the weight, within {pony.SURE_S:g} s and until it "
        "bears less than half again",
        ("pony",),
        (("PARTIAL", ("pony",)),),
    ),
    Figure(
        "leaving_bw",
        "body weights",
        f"the leaving foot's largest force in the {_ms(pony.PUSH_BEFORE_S)} before both bore alike",
        (),
        (("PUSH", ("pony",)),),
    ),
    Figure(
        "grade",
        "0, 1, 2",
        "the heel touch: 0 none, 1 a kiss, 2 load (what each is stands above); `heel_touch` is the same "
        "in words, of the repetition's own foot",
        (),
        (("HEEL", _HEEL),),
    ),
    Figure(
        "heel_share_max",
        "part of 1",
        f"the largest heel force over the foot's force, where that is {rules.COP_SHARE:g} body weights "
        "or more. Looked at: the contact; stance: the hold; change of support: from the weight's going "
        "over until the foot is down; tapping: the standing foot since the last pull",
        ("stance",),
        (("HEEL", _HEEL),),
    ),
    Figure(
        "heel_impulse_share",
        "part of 1",
        "the heel's impulse over the foot's, over the same time",
        (),
        (("HEEL", _HEEL),),
    ),
    Figure(
        "y_ic",
        _PLACE,
        f"where the foot lands: Σ F y / Σ F over the {_LANDING}",
        ("switch",),
        (("HEEL-FIRST", _HEEL_FIRST), ("TOE-LAND", _TOE_LAND)),
    ),
    Figure(
        "heel_lead_s",
        "s",
        "the ball's ON minus the heel's (when each is ON stands above); above 0 the heel came first",
        (),
        (("HEEL-FIRST", _HEEL_FIRST),),
    ),
    Figure(
        "toes_at_landing",
        "part of 1",
        "the toes' part of the foot's load over the same time as `y_ic`",
        (),
        (("TOE-LAND", _TOE_LAND),),
    ),
    Figure(
        "toes_at_end",
        "part of 1",
        f"the toes' part of the foot's load over the {_HALF}",
        (),
        (("TOE-SHIFT", _TOE_SHIFT),),
    ),
    Figure(
        "y_end",
        _PLACE,
        f"where the foot leaves: Σ F y / Σ F over the {_HALF}",
        (),
        (("TOE-SHIFT", _TOE_SHIFT), ("PUSH", _PUSH)),
    ),
    Figure(
        "late_toe_share",
        "part of 1",
        f"the toes' part of the foot's impulse in the last {100.0 * contact_details.LATE_PART:g} % of "
        "the contact",
        (),
        (("PUSH", _PUSH),),
    ),
    Figure(
        "peak_at",
        "part of 1",
        "part of the contact after which the force peaks: (t - ON) / (OFF - ON), t the mean time of all "
        "within 2 % of the peak",
        (),
        (("PUSH", _PUSH),),
    ),
    Figure(
        "rise_bw",
        "body weights",
        f"the largest force of both feet within {_ms(contact_rules.DRIVE_WITHIN_S)} after the landing, "
        f"minus its mean over the {_ms(contact_rules.DRIVE_BEFORE_S)} before",
        (),
        (("DRIVE", _LET_DOWN),),
    ),
    Figure(
        "peak_bw",
        "body weights",
        "`peak_force_n` of the tap over the body weight",
        (),
        (("DRIVE", ("tapping",)),),
    ),
    Figure(
        "least_bw",
        "body weights",
        "the least that the foot bore in the low pull",
        (),
        (("LOW-PULL", _PULLS),),
    ),
    Figure(
        "ellipse_radii",
        "ratio",
        "√((x / (`drift_ml` W))² + (y / (`drift_ap` L))²): the support point's mean over one second, "
        f"from its mean over the hold's first {stance.USUAL_S:g} s, in radii of an ellipse; W and L are "
        "the foot's width and length; the largest of the hold",
        (),
        (("DRIFT", ("stance",)),),
    ),
    Figure(
        "weight_lost",
        "part of 1",
        "1 minus both feet's mean load over one second over that of the hold's first "
        f"{stance.USUAL_S:g} s; the largest of the hold",
        (),
        (("HAND", ("stance",)),),
    ),
    Figure(
        "on_toes_s",
        "s",
        "the longest time in a row with the support point before `toe_shift_stance_y`",
        (),
        (("TOE-SHIFT", ("stance",)),),
    ),
    Figure(
        "touch_time_s",
        "s",
        "OFF minus ON of the free foot's touch that ended the hold",
        (),
        (("TOUCH", ("stance",)),),
    ),
    Figure(
        "variation",
        "ratio",
        "standard deviation (of the whole, not of a sample) over mean of the times from landing to "
        "landing of a set",
        (),
        (("RHYTHM", ("hopping",)),),
    ),
    Figure(
        "symmetry_index",
        "ratio",
        "|left - right| / ((left + right) / 2) of the two means beside it",
        (),
        (("ASYM", _SIDES),),
        "Robinson et al. 1987, J Manipulative Physiol Ther 10:172",
    ),
    *(
        Figure(
            f"{side}_{name}",
            unit,
            f"the {side} foot's mean of `{name}` over the set",
            (),
            (("ASYM", drills),),
        )
        for name, unit, drills in (
            ("support_time_s", "s", ("pony",)),
            ("contact_time_s", "s", ("switch",)),
            ("peak_force_n", "N", _SIDES),
            ("y_ic", _PLACE, ("switch",)),
        )
        for side in ("left", "right")
    ),
)
SIZES: tuple[Size, ...] = (
    Size(
        "HEEL",
        _HEEL,
        f"heel_share_max / {rules.HEEL_TOUCH_OF_FOOT:g} if grade == 1 else heel_share_max / "
        f"{rules.KISS_SHARE_BELOW:g} if heel_share_max >= {rules.KISS_SHARE_BELOW:g} else "
        f"heel_impulse_share / {rules.KISS_IMPULSE_BELOW:g}",
    ),
    Size(
        "HEEL-FIRST",
        _HEEL_FIRST,
        "max(limits.heel_first_y / y_ic, heel_lead_s / limits.heel_first_lead_s)",
    ),
    Size(
        "TOE-LAND",
        _TOE_LAND,
        "max(toes_at_landing / limits.toe_land_share, y_ic / limits.toe_land_y)",
    ),
    Size(
        "TOE-SHIFT",
        _TOE_SHIFT,
        "max(toes_at_end / limits.toe_shift_share, y_end / limits.toe_shift_y)",
    ),
    Size("TOE-SHIFT", ("stance",), "on_toes_s / limits.toe_shift_stance_s"),
    Size("EARLY-PULL", ("change-of-support",), "limits.early_pull_share / share_before_pull"),
    Size("LOW-PULL", _PULLS, f"max(1, least_bw / {pulls.LOW_SIZE_BW:g})"),
    Size("PARTIAL", ("pony",), "(1 - share_max) / (1 - limits.partial_share)"),
    Size("NOT-SIMULTANEOUS", ("pony",), "shift_time_s / limits.together_s"),
    Size("DRIVE", _LET_DOWN, "rise_bw / limits.drive_rise_bw"),
    Size("DRIVE", ("tapping",), "peak_bw / limits.drive_tap_bw"),
    Size("DRIVE", ("running-lunge",), "times_own / limits.drive_times_own"),
    Size("LONG", ("lunge", "switch"), "contact_time_s / limits.long_contact_s"),
    Size("LONG", ("tapping",), "contact_time_s / limits.long_tap_s"),
    Size("LONG", ("running-lunge",), "contact_time_s / limits.long_running_s"),
    Size("PUT-DOWN", ("tapping",), f"contact_time_s / {tapping.PUT_DOWN_S:g}"),
    Size("OVER-PULLED", ("tapping",), "lifted_time_s / limits.over_pulled_s"),
    Size(
        "PUSH",
        _PUSH,
        "second(y_end / limits.push_y, late_toe_share / limits.push_toes_share, "
        "peak_at / limits.push_peak_at)",
    ),
    Size("PUSH", ("pony",), "leaving_bw / limits.push_pony_bw"),
    Size("HOP-UP", _LET_DOWN, "flight_time_s / limits.flight_unwanted_s"),
    Size("HOP-UP", ("hopping",), "flight_time_s / limit_s"),
    Size("RHYTHM", ("hopping",), "variation / limits.rhythm_variation"),
    Size("DRIFT", ("stance",), "ellipse_radii"),
    Size("HAND", ("stance",), "weight_lost / limits.hand_loss"),
    Size("TOUCH", ("stance",), "touch_time_s / limits.touch_s"),
    Size("REAR", ("lunge",), "rear_share / limits.rear_share"),
    Size("DOUBLE-SUPPORT", ("switch",), "double_support_s / limits.double_support_s"),
    Size("ASYM", _SIDES, "symmetry_index / limits.asymmetry_fault"),
    Size("STUMBLE", ("switch",), "1"),
)
