# SPDX-License-Identifier: GPL-3.0-or-later
"""What a recording says of the quantities that a reference measures too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.batch import outputs, stream_of
from rig.calibrate.force_block import Float64, FrameFlag
from rig.compare.clocks import Edges, edges_of
from rig.contact.mat_loads import MatLoadBlock
from rig.contact.results import Contact, LoadBlock
from rig.contact.rules import contact_rules
from rig.drills.registry import contact_settings
from rig.errors import AnalysisError
from rig.layout import Foot
from rig.record.recording import Recording

LONGEST_STEP = 2.5
"""Periods between two samples that one may still interpolate over (design choice)."""


@dataclass(frozen=True, slots=True, eq=False)
class RecordingTraces:
    """n frames.

    Attributes
    ----------
    t_s : (n,) float64
    rate_hz : float
        Frames a second by the board's clock, from the median step.
    total_n : (n,) float64
        Of both feet; of all cells of a mat that does not know the feet.
    foot_n, cop_mm : (n, 2) float64
        As `LoadBlock`.
    foot_cop_mm : (n, 2, 2) float64
        As `LoadBlock`.
    sync_edges : (Edges, Edges)
        Of the sync input and of the sync output; those that fell into a hole are left out.
    contacts : tuple of Contact
    on_n : (float, float)
        ON threshold of each foot.
    cop_least_n : float
        What a foot must bear before its CoP is given.
    """

    t_s: Float64
    rate_hz: float
    total_n: Float64
    foot_n: Float64
    foot_cop_mm: Float64
    cop_mm: Float64
    sync_edges: tuple[Edges, Edges]
    contacts: tuple[Contact, ...]
    on_n: tuple[float, float]
    cop_least_n: float
    clock_runs: int
    lost_frames: int
    body_weight_n: float | None


def recording_traces(recording: Recording) -> RecordingTraces:
    """Run a recording through the pipeline and keep what can be compared.

    Raises
    ------
    AnalysisError
        Fewer than two frames.
    RecordingError, SettingsError
        As the pipeline does.
    """
    stream = stream_of(recording)
    loads, contacts, faults = [], [], None
    for output, _ in outputs(stream):
        for block in output.blocks:
            contacts += block.contact.contacts
            if len(block.loads):
                loads.append(block.loads)
        faults = output.faults
    if sum(len(block) for block in loads) < 2:
        raise AnalysisError(
            f"{recording.folder} holds fewer than two readable frames; there is nothing to compare."
        )
    t_s = np.concatenate([block.force.t_s for block in loads])
    flags = np.concatenate([block.force.flags for block in loads])
    period_s = float(np.median(np.diff(t_s)))

    def edges(line: FrameFlag) -> Edges:
        level = ((flags & line) != 0).astype(np.float64)
        return edges_of(t_s, level, LONGEST_STEP * period_s)

    runs = {b.force.segment.index for b in loads if not b.force.segment.clock_continues}
    settings = stream.settings
    drill = contact_settings(settings.drill)
    rules = contact_rules(settings.participant, settings.calibration, drill)
    return RecordingTraces(
        t_s=t_s,
        rate_hz=1.0 / period_s,
        total_n=np.concatenate([_total_n(block) for block in loads]),
        foot_n=np.concatenate([block.foot_force_n for block in loads]),
        foot_cop_mm=np.concatenate([block.foot_cop_mm for block in loads]),
        cop_mm=np.concatenate([block.cop_mm for block in loads]),
        sync_edges=(edges(FrameFlag.SYNC_IN), edges(FrameFlag.SYNC_OUT)),
        contacts=tuple(sorted(contacts, key=lambda c: (c.first_s, c.foot))),
        on_n=(rules.foot[Foot.LEFT].on_n, rules.foot[Foot.RIGHT].on_n),
        cop_least_n=rules.cop_least_n,
        clock_runs=len(runs),
        lost_frames=0 if faults is None else faults.lost_frames,
        body_weight_n=settings.participant.body_weight_n,
    )


def _total_n(loads: LoadBlock) -> Float64:
    if isinstance(loads, MatLoadBlock):
        return loads.total_force_n
    return loads.foot_force_n.sum(axis=1)
