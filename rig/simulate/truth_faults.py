# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults of one contact, and those of a whole set, by the drills' rules in literal numbers.

Each gives None or nothing where the rule is kept. All limits are design choices of the drills'
descriptions; the thirds of the foot are those of Cavanagh and Lafortune (1980).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rig.layout import Foot
from rig.simulate.truth_contacts import plain_spans
from rig.simulate.truth_model import Ground, TrueContact, TrueFault

LEARNT_FROM = 12
"""The first repetitions of a session are the baseline of rules relative to the person's own."""


def heel_fault(
    contact: TrueContact, kiss: str | None = "fault", load: str = "fault"
) -> TrueFault | None:
    """HEEL by its grade; `kiss` None: a kiss is clean."""
    return graded_heel(
        contact.heel_touch,
        contact.heel_share_max,
        contact.heel_impulse_share,
        _begin_s(contact),
        contact.foot,
        kiss,
        load,
    )


def graded_heel(
    grade: str,
    share_max: float,
    impulse_share: float,
    at_s: float,
    foot: Foot,
    kiss: str | None = "fault",
    load: str = "fault",
) -> TrueFault | None:
    """HEEL of any stretch of support. A kiss is measured against 0.10 of the foot's load, load
    against 0.25, or against 0.10 of the impulse where that alone makes it one."""
    severity = {"none": None, "kiss": kiss, "load": load}[grade]
    if severity is None:
        return None
    if grade == "kiss":
        size = share_max / 0.10
    else:
        size = share_max / 0.25 if share_max >= 0.25 else impulse_share / 0.10
    numbers = {
        "grade": {"kiss": 1.0, "load": 2.0}[grade],
        "heel_share_max": share_max,
        "heel_impulse_share": impulse_share,
    }
    return TrueFault("HEEL", at_s, size, numbers, severity, foot)


def heel_first_fault(contact: TrueContact) -> TrueFault | None:
    """The first contact in the rear third, or the heel more than 10 ms before the ball."""
    if not (contact.y_ic < 0.333 or contact.heel_lead_s > 0.010):
        return None
    size = float(np.nanmax([0.333 / contact.y_ic, contact.heel_lead_s / 0.010]))
    numbers = {"y_ic": contact.y_ic, "heel_lead_s": contact.heel_lead_s}
    return TrueFault("HEEL-FIRST", _begin_s(contact), size, numbers, foot=contact.foot)


def toe_land_fault(contact: TrueContact) -> TrueFault | None:
    """Half of the landing's load on the toes, or the first contact before 0.81."""
    if not (contact.toes_at_landing >= 0.50 or contact.y_ic > 0.81):
        return None
    size = max(contact.toes_at_landing / 0.50, contact.y_ic / 0.81)
    numbers = {"toes_at_landing": contact.toes_at_landing, "y_ic": contact.y_ic}
    return TrueFault("TOE-LAND", _begin_s(contact), size, numbers, foot=contact.foot)


def toe_shift_fault(contact: TrueContact) -> TrueFault | None:
    """Half unloaded with more than 0.35 on the toes, or from before 0.80."""
    if not (contact.toes_at_end > 0.35 or contact.y_end > 0.80):
        return None
    size = max(contact.toes_at_end / 0.35, contact.y_end / 0.80)
    numbers = {"toes_at_end": contact.toes_at_end, "y_end": contact.y_end}
    return TrueFault("TOE-SHIFT", _end_s(contact), size, numbers, foot=contact.foot)


def long_fault(contact: TrueContact, limit_s: float) -> TrueFault | None:
    """On the ground for longer than `limit_s`."""
    time_s = contact.contact_time_s
    if time_s is None or time_s <= limit_s:
        return None
    numbers = {"contact_time_s": time_s}
    return TrueFault("LONG", _end_s(contact), time_s / limit_s, numbers, foot=contact.foot)


def push_fault(contact: TrueContact) -> TrueFault | None:
    """Two of: leaves from before 0.80; toes have over 0.30 of the late impulse; peak after 55 %."""
    ratios = [contact.y_end / 0.80, contact.late_toe_share / 0.30, contact.peak_at / 0.55]
    broken = sorted(ratio for ratio in ratios if ratio > 1.0)
    if len(broken) < 2:
        return None
    numbers = {
        "y_end": contact.y_end,
        "late_toe_share": contact.late_toe_share,
        "peak_at": contact.peak_at,
    }
    return TrueFault("PUSH", _end_s(contact), broken[-2], numbers, foot=contact.foot)


def landing_drive(ground: Ground, landed_s: float, foot: Foot) -> TrueFault | None:
    """Within 100 ms of a landing the total rises by over 0.15 above its mean of the 200 ms before."""
    if not landing_is_whole(ground, landed_s):
        return None
    total, at = ground.total, ground.at(landed_s)
    rise = float(total[at : at + 100].max() - total[at - 200 : at].mean())
    if rise <= 0.15:
        return None
    return TrueFault("DRIVE", landed_s, rise / 0.15, {"rise_bw": rise}, foot=foot)


def landing_is_whole(ground: Ground, landed_s: float) -> bool:
    """Whether the recording holds the 200 ms before a landing and the 100 ms after it."""
    at = ground.at(landed_s)
    return at >= 200 and at + 100 <= len(ground.t_s)


def unwanted_flights(ground: Ground, start_s: float, end_s: float) -> TrueFault | None:
    """The longest time in a stretch in which neither foot is ON, where none belongs."""
    on = np.zeros(len(ground.t_s), dtype=np.bool_)
    bounds: list[tuple[float, float]] = []
    for foot in Foot:
        for span in plain_spans(ground, foot):
            on[span.first : span.end] = True
            bounds.append(
                (
                    -np.inf if span.on_s is None else span.on_s,
                    np.inf if span.off_s is None else span.off_s,
                )
            )
    inside = np.flatnonzero(~on[ground.at(start_s) : ground.at(end_s)]) + ground.at(start_s)
    if len(inside) == 0:
        return None
    longest, left_s = 0.0, start_s
    for stretch in np.split(inside, np.flatnonzero(np.diff(inside) > 1) + 1):
        first_s, last_s = ground.t_s[stretch[0]], ground.t_s[stretch[-1]]
        off_s = max((off for _, off in bounds if off <= first_s), default=float(first_s))
        on_s = min((begin for begin, _ in bounds if begin >= last_s), default=float(last_s))
        if on_s - off_s > longest:
            longest, left_s = float(on_s - off_s), float(off_s)
    if longest < 0.030:
        return None
    return TrueFault("HOP-UP", left_s, longest / 0.030, {"flight_time_s": longest})


def asymmetry(contacts: Sequence[TrueContact], end_s: float) -> TrueFault | None:
    """The largest symmetry index of the two sides' mean contact times, peaks and y of first contacts;
    from 10 % on a warning, from 20 % a fault."""
    whole = [c for c in contacts if c.contact_time_s]
    uneven: list[tuple[float, float, float]] = []
    for measure in (lambda c: c.contact_time_s, lambda c: c.peak_force_n, lambda c: c.y_ic):
        sides = [np.array([measure(c) for c in whole if c.foot == f], np.float64) for f in Foot]
        sides = [values[~np.isnan(values)] for values in sides]
        if min(len(values) for values in sides) < 3:
            continue
        left, right = (float(values.mean()) for values in sides)
        uneven.append((abs(left - right) / (0.5 * (left + right)), left, right))
    index, left, right = max(uneven, default=(0.0, 0.0, 0.0))
    if index <= 0.10:
        return None
    severity = "fault" if index > 0.20 else "warning"
    numbers = {"left": left, "right": right, "symmetry_index": index}
    return TrueFault("ASYM", end_s, index / 0.20, numbers, severity)


def present(*faults: TrueFault | None) -> tuple[TrueFault, ...]:
    """Those that there are, in the order of time."""
    return tuple(sorted((f for f in faults if f is not None), key=lambda f: f.at_s))


def _begin_s(contact: TrueContact) -> float:
    return np.nan if contact.on_s is None else contact.on_s


def _end_s(contact: TrueContact) -> float:
    return np.nan if contact.off_s is None else contact.off_s
