# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill is one table in one file: states, the signals that move between them, what a move ends.

A drill's `watch` turns the newest frames and decided events into signals, in the order of decision;
the table says where each signal leads. A signal without a row for the present state changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rig.contact.results import Contact, ContactEvent, ContactResult, HeelTouch, LoadBlock
from rig.contact.rules import KISS_SHARE_BELOW
from rig.contact.signals import FootSignals
from rig.drills.faults import Cue, Fault, sorted_out
from rig.drills.history import HISTORY_S, View
from rig.drills.repetitions import Repetition
from rig.layout import Foot
from rig.settings import DrillName, DrillSettings, Participant
from rig.thresholds import Thresholds, Verdict


class Pulled(NamedTuple):
    """A foot was pulled off the ground at `off_s`, which is rewarded then, not when one lands again.

    It is judged once the data have come to `due_s`, from `contact`, which the pull ended.
    """

    foot: Foot
    off_s: float
    due_s: float
    contact: Contact


class PullJudged(NamedTuple):
    """What is known as soon as a foot has been pulled.

    `found` by the rules that look at nothing later; the repetition's judgement takes them over, and
    `measures` and `about` too. `rewarded` False: something else speaks against a reward. `again_s`: not
    decided yet, to be judged anew then.
    """

    found: tuple[Fault | str | None, ...]
    measures: dict[str, float]
    about: Any = None
    rewarded: bool = True
    again_s: float | None = None


class Signal(NamedTuple):
    """Something that happened at `t_s`.

    `repetition` is the one that it ends, should it count; it is judged once the data have come to
    `due_s`, from `about`: the contacts and times that its rules look at. `set_fault` is a fault beside
    the repetitions, `cue` one that is told at once while the state is one that watches the heel.
    `pull` is a pull that is rewarded if it was clean and the table has a row for the signal.
    """

    name: str
    t_s: float
    repetition: Repetition | None = None
    due_s: float = -float("inf")
    about: Any = None
    set_fault: Fault | None = None
    cue: Cue | None = None
    pull: Pulled | None = None


class Judged(NamedTuple):
    """A repetition with its faults, and what the person has shown so far (relative rules)."""

    repetition: Repetition
    learnt: tuple[float, ...]


class Judging(NamedTuple):
    """What a drill's rules see: thresholds, the last seconds, what was `learnt` before, and what was
    found of the newest `pulls`."""

    limits: Thresholds
    view: View
    learnt: tuple[float, ...]
    pulls: tuple[tuple[Contact, PullJudged], ...] = ()

    def of_pull(self, contact: Contact) -> PullJudged | None:
        """What was found when a contact ended by a pull; None where it was no pull, or long ago."""
        for pulled, found in self.pulls:
            if pulled is contact:
                return found
        return None

    def judged(
        self,
        repetition: Repetition,
        *found: Fault | str | None,
        heel_touch: HeelTouch | None = None,
        measures: dict[str, float] | None = None,
    ) -> Judged:
        """The repetition with what its rules found; a grade and measures only where they are others
        now."""
        faults, not_judged = sorted_out(found)
        told = repetition
        if not (faults or not_judged or heel_touch or measures):
            return Judged(told, self.learnt)
        judged = Repetition(
            told.drill,
            told.side,
            told.start_s,
            told.end_s,
            told.heel_touch if heel_touch is None else heel_touch,
            told.measures if measures is None else measures,
            faults,
            not_judged,
            told.lost_frames,
        )
        return Judged(judged, self.learnt)


def nothing_judged(judging: Judging, repetition: Repetition, about: Any) -> Judged:
    """No rules."""
    del about
    return judging.judged(repetition)


def nothing_beside(limits: Thresholds, repetitions: tuple[Repetition, ...]) -> tuple[Fault, ...]:
    """No rules for whole sets."""
    del limits, repetitions
    return ()


def heel_cue(event: ContactEvent, kiss: Verdict, load: Verdict) -> Cue | None:
    """What a heel touch tells the person while it lasts; None where the profile calls it clean."""
    verdict = load if event.value >= 2.0 else kiss
    if verdict == "clean":
        return None
    return Cue("HEEL", event.t_s, event.decided_at_s, verdict, event.foot)


def touch_at_end(signals: FootSignals) -> HeelTouch:
    """Grade of the heel touch that lasts at a block's last frame.

    For feet whose contact began otherwise than what is judged of it: who stands on one leg has stood
    flat on both before.
    """
    if not signals.touch_long[-1]:
        return "none"
    return "load" if float(signals.heel_share[-1]) >= KISS_SHARE_BELOW else "kiss"


def touch_now(contact: ContactResult, foot: Foot) -> HeelTouch:
    """The same of a block's result, none where it has no frames."""
    return "none" if contact.signals is None else touch_at_end(contact.signals[foot])


def heel_shown(touch: HeelTouch, kiss: Verdict, load: Verdict) -> HeelTouch:
    """What the heel alarm shows of a touch: nothing of what the profile calls clean, and load that is no
    more than a hint as mildly as a kiss."""
    verdicts: dict[HeelTouch, Verdict] = {"none": "clean", "kiss": kiss, "load": load}
    verdict = verdicts[touch]
    if verdict == "clean":
        return "none"
    return "kiss" if verdict == "hint" else touch


class Move(NamedTuple):
    """One row: in `state`, `signal` leads to `target`; `counts` says that it ends a repetition."""

    state: str
    signal: str
    target: str
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill.

    Attributes
    ----------
    initial : str
        State before anything was seen. States are named in plain words; the screen shows them.
    begin : (settings, participant) -> memory
        What the drill remembers beside its state; an object that is replaced, never changed.
    watch : (memory, loads or None, contact) -> (memory, signals)
        `loads` is None when the data have ended.
    alarm : (memory, state, contact) -> heel touch, None where the drill watches no heel
        Grade on the foot that the drill watches, while it lasts.
    judge : (judging, repetition, about) -> judged
        The faults of one repetition.
    judge_pull : (judging, contact) -> what is known of the pull that ended it, or None
        Where a drill has it, clean pulls are rewarded as soon as the foot is off; where it has none,
        clean repetitions are, when they are judged.
    sum_up : (thresholds, repetitions of a set) -> faults
        Those of a whole set.
    heel_states : set of str
        States in which heel cues are given.
    looks_back_s : float
        How far before it is due a judgement sees; what began earlier is not judged.
    weighs : bool
        Its rules look at both feet's total (`View.scales`).
    """

    name: DrillName
    initial: str
    moves: tuple[Move, ...]
    begin: Callable[[DrillSettings, Participant], Any]
    watch: Callable[[Any, LoadBlock | None, ContactResult], tuple[Any, list[Signal]]]
    alarm: Callable[[Any, str, ContactResult], HeelTouch | None]
    judge: Callable[[Judging, Repetition, Any], Judged] = nothing_judged
    sum_up: Callable[[Thresholds, tuple[Repetition, ...]], tuple[Fault, ...]] = nothing_beside
    heel_states: frozenset[str] = frozenset()
    looks_back_s: float = HISTORY_S
    weighs: bool = False
    judge_pull: Callable[[Judging, Contact], PullJudged] | None = None
    _rows: dict[tuple[str, str], Move] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find rows by what leads to them; of two alike the first holds."""
        rows = {(row.state, row.signal): row for row in reversed(self.moves)}
        object.__setattr__(self, "_rows", rows)

    def move(self, state: str, signal: str) -> Move | None:
        """The row for a signal in a state, None where there is none."""
        return self._rows.get((state, signal))


def working_foot(settings: DrillSettings) -> Foot:
    """The foot of the working side."""
    return Foot.LEFT if settings.side == "left" else Foot.RIGHT


def contact_ended_by(event: ContactEvent, contact: ContactResult) -> Contact | None:
    """The contact that a FOOT_OFF ends; None where data ended first, so that nobody saw its OFF."""
    for candidate in contact.contacts:
        if candidate.off_s == event.t_s and candidate.foot == event.foot:
            return candidate
    return None
