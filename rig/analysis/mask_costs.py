# SPDX-License-Identifier: GPL-3.0-or-later
"""What broken sensors cost the CoP in a recording, for the loads that its own feet bore."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from rig.calibrate.force_block import Float64, ForceBlock, SenselMask
from rig.calibrate.health_results import MASKING, HealthFinding, HealthKind
from rig.contact.load_stage import load_stage, load_state
from rig.contact.mask_effect import PADS, MaskEffect, effect_of_mask
from rig.contact.results import LoadBlock
from rig.layout import Foot
from rig.pipeline import PipelineSettings

TAKEN_EVERY_FRAMES = 50
TAKEN_FRAMES = 100
"""Of each foot, at most: five seconds' worth of loads at 1,000 Hz, design choice."""


@dataclass(slots=True)
class TypicalLoads:
    """Some frames in which each foot bore enough to have a CoP: the recording's first ones."""

    pads_n: tuple[list[Float64], list[Float64]] = field(default_factory=lambda: ([], []))
    force: ForceBlock | None = None

    def take(self, loads: LoadBlock) -> None:
        """Every so manieth frame, whatever the block it came in."""
        if not isinstance(loads.force, ForceBlock):
            return
        for foot in Foot:
            kept = self.pads_n[foot]
            if len(kept) >= TAKEN_FRAMES:
                continue
            wanted = loads.force.frame_number % TAKEN_EVERY_FRAMES == 0
            wanted &= np.isfinite(loads.foot_cop_ap_mm[:, foot])
            places = np.flatnonzero(wanted)[: TAKEN_FRAMES - len(kept)]
            if len(places):
                first = int(places[0])
                near = loads.force.cut(slice(first, int(places[-1]) + 1))
                kept.extend(near.pad_force_n[places - first])
            self.force = loads.force.cut(slice(0, 1))

    def of(self, foot: Foot, settings: PipelineSettings) -> LoadBlock | None:
        """The frames of one foot as if they had followed each other; None where there are none."""
        pads_n = np.array(self.pads_n[foot])
        if self.force is None or len(pads_n) == 0:
            return None
        n = len(pads_n)
        force = replace(
            self.force,
            t_s=np.arange(n, dtype=np.float64),
            frame_number=np.arange(n),
            end_offset=np.arange(n),
            pad_force_n=pads_n,
            flags=np.zeros(n, np.uint32),
            lost_before=np.zeros(n, np.int64),
            masks=(),
            mask_starts=(),
        )
        return load_stage(load_state(settings.participant, settings.calibration), force)[1]


def mask_costs(
    findings: Iterable[HealthFinding], typical: TypicalLoads, settings: PipelineSettings
) -> tuple[MaskEffect | None, ...]:
    """For each finding, what all that is masked on its foot from then on does to the CoP.

    None for findings that mask nothing, and for a foot that never had a CoP.
    """
    masked: set[int] = set()
    costs: list[MaskEffect | None] = []
    for finding in findings:
        if finding.kind is HealthKind.ANSWERS and finding.sensel is not None:
            masked.discard(finding.sensel)
        masks = finding.kind in MASKING and finding.sensel is not None
        if masks and finding.sensel is not None:
            masked.add(finding.sensel)
        costs.append(_cost(finding.foot, masked, typical, settings) if masks else None)
    return tuple(costs)


def _cost(
    foot: Foot, masked: set[int], typical: TypicalLoads, settings: PipelineSettings
) -> MaskEffect | None:
    loads = typical.of(foot, settings)
    if loads is None:
        return None
    mask: SenselMask = tuple(sensel in masked for sensel in range(2 * PADS))
    return effect_of_mask(loads, mask, foot, settings.calibration, settings.participant)
