# SPDX-License-Identifier: GPL-3.0-or-later
"""What the balance page says: the runner's cues as big words, and never the CoP while it is measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rig.acquire.live_update import LiveUpdate
from rig.balance.protocol import Protocol
from rig.balance.run_state import Cue, Key, Run, seen
from rig.balance.runner import begin, press, take
from rig.balance.target import LeanNow, lean_now
from rig.balance.trial import OUTCOME_SAYS, Person, Trial
from rig.pipeline import BlockResult

Hear = Callable[[Sequence[Cue]], None]
UNDER_WAY = ("settling", "lifting", "measuring")
HEADINGS: dict[str, str] = {
    "spotter": "Spotter ready?",
    "ready": "Ready?",
    "settling": "Get ready",
    "lifting": "Lift the foot",
    "between": "Pause",
    "done": "Done",
}
MEASURING: dict[str, str] = {
    "sway": "Stand still",
    "hold": "Hold",
    "limits": "Lean",
    "shift": "Shift",
}
GO_ON: dict[str, str] = {"spotter": "Spotter ready", "ready": "Start"}


@dataclass(slots=True)
class BalanceModel:
    """A test under way, or none; `hear` is told cues as they fall due, of one moment together."""

    hear: Hear = field(default=lambda _cues: None)
    run: Run | None = None
    lost: str = ""
    instruction: str = ""

    def start(self, protocol: Protocol, person: Person, seed: int | None = None) -> None:
        """Raises `SettingsError` where the protocol needs what is not known."""
        self.run, cues = begin(protocol, person, seed)
        self.lost = ""
        self._tell(cues)

    def push(self, update: LiveUpdate) -> None:
        """The newest frames; a stream that breaks off ends the test with what was done."""
        if self.run is None or self.run.phase == "done":
            return
        if update.stream_restarted or update.link.state in ("ended", "lost", "refused"):
            self.lost = update.link.sentence or "The stream began anew; the test was ended."
            self.press("quit")
            return
        for block in update.blocks:
            self._take(block)

    def press(self, key: Key) -> None:
        if self.run is not None:
            self.run, cues = press(self.run, key)
            self._tell(cues)

    def go_on(self) -> None:
        """The one key for both hands busy: whatever comes next."""
        if self.run is not None:
            self.press("spotter_ready" if self.run.phase == "spotter" else "start")

    @property
    def under_way(self) -> bool:
        """From the start key to the end of the trial: what is recorded."""
        return self.run is not None and self.run.phase in UNDER_WAY

    @property
    def heading(self) -> str:
        if self.lost:
            return "Stream lost"
        if self.run is None:
            return "Choose a test"
        if self.run.phase == "measuring":
            return MEASURING[self.run.protocol.measure]
        return HEADINGS[self.run.phase]

    @property
    def words(self) -> str:
        """What to do, in a sentence or two."""
        up = None if self.run is None else self.run.next_up
        if self.run is not None and self.run.phase == "measuring" and up is not None:
            return up[0].says
        return self.lost or self.instruction

    @property
    def seconds(self) -> str:
        left_s = None if self.run is None else self.run.seconds_left
        return "" if left_s is None else f"{math.ceil(left_s)}"

    @property
    def go_on_text(self) -> str:
        """What the big button does now; empty where it does nothing."""
        return "" if self.run is None else GO_ON.get(self.run.phase, "")

    @property
    def lean(self) -> LeanNow | None:
        """For limits of stability alone."""
        return None if self.run is None else lean_now(self.run)

    @property
    def trials(self) -> Sequence[str]:
        """A line for each trial that was done."""
        return [] if self.run is None else [trial_line(trial) for trial in self.run.trials]

    def _take(self, block: BlockResult) -> None:
        if self.run is not None:
            self.run, cues = take(self.run, seen(block.loads, block.contact))
            self._tell(cues)

    def _tell(self, cues: Sequence[Cue]) -> None:
        for cue in cues:
            if cue.kind in ("instruction", "caution", "done"):
                self.instruction = cue.says
        self.hear(cues)


def trial_line(trial: Trial) -> str:
    """How a trial ended; sway is for the summary, not for the person on the rig."""
    kind = "practice " if trial.practice else ""
    gone = ", discarded" if trial.discarded else ""
    outcome = OUTCOME_SAYS[trial.outcome]
    return f"{trial.condition}, {kind}{trial.number}: {trial.time_s:.1f} s, {outcome}{gone}"
