# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults of one contact, by the thresholds of a profile; each drill says which apply to it.

A rule gives a `Fault`, None where it was kept, or its code where it could not be judged.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from rig.contact.results import Contact, HeelTouch
from rig.contact.rules import HEEL_TOUCH_OF_FOOT, KISS_IMPULSE_BELOW, KISS_SHARE_BELOW
from rig.drills.contact_details import Details
from rig.drills.faults import Fault, beyond
from rig.drills.frames import largest
from rig.drills.history import View
from rig.drills.repetitions import Repetition
from rig.layout import Foot
from rig.thresholds import Thresholds, Verdict

LEARNT_FROM = 12
"""So many first repetitions are the person's own, which relative rules compare with (design choice)."""
STOOD_S = 2.0
"""Whoever stays on a foot for longer has stood on it, between two sets say (design choice)."""
_GRADES: dict[HeelTouch, float] = {"none": 0.0, "kiss": 1.0, "load": 2.0}


def stood(ended: Contact) -> bool:
    """Whether an ended contact was no part of a drill: nobody saw it begin, or it lasted too long."""
    return ended.contact_time_s is None or ended.contact_time_s > STOOD_S


def contact_heel(contact: Contact, kiss: Verdict, load: Verdict) -> Fault | None:
    """HEEL of a contact, by what the profile says of a kiss and of load."""
    at_s = contact.first_s if contact.on_s is None else contact.on_s
    grade = (contact.heel_touch, contact.heel_share_max, contact.heel_impulse_share)
    return graded_heel(grade, at_s, contact.foot, kiss, load)


def graded_heel(
    graded: tuple[HeelTouch, float, float],
    at_s: float,
    foot: Foot,
    kiss: Verdict,
    load: Verdict,
) -> Fault | None:
    """HEEL of any stretch of support; `graded` is its grade, largest heel share and impulse share.

    A kiss is measured against 0.10 of the foot's load, load against 0.25, or against 0.10 of the
    impulse where that alone makes it one.
    """
    grade, share_max, impulse_share = graded
    verdicts: dict[HeelTouch, Verdict] = {"none": "clean", "kiss": kiss, "load": load}
    verdict = verdicts[grade]
    if verdict == "clean":
        return None
    if grade == "kiss":
        size = share_max / HEEL_TOUCH_OF_FOOT
    elif share_max >= KISS_SHARE_BELOW:
        size = share_max / KISS_SHARE_BELOW
    else:
        size = impulse_share / KISS_IMPULSE_BELOW
    numbers = {
        "grade": _GRADES[grade],
        "heel_share_max": share_max,
        "heel_impulse_share": impulse_share,
    }
    return Fault("HEEL", at_s, size, verdict, foot, numbers)


def heel_first(
    limits: Thresholds, details: Details, on_s: float | None, foot: Foot
) -> Fault | str | None:
    """HEEL-FIRST: the first contact in the rear third, or the heel well before the ball."""
    if on_s is None:
        return "HEEL-FIRST"
    ratio = _largest(
        limits.heel_first_y / details.y_ic if details.y_ic > 0.0 else np.nan,
        details.heel_lead_s / limits.heel_first_lead_s,
    )
    numbers = {"y_ic": details.y_ic, "heel_lead_s": details.heel_lead_s}
    return beyond("HEEL-FIRST", on_s, ratio, foot, numbers)


def toe_land(
    limits: Thresholds, details: Details, on_s: float | None, foot: Foot
) -> Fault | str | None:
    """TOE-LAND: half of the landing's load on the toes, or the first contact far forward."""
    if on_s is None:
        return "TOE-LAND"
    ratio = _largest(
        details.toes_at_landing / limits.toe_land_share, details.y_ic / limits.toe_land_y
    )
    numbers = {"toes_at_landing": details.toes_at_landing, "y_ic": details.y_ic}
    return beyond("TOE-LAND", on_s, ratio, foot, numbers)


def toe_shift(
    limits: Thresholds, details: Details, off_s: float | None, foot: Foot
) -> Fault | str | None:
    """TOE-SHIFT: half unloaded with too much on the toes, or from too far forward."""
    if off_s is None:
        return "TOE-SHIFT"
    ratio = _largest(
        details.toes_at_end / limits.toe_shift_share, details.y_end / limits.toe_shift_y
    )
    numbers = {"toes_at_end": details.toes_at_end, "y_end": details.y_end}
    return beyond("TOE-SHIFT", off_s, ratio, foot, numbers)


def long_contact(contact: Contact, limit_s: float) -> Fault | str | None:
    """LONG: on the ground for longer than the limit."""
    time_s = contact.contact_time_s
    if time_s is None or contact.off_s is None:
        return "LONG"
    numbers = {"contact_time_s": time_s}
    return beyond("LONG", contact.off_s, time_s / limit_s, contact.foot, numbers)


def push(
    limits: Thresholds, details: Details, off_s: float | None, foot: Foot
) -> Fault | str | None:
    """PUSH: two of three signs that the foot pushes off; pressure cannot tell calf from hamstring."""
    if off_s is None:
        return "PUSH"
    y_ratio, late_ratio = details.y_end / limits.push_y, details.peak_at / limits.push_peak_at
    if y_ratio <= 1.0 and late_ratio <= 1.0:
        return None  # whatever the third says
    toes_ratio = details.late_toe_share / limits.push_toes_share
    known = [-math.inf if math.isnan(r) else r for r in (y_ratio, toes_ratio, late_ratio)]
    second = sorted(known)[1]
    if second == -math.inf:
        return "PUSH"
    numbers = {
        "y_end": details.y_end,
        "late_toe_share": details.late_toe_share,
        "peak_at": details.peak_at,
    }
    return beyond("PUSH", off_s, second, foot, numbers)


DRIVE_BEFORE_S = 0.200
DRIVE_WITHIN_S = 0.100


def landing_drive(
    limits: Thresholds, view: View, landed_s: float, foot: Foot
) -> Fault | str | None:
    """DRIVE of a foot that is let down: how far the total rises above its mean of the 200 ms before."""
    around = view.stretch(landed_s - DRIVE_BEFORE_S, landed_s + DRIVE_WITHIN_S)
    down = around.place(landed_s)
    if not 0 < down < len(around) or view.last_s() < landed_s + DRIVE_WITHIN_S - 0.02:
        return "DRIVE"
    if around.t_s[0] > landed_s - DRIVE_BEFORE_S + 0.02:
        return "DRIVE"
    scale_left, scale_right = view.scales()
    total = scale_left * around.u(Foot.LEFT) + scale_right * around.u(Foot.RIGHT)
    rise = largest(total[down:]) - float(np.add.reduce(total[:down])) / down
    numbers = {"rise_bw": rise}
    return beyond("DRIVE", landed_s, rise / limits.drive_rise_bw, foot, numbers)


def unwanted_flight(limits: Thresholds, view: View, from_s: float, to_s: float) -> Fault | None:
    """HOP-UP where no flight belongs: the longest time with neither foot ON."""
    flights = view.flights(from_s, to_s)
    if not flights:
        return None
    off_s, on_s = max(flights, key=lambda flight: flight[1] - flight[0])
    time_s = on_s - off_s
    if time_s < limits.flight_unwanted_s:
        return None
    numbers = {"flight_time_s": time_s}
    return Fault("HOP-UP", off_s, time_s / limits.flight_unwanted_s, "fault", None, numbers)


def asymmetry(
    limits: Thresholds, changes: Iterable[Repetition], time_name: str, names: Iterable[str]
) -> tuple[Fault, ...]:
    """ASYM: the largest symmetry index of the two sides' means, from three of each on.

    A change's measures are those of the foot that gave the weight away. Changes without `time_name`
    began by standing and tell nothing.
    """
    timed = [change for change in changes if time_name in change.measures]
    worst: Fault | None = None
    for name in (time_name, *names):
        left, right = (
            [c.measures[name] for c in timed if c.side != foot and name in c.measures]
            for foot in Foot
        )
        if min(len(left), len(right)) < 3:
            continue
        means = math.fsum(left) / len(left), math.fsum(right) / len(right)
        index = abs(means[0] - means[1]) / (0.5 * (means[0] + means[1]))
        size = index / limits.asymmetry_fault
        if index > limits.asymmetry_warning and (worst is None or size > worst.size):
            severity = "fault" if index > limits.asymmetry_fault else "warning"
            numbers = {f"left_{name}": means[0], f"right_{name}": means[1]}
            numbers["symmetry_index"] = index
            worst = Fault("ASYM", timed[-1].end_s, size, severity, None, numbers)
    return () if worst is None else (worst,)


def _largest(*ratios: float) -> float:
    """NaN only where all are."""
    known = [ratio for ratio in ratios if not math.isnan(ratio)]
    return max(known) if known else math.nan
