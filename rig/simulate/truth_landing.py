# SPDX-License-Identifier: GPL-3.0-or-later
"""True repetitions of the drills that land: tapping, hopping, lunge, switch, running lunge.

A repetition is judged over the contact that it ends, as far as a landing began that contact.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from rig.layout import Foot
from rig.simulate.truth_contacts import heel_touch
from rig.simulate.truth_faults import (
    LEARNT_FROM,
    asymmetry,
    graded_heel,
    heel_fault,
    heel_first_fault,
    long_fault,
    present,
    push_fault,
    toe_land_fault,
    toe_shift_fault,
)
from rig.simulate.truth_model import Ground, Performance, TrueContact, TrueFault, TrueRepetition
from rig.simulate.truth_spans import Span


def tapping(ground: Ground, contacts: Sequence[TrueContact], working: Foot) -> Performance:
    """One per tap that began and ended; more than 1 s is standing, not tapping."""
    taps: list[TrueRepetition] = []
    put_down: list[TrueFault] = []
    before_s, up_since_s = float(ground.t_s[0]), np.nan
    for tap in (c for c in contacts if c.foot == working):
        time_s, pulled_s, up_since_s = tap.contact_time_s, up_since_s, np.nan
        if time_s is None or tap.on_s is None or tap.off_s is None:
            continue
        if time_s > 1.0:
            numbers = {"contact_time_s": time_s}
            put_down.append(TrueFault("PUT-DOWN", tap.on_s, time_s, numbers, foot=working))
            continue
        faults = present(
            heel_first_fault(tap),
            long_fault(tap, 0.250),
            _hard_tap(ground, tap),
            _over_pulled(tap, pulled_s),
            _support_heel(ground, Foot(1 - working), before_s, tap.off_s),
        )
        measures = {"contact_time_s": time_s}
        taps.append(TrueRepetition(working, tap.on_s, tap.off_s, tap.heel_touch, measures, faults))
        before_s = up_since_s = tap.off_s
    return Performance(taps, tuple(put_down))


def _hard_tap(ground: Ground, tap: TrueContact) -> TrueFault | None:
    peak_bw = tap.peak_force_n / ground.body_weight_n
    if peak_bw <= 0.50 or tap.on_s is None:
        return None
    return TrueFault("DRIVE", tap.on_s, peak_bw / 0.50, {"peak_bw": peak_bw}, foot=tap.foot)


def _over_pulled(tap: TrueContact, pulled_s: float) -> TrueFault | None:
    """In the air for over 600 ms from one tap to the next, a hint; over 2 s is a rest."""
    up_s = (np.nan if tap.on_s is None else tap.on_s) - pulled_s
    if not 0.600 < up_s <= 2.0:
        return None
    numbers = {"lifted_time_s": up_s}
    return TrueFault("OVER-PULLED", pulled_s, up_s / 0.600, numbers, "hint", tap.foot)


def _support_heel(ground: Ground, support: Foot, start_s: float, end_s: float) -> TrueFault | None:
    """The standing leg's heel load is a hint only, its kiss nothing."""
    span = Span(ground.at(start_s), ground.at(end_s), None, None)
    grade = heel_touch(ground, support, span)
    return graded_heel(*grade, at_s=start_s, foot=support, kiss=None, load="hint")


def hopping(ground: Ground, contacts: Sequence[TrueContact], working: Foot) -> Performance:
    """One per landing after a flight of 30 ms or more with nothing else on the ground.

    The contact before the flight is graded, if that began by a landing itself.
    """
    hops: list[TrueRepetition] = []
    flights: list[float] = []
    landed_in: TrueContact | None = None
    for before, after in pairwise([c for c in contacts if c.foot == working]):
        if before.off_s is None or after.on_s is None:
            continue
        flight_s = after.on_s - before.off_s
        aloft = ground.total[ground.at(before.off_s) : ground.at(after.on_s)] < 0.10
        if flight_s < 0.030 or not aloft.all():
            continue
        measures = {"flight_time_s": flight_s}
        if before.contact_time_s is not None:
            measures["contact_time_s"] = before.contact_time_s
        landed = before is landed_in
        high, not_judged = _high(before.off_s, flight_s, flights, working)
        faults = (heel_fault(before), toe_land_fault(before), push_fault(before))
        hops.append(
            TrueRepetition(
                working,
                before.off_s,
                after.on_s,
                before.heel_touch if landed else "none",
                measures,
                present(high, *(faults if landed else ())),
                not_judged,
            )
        )
        flights.append(flight_s)
        landed_in = after
    baselines = {} if len(flights) < LEARNT_FROM else {"flight_time_s": _median(flights)}
    return Performance(hops, present(_uneven(hops)), baselines)


def _median(values: Sequence[float]) -> float:
    return float(np.median(values[:LEARNT_FROM]))


def _high(
    at_s: float, flight_s: float, earlier: Sequence[float], foot: Foot
) -> tuple[TrueFault | None, tuple[str, ...]]:
    """A flight of over 320 ms, or of over 60 ms more than the median of the first twelve."""
    learnt = len(earlier) >= LEARNT_FROM
    limit_s = min(0.320, _median(earlier) + 0.060) if learnt else 0.320
    numbers = {"flight_time_s": flight_s, "limit_s": limit_s}
    fault = TrueFault("HOP-UP", at_s, flight_s / limit_s, numbers, foot=foot)
    return fault if flight_s > limit_s else None, () if learnt else ("HOP-UP",)


def _uneven(hops: Sequence[TrueRepetition]) -> TrueFault | None:
    """Coefficient of variation of the times from landing to landing, hops that follow each other."""
    periods = [
        second.end_s - first.end_s
        for first, second in pairwise(hops)
        if first.end_s is not None and second.end_s is not None and second.end_s - first.end_s < 1.0
    ]
    if len(periods) < 6:
        return None
    variation = float(np.std(periods) / np.mean(periods))
    if variation <= 0.10 or hops[-1].end_s is None:
        return None
    return TrueFault("RHYTHM", hops[-1].end_s, variation / 0.10, {"variation": variation})


def lunge(ground: Ground, contacts: Sequence[TrueContact], working: Foot) -> Performance:
    """One per landing of the front foot after 60 ms or more off the ground."""
    done: list[TrueRepetition] = []
    for before, after in pairwise([c for c in contacts if c.foot == working]):
        if before.off_s is None or after.on_s is None or after.on_s - before.off_s < 0.060:
            continue
        measures = {"off_time_s": after.on_s - before.off_s}
        faults: tuple[TrueFault, ...] = ()
        if before.contact_time_s is not None:
            measures["contact_time_s"] = before.contact_time_s
            rear = _rear(ground, before)
            measures["rear_share"] = rear
            faults = present(
                _rear_fault(before, rear),
                long_fault(before, 0.300),
                heel_fault(before),
                heel_first_fault(before),
                push_fault(before),
            )
        grade = "none" if before.on_s is None else before.heel_touch
        done.append(TrueRepetition(working, before.off_s, after.on_s, grade, measures, faults))
    return Performance(done)


def _rear(ground: Ground, front: TrueContact) -> float:
    """Rear foot's part of the impulse over a front contact."""
    first, last = (ground.at(np.nan if t is None else t) for t in (front.on_s, front.off_s))
    impulse = ground.u[first:last].sum(axis=0)
    return float(impulse[1 - front.foot] / impulse.sum())


def _rear_fault(front: TrueContact, rear: float) -> TrueFault | None:
    if rear <= 0.25 or front.on_s is None:
        return None
    numbers = {"rear_share": rear}
    return TrueFault("REAR", front.on_s, rear / 0.25, numbers, foot=Foot(1 - front.foot))


def switch(ground: Ground, contacts: Sequence[TrueContact], working: Foot) -> Performance:
    """One per change from one foot to the other; two landings of one foot are a stumble."""
    del working
    changes: list[TrueRepetition] = []
    stumbles: list[TrueFault] = []
    for ended, taken in pairwise(contacts):
        if taken.on_s is None or ended.off_s is None:
            continue
        if ended.foot == taken.foot:
            stumbles.append(TrueFault("STUMBLE", taken.on_s, 1.0, foot=taken.foot))
            continue
        both_s = ended.off_s - taken.on_s
        if both_s > 0.400:
            continue
        measures = {"double_support_s": both_s} if both_s > 0.0 else {"flight_time_s": -both_s}
        if ended.contact_time_s is not None:
            measures["contact_time_s"] = ended.contact_time_s
        late = None
        if both_s > 0.080:
            late = TrueFault("DOUBLE-SUPPORT", taken.on_s, both_s / 0.080, dict(measures))
        landed = ended.on_s is not None
        faults = (heel_fault(ended), toe_land_fault(ended), long_fault(ended, 0.300))
        grade = ended.heel_touch if landed else "none"
        changes.append(
            TrueRepetition(
                taken.foot,
                ended.on_s,
                taken.on_s,
                grade,
                measures,
                present(late, *(faults if landed else ())),
            )
        )
    uneven = asymmetry(contacts, float(ground.t_s[-1]))
    return Performance(changes, present(uneven, *stumbles))


def running_lunge(ground: Ground, contacts: Sequence[TrueContact], working: Foot) -> Performance:
    """One per contact of the working leg of 80 to 450 ms."""
    done: list[TrueRepetition] = []
    rates: list[float] = []
    for contact in (c for c in contacts if c.foot == working):
        time_s = contact.contact_time_s
        if time_s is None or not 0.080 <= time_s <= 0.450:
            continue
        drive, not_judged = _driven(contact, rates)
        faults = present(
            drive,
            long_fault(contact, 0.300),
            heel_fault(contact),
            heel_first_fault(contact),
            toe_shift_fault(contact),
        )
        measures = {
            "contact_time_s": time_s,
            "pull_time_s": (1.0 - contact.peak_at) * time_s,
            "loading_rate_bw_s": contact.loading_rate_bw_s,
        }
        done.append(
            TrueRepetition(
                working,
                contact.on_s,
                contact.off_s,
                contact.heel_touch,
                measures,
                faults,
                not_judged,
            )
        )
        rates.append(contact.loading_rate_bw_s)
    del ground
    baselines = {} if len(rates) < LEARNT_FROM else {"loading_rate_bw_s": _median(rates)}
    return Performance(done, (), baselines)


def _driven(
    contact: TrueContact, earlier: Sequence[float]
) -> tuple[TrueFault | None, tuple[str, ...]]:
    """A loading rate of over 1.3 times the median of the first twelve; before those, not judged."""
    if len(earlier) < LEARNT_FROM or contact.on_s is None:
        return None, ("DRIVE",)
    ratio = contact.loading_rate_bw_s / _median(earlier)
    if not ratio > 1.3:
        return None, ()
    numbers = {"loading_rate_bw_s": contact.loading_rate_bw_s, "times_own": ratio}
    return TrueFault("DRIVE", contact.on_s, ratio / 1.3, numbers, foot=contact.foot), ()
