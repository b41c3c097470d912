# SPDX-License-Identifier: GPL-3.0-or-later
"""Guides through a balance test: a state machine driven by frames and keys, without any I/O.

`take` and `press` return the next state and the cues that are due. Times are the board's. However the
frames are cut into blocks, trials are the same; only keys take effect at the frame they came after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rig.balance.protocol import Condition, Protocol, condition_order
from rig.balance.run_state import Cue, Key, Phase, Run, Seen
from rig.balance.signals import (
    DECISION_DELAY_S,
    FootChange,
    Standing,
    gaps_of,
    join_signals,
    standing_between,
    without_gaps,
)
from rig.balance.trial import OUTCOME_SAYS, Mark, Outcome, Person, Trial, TrialData, measure_trial
from rig.contact.results import ContactEvent, EventKind
from rig.errors import SettingsError
from rig.layout import Foot

ENDING_KEYS: dict[str, Outcome] = {
    "eyes_opened": "eyes_opened",
    "arms_moved": "arms_moved",
    "stopped": "stopped",
}
KEPT_S = 10.0
"""Frames kept while no clock runs: rest before a lean, and the moment a foot was lifted."""
TEN_S = 10.0
LEAST_FOR_TEN_S = 20.0
"""Shorter trials are over before a warning of ten seconds means anything."""


Step = tuple[Run, tuple[Cue, ...]]


def begin(
    protocol: Protocol,
    person: Person,
    seed: int | None = None,
    floor_velocity_mm_s: float | None = None,
) -> Step:
    """A test before its first trial; a `seed` shuffles the conditions.

    Raises
    ------
    SettingsError
        The protocol needs a height that is not known.
    """
    if protocol.needs_height and person.height_mm is None:
        raise SettingsError(
            f"{protocol.title} needs the person's height; its targets follow from it."
        )
    run = Run(protocol, person, condition_order(protocol, seed), seed, floor_velocity_mm_s)
    return _prepare(run, 0.0)


def take(run: Run, block: Seen) -> Step:
    """The next frames; cues come with the time at which they were due."""
    if len(block.signals) == 0 or run.phase == "done":
        return run, ()
    run = replace(
        run,
        frames=(*run.frames, block.signals),
        changes=(*(run.changes or _found_on(block)), *block.changes),
        lifts=(*run.lifts, *block.lifts),
        gaps=(*run.gaps, *gaps_of(block.signals.t_s, run.now_s if run.frames else None)),
        now_s=float(block.signals.t_s[-1]),
        rate_hz=block.rate_hz,
    )
    cues: list[Cue] = []
    while True:
        after, more = _advance(run)
        cues += more
        if after is run:
            return _forget(run), tuple(cues)
        run = after


def press(run: Run, key: Key, label: str = "") -> Step:
    """A key, at the newest frame; keys that mean nothing now do nothing."""
    if key == "quit":
        ended = replace(run, phase="done")
        return ended, (Cue(run.now_s, "done", "The test was ended."),)
    if key == "mark":
        return replace(run, marks=(*run.marks, Mark(run.now_s, label or "mark"))), ()
    if key == "spotter_ready" and run.phase == "spotter" and run.next_up is not None:
        ready = replace(run, spotter_at=run.next_up[0].key, phase="ready", phase_s=run.now_s)
        says = f"{run.next_up[0].says} Say when you are ready."
        return ready, (Cue(run.now_s, "instruction", says),)
    if key == "start" and run.phase == "ready":
        return _settle(run, run.now_s)
    if key in ENDING_KEYS:
        return _ended_by_key(run, key)
    if key == "discard" and run.trials and run.phase in ("spotter", "ready", "done"):
        last = replace(run.trials[-1], discarded=True)
        return _prepare(replace(run, trials=(*run.trials[:-1], last)), run.now_s)
    return run, ()


def _ended_by_key(run: Run, key: Key) -> Step:
    """Whoever watches ends the trial; before the clock runs it only goes back to ready."""
    if run.phase in ("settling", "lifting"):
        back = replace(run, phase="ready", phase_s=run.now_s)
        return back, (Cue(run.now_s, "caution", "Not started. Say start when ready."),)
    up = run.next_up
    if run.phase != "measuring" or up is None:
        return run, ()
    if key == "eyes_opened" and up[0].eyes == "open":
        return run, ()
    marked = replace(run, marks=(*run.marks, Mark(run.now_s, key)))
    if run.ended is not None and run.ended[0] <= run.now_s:
        return marked, ()
    return replace(marked, ended=(run.now_s, ENDING_KEYS[key])), ()


def _found_on(block: Seen) -> tuple[FootChange, ...]:
    """Feet that stood before the first frame that this test has seen."""
    first_s = float(block.signals.t_s[0])
    found = []
    for foot in Foot:
        own = [change for change in block.changes if change.foot == foot]
        before = not own[0].on if own else block.feet_on[foot]
        if before:
            found.append(FootChange(first_s, foot, on=True))
    return tuple(found)


def _forget(run: Run) -> Run:
    """Let go of frames that no trial can ask for any more."""
    if run.phase == "measuring":
        return run
    oldest_s = run.now_s - KEPT_S
    kept = tuple(part for part in run.frames if part.t_s[-1] >= oldest_s)
    return run if len(kept) == len(run.frames) else replace(run, frames=kept)


def _advance(run: Run) -> Step:
    """One change of phase or one cue that is due; the same `run` where nothing is."""
    up = run.next_up
    if up is None or run.phase in ("spotter", "ready", "done"):
        return run, ()
    if run.phase == "between":
        return _between(run)
    if run.phase == "settling":
        return _settling(run, up[0])
    if run.phase == "lifting":
        return _lifting(run, up[0])
    return _measuring(run, up[0])


def _prepare(run: Run, at_s: float) -> Step:
    """Before a trial: what to do next, and who must be ready."""
    up = run.next_up
    if up is None:
        return replace(run, phase="done", phase_s=at_s), (Cue(at_s, "done", "The test is over."),)
    condition, number, practice = up
    kind = "Practice" if practice else f"Trial {number}"
    says = f"{kind}. {condition.template.says} {condition.says}"
    run = replace(run, cued=frozenset(), ended=None, marks=(), phase_s=at_s)
    again = run.protocol.pause_s is not None and bool(run.trials)
    confirmed = run.spotter_at == condition.key or bool(again and run.spotter_at)
    if condition.needs_spotter and not confirmed:
        told = Cue(at_s, "instruction", f"{says} Is the spotter ready?")
        return replace(run, phase="spotter"), (told,)
    phase: Phase = "between" if again else "ready"
    return replace(run, phase=phase), (Cue(at_s, "instruction", says),)


def _between(run: Run) -> Step:
    begins_s = run.phase_s + (run.protocol.pause_s or 0.0)
    return (run, ()) if run.now_s < begins_s else _settle(run, begins_s)


def _settle(run: Run, at_s: float) -> Step:
    return replace(run, phase="settling", phase_s=at_s), ()


def _changes(run: Run) -> list[FootChange]:
    return without_gaps(run.changes, run.gaps, run.now_s)


def _standing(run: Run, to_s: float) -> Standing:
    """What the feet did since the phase began."""
    return standing_between(_changes(run), run.phase_s, to_s)


def _settling(run: Run, condition: Condition) -> Step:
    """The clock waits until the feet that must stand have stood for the settling time."""
    standing = _standing(run, run.now_s)
    since_s = run.phase_s
    missing = [foot for foot in condition.standing_feet if not standing.at_start[foot]]
    for change in standing.changes:
        if change.foot in condition.standing_feet:
            since_s = change.t_s
            missing = [f for f in missing if f != change.foot]
            missing += [] if change.on else [change.foot]
    start_s = since_s + run.protocol.settle_s
    if missing:
        if "missing" in run.cued:
            return run, ()
        told = Cue(run.now_s, "caution", "I do not see every foot on the ground that should stand.")
        return replace(run, cued=run.cued | {"missing"}), (told,)
    if run.now_s < start_s:
        return run, ()
    if condition.free_foot is not None:
        lifting = replace(run, phase="lifting", phase_s=start_s)
        side = "left" if condition.free_foot == Foot.LEFT else "right"
        return lifting, (Cue(start_s, "instruction", f"Lift your {side} foot."),)
    return _start(run, start_s)


def _lifting(run: Run, condition: Condition) -> Step:
    """The clock of a single-leg stance starts when the free foot leaves the ground."""
    standing = _standing(run, run.now_s)
    free = condition.free_foot
    if free is None or not standing.at_start[free]:
        return _start(run, run.phase_s)
    for change in standing.changes:
        if change.foot == free and not change.on:
            return _start(run, change.t_s)
    return run, ()


def _start(run: Run, at_s: float) -> Step:
    started = replace(run, phase="measuring", phase_s=at_s, rest_s=at_s - run.protocol.settle_s)
    return started, (Cue(at_s, "start", "Start."),)


def _measuring(run: Run, condition: Condition) -> Step:
    if "sure" not in run.cued and run.now_s >= run.phase_s + DECISION_DELAY_S:
        return _make_sure(run, condition)
    limit_s = run.phase_s + condition.seconds
    failed = _failure(run, condition, limit_s)
    if failed is not None and (run.ended is None or failed[0] < run.ended[0]):
        return replace(run, ended=failed), ()
    if run.ended is None and run.now_s >= limit_s:
        return replace(run, ended=(limit_s, "time")), ()
    warned_s = limit_s - TEN_S
    warns = condition.seconds >= LEAST_FOR_TEN_S and "ten" not in run.cued
    if warns and run.ended is None and run.now_s >= warned_s:
        told = Cue(warned_s, "ten_seconds_left", "Ten seconds left.")
        return replace(run, cued=run.cued | {"ten"}), (told,)
    if run.ended is None:
        return run, ()
    if "end" not in run.cued:
        return replace(run, cued=run.cued | {"end"}), (Cue(run.ended[0], "end", "Stop."),)
    if run.now_s < run.ended[0] + DECISION_DELAY_S:
        return run, ()
    return _conclude(run, condition)


def _make_sure(run: Run, condition: Condition) -> Step:
    """A foot that left just before the clock started is known only now: settle again."""
    standing = _standing(run, run.now_s)
    if all(standing.at_start[foot] for foot in condition.standing_feet):
        return replace(run, cued=run.cued | {"sure"}), ()
    again = replace(run, phase="settling", cued=frozenset(), ended=None)
    return again, (Cue(run.now_s, "caution", "A foot was off the ground. Once more."),)


def _failure(run: Run, condition: Condition, limit_s: float) -> tuple[float, Outcome] | None:
    """The first thing that the feet did which ends the trial."""
    for change in sorted(_changes(run), key=lambda c: c.t_s):
        if not run.phase_s < change.t_s < limit_s:
            continue
        if condition.free_foot is None:
            if not change.on:
                return change.t_s, "step"
        elif change.foot == condition.free_foot and change.on:
            return change.t_s, "touch"
        elif change.foot != condition.free_foot and not change.on:
            return change.t_s, "hop"
    return None


def _conclude(run: Run, condition: Condition) -> Step:
    up, ended = run.next_up, run.ended
    if up is None or ended is None:
        return run, ()
    end_s, outcome = ended
    frames = join_signals(run.frames)
    data = TrialData(
        rest=frames.between(run.rest_s, run.phase_s),
        during=frames.between(run.phase_s, end_s),
        standing=_standing(run, end_s),
        region_lifts=_region_lifts(run.lifts, run.phase_s, end_s),
        rate_hz=run.rate_hz,
    )
    found = measure_trial(run.protocol, condition, data, run.person, run.floor_velocity_mm_s)
    trial = Trial(
        condition=condition.key,
        number=up[1],
        practice=up[2],
        outcome=outcome,
        start_s=run.phase_s,
        time_s=end_s - run.phase_s,
        marks=tuple(m for m in run.marks if m.t_s >= run.phase_s),
        measures=found.measures,
        details=found.details,
        validity=_with_ending(found.validity, outcome),
        refusal=found.refusal,
    )
    says = f"{trial.time_s:.0f} seconds." if outcome != "time" else "Full time."
    run, told = _prepare(replace(run, trials=(*run.trials, trial)), end_s + DECISION_DELAY_S)
    return run, (Cue(end_s, "outcome", says), *told)


def _with_ending(validity: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """A trial that did not last its time is no full trial, whatever its sway."""
    if outcome == "time":
        return validity
    flag = {"code": "ended_early", "says": f"The trial ended early: {OUTCOME_SAYS[outcome]}."}
    return {"valid": False, "flags": [flag, *validity["flags"]]}


def _region_lifts(lifts: Iterable[ContactEvent], from_s: float, to_s: float) -> tuple[str, ...]:
    names = {EventKind.HEEL_OFF: "heel", EventKind.BALL_OFF: "ball"}
    return tuple(sorted({names[e.kind] for e in lifts if from_s <= e.t_s < to_s}))
