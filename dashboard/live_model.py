# SPDX-License-Identifier: GPL-3.0-or-later
"""All that the window draws, kept up to date from what acquisition hands over."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from dashboard.coaching_model import Coaching
from dashboard.contact_strip_model import ContactStrip
from dashboard.cop_error_model import CopEllipses
from dashboard.cop_trail_model import CopTrails
from dashboard.drill_model import DrillReadout
from dashboard.foot_map_model import pad_pressure_kpa
from dashboard.health_model import HealthBoard
from dashboard.link_model import STALE_AFTER_S
from dashboard.load_model import LoadReadout
from dashboard.mat_map_model import MatPicture, mat_picture
from dashboard.message_model import Announcement, Message, MessageKind, MessageLine
from dashboard.stepped_scale_model import FORCE_STEPS_N, PRESSURE_STEPS_KPA, SteppedScale
from dashboard.trace_model import TraceBins
from rig.acquire.link_status import closed_status
from rig.acquire.live_update import LiveUpdate
from rig.acquire.messages import LinkStatus, RecordingStatus
from rig.calibrate.force_block import ForceBlock
from rig.contact.mat_loads import MatLoadBlock
from rig.layout import Region
from rig.layout import foot_length_mm as length_of_size
from rig.pipeline import BlockResult, PipelineSettings

NO_LINK = replace(closed_status(), sentence="No source is open.")
NO_RECORDING = RecordingStatus(
    recording=False, folder="", duration_s=0.0, bytes_written=0, free_disk_bytes=0
)


MEASURING_WORDS: dict[str, tuple[str, str]] = {
    "tare": ("Tare: keep both feet lifted.", "Tare taken."),
    "weigh": ("Weighing: stand still on both feet.", "Forces are scaled to the body weight."),
}
"""What to do while a measurement runs, and what is said when it has succeeded."""
OUTCOME_SHOWN_S = 3.0
"""How long a measurement's outcome stands large over the feet; it stays longer in the message bar."""


FORCE_SCALE_HOLD_S = 1.0
"""The force scale follows the peak of all that is seen, which holds for ten seconds by itself."""


@dataclass(slots=True)
class LiveModel:
    """`now_s` everywhere is the host's monotonic clock: it decides what is stale, held or forgotten."""

    settings: PipelineSettings = field(default_factory=PipelineSettings)
    link: LinkStatus = NO_LINK
    recording: RecordingStatus = NO_RECORDING
    pressure_kpa: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros((2, 16)))
    mat: MatPicture | None = None
    """The newest frame, where it came from a mat."""
    pressure_scale: SteppedScale = field(default_factory=lambda: SteppedScale(PRESSURE_STEPS_KPA))
    force_scale: SteppedScale = field(
        default_factory=lambda: SteppedScale(FORCE_STEPS_N, FORCE_SCALE_HOLD_S)
    )
    trails: CopTrails = field(default_factory=CopTrails)
    ellipses: CopEllipses = field(default_factory=CopEllipses)
    health: HealthBoard = field(default_factory=HealthBoard)
    traces: TraceBins = field(default_factory=TraceBins)
    strip: ContactStrip = field(default_factory=ContactStrip)
    marker_times_s: list[float] = field(default_factory=list)
    loads: LoadReadout = field(default_factory=LoadReadout)
    drill: DrillReadout = field(init=False)
    coaching: Coaching = field(default_factory=Coaching)
    messages: MessageLine = field(default_factory=MessageLine)
    newest_arrival_s: float | None = None
    measuring: tuple[str, float] | None = None
    _outcome: Announcement | None = None
    _outcome_until_s: float = -math.inf

    def __post_init__(self) -> None:
        self.drill = DrillReadout(self.settings.drill)

    @property
    def foot_length_mm(self) -> float:
        participant = self.settings.participant
        return participant.foot_length_mm or length_of_size(participant.shoe_size_eu)

    def age_s(self, now_s: float) -> float | None:
        """Time since frames last came; None before any."""
        return None if self.newest_arrival_s is None else now_s - self.newest_arrival_s

    def is_stale(self, now_s: float) -> bool:
        age_s = self.age_s(now_s)
        return age_s is None or age_s > STALE_AFTER_S

    def push(
        self, update: LiveUpdate, now_s: float, measuring: tuple[str, float] | None = None
    ) -> None:
        """Take what one drain brought; cost is per block, not per frame.

        `measuring` is the measurement that runs ("tare", "weigh") and how far it is, 0 to 1.
        """
        if update.stream_restarted:
            self.clear()
        self.settings, self.link = update.settings, update.link
        self.recording = update.recording
        self.drill.choose(update.settings.drill)
        self.coaching.push(update, now_s)
        for block in update.blocks:
            self._push_block(block, now_s)
        for block in update.blocks[::-1]:
            if len(block.loads):
                self.ellipses.push(block.loads, self.settings)
                break
        self.drill.settle(now_s)
        self._follow_scales(now_s)
        self._mark(update)
        self._talk(update, now_s)
        self._tell_measuring(update, measuring, now_s)

    def announcement(self, now_s: float) -> Announcement | None:
        """The running measurement, or what has just become of one."""
        if self.measuring is not None:
            name, progress = self.measuring
            return Announcement(MEASURING_WORDS[name][0], "note", progress)
        return self._outcome if now_s < self._outcome_until_s else None

    def end_measuring(self, sentence: str, kind: MessageKind, now_s: float) -> None:
        """A measurement was done, or refused before or after it ran."""
        self._outcome, self._outcome_until_s = Announcement(sentence, kind), now_s + OUTCOME_SHOWN_S
        self.messages.say(sentence, kind, now_s)

    def lose_stream(self) -> None:
        """Acquisition is gone: what stands on the screen is the past."""
        self.link, self.recording = NO_LINK, NO_RECORDING
        self.measuring = self._outcome = None

    def clear(self) -> None:
        """Time begins anew: forget what was drawn."""
        self.pressure_kpa = np.zeros((2, 16))
        self.mat = None
        self.loads = LoadReadout()
        self.marker_times_s.clear()
        self.newest_arrival_s = None
        for part in (
            self.trails,
            self.ellipses,
            self.health,
            self.traces,
            self.strip,
            self.drill,
        ):
            part.clear()
        self.coaching.restart()

    def _push_block(self, block: BlockResult, now_s: float) -> None:
        loads = block.loads
        if len(loads) == 0:
            self.strip.push(block.contact.events, self.strip.newest_t_s)
            self.drill.push(block.drill, self.strip.newest_t_s, now_s)
            return
        self.newest_arrival_s = now_s
        self.mat = None
        if isinstance(loads.force, ForceBlock):
            self.pressure_kpa = pad_pressure_kpa(loads.force.pad_force_n[-1])
        elif isinstance(loads, MatLoadBlock):
            self.mat = mat_picture(loads, self.foot_length_mm)
        heel_and_ball = loads.region_force_n[:, :, (Region.HEEL, Region.BALL)]
        self.traces.push(loads.force.t_s, heel_and_ball.reshape(len(loads), 4))
        self.trails.push(loads)
        self.health.push(loads, self.settings)
        self.loads.push(loads, now_s)
        self.strip.push(block.contact.events, float(loads.force.t_s[-1]))
        self.drill.push(block.drill, self.strip.newest_t_s, now_s)

    def _follow_scales(self, now_s: float) -> None:
        shown_kpa = self.pressure_kpa if self.mat is None else self.mat.pressure_kpa
        self.pressure_scale.follow(float(np.nan_to_num(shown_kpa).max()), now_s)
        self.force_scale.follow(self.traces.peak(), now_s)

    def _mark(self, update: LiveUpdate) -> None:
        newest = self.traces.newest_t_s
        self.marker_times_s += [newest] * len(update.markers)
        oldest = newest - self.strip.window_s
        self.marker_times_s = [t_s for t_s in self.marker_times_s if t_s > oldest]

    def _talk(self, update: LiveUpdate, now_s: float) -> None:
        self.messages.standing = _standing_message(update.link)
        for marker in update.markers:
            self.messages.say(f"Marker set: {marker.label}", "note", now_s)
        if update.skipped_bytes:
            sentence = "The screen fell behind and jumped to the present. Recordings lose nothing."
            self.messages.say(sentence, "note", now_s)
        for refused in update.refusals:
            self.messages.say(refused.sentence, "problem", now_s)
        while self.coaching.problems:
            self.messages.say(self.coaching.problems.pop(0), "problem", now_s)

    def _tell_measuring(
        self, update: LiveUpdate, measuring: tuple[str, float] | None, now_s: float
    ) -> None:
        before, self.measuring = self.measuring, measuring
        if measuring is not None:
            name, progress = measuring
            instruction = f"{MEASURING_WORDS[name][0]}  {100.0 * progress:.0f} %"
            self.messages.say(instruction, "note", now_s)
            return
        refused = [r.sentence for r in update.refusals if r.request in MEASURING_WORDS]
        if refused:
            self.end_measuring(refused[-1], "problem", now_s)
        elif before is not None and not update.stream_restarted:
            self.end_measuring(MEASURING_WORDS[before[0]][1], "done", now_s)


def _standing_message(link: LinkStatus) -> Message:
    trouble = link.state in ("lost", "refused")
    return Message(link.sentence, "problem" if trouble else "note")
