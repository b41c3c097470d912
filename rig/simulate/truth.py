# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts and repetitions of the dense truth, so that analyses can be judged from outside.

Nothing here knows the program's own contact and drill stages: thresholds stand as literal numbers
(design choices of the project's event definitions) and events are crossings of the true force.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from rig.layout import Foot, Region
from rig.layout.foot import Float64
from rig.settings import SIDES, DrillName
from rig.simulate.body import TrueLoads
from rig.simulate.truth_spans import Span, gaps, hysteresis_spans, support_spans

TRUTH_SCHEMA = "solerig.truth/1"


@dataclass(frozen=True, slots=True)
class TrueContact:
    """One foot on the ground; `on_s` or `off_s` is None where the contact is open at an end.

    `kind`: "foot"; "tap" for the tapping foot; "support" in pony, from one crossing of equal load to
    the next.
    """

    foot: Foot
    kind: str
    on_s: float | None
    off_s: float | None
    peak_force_n: float
    impulse_n_s: float
    heel_touch: str
    heel_share_max: float
    heel_impulse_share: float


@dataclass(frozen=True, slots=True)
class TrueRepetition:
    """One execution of the drill; `measures` by name with its unit."""

    side: Foot
    start_s: float | None
    end_s: float | None
    heel_touch: str
    measures: dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """All that really happened, in seconds of the board's clock since the first frame.

    Attributes
    ----------
    t_s : (n,) float64
        Dense, 1 ms of true time apart.
    loads : TrueLoads
        (n, ...) forces and CoP.
    """

    drill: DrillName
    working: Foot
    body_weight_n: float
    t_s: Float64
    loads: TrueLoads
    contacts: tuple[TrueContact, ...]
    repetitions: tuple[TrueRepetition, ...]


def find_truth(
    t_s: Float64, loads: TrueLoads, drill: DrillName, working: Foot, body_weight_n: float
) -> Truth:
    """Work out contacts and repetitions from dense loads.

    Parameters
    ----------
    t_s : (n,) float64
        Board seconds since the first frame.
    """
    ground = _Ground(t_s, loads, body_weight_n)
    spans = (
        support_spans(t_s, loads.foot_force_n)
        if drill == "pony"
        else [_foot_spans(ground, foot, drill, working) for foot in Foot]
    )
    contacts = [
        _contact(ground, foot, _kind(drill, foot, working), span)
        for foot in Foot
        for span in spans[foot]
    ]
    contacts.sort(key=lambda c: (-np.inf if c.on_s is None else c.on_s, c.foot))
    repetitions = {
        "stance": _holds,
        "pony": _changes,
        "tapping": _taps,
        "hopping": _hops,
    }[drill](ground, spans, working)
    return Truth(drill, working, body_weight_n, t_s, loads, tuple(contacts), tuple(repetitions))


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    t_s: Float64
    loads: TrueLoads
    body_weight_n: float

    @property
    def step_s(self) -> float:
        return float(self.t_s[1] - self.t_s[0])


def _kind(drill: DrillName, foot: Foot, working: Foot) -> str:
    if drill == "pony":
        return "support"
    return "tap" if drill == "tapping" and foot == working else "foot"


def _foot_spans(ground: _Ground, foot: Foot, drill: DrillName, working: Foot) -> list[Span]:
    """Each foot by its own thresholds: those of taps for the tapping foot and for free feet."""
    force = ground.loads.foot_force_n[:, foot]
    free = (
        drill == "stance"
        or (drill == "tapping" and foot == working)
        or (drill == "hopping" and foot != working)
    )
    on_n = (
        max(0.03 * ground.body_weight_n, 10.0) if free else max(0.06 * ground.body_weight_n, 20.0)
    )
    shortest_s = 0.008 if free else 0.040
    return hysteresis_spans(ground.t_s, force, on_n, 0.5 * on_n, shortest_s, 0.030)


def _contact(ground: _Ground, foot: Foot, kind: str, span: Span) -> TrueContact:
    force = ground.loads.foot_force_n[span.first : span.end, foot]
    touch, share_max, impulse_share = _heel_touch(ground, foot, span)
    return TrueContact(
        foot=foot,
        kind=kind,
        on_s=span.on_s,
        off_s=span.off_s,
        peak_force_n=float(force.max()),
        impulse_n_s=float(force.sum()) * ground.step_s,
        heel_touch=touch,
        heel_share_max=share_max,
        heel_impulse_share=impulse_share,
    )


def _heel_touch(ground: _Ground, foot: Foot, span: Span) -> tuple[str, float, float]:
    """Grade, largest heel share and the heel's part of the impulse.

    A touch is 30 ms with at least 0.05 body weights (15 N) and a tenth of the foot's load on the heel
    band; it is a kiss while the share stays below a quarter and the impulse below a tenth.
    """
    force = ground.loads.foot_force_n[span.first : span.end, foot]
    heel = ground.loads.region_force_n[span.first : span.end, foot, Region.HEEL]
    defined = force >= 0.10 * ground.body_weight_n
    if not defined.any():
        return "none", float("nan"), float("nan")
    share = np.where(defined, heel / np.maximum(force, 1e-9), 0.0)
    share_max = float(share.max())
    impulse_share = float(heel.sum() / force.sum())
    touching = (heel >= max(0.05 * ground.body_weight_n, 15.0)) & (share >= 0.10)
    if _longest_run(touching) * ground.step_s < 0.030 - 1e-9:
        return "none", share_max, impulse_share
    kiss = share_max < 0.25 and impulse_share < 0.10
    return "kiss" if kiss else "load", share_max, impulse_share


def _longest_run(condition: np.ndarray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], condition.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _holds(ground: _Ground, spans: list[list[Span]], working: Foot) -> list[TrueRepetition]:
    """Single-leg holds: the other foot is OFF for 5 s or more."""
    del working
    holds: list[TrueRepetition] = []
    for free in Foot:
        support = Foot(1 - free)
        for before, after in gaps(spans[free], len(ground.t_s)):
            start_s = None if before is None else before.off_s
            end_s = None if after is None else after.on_s
            first = 0 if before is None else before.end
            end = len(ground.t_s) if after is None else after.first
            seconds = float(
                (ground.t_s[-1] if end_s is None else end_s)
                - (ground.t_s[0] if start_s is None else start_s)
            )
            if seconds >= 5.0:
                grade = _heel_touch(ground, support, Span(first, end, start_s, end_s))[0]
                holds.append(
                    TrueRepetition(support, start_s, end_s, grade, {"hold_time_s": seconds})
                )
    return sorted(holds, key=lambda h: -np.inf if h.start_s is None else h.start_s)


def _changes(ground: _Ground, spans: list[list[Span]], working: Foot) -> list[TrueRepetition]:
    """One per change of support, at the crossing; the support that ended gives the measures."""
    del working
    ordered = sorted(
        ((foot, span) for foot in Foot for span in spans[foot]), key=lambda item: item[1].first
    )
    changes: list[TrueRepetition] = []
    for (foot, ended), (taker, _) in pairwise(ordered):
        measures = {}
        if ended.on_s is not None and ended.off_s is not None:
            measures["support_time_s"] = ended.off_s - ended.on_s
        grade = _heel_touch(ground, foot, ended)[0]
        changes.append(TrueRepetition(taker, ended.on_s, ended.off_s, grade, measures))
    return changes


def _taps(ground: _Ground, spans: list[list[Span]], working: Foot) -> list[TrueRepetition]:
    """One per tap that began and ended; more than 1 s is standing, not tapping."""
    taps = []
    for span in spans[working]:
        if span.on_s is None or span.off_s is None or span.off_s - span.on_s > 1.0:
            continue
        grade = _heel_touch(ground, working, span)[0]
        measures = {"contact_time_s": span.off_s - span.on_s}
        taps.append(TrueRepetition(working, span.on_s, span.off_s, grade, measures))
    return taps


def _hops(ground: _Ground, spans: list[list[Span]], working: Foot) -> list[TrueRepetition]:
    """One per landing after a flight of 30 ms or more with nothing else on the ground."""
    total = ground.loads.foot_force_n.sum(axis=1)
    hops = []
    for before, after in pairwise(spans[working]):
        if before.off_s is None or after.on_s is None:
            continue
        airborne = total[before.end : after.first] < 0.10 * ground.body_weight_n
        flight_s = after.on_s - before.off_s
        if flight_s < 0.030 or not airborne.all():
            continue
        measures = {"flight_time_s": flight_s}
        if before.on_s is not None:
            measures["contact_time_s"] = before.off_s - before.on_s
        grade = _heel_touch(ground, working, before)[0]
        hops.append(TrueRepetition(working, before.off_s, after.on_s, grade, measures))
    return hops


class SessionWithTruth(Protocol):
    """What `truth_json` reads of a simulated session."""

    @property
    def seed(self) -> int: ...
    @property
    def rate_hz(self) -> int: ...
    @property
    def truth(self) -> Truth: ...


def truth_json(session: SessionWithTruth) -> dict[str, Any]:
    """The content of `truth.json`; times in seconds of the recording's `t_s`, null where open."""
    truth = session.truth
    return {
        "schema": TRUTH_SCHEMA,
        "drill": truth.drill,
        "side": SIDES[truth.working],
        "seed": session.seed,
        "rate_hz": session.rate_hz,
        "body_weight_n": truth.body_weight_n,
        "contacts": [contact_json(contact) for contact in truth.contacts],
        "repetition_count": len(truth.repetitions),
        "repetitions": [repetition_json(repetition) for repetition in truth.repetitions],
    }


def contact_json(contact: TrueContact) -> dict[str, Any]:
    """One entry of `contacts`; null where open or undefined."""
    contact_time_s = None
    if contact.on_s is not None and contact.off_s is not None:
        contact_time_s = contact.off_s - contact.on_s
    return {
        "foot": SIDES[contact.foot],
        "kind": contact.kind,
        "on_s": contact.on_s,
        "off_s": contact.off_s,
        "contact_time_s": contact_time_s,
        "peak_force_n": contact.peak_force_n,
        "impulse_n_s": contact.impulse_n_s,
        "heel_touch": contact.heel_touch,
        "heel_share_max": _null_if_nan(contact.heel_share_max),
        "heel_impulse_share": _null_if_nan(contact.heel_impulse_share),
    }


def repetition_json(repetition: TrueRepetition) -> dict[str, Any]:
    """One entry of `repetitions`."""
    return {
        "side": SIDES[repetition.side],
        "start_s": repetition.start_s,
        "end_s": repetition.end_s,
        "heel_touch": repetition.heel_touch,
        **repetition.measures,
    }


def _null_if_nan(value: float) -> float | None:
    return None if np.isnan(value) else value
