# SPDX-License-Identifier: GPL-3.0-or-later
"""All that a simulated person can do: the nine drills, walking, running, and standing in many ways.

Working foot: the first support of stance and changes of support, the tapping, hopping and front foot,
the working leg of the running lunge, the leg that stands alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import entry_points
from itertools import chain, cycle

from rig.errors import SettingsError
from rig.settings import DRILL_NAMES, DrillName
from rig.simulate.catalogue import MOTION_NAMES
from rig.simulate.load_field import posture_height
from rig.simulate.phrases import OTHER, WORKING, Phrase
from rig.simulate.script_parts import Performer
from rig.simulate.script_shifting import change_of_support, forward_change, pony
from rig.simulate.script_single_leg import hopping, lunge, tapping
from rig.simulate.script_standing import (
    holding_on,
    leaning,
    leg_by_leg,
    on_both,
    quiet,
    shifting,
    single_leg,
    sitting,
    stance,
)
from rig.simulate.script_stepping import (
    forefoot_running,
    running,
    running_lunge,
    switch,
    walking,
)
from rig.simulate.sway import EYES_CLOSED, EYES_OPEN, FOAM, SwayCondition

__all__ = ["MOTION_NAMES", "drill_setting", "motion_kind", "motion_phrases", "programme_drill_at"]

ENTRY_POINTS = "solerig.motions"
Script = Callable[[Performer], Iterator[Phrase]]


@dataclass(frozen=True, slots=True)
class MotionKind:
    """`both_sway` is the sway of standing on both feet while it lasts."""

    script: Script
    both_sway: SwayCondition = EYES_OPEN


def _in_posture(name: str) -> Script:
    return lambda _who: on_both(posture_height(name))


_KINDS: dict[str, MotionKind] = {
    "stance": MotionKind(stance),
    "change-of-support": MotionKind(change_of_support),
    "pony": MotionKind(pony),
    "forward-change": MotionKind(forward_change),
    "tapping": MotionKind(tapping),
    "hopping": MotionKind(hopping),
    "lunge": MotionKind(lunge),
    "switch": MotionKind(switch),
    "running-lunge": MotionKind(running_lunge),
    "quiet": MotionKind(quiet),
    "eyes-closed": MotionKind(quiet, EYES_CLOSED),
    "foam": MotionKind(quiet, FOAM),
    "single-leg": MotionKind(single_leg),
    "leg-by-leg": MotionKind(leg_by_leg),
    "leaning": MotionKind(leaning),
    "walking": MotionKind(walking),
    "running": MotionKind(running),
    "forefoot-running": MotionKind(forefoot_running),
    "sitting": MotionKind(sitting),
    "holding-on": MotionKind(holding_on),
    "shifting": MotionKind(shifting),
    "heel-stance": MotionKind(lambda _who: on_both(0.26)),
    "flat-stance": MotionKind(_in_posture("flat")),
    "ball-stance": MotionKind(_in_posture("ball")),
    "toe-stance": MotionKind(_in_posture("toe_off")),
}
PROGRAMME: tuple[tuple[DrillName, float], ...] = (
    ("stance", 10.0),
    ("pony", 8.0),
    ("tapping", 8.0),
    ("hopping", 8.0),
)
PROGRAMME_S = sum(seconds for _, seconds in PROGRAMME)


def motion_phrases(motion: str | None, who: Performer) -> Iterator[Phrase]:
    """Endless phrases of one motion; None goes through the programme again and again."""
    if motion is None:
        return _programme(who)
    return motion_kind(motion).script(who)


def motion_kind(motion: str) -> MotionKind:
    """Raise `SettingsError` where nothing is called so, or what a package adds cannot be used."""
    if motion not in _KINDS:
        added = _added(motion)
        if added is not None:
            return added
        raise SettingsError(
            f'No motion is called "{motion}"; choose one of {", ".join(MOTION_NAMES)}.'
        )
    return _KINDS[motion]


def _added(motion: str) -> MotionKind | None:
    """A script that a package adds for a drill of its own, by an entry point of the drill's name."""
    found = [e for e in entry_points(group=ENTRY_POINTS) if e.name == motion]
    if not found:
        return None
    try:
        return MotionKind(found[0].load())
    # an import may fail in any way
    except Exception as error:
        raise SettingsError(
            f'The motion "{motion}" of {found[0].value} cannot be used: {error}'
        ) from error


def drill_setting(motion: str) -> DrillName:
    """What a recording of the motion says is being done: a coached drill, one that a package added
    with the motion, or free movement."""
    return "free" if motion in _KINDS and motion not in DRILL_NAMES else motion


def programme_drill_at(t_s: float) -> DrillName:
    """Which drill of the programme is being done at a time since its start."""
    rest = t_s % PROGRAMME_S
    for drill, seconds in PROGRAMME:
        if rest < seconds:
            return drill
        rest -= seconds
    return PROGRAMME[-1][0]


def _programme(who: Performer) -> Iterator[Phrase]:
    scripts = {
        "stance": partial(stance, stand_s=1.6, hold_s=5.8),
        "pony": pony,
        "tapping": tapping,
        "hopping": hopping,
    }
    for first in cycle((WORKING, OTHER)):
        seconds = dict(PROGRAMME)
        yield from chain(
            scripts["stance"](who, seconds["stance"], first=first),
            *(scripts[name](who, seconds[name]) for name in ("pony", "tapping", "hopping")),
        )
