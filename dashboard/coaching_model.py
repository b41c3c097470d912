# SPDX-License-Identifier: GPL-3.0-or-later
"""Coaching as one: cues, sets and the participant's programme, and what holds them back.

Three things do: pain, which stops everything until somebody confirms that it is gone; a lock, while
which the stream runs as free movement; and, for words only, what must be said before a first set.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from dashboard.cue_model import CueBoard, CuePicture, StreamClock
from dashboard.programme_model import Practice, recording_uuid
from dashboard.set_model import SetReadout
from dashboard.tones import TONES, Tone
from rig.acquire.live_update import LiveUpdate
from rig.acquire.messages import LinkStatus
from rig.drills.faults import Cue
from rig.drills.registry import drill_names
from rig.drills.repetitions import DrillResult
from rig.drills.set_plan import PAUSE_S, SetResult
from rig.drills.sets import REST_S, SetEvent
from rig.errors import SolerigError
from rig.settings import DrillName, DrillSettings

SAID_S = 10.0
"""How long a rest begins with how the set was (design choice)."""
OVER = ("ended", "lost", "closed", "refused")
_SET_OVER = CuePicture("Set is over: rest", "", "warning")
_ALL_OVER = CuePicture("All sets done: stop", "", "warning")
_OTHER_LEG = CuePicture("Take the other leg", "", "warning")
_EARLY = CuePicture("Rest a minute", "", "hint")


class Gate(NamedTuple):
    """What stands before the drill, and what to say of it."""

    kind: Literal["pain", "locked", "caution"]
    sentences: Sequence[str]


def is_person(link: LinkStatus) -> bool:
    """Whether somebody of flesh and blood may stand on the rig; unknown counts as yes."""
    return not link.simulated and link.source_kind not in ("recording", "simulated")


@dataclass(slots=True)
class Coaching:
    """`push` takes what one drain brought. `tones` are to be played, `problems` to be told, once."""

    practice: Practice = field(default_factory=Practice)
    cues: CueBoard = field(default_factory=CueBoard)
    sets: SetReadout = field(default_factory=lambda: SetReadout(DrillSettings()))
    locked: DrillSettings | None = None
    """Chosen, and not allowed: the stream runs as free movement instead."""
    paused: bool = False
    """Another page uses the stream; cues of a drill would disturb it."""
    for_person: bool = True
    tones: list[Tone] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    _clock: StreamClock = field(default_factory=StreamClock)
    _newest_s: float = -math.inf
    _recording: str = ""
    _cautioned: DrillSettings | None = None
    _streams: bool = False

    @property
    def drill(self) -> DrillSettings:
        """What was chosen, whether it is allowed or not."""
        return self.locked or self.sets.drill

    @property
    def coaches(self) -> bool:
        return not self.paused and not self.practice.in_pain and self.locked is None

    @property
    def gate(self) -> Gate | None:
        if self.practice.in_pain:
            damaged = self.practice.stands.damaged
            return Gate("pain", (self.practice.because(self.drill),) if damaged else ())
        if self.locked is not None:
            return Gate("locked", (self.practice.because(self.locked),))
        if self._cautioned is not None:
            said = self.practice.warnings(self._cautioned)
            return Gate("caution", said) if said else None
        return None

    @property
    def target(self) -> int:
        """Repetitions of a set of the drill that was chosen; in the stance, holds a leg."""
        return self.sets.holds if self.drill.name == "stance" else self.drill.thresholds.set_target

    @property
    def kept(self) -> str:
        """Where sets go, in a sentence; empty where they go to somebody's log."""
        if not self.for_person:
            return "No person practises here, so sets are not kept."
        return "" if self.practice.pseudonym else "Nobody is named (I), so sets are not kept."

    @property
    def words(self) -> str:
        """What the sets said last; before that, and when a rest has gone on for a while, the dose."""
        if self.sets.state is None:
            return ""
        said, rest_s = self.sets.says, self.sets.rest_left_s
        told = rest_s is not None and rest_s < REST_S - SAID_S
        if self.practice.pseudonym and self.for_person and (not said or told or self.sets.all_done):
            said = self.practice.dose_text(self.sets.drill)
        return " ".join(part for part in (said, self.kept) if part)

    def take_tone(self) -> Tone | None:
        """The one that matters most of those that are due."""
        tone = max(self.tones, key=TONES.index, default=None)
        self.tones.clear()
        return tone

    def push(self, update: LiveUpdate, now_s: float) -> None:
        """One drain; results of the drill before a change are in it before those of the next."""
        self._recording = update.recording.folder if update.recording.recording else ""
        self._follow_source(update)
        ends = [float(b.loads.force.t_s[-1]) for b in update.blocks if len(b.loads)]
        lag_s = self._clock.lag_s(ends[-1], now_s) if ends else 0.0
        for block in update.blocks:
            if block.drill.drill != self.sets.drill.name:
                self._follow_drill(update.settings.drill)
            if len(block.loads):
                self._newest_s = float(block.loads.force.t_s[-1])
            self._take(block.drill, lag_s, now_s)
        self._follow_drill(update.settings.drill)

    def restart(self) -> None:
        """Time begins anew, or the stream has ended: what ran is closed and kept."""
        self._heed(self.sets.restart(), self.sets.drill)
        self.cues.clear()
        self.tones.clear()
        self._clock, self._newest_s = StreamClock(), -math.inf

    def ask(self, drill: DrillSettings) -> DrillSettings:
        """A person chooses a drill: what is to be put in force for it."""
        self._try(self.practice.read_again)
        if self.is_locked(drill):
            self.locked, self._cautioned = drill, None
            return DrillSettings("free", drill.side, drill.thresholds)
        self.locked, self._cautioned = None, None if self.paused else drill
        return drill

    @property
    def due(self) -> DrillSettings | None:
        """To be asked for without a person's doing: a lock that has opened, or one that has come."""
        if self.practice.in_pain or self.paused:
            return None
        if self.locked is not None:
            return None if self.is_locked(self.locked) else self.locked
        return self.sets.drill if self.is_locked(self.sets.drill) else None

    def is_locked(self, drill: DrillSettings) -> bool:
        """By the programme; pain locks nothing, it stops everything."""
        locks = self.for_person and not self.practice.in_pain and not self.paused
        return locks and bool(self.practice.because(drill))

    @property
    def locks(self) -> Sequence[DrillName]:
        """Drills that would not be coached."""
        side = self.drill.side
        return [name for name in drill_names() if self.is_locked(DrillSettings(name, side))]

    def caution(self) -> None:
        """Say what must be said before the drill in force, as when it had just been chosen."""
        if self.locked is None:
            self._cautioned = self.sets.drill

    def understood(self) -> None:
        if self._cautioned is not None:
            self.practice.understand(self._cautioned)
            self._cautioned = None

    def choose_holds(self, holds: int) -> None:
        """Of the stance, a leg."""
        self._heed(self.sets.choose_holds(holds), self.sets.drill)

    def name(self, pseudonym: str) -> None:
        """Somebody else is on the rig; what ran belongs to who was. Raises as `Practice.of`."""
        if pseudonym != self.practice.pseudonym:
            self.practice.of(pseudonym)
            self._heed(self.sets.begin_anew(), self.sets.drill)
            self.practice.name(pseudonym)
            self.cues.clear()
            self.caution()

    def pain(self) -> None:
        """Everything stops; the log is told before anything else."""
        if not self.practice.in_pain:
            self._try(lambda: self.practice.note("pain"))
        self._heed(self.sets.press_pain(), self.sets.drill)
        self.cues.clear()
        self.tones.clear()

    def pain_is_gone(self) -> None:
        """Somebody has confirmed it. Begins with the first set."""
        self._try(lambda: self.practice.note("pain-free"))
        self.sets.begin_anew()
        self.caution()

    def pause(self, *, paused: bool) -> None:
        """While another page uses the stream, a drill's set does not go on."""
        if paused:
            self._heed(self.sets.begin_anew(), self.sets.drill)
            self.cues.clear()
        self.paused = paused

    def _follow_source(self, update: LiveUpdate) -> None:
        # what had come in before the end is still judged, and belongs to the set
        over = update.link.state in OVER and not update.blocks
        if over and self.sets.running is not None:
            self._heed(self.sets.stop(), self.sets.drill)
        stepped_on = update.link.state == "streaming" and not self._streams
        self._streams = update.link.state == "streaming"
        self.for_person = is_person(update.link)
        if stepped_on and self.for_person:
            self.caution()

    def _follow_drill(self, drill: DrillSettings) -> None:
        """Locked stays what was chosen until something else than free movement is in force."""
        before = self.sets.drill
        if drill != before and drill.name != "free":
            self.locked = None
        self._heed(self.sets.choose(drill), before)

    def _take(self, result: DrillResult, lag_s: float, now_s: float) -> None:
        events = self.sets.push(result, self._newest_s, coached=self.coaches)
        if not self.coaches or result.drill != self.sets.drill.name:
            return
        over = any(event.what == "over target" for event in events)
        cues = [*result.cues, *self._beside(result)]
        if over:
            # nobody is praised for going on when the set is over
            cues = [cue for cue in cues if cue.severity != "reward"]
        tone = self.cues.push(cues, self._newest_s, lag_s, now_s)
        if tone is not None:
            self.tones.append(tone)
        self._heed(events, self.sets.drill, now_s)

    def _beside(self, result: DrillResult) -> Sequence[Cue]:
        """What went wrong just now without being a repetition; what is found of a whole set is told by
        the set's own words when it is closed."""
        new = [f for f in result.set_faults if self._newest_s - f.at_s < PAUSE_S]
        return [Cue(f.code, f.at_s, f.at_s, f.severity, f.foot) for f in new]

    def _heed(
        self, events: Sequence[SetEvent], drill: DrillSettings, now_s: float = -math.inf
    ) -> None:
        """Show, sound and keep what happened to the sets of a drill."""
        for event in events:
            if event.what == "counted":
                self.understood()
            elif event.what == "over target":
                self.cues.show(self._over_picture(event), now_s)
                self.tones.append("warning")
            elif event.what == "too little rest":
                self.cues.show(_EARLY, now_s)
            elif event.what == "rest over":
                self.tones.append("set")
            elif event.what == "closed" and event.result is not None:
                if event.result.ended == "target":
                    self.tones.append("set")
                self._keep(event.result, drill)

    def _over_picture(self, event: SetEvent) -> CuePicture:
        if "other leg" in event.says:
            return _OTHER_LEG
        state = self.sets.state
        last = state is not None and len(state.done) >= state.plan.sets
        return _ALL_OVER if last else _SET_OVER

    def _keep(self, result: SetResult, drill: DrillSettings) -> None:
        if self.for_person and not self.paused:
            recording = recording_uuid(self._recording)
            self._try(lambda: self.practice.note_set(result, drill, recording))

    def _try(self, keep: Callable[[], object]) -> None:
        try:
            keep()
        except SolerigError as error:
            self.problems.append(str(error))
