# SPDX-License-Identifier: GPL-3.0-or-later
"""True repetitions of the drills that keep a foot down: stance, changes of support, pony.

Worked out from the whole session at once, looking back and ahead as is simplest.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from rig.layout import Foot
from rig.layout.foot import Float64
from rig.simulate.truth_contacts import heel_touch, plain_spans
from rig.simulate.truth_faults import (
    asymmetry,
    graded_heel,
    heel_fault,
    heel_first_fault,
    landing_drive,
    landing_is_whole,
    present,
    toe_land_fault,
    toe_shift_fault,
    unwanted_flights,
)
from rig.simulate.truth_model import Ground, Performance, TrueContact, TrueFault, TrueRepetition
from rig.simulate.truth_spans import Span, crossing_s, gaps, longest_run

SHORTEST_HOLD_S = 5.0


def stance(ground: Ground, contacts: Sequence[TrueContact], working: Foot) -> Performance:
    """Single-leg holds: the other foot is OFF for 5 s or more; brushing for under 50 ms ends none."""
    del contacts, working
    holds: list[TrueRepetition] = []
    for free in Foot:
        spans = [s for s in plain_spans(ground, free, tap=True) if not _brushed(s)]
        for before, after in gaps(spans, len(ground.t_s)):
            start_s = None if before is None else before.off_s
            end_s = None if after is None else after.on_s
            first = 0 if before is None else before.end
            end = len(ground.t_s) if after is None else after.first
            span = Span(first, end, start_s, end_s)
            seconds = _seconds(ground, span)
            if seconds >= SHORTEST_HOLD_S:
                holds.append(_hold(ground, Foot(1 - free), span, seconds, after))
    return Performance(sorted(holds, key=lambda h: -np.inf if h.start_s is None else h.start_s))


def _brushed(span: Span) -> bool:
    return span.on_s is not None and span.off_s is not None and span.off_s - span.on_s < 0.050


def _seconds(ground: Ground, span: Span) -> float:
    start_s = ground.t_s[0] if span.on_s is None else span.on_s
    end_s = ground.t_s[-1] if span.off_s is None else span.off_s
    return float(end_s - start_s)


def _hold(
    ground: Ground, support: Foot, span: Span, seconds: float, after: Span | None
) -> TrueRepetition:
    start_s = float(ground.t_s[span.first])
    grade = heel_touch(ground, support, span)
    faults = present(
        graded_heel(*grade, at_s=start_s, foot=support, kiss="warning"),
        _drift(ground, support, span),
        _touch(support, after),
        _hand(ground, support, span),
        _on_toes(ground, support, span),
    )
    return TrueRepetition(
        support, span.on_s, span.off_s, grade[0], {"hold_time_s": seconds}, faults
    )


def _second_means(values: Float64) -> Float64:
    """Means of each 1 s, by the sample at which it begins."""
    sums = np.cumsum(np.concatenate(([0.0], values)))
    return (sums[1000:] - sums[:-1000]) / 1000.0


def _drift(ground: Ground, support: Foot, span: Span) -> TrueFault | None:
    """The 1 s mean leaves an ellipse of 0.10 L by 0.20 W around the mean of the first 3 s."""
    cop = ground.loads.foot_cop_mm[span.first : span.end, support]
    radii = np.array([0.20 * ground.field.foot_width_mm, 0.10 * ground.field.foot_length_mm])
    centre = cop[:3000].mean(axis=0)
    means = np.stack([_second_means(cop[:, axis]) for axis in (0, 1)], axis=1)
    distance = np.hypot(*((means - centre) / radii).T)
    if not distance.max() > 1.0:
        return None
    left_s = float(ground.t_s[span.first + int(np.argmax(distance > 1.0))])
    most = float(distance.max())
    return TrueFault("DRIFT", left_s, most, {"ellipse_radii": most}, foot=support)


def _touch(support: Foot, after: Span | None) -> TrueFault | None:
    """The free foot ended the hold for 50 ms or more, and was gone again within a second."""
    if after is None or after.on_s is None or after.off_s is None:
        return None
    seconds = after.off_s - after.on_s
    if seconds >= 1.0:
        return None
    numbers = {"touch_time_s": seconds}
    return TrueFault("TOUCH", after.on_s, seconds / 0.050, numbers, foot=Foot(1 - support))


def _hand(ground: Ground, support: Foot, span: Span) -> TrueFault | None:
    """For 1 s the total is more than 7 % below the hold's first 3 s."""
    total = ground.total[span.first : span.end]
    usual = float(total[:3000].mean())
    loss = 1.0 - _second_means(total) / usual
    if not loss.max() > 0.07:
        return None
    at_s = float(ground.t_s[span.first + int(np.argmax(loss > 0.07))])
    lost = float(loss.max())
    return TrueFault("HAND", at_s, lost / 0.07, {"weight_lost": lost}, "hint", support)


def _on_toes(ground: Ground, support: Foot, span: Span) -> TrueFault | None:
    """Further forward than 0.81 for more than 0.5 s."""
    start, length = longest_run(ground.y[span.first : span.end, support] > 0.81)
    seconds = length * ground.step_s
    if seconds <= 0.5:
        return None
    at_s = float(ground.t_s[span.first + start])
    return TrueFault("TOE-SHIFT", at_s, seconds / 0.5, {"on_toes_s": seconds}, foot=support)


def change_of_support(
    ground: Ground, contacts: Sequence[TrueContact], working: Foot
) -> Performance:
    """One per pull and drop of a foot, in place."""
    del working
    return Performance(_all_pulls(ground, contacts, forward=False))


def forward_change(ground: Ground, contacts: Sequence[TrueContact], working: Foot) -> Performance:
    """One per pull and drop of a foot, travelling."""
    del working
    return Performance(_all_pulls(ground, contacts, forward=True))


def _all_pulls(
    ground: Ground, contacts: Sequence[TrueContact], *, forward: bool
) -> list[TrueRepetition]:
    done = [_pull(ground, *pull, forward=forward) for pull in _pulls(contacts)]
    done += [_low_pull(ground, *low, forward=forward) for low in _lows(ground, contacts)]
    return sorted(done, key=lambda pull: _time(pull.end_s))


def _lows(
    ground: Ground, contacts: Sequence[TrueContact]
) -> list[tuple[Foot, float, float, float]]:
    """Foot, start, end and least load where a foot bears under 0.15 body weights for 200 ms to 5 s and
    neither leaves the ground."""
    found = []
    for foot in Foot:
        u = ground.u[:, foot]
        falls = np.flatnonzero((u[:-1] >= 0.15) & (u[1:] < 0.15)) + 1
        rises = np.flatnonzero((u[:-1] < 0.15) & (u[1:] >= 0.15)) + 1
        for fall in falls:
            later = rises[rises > fall]
            if len(later) == 0:
                continue
            from_s = crossing_s(ground.t_s, u, int(fall), 0.15)
            to_s = crossing_s(ground.t_s, u, int(later[0]), 0.15)
            stays = all(
                any(_holds(c, from_s, to_s) for c in contacts if c.foot == either)
                for either in Foot
            )
            if 0.200 <= to_s - from_s <= 5.0 and stays:
                found.append((foot, from_s, to_s, float(u[fall : later[0]].min())))
    return found


def _holds(contact: TrueContact, from_s: float, to_s: float) -> bool:
    began = contact.on_s is None or contact.on_s <= from_s
    return began and (contact.off_s is None or contact.off_s >= to_s)


def _low_pull(
    ground: Ground, foot: Foot, from_s: float, to_s: float, least_bw: float, *, forward: bool
) -> TrueRepetition:
    """A pull in which the foot never left the ground: how it left and landed is not known."""
    support = Foot(1 - foot)
    share = ground.share(support)
    before = np.flatnonzero(share[: ground.at(from_s)] < 0.5)
    taken = int(before[-1]) + 1 if len(before) else 0
    grade = heel_touch(ground, support, Span(taken, ground.at(to_s), None, None))
    numbers = {"least_bw": least_bw}
    heel = None
    if not forward:
        heel = graded_heel(*grade, at_s=float(ground.t_s[taken]), foot=support)
    faults = present(
        TrueFault("LOW-PULL", from_s, max(1.0, least_bw / 0.10), numbers, "warning", foot),
        landing_drive(ground, to_s, foot),
        heel,
    )
    unseen = ("HEEL-FIRST", "TOE-LAND") if forward else ("TOE-SHIFT", "EARLY-PULL")
    not_judged = unseen if landing_is_whole(ground, to_s) else (*unseen, "DRIVE")
    measures = {"lifted_time_s": to_s - from_s}
    return TrueRepetition(support, from_s, to_s, grade[0], measures, faults, not_judged)


def _pulls(contacts: Sequence[TrueContact]) -> list[tuple[TrueContact, TrueContact]]:
    """The contact that a pull ends and the one that its drop begins, the other foot down at both."""
    pulls = []
    for foot in Foot:
        own = [c for c in contacts if c.foot == foot]
        other = [c for c in contacts if c.foot != foot]
        pulls += [
            (left, landed)
            for left, landed in pairwise(own)
            if _is_down(other, left.off_s) and _is_down(other, landed.on_s)
        ]
    return sorted(pulls, key=lambda pull: _time(pull[1].on_s))


def _time(t_s: float | None) -> float:
    return np.nan if t_s is None else t_s


def _is_down(contacts: list[TrueContact], t_s: float | None) -> bool:
    at_s = _time(t_s)
    return any(
        (c.on_s is None or c.on_s <= at_s) and (c.off_s is None or c.off_s >= at_s)
        for c in contacts
    )


def _pull(
    ground: Ground, left: TrueContact, landed: TrueContact, *, forward: bool
) -> TrueRepetition:
    support = Foot(1 - left.foot)
    off_s, on_s = _time(left.off_s), _time(landed.on_s)
    share = ground.share(support)
    first, last = ground.at(off_s), ground.at(on_s)
    before = np.flatnonzero(share[:first] < 0.5)
    taken = int(before[-1]) + 1 if len(before) else 0
    grade = heel_touch(ground, support, Span(taken, last, None, None))
    onset_s, early_share = _shift(ground, share, taken, off_s)
    measures = {
        "shift_time_s": off_s - onset_s,
        "share_before_pull": early_share,
        "lifted_time_s": on_s - off_s,
        "support_y_at_pull": float(ground.y[first, support]),
    }
    common = (
        landing_drive(ground, on_s, left.foot),
        unwanted_flights(ground, off_s, on_s),
    )
    if forward:
        faults = present(*common, heel_first_fault(landed), toe_land_fault(landed))
    else:
        early = None
        if off_s - onset_s >= 0.250 and early_share < 0.65:
            early = TrueFault("EARLY-PULL", off_s, 0.65 / early_share, measures, foot=left.foot)
        heel = graded_heel(*grade, at_s=float(ground.t_s[taken]), foot=support)
        faults = present(*common, early, heel, toe_shift_fault(left))
    not_judged = () if landing_is_whole(ground, on_s) else ("DRIVE",)
    return TrueRepetition(support, left.off_s, landed.on_s, grade[0], measures, faults, not_judged)


def _shift(ground: Ground, share: Float64, taken: int, off_s: float) -> tuple[float, float]:
    """When the receiving share began to rise (by 0.03), and where it was 100 ms before lift-off.

    The rise is looked for in the 1.5 s around the moment of equal load.
    """
    first = max(0, taken - 1000)
    before = share[first : max(taken, first + 1)]
    low = np.flatnonzero(before <= before.min() + 0.03)
    return float(ground.t_s[first + int(low[-1])]), float(share[ground.at(off_s - 0.100)])


def pony(ground: Ground, contacts: Sequence[TrueContact], working: Foot) -> Performance:
    """One per change of support, at the crossing; the support that ended gives the measures.

    The first support is standing, no shift of weight: its heel has not touched down.
    """
    del working
    ordered = sorted(contacts, key=lambda c: -np.inf if c.on_s is None else c.on_s)
    changes = [_change(ground, ended, taken) for ended, taken in pairwise(ordered)]
    uneven = asymmetry(contacts, float(ground.t_s[-1]))
    return Performance(changes, present(uneven))


def _change(ground: Ground, ended: TrueContact, taken: TrueContact) -> TrueRepetition:
    at_s = _time(ended.off_s)
    measures: dict[str, float] = {}
    if ended.contact_time_s is not None:
        measures["support_time_s"] = ended.contact_time_s
    standing = ended.on_s is None
    start_s = float(ground.t_s[0]) if standing else _time(ended.on_s)
    partial, slow, not_judged = _shifted(ground, start_s, at_s, taken)
    if not landing_is_whole(ground, at_s):
        not_judged = ("DRIVE", *not_judged)
    faults = present(
        None if standing else heel_fault(ended, kiss=None),
        None if standing else unwanted_flights(ground, start_s, at_s),
        landing_drive(ground, at_s, taken.foot),
        _pushed(ground, ended.foot, at_s),
        partial,
        slow,
    )
    grade = "none" if standing else ended.heel_touch
    return TrueRepetition(taken.foot, ended.on_s, ended.off_s, grade, measures, faults, not_judged)


def _shifted(
    ground: Ground, start_s: float, at_s: float, taken: TrueContact
) -> tuple[TrueFault | None, TrueFault | None, tuple[str, ...]]:
    """PARTIAL and NOT-SIMULTANEOUS of a change at `at_s`; not judged where the recording ends first."""
    share = ground.share(taken.foot)
    middle = ground.at(at_s)
    end = len(share) if taken.off_s is None else ground.at(taken.off_s)
    most = float(share[middle:end].max(initial=0.0))
    if taken.off_s is None and most < 0.80:
        return None, None, ("PARTIAL", "NOT-SIMULTANEOUS")
    partial = None
    if most < 0.80:
        partial = TrueFault("PARTIAL", at_s, (1.0 - most) / 0.20, {"share_max": most})
    below = np.flatnonzero(share[ground.at(start_s) : middle] < 0.2)
    above = np.flatnonzero(share[middle:end] >= 0.8)
    if len(below) == 0 or len(above) == 0:
        return partial, None, ("NOT-SIMULTANEOUS",)
    left_s = crossing_s(ground.t_s, share, ground.at(start_s) + int(below[-1]) + 1, 0.2)
    seconds = crossing_s(ground.t_s, share, middle + int(above[0]), 0.8) - left_s
    slow = None
    if seconds > 0.300:
        slow = TrueFault("NOT-SIMULTANEOUS", at_s, seconds / 0.300, {"shift_time_s": seconds})
    return partial, slow, ()


def _pushed(ground: Ground, foot: Foot, at_s: float) -> TrueFault | None:
    """The leaving foot bore over 1.15 body weights within the 300 ms before it bore half."""
    at = ground.at(at_s)
    window = ground.u[max(0, at - 300) : at, foot]
    most = float(window.max(initial=0.0))
    if most <= 1.15:
        return None
    return TrueFault("PUSH", at_s, most / 1.15, {"leaving_bw": most}, foot=foot)
