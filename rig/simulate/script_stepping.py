# SPDX-License-Identifier: GPL-3.0-or-later
"""Motions whose contacts alternate between the feet: switch, running lunge, running and walking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import asin, pi

import numpy as np

from rig.layout.foot import Float64
from rig.simulate.contact_shapes import Contact, Shape, glide, shaped, slipped
from rig.simulate.phrases import (
    BOTH_FEET,
    LIFTED_Y,
    OTHER,
    POSE_Y,
    WORKING,
    Motion,
    Phrase,
    half_sine,
    hold,
    lift,
    on_one_leg,
    raised_cosine,
)
from rig.simulate.script_parts import CAREFUL_SWAY, FLYING, QUIET_START_S, Performer, take_off


@dataclass(frozen=True, slots=True)
class Step:
    """One contact of one role's foot; the next step's contact begins `next_s` after this one's."""

    role: int
    contact: Contact
    next_s: float
    sway: float = FLYING.sway


def walked(steps: Iterator[Step], before: Step | None = None) -> Iterator[Phrase]:
    """A phrase a step, from its first touch to that of the next; the step before may still end."""
    for step in steps:
        yield _phrase(step, before)
        before = step


def _phrase(step: Step, before: Step | None) -> Phrase:
    def sample(t_s: Float64) -> Motion:
        load = np.zeros((len(t_s), 2))
        y = np.full((len(t_s), 2), LIFTED_Y)
        if before is not None and before.contact.length_s > before.next_s:
            _play(before, t_s + before.next_s, load, y)
        _play(step, t_s, load, y)
        return Motion(load, y, np.full(len(t_s), step.sway))

    return Phrase(step.next_s, FLYING, sample)


def _play(step: Step, t_s: Float64, load: Float64, y: Float64) -> None:
    force = step.contact.load(t_s)
    load[:, step.role] += force
    y[:, step.role] = np.where(force > 0.0, step.contact.posture(t_s), y[:, step.role])


_USUAL_PEAK_BW = 2.0


def switch(who: Performer) -> Iterator[Phrase]:
    """Springs from one ball to the other, both ankles picked up."""
    contact_s, flight_s = who.rng.uniform(0.19, 0.26), who.rng.uniform(0.04, 0.09)
    longer = 0.10 * who.intentions.always("ASYM")
    contact_s /= 1.0 + longer

    def steps() -> Iterator[Step]:
        role = OTHER
        while True:
            slip = who.intentions.next()
            time_s = contact_s * who.jitter()
            time_s *= 1.0 + longer if role == WORKING else 1.0 - longer
            flight = flight_s * who.jitter()
            y = (0.72 + who.near(0.006), 0.755 + who.near(0.005))
            shape = slipped(who, Shape(time_s, flight, glide(*y)), slip)
            if "DOUBLE-SUPPORT" in slip:
                yield _overlapping(who, shape, role, 0.080 * slip["DOUBLE-SUPPORT"])
            else:
                yield _flown(who, shape, role, slip)
            if slip.get("STUMBLE", 0.0) >= 1.0:
                yield _flown(who, shape, role, slip)
            role = 1 - role

    yield hold(BOTH_FEET, QUIET_START_S)
    yield take_off(2.0, flight_s)
    yield from walked(steps())


def _flown(who: Performer, shape: Shape, role: int, slip: Mapping[str, float]) -> Step:
    contact = shaped(shape, who.on_bw)
    if slip:
        return Step(role, contact, contact.length_s + shape.flight_s, CAREFUL_SWAY)
    contact = _perhaps_touching(who, contact)
    return Step(role, contact, contact.length_s + shape.flight_s)


def _perhaps_touching(who: Performer, contact: Contact) -> Contact:
    """A chance touch of the heel, as `Performer.maybe_dip` has them."""

    def sample(t_s: Float64) -> Motion:
        y = np.column_stack((contact.posture(t_s), np.zeros_like(t_s)))
        return Motion(y, y, y[:, 0])

    whole = Phrase(contact.length_s, FLYING, sample)
    dipped = who.maybe_dip(whole, WORKING, 0.25 * contact.length_s, 0.5 * contact.length_s)
    if dipped is whole:
        return contact
    return Contact(
        contact.length_s, contact.load, lambda t_s: dipped.sample(t_s).posture_y[:, WORKING]
    )


def _overlapping(who: Performer, shape: Shape, role: int, both_s: float) -> Step:
    """No flight: the next contact begins so early that both feet are ON for `both_s`.

    The contact is made long enough for the same foot to be off the ground between two such.
    """
    shape = replace(shape, time_s=max(shape.time_s, 2.0 * (both_s + 0.008) + 0.060))
    peak_bw = 0.5 * pi * (1.0 - both_s / shape.time_s)
    ends_s = shape.time_s * asin(min(1.0, 0.5 * who.on_bw / peak_bw)) / pi
    begins_s = shape.time_s * asin(who.on_bw / _USUAL_PEAK_BW) / pi
    overlap = replace(shape, flight_s=-(both_s + ends_s + begins_s))
    contact = shaped(overlap, who.on_bw)
    return Step(role, contact, contact.length_s + overlap.flight_s)


def running_lunge(who: Performer) -> Iterator[Phrase]:
    """Runs in Pose, with the accent on the working leg's pull."""
    contact_s, flight_s = who.rng.uniform(0.20, 0.26), who.rng.uniform(0.08, 0.11)
    usual_rate = _loading_rate(contact_s, contact_s + flight_s)

    def steps() -> Iterator[Step]:
        role = OTHER
        while True:
            slip = who.intentions.next() if role == WORKING else {}
            time_s, flight = contact_s * who.jitter(), flight_s * who.jitter()
            y = (0.70 + who.near(0.006), 0.735 + who.near(0.004))
            peak_at = 0.5
            if "DRIVE" in slip:
                wanted = 1.3 * slip["DRIVE"] * usual_rate
                peak_at = 0.5 * _loading_rate(time_s, time_s + flight) / wanted
            shape = Shape(time_s, flight, glide(*y), peak_at)
            yield _flown(who, slipped(who, shape, slip), role, slip)
            role = 1 - role

    yield hold(BOTH_FEET, QUIET_START_S)
    yield take_off(2.0, flight_s)
    yield from walked(steps())


def _loading_rate(time_s: float, impulse_bw_s: float) -> float:
    """How fast a half-sine rises, up to a factor that is the same for all: peak over time."""
    return impulse_bw_s / time_s**2


def running(who: Performer) -> Iterator[Phrase]:
    """Lands on the heel, with an impact, and rolls over."""
    path = ((0.0, 0.16), (0.010, 0.16), (0.070, 0.73), (-1e-9, 0.785))
    return _ran(who, path, who.rng.uniform(0.5, 0.9))


def forefoot_running(who: Performer) -> Iterator[Phrase]:
    """Lands on the ball, without an impact peak."""
    return _ran(who, glide(0.70, 0.755), 0.0)


def _ran(
    who: Performer, path: tuple[tuple[float, float], ...], impact_bw: float
) -> Iterator[Phrase]:
    contact_s, flight_s = who.rng.uniform(0.25, 0.285), who.rng.uniform(0.08, 0.112)

    def steps() -> Iterator[Step]:
        role = OTHER
        while True:
            time_s, flight = contact_s * who.jitter(), flight_s * who.jitter()
            shape = Shape(time_s, flight, path, impact_bw=impact_bw)
            contact = shaped(shape, who.on_bw)
            yield Step(role, contact, contact.length_s + flight)
            role = 1 - role

    yield hold(BOTH_FEET, QUIET_START_S)
    yield take_off(2.0, flight_s)
    yield from walked(steps())


_WALK_PATH = ((0.0, 0.16), (0.08, 0.16), (0.30, 0.46), (0.80, 0.735), (0.95, 0.79), (1.0, 0.79))
"""Phase of the contact and posture: heel strike, foot flat, heel off, toe-off."""
_THIRD_HARMONIC = 0.30
"""Gives the two humps of walking, about 1.1 body weights, with a valley of 0.8 between."""


def walking(who: Performer) -> Iterator[Phrase]:
    """Heel strike, roll-over and double support."""
    step_s, both_s = who.rng.uniform(0.50, 0.58), who.rng.uniform(0.10, 0.13)

    def steps() -> Iterator[Step]:
        role = OTHER
        while True:
            seconds = step_s * who.jitter()
            yield Step(role, _walking_contact(seconds + both_s, seconds), seconds)
            role = 1 - role

    yield hold(BOTH_FEET, QUIET_START_S)
    yield lift(BOTH_FEET, on_one_leg(WORKING, POSE_Y, FLYING.sway), 0.7)
    standing = Step(WORKING, _unloaded_after(0.2, both_s), 0.2)
    yield _phrase(standing, None)
    yield from walked(steps(), standing)


def _walking_contact(length_s: float, impulse_bw_s: float) -> Contact:
    scale = 0.5 * pi * impulse_bw_s / length_s / (1.0 + _THIRD_HARMONIC / 3.0)

    def load(t_s: Float64) -> Float64:
        phase = t_s / length_s
        third = np.sin(3.0 * pi * np.clip(phase, 0.0, 1.0))
        return scale * (half_sine(phase) + _THIRD_HARMONIC * third * (half_sine(phase) > 0.0))

    return Contact(length_s, load, _rolled(length_s))


def _rolled(length_s: float) -> Callable[[Float64], Float64]:
    phases, heights = zip(*_WALK_PATH, strict=True)

    def posture(t_s: Float64) -> Float64:
        return np.interp(t_s / length_s, phases, heights)

    return posture


def _unloaded_after(still_s: float, gone_s: float) -> Contact:
    """One foot's whole weight for a while, then handed over to the first step."""

    def load(t_s: Float64) -> Float64:
        return 1.0 - raised_cosine((t_s - still_s) / gone_s)

    return Contact(still_s + gone_s, load, lambda t_s: np.full_like(t_s, POSE_Y))
