# SPDX-License-Identifier: GPL-3.0-or-later
"""Sway of a recording: the stream's loads between two times, assessed as one interval."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from rig.balance.definitions import Definitions
from rig.balance.signals import (
    FootChange,
    StanceSignals,
    foot_changes,
    gaps_of,
    join_signals,
    signals_of,
    standing_between,
    without_gaps,
)
from rig.balance.stance_assessment import Circumstances, StanceAssessment, assess_stance
from rig.balance.stances import SHOULDER_WIDTH, StanceTemplate
from rig.batch import outputs, stream_of
from rig.contact.load_stage import participant_foot_length_mm
from rig.errors import AnalysisError
from rig.pipeline import BlockResult
from rig.record.recording import Recording

SETTLING_S = 5.0
"""Left out at the beginning of a whole recording: people need it to come to rest (design choice)."""


@dataclass(slots=True)
class _Gathered:
    from_s: float
    to_s: float
    parts: list[StanceSignals] = field(default_factory=list)
    changes: list[FootChange] = field(default_factory=list)
    gaps: list[tuple[float, float]] = field(default_factory=list)
    last_s: float | None = None
    rates_hz: set[int] = field(default_factory=set)

    def take(self, block: BlockResult) -> None:
        self.changes += foot_changes(block.contact.events)
        t_s = block.loads.force.t_s
        if len(t_s) == 0:
            return
        self.gaps += gaps_of(t_s, self.last_s)
        self.last_s = float(t_s[-1])
        kept = signals_of(block.loads).between(self.from_s, self.to_s)
        if len(kept):
            self.parts.append(kept)
            self.rates_hz.add(block.loads.force.segment.hello.scan_rate_hz)


def assess_recording(
    recording: Recording,
    definitions: Definitions | None = None,
    from_s: float | None = None,
    to_s: float | None = None,
    *,
    filtered: bool = True,
    floor_velocity_mm_s: float | None = None,
    template: StanceTemplate = SHOULDER_WIDTH,
) -> dict[str, Any]:
    """The JSON of `stance_of_recording`; it raises the same errors."""
    return stance_of_recording(
        recording,
        definitions,
        from_s,
        to_s,
        filtered=filtered,
        floor_velocity_mm_s=floor_velocity_mm_s,
        template=template,
    ).to_json()


def stance_of_recording(
    recording: Recording,
    definitions: Definitions | None = None,
    from_s: float | None = None,
    to_s: float | None = None,
    *,
    filtered: bool = True,
    floor_velocity_mm_s: float | None = None,
    template: StanceTemplate = SHOULDER_WIDTH,
) -> StanceAssessment:
    """Sway between two times of a recording, in seconds of its own clock.

    Without `from_s` the first 5 s are left out. `floor_velocity_mm_s` is the velocity that a dead
    weight shows on the same rig.

    Raises
    ------
    AnalysisError
        There is nothing to measure between these times, or too much is missing.
    RecordingError, SettingsError
        The recording cannot be read.
    """
    start_s = SETTLING_S if from_s is None else from_s
    end_s = math.inf if to_s is None else to_s
    if end_s <= start_s:
        raise AnalysisError(f"There is no time between {start_s:g} s and {end_s:g} s.")
    gathered = _Gathered(start_s, end_s)
    for output, _ in outputs(stream_of(recording)):
        for block in output.blocks:
            gathered.take(block)
    rate_hz = _only_rate(gathered)
    signals = join_signals(gathered.parts)
    changes = without_gaps(gathered.changes, gathered.gaps, math.inf)
    standing = standing_between(changes, float(signals.t_s[0]), float(signals.t_s[-1]))
    around = Circumstances(
        rate_hz=rate_hz,
        foot_length_mm=participant_foot_length_mm(recording.info.participant),
        template=template,
        floor_velocity_mm_s=floor_velocity_mm_s,
        preliminary=not recording.stopped and to_s is None,
    )
    settled_s = SETTLING_S if from_s is None else 0.0
    return assess_stance(
        signals, standing, around, definitions, filtered=filtered, settled_s=settled_s
    )


def _only_rate(gathered: _Gathered) -> float:
    if not gathered.parts:
        raise AnalysisError(
            f"The recording holds no frames after {gathered.from_s:g} s"
            + ("" if math.isinf(gathered.to_s) else f" and before {gathered.to_s:g} s")
            + "; choose other times with --from and --to."
        )
    if len(gathered.rates_hz) > 1:
        rates = ", ".join(f"{rate} Hz" for rate in sorted(gathered.rates_hz))
        raise AnalysisError(
            f"The scan rate changed within the interval ({rates}); choose an interval at one rate."
        )
    return float(gathered.rates_hz.pop())
