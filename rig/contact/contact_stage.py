# SPDX-License-Identifier: GPL-3.0-or-later
"""Stream stage: loads to contacts and events.

Decision delays: FOOT_ON 40 ms after its crossing (taps 10 ms); FOOT_OFF and its contact 30 ms after
OFF, or when its fall is decided if that is later: 15 ms after it began, a slow one when it has run out,
100 ms at the latest (a rise that began by then is first waited for, 10 ms); heel and ball 20 ms, their
OFF up to 100 ms too in slow falls; heel touch 30 ms.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from rig.calibrate.force_block import Float64, ForceBlock
from rig.calibrate.mat_force_block import AnyForceBlock
from rig.contact.baseline import BaselineState, baseline_state, follow_baseline
from rig.contact.channels import Channel, channel, follow_channel, region_events
from rig.contact.foot_contacts import (
    FootContactState,
    close_contact,
    finish_fall,
    follow_steps,
    leave_open,
    reopen_unseen_off,
    take_rise,
)
from rig.contact.open_contact import Findings, Mark
from rig.contact.results import ContactEvent, ContactResult, EventKind, HeelTouch, LoadBlock
from rig.contact.rules import LONGEST_GAP_S, ContactRules
from rig.contact.signals import Carries, FeetSignals, SignalCarry, feet_signals, joined_feet
from rig.contact.stretches import stretches
from rig.contact.support import SupportState, end_support, follow_support
from rig.contact.tally import grade_so_far, joined
from rig.contact.tracker import HISTORY_FRAMES, Phase, TrackerState, fall_extended_s
from rig.layout import Foot, Region

_REGIONS = (
    (Region.HEEL, EventKind.HEEL_ON, EventKind.HEEL_OFF),
    (Region.BALL, EventKind.BALL_ON, EventKind.BALL_OFF),
)
TAP_END_SLACK_S = 0.001
"""The OFF of a tap comes out this much early (0.8 ms, SD 0.6 ms, against the simulator's truth), so one
this close to the end of the data may lie behind it, and would complete a tap that nobody saw; design
choice."""
_ORDER = {kind: place for place, kind in enumerate(EventKind)}


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
    feet: tuple[Channel, Channel]
    regions: tuple[Channel, ...]
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
        replace(before, tracker=replace(before.tracker, rules=rules.foot[foot]))
        for foot, before in zip(Foot, state.feet, strict=True)
    ]
    return replace(state, rules=rules, feet=(feet[0], feet[1]))


_NOTHING_BEFORE = SignalCarry(), SignalCarry()


def _restarted(
    rules: ContactRules, baseline_n: Float64, carries: Carries = _NOTHING_BEFORE
) -> ContactState:
    return ContactState(
        rules=rules,
        segment_index=None,
        frame_s=0.0,
        last_t_s=None,
        history_t_s=np.zeros(0),
        feet=(channel(rules.foot[Foot.LEFT]), channel(rules.foot[Foot.RIGHT])),
        regions=tuple(channel(rules.region) for _ in range(4)),
        contacts=(_no_contact(rules, Foot.LEFT), _no_contact(rules, Foot.RIGHT)),
        carries=carries,
        baseline=None,
        baseline_kept_n=baseline_n,
        support=SupportState() if rules.toes_stay_down else None,
    )


def _running_on(carries: Carries) -> Carries:
    """Integrals run on over a break, which adds nothing to them; nothing else is carried."""
    left, right = (
        SignalCarry(
            impulse_n_s=carry.impulse_n_s, heel_impulse_n_s=carry.heel_impulse_n_s, lost=carry.lost
        )
        for carry in carries
    )
    return left, right


def _no_contact(rules: ContactRules, foot: Foot) -> FootContactState:
    taps = rules.drill.name == "tapping" and rules.tapping[foot]
    return FootContactState(foot, "tap" if taps else "foot", rules.foot[foot].shortest_on_s)


def contact_stage(state: ContactState, loads: LoadBlock) -> tuple[ContactState, ContactResult]:
    """Contacts and events that one block decides.

    A clock restart, or more than 0.3 s of missing frames, ends open contacts as open.
    """
    out = Findings([], [])
    loads = _absent_as_unloaded(loads)
    baselines: list[Float64] = []
    signals: FeetSignals | None = None
    for stretch in stretches(loads):
        if _follows_break(state, stretch.force):
            _end_all(state, out)
            kept_n = state.baseline_kept_n if state.baseline is None else state.baseline.in_force_n
            state = _restarted(state.rules, kept_n, _running_on(state.carries))
        state, base_n, more = _follow(state, stretch, out)
        baselines.append(base_n)
        signals = more if signals is None else joined_feet(signals, more)
    return state, _result(state, out, baselines, signals)


def _absent_as_unloaded(loads: LoadBlock) -> LoadBlock:
    """What has no sensor never touches the ground: the followers of flanks cannot take NaN."""
    force, region_n = loads.force, loads.region_force_n
    # of insoles, what is absent changes with the masks alone
    looked_at = list(force.mask_starts or (0,)) if isinstance(force, ForceBlock) else slice(None)
    if len(loads) == 0 or not np.isnan(region_n[looked_at]).any():
        return loads
    return replace(
        loads,
        foot_force_n=np.nan_to_num(loads.foot_force_n, nan=0.0),
        region_force_n=np.nan_to_num(loads.region_force_n, nan=0.0),
    )


def finish_contacts(state: ContactState) -> tuple[ContactState, ContactResult]:
    """The data have ended: what is open stays open, what was about to be decided is decided."""
    out = Findings([], [])
    _end_all(state, out)
    ended = _restarted(state.rules, state.baseline_kept_n)
    return ended, _result(ended, out, [])


def _follows_break(state: ContactState, force: AnyForceBlock) -> bool:
    """Whether a stretch follows a break: the clock began anew, or too many frames are missing."""
    if state.last_t_s is None:
        return False
    if state.segment_index != force.segment.index and not force.segment.clock_continues:
        return True
    return float(force.t_s[0]) - state.last_t_s > LONGEST_GAP_S


def _follow(
    state: ContactState, loads: LoadBlock, out: Findings
) -> tuple[ContactState, Float64, FeetSignals]:
    """One stretch without a break; also gives each frame's baseline and signals."""
    force, rules = loads.force, state.rules
    frame_s = 1.0 / max(force.segment.hello.scan_rate_hz, 1)
    baseline, base_n = _baseline(state, loads, frame_s)
    t_all = np.concatenate((state.history_t_s, force.t_s))
    carries, signals = feet_signals(state.carries, loads, rules, frame_s)
    feet, contacts, regions = [], [], []
    for foot, signal in zip(Foot, signals, strict=True):
        foot_base_n = base_n[:, foot] if rules.baseline[foot] else None
        followed, steps = follow_channel(
            state.feet[foot], t_all, signal.force_n, foot_base_n, frame_s
        )
        contact = state.contacts[foot].copy()
        found = Findings([], [])
        follow_steps(contact, steps, signal, found)
        _add(out, found, state.support)
        feet.append(followed)
        contacts.append(contact)
        for place, (region, on, off) in enumerate(_REGIONS):
            force_n = loads.region_force_n[:, foot, region]
            before = state.regions[2 * foot + place]
            followed, steps = follow_channel(before, t_all, force_n, None, frame_s)
            out.events.extend(region_events(steps, foot, on, off, force.t_s))
            regions.append(followed)
    support = None if state.support is None else state.support.copy()
    if support is not None:
        follow_support(support, loads.share_left, signals, out)
    after = replace(
        state,
        segment_index=force.segment.index,
        frame_s=frame_s,
        last_t_s=float(force.t_s[-1]),
        history_t_s=t_all[-HISTORY_FRAMES:],
        feet=(feet[0], feet[1]),
        regions=tuple(regions),
        contacts=(contacts[0], contacts[1]),
        carries=carries,
        baseline=baseline,
        support=support,
    )
    return after, base_n, signals


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


def _add(out: Findings, found: Findings, support: SupportState | None) -> None:
    """Add a foot's findings; where support phases are the contacts, only when it came and went."""
    if support is None:
        out.events.extend(found.events)
        out.contacts.extend(found.contacts)
    else:
        out.events.extend(e for e in found.events if e.kind is not EventKind.HEEL_TOUCH)


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
            if state.regions[2 * foot + place].is_on:
                out.events.append(ContactEvent(at_s, foot, off, np.nan, at_s))
    if state.support is not None:
        end_support(state.support.copy(), (ends[0], ends[1]), at_s, out)


def _end_foot(
    contact: FootContactState, tracker: TrackerState, at_s: float, end: Mark, out: Findings
) -> None:
    last_off_s = at_s - (TAP_END_SLACK_S if contact.kind == "tap" else 0.0)
    if contact.phase is Phase.FALLING and (off_s := fall_extended_s(tracker)) <= last_off_s:
        finish_fall(contact, off_s, tracker.rules.half_on_n)
        close_contact(contact, at_s, out)
        return
    if contact.phase is Phase.RISING:
        take_rise(contact, at_s)
    elif contact.phase is Phase.FALLING and contact.open is not None:
        contact.open.summed = joined(contact.open.summed, contact.pending)
    elif (
        contact.phase is Phase.OFF
        and contact.open is not None
        and not reopen_unseen_off(contact, last_off_s)
    ):
        close_contact(contact, at_s, out)
    if contact.open is not None:
        leave_open(contact, end, at_s, out)


def _result(
    state: ContactState,
    out: Findings,
    baselines: list[Float64],
    signals: FeetSignals | None = None,
) -> ContactResult:
    out.events.sort(key=lambda e: (e.decided_at_s, e.t_s, e.foot, _ORDER[e.kind], e.value))
    out.contacts.sort(key=lambda d: (d.decided_at_s, d.contact.foot))
    return ContactResult(
        events=tuple(out.events),
        contacts=tuple(d.contact for d in out.contacts),
        foot_on=np.array([state.feet[f].is_on for f in Foot]),
        heel_on=_regions_on(state, 0),
        ball_on=_regions_on(state, 1),
        heel_touch_now=(_touch_now(state, Foot.LEFT), _touch_now(state, Foot.RIGHT)),
        baseline_n=np.concatenate([np.zeros((0, 2)), *baselines]),
        support=_support_now(state),
        signals=signals,
    )


def _support_now(state: ContactState) -> Foot | None:
    support = state.support
    return None if support is None or support.open is None else support.support


def _regions_on(state: ContactState, place: int) -> np.ndarray:
    return np.array([state.regions[2 * foot + place].is_on for foot in Foot])


def _touch_now(state: ContactState, foot: Foot) -> HeelTouch:
    if state.support is not None:
        support = state.support
        contact = support.open if support.support == foot else None
    else:
        contact = state.contacts[foot].open
        if not state.feet[foot].is_on:
            contact = None
    return "none" if contact is None else grade_so_far(contact.summed)
