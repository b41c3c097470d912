# SPDX-License-Identifier: GPL-3.0-or-later
"""Stream stage: loads to contacts and events.

Decision delays: FOOT_ON 40 ms after its crossing (taps 10 ms), FOOT_OFF and its contact 30 ms after
OFF or 15 ms after the fall if that is later, heel and ball 20 ms, heel touch 30 ms.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from rig.calibrate.force_block import Float64, ForceBlock
from rig.contact.baseline import BaselineState, baseline_state, follow_baseline
from rig.contact.foot_contacts import (
    Findings,
    FootContactState,
    Mark,
    close_contact,
    finish_fall,
    follow_steps,
    leave_open,
    take_rise,
)
from rig.contact.results import ContactEvent, ContactResult, EventKind, HeelTouch, LoadBlock
from rig.contact.rules import LONGEST_GAP_S, ContactRules
from rig.contact.signals import SignalCarry, foot_signals
from rig.contact.support import SupportState, end_support, follow_support
from rig.contact.tally import grade_so_far, joined
from rig.contact.tracker import (
    HISTORY_FRAMES,
    Phase,
    Step,
    StepKind,
    Track,
    TrackerState,
    fall_extended_s,
    walk,
)
from rig.layout import Foot, Region

_REGIONS = (
    (Region.HEEL, EventKind.HEEL_ON, EventKind.HEEL_OFF),
    (Region.BALL, EventKind.BALL_ON, EventKind.BALL_OFF),
)
_ORDER = {kind: place for place, kind in enumerate(EventKind)}


@dataclass(slots=True)
class ChannelState:
    """One force followed: the walk's place and the last frames for its flank."""

    tracker: TrackerState
    force_n: Float64
    baseline_n: Float64


@dataclass(frozen=True, slots=True, eq=False)
class ContactState:
    """Everything that contact detection remembers.

    `feet` are the foot channels, `regions` heel and ball of the left, then of the right foot.
    `frame_s` is the nominal period of the newest segment; `last_t_s` None before any frame.
    """

    rules: ContactRules
    segment_index: int | None
    frame_s: float
    last_t_s: float | None
    history_t_s: Float64
    feet: tuple[ChannelState, ChannelState]
    regions: tuple[ChannelState, ...]
    contacts: tuple[FootContactState, FootContactState]
    carries: tuple[SignalCarry, SignalCarry]
    baseline: BaselineState | None
    baseline_kept_n: Float64 = field(default_factory=lambda: np.zeros(2))
    support: SupportState | None = None


def contact_state(rules: ContactRules) -> ContactState:
    """Before the first frame."""
    return _restarted(rules, np.zeros(2))


def change_rules(state: ContactState, rules: ContactRules) -> ContactState:
    """The same place in the stream under thresholds of another calibration."""
    feet = [
        replace(channel, tracker=replace(channel.tracker, rules=rules.foot[foot]))
        for foot, channel in zip(Foot, state.feet, strict=True)
    ]
    return replace(state, rules=rules, feet=(feet[0], feet[1]))


def _restarted(rules: ContactRules, baseline_n: Float64) -> ContactState:
    empty = np.zeros(0)
    tapping_drill = rules.drill.name == "tapping"
    return ContactState(
        rules=rules,
        segment_index=None,
        frame_s=0.0,
        last_t_s=None,
        history_t_s=empty,
        feet=tuple(ChannelState(TrackerState(rules.foot[f]), empty, empty) for f in Foot),  # type: ignore[arg-type] - two feet
        regions=tuple(ChannelState(TrackerState(rules.region), empty, empty) for _ in range(4)),
        contacts=tuple(  # type: ignore[arg-type] - two feet
            FootContactState(
                f,
                "tap" if tapping_drill and rules.tapping[f] else "foot",
                rules.foot[f].shortest_on_s,
            )
            for f in Foot
        ),
        carries=(SignalCarry(), SignalCarry()),
        baseline=None,
        baseline_kept_n=baseline_n,
        support=SupportState() if rules.drill.name == "pony" else None,
    )


def contact_stage(state: ContactState, loads: LoadBlock) -> tuple[ContactState, ContactResult]:
    """Contacts and events that one block decides.

    A clock restart, or more than 0.3 s of missing frames, ends open contacts as open.
    """
    out = Findings([], [])
    baselines: list[Float64] = []
    for start, stop in _runs(loads.force):
        if start > 0 or _breaks(state, loads.force):
            _end_all(state, out)
            kept_n = state.baseline_kept_n if state.baseline is None else state.baseline.in_force_n
            state = _restarted(state.rules, kept_n)
        state, base_n = _follow(state, _cut(loads, start, stop), out)
        baselines.append(base_n)
    return state, _result(state, out, baselines)


def finish_contacts(state: ContactState) -> tuple[ContactState, ContactResult]:
    """The data have ended: what is open stays open, what was about to be decided is decided."""
    out = Findings([], [])
    _end_all(state, out)
    ended = _restarted(state.rules, state.baseline_kept_n)
    return ended, _result(ended, out, [])


def _breaks(state: ContactState, force: ForceBlock) -> bool:
    """Whether the block's first frame follows a break."""
    if state.last_t_s is None or len(force) == 0:
        return False
    if state.segment_index != force.segment.index and not force.segment.clock_continues:
        return True
    return float(force.t_s[0]) - state.last_t_s > LONGEST_GAP_S


def _runs(force: ForceBlock) -> list[tuple[int, int]]:
    """Stretches of the block without a long gap inside."""
    if len(force) == 0:
        return []
    cuts = np.flatnonzero(np.diff(force.t_s) > LONGEST_GAP_S) + 1
    bounds = [0, *(int(c) for c in cuts), len(force)]
    return list(pairwise(bounds))


def _cut(loads: LoadBlock, start: int, stop: int) -> LoadBlock:
    if start == 0 and stop == len(loads):
        return loads
    force = loads.force
    part = slice(start, stop)
    return LoadBlock(
        force=replace(
            force,
            t_s=force.t_s[part],
            frame_number=force.frame_number[part],
            end_offset=force.end_offset[part],
            pad_force_n=force.pad_force_n[part],
            flags=force.flags[part],
            lost_before=force.lost_before[part],
        ),
        foot_force_n=loads.foot_force_n[part],
        region_force_n=loads.region_force_n[part],
        foot_cop_mm=loads.foot_cop_mm[part],
        cop_mm=loads.cop_mm[part],
        share_left=loads.share_left[part],
    )


def _follow(state: ContactState, loads: LoadBlock, out: Findings) -> tuple[ContactState, Float64]:
    """One stretch without a break; also gives the baseline that each frame read."""
    force, rules = loads.force, state.rules
    frame_s = 1.0 / max(force.segment.hello.scan_rate_hz, 1)
    baseline, base_n = _baseline(state, loads, frame_s)
    t_all = np.concatenate((state.history_t_s, force.t_s))
    past = len(state.history_t_s)
    carries, signals, feet, contacts, regions = [], [], [], [], []
    for foot in Foot:
        carry, signal = foot_signals(state.carries[foot], loads, foot, rules, frame_s)
        channel, steps = _walk(
            state.feet[foot], t_all, signal.force_n, base_n[:, foot], past, frame_s
        )
        contact = state.contacts[foot].copy()
        found = Findings([], [])
        follow_steps(contact, steps, signal, found)
        _add(out, found, state.support)
        carries.append(carry)
        signals.append(signal)
        feet.append(channel)
        contacts.append(contact)
        for place, (region, on, off) in enumerate(_REGIONS):
            values = np.ascontiguousarray(loads.region_force_n[:, foot, region])
            old = state.regions[2 * foot + place]
            none = np.zeros(len(values))
            channel, steps = _walk(old, t_all, values, none, past, frame_s)
            out.events.extend(_region_events(steps, foot, on, off, force.t_s))
            regions.append(channel)
    support = None if state.support is None else state.support.copy()
    if support is not None:
        follow_support(support, loads.share_left, (signals[0], signals[1]), out)
    followed = replace(
        state,
        segment_index=force.segment.index,
        frame_s=frame_s,
        last_t_s=float(force.t_s[-1]),
        history_t_s=t_all[-HISTORY_FRAMES:],
        feet=(feet[0], feet[1]),
        regions=tuple(regions),
        contacts=(contacts[0], contacts[1]),
        carries=(carries[0], carries[1]),
        baseline=baseline,
        support=support,
    )
    return followed, base_n


def _baseline(
    state: ContactState, loads: LoadBlock, frame_s: float
) -> tuple[BaselineState | None, Float64]:
    """Baseline of each frame, 0 for feet that are read as they are."""
    rules, force = state.rules, loads.force
    if not any(rules.baseline):
        return None, np.zeros((len(loads), 2))
    following = state.baseline
    if following is None:
        following = baseline_state(
            float(force.t_s[0]),
            1.0 / frame_s,
            rules.body_weight_n,
            freeze_one_sided=rules.drill.name == "stance",
            in_force_n=state.baseline_kept_n,
        )
    following = replace(following, rate_hz=1.0 / frame_s)
    following, base_n = follow_baseline(following, force.t_s, loads.foot_force_n)
    return following, base_n * np.array(rules.baseline, np.float64)


def _walk(
    channel: ChannelState,
    t_all: Float64,
    force_n: Float64,
    baseline_n: Float64,
    past: int,
    frame_s: float,
) -> tuple[ChannelState, list[Step]]:
    force_all = np.concatenate((channel.force_n, force_n))
    base_all = np.concatenate((channel.baseline_n, baseline_n))
    tracker = replace(channel.tracker)
    steps = walk(tracker, Track(t_all, force_all, base_all, force_all - base_all, past, frame_s))
    kept = ChannelState(tracker, force_all[-HISTORY_FRAMES:], base_all[-HISTORY_FRAMES:])
    return kept, steps


def _add(out: Findings, found: Findings, support: SupportState | None) -> None:
    """Add a foot's findings; where support phases are the contacts, only when it came and went."""
    if support is None:
        out.events.extend(found.events)
        out.contacts.extend(found.contacts)
    else:
        out.events.extend(e for e in found.events if e.kind is not EventKind.HEEL_TOUCH)


def _region_events(
    steps: list[Step], foot: Foot, on: EventKind, off: EventKind, t_s: Float64
) -> list[ContactEvent]:
    events = []
    for step in steps:
        if step.kind in (StepKind.ON, StepKind.OFF):
            decided_s = float(t_s[step.at])
            at_s = decided_s if step.t_s is None else step.t_s
            kind = on if step.kind is StepKind.ON else off
            events.append(ContactEvent(at_s, foot, kind, np.nan, decided_s))
    return events


def _end_all(state: ContactState, out: Findings) -> None:
    """Decide what can be decided at the last frame and leave the rest open."""
    at_s = state.last_t_s
    if at_s is None:
        return
    ends = tuple(Mark(c.impulse_n_s, c.heel_impulse_n_s, c.lost) for c in state.carries)
    for foot in Foot:
        found = Findings([], [])
        tracker = state.feet[foot].tracker
        _end_foot(state.contacts[foot].copy(), tracker, at_s, ends[foot], found)
        _add(out, found, state.support)
        for place, (_, _, off) in enumerate(_REGIONS):
            if state.regions[2 * foot + place].tracker.phase in (Phase.ON, Phase.FALLING):
                out.events.append(ContactEvent(at_s, foot, off, np.nan, at_s))
    if state.support is not None:
        end_support(state.support.copy(), (ends[0], ends[1]), at_s, out)


def _end_foot(
    contact: FootContactState, tracker: TrackerState, at_s: float, end: Mark, out: Findings
) -> None:
    off_s = None
    if contact.phase is Phase.FALLING:
        off_s = fall_extended_s(tracker)
    if off_s is not None and off_s <= at_s:
        finish_fall(contact, off_s, tracker.rules.half_on_n)
        close_contact(contact, at_s, out)
        return
    if contact.phase is Phase.RISING:
        take_rise(contact, at_s)
    elif contact.phase is Phase.FALLING and contact.open is not None:
        contact.open.summed = joined(contact.open.summed, contact.pending)
    elif contact.phase is Phase.OFF and contact.open is not None:
        close_contact(contact, at_s, out)
    if contact.open is not None:
        leave_open(contact, end, at_s, out)


def _result(state: ContactState, out: Findings, baselines: list[Float64]) -> ContactResult:
    out.events.sort(key=lambda e: (e.decided_at_s, e.t_s, e.foot, _ORDER[e.kind], e.value))
    out.contacts.sort(key=lambda d: (d.decided_at_s, d.contact.foot))
    phases = [state.feet[f].tracker.phase for f in Foot]
    return ContactResult(
        events=tuple(out.events),
        contacts=tuple(d.contact for d in out.contacts),
        foot_on=np.array([p in (Phase.ON, Phase.FALLING) for p in phases]),
        heel_on=_regions_on(state, 0),
        ball_on=_regions_on(state, 1),
        heel_touch_now=(_touch_now(state, Foot.LEFT), _touch_now(state, Foot.RIGHT)),
        baseline_n=np.concatenate([np.zeros((0, 2)), *baselines]),
        support=_support_now(state),
    )


def _support_now(state: ContactState) -> Foot | None:
    support = state.support
    return None if support is None or support.open is None else support.support


def _regions_on(state: ContactState, place: int) -> np.ndarray:
    trackers = [state.regions[2 * foot + place].tracker for foot in Foot]
    return np.array([t.phase in (Phase.ON, Phase.FALLING) for t in trackers])


def _touch_now(state: ContactState, foot: Foot) -> HeelTouch:
    if state.support is not None:
        support = state.support
        contact = support.open if support.support == foot else None
    else:
        contact = state.contacts[foot].open
        if state.feet[foot].tracker.phase not in (Phase.ON, Phase.FALLING):
            contact = None
    return "none" if contact is None else grade_so_far(contact.summed)
