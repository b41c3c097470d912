# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sensors are not believed just now, in one plain sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from dashboard.cop_error_model import last_frame
from rig.calibrate.force_block import ForceBlock, SenselMask
from rig.calibrate.health_results import MASKING, HealthFinding, HealthKind
from rig.contact.mask_effect import MaskEffect, effect_of_mask, finding_sentence
from rig.contact.results import LoadBlock
from rig.layout import Foot
from rig.pipeline import PipelineSettings

HEALTHY = "All sensors are believed."
TYPICAL_EVERY_S = 1.0
HealthState = Literal["good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class HealthNote:
    """The sentence that is shown, how bad it is, and which sensels are masked, (foot, channel)."""

    sentence: str = HEALTHY
    state: HealthState = "good"
    masked: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class HealthBoard:
    """What was found and still holds.

    A finding's effect on the CoP is worked out once, for the load that the foot bore a moment before.
    """

    note: HealthNote = HealthNote()
    _holding: dict[tuple[Foot, int | None], str] = field(default_factory=dict)
    _limits: dict[tuple[Foot, int | None], str] = field(default_factory=dict)
    _masked: set[int] = field(default_factory=set)
    _typical: list[LoadBlock | None] = field(default_factory=lambda: [None, None])
    _next_s: float = -np.inf

    def push(self, loads: LoadBlock, settings: PipelineSettings) -> None:
        """Take a block; what costs anything is done once a second or for a finding."""
        if not isinstance(loads.force, ForceBlock) or len(loads) == 0:
            return
        for finding in loads.force.findings:
            self._take(finding, settings)
        if loads.force.findings:
            self.note = self._noted()
        if float(loads.force.t_s[-1]) >= self._next_s:
            self._next_s = float(loads.force.t_s[-1]) + TYPICAL_EVERY_S
            frame = last_frame(loads)
            for foot in Foot:
                if np.isfinite(frame.foot_cop_mm[0, foot]).all():
                    self._typical[foot] = frame

    def clear(self) -> None:
        self.note = HealthNote()
        self._holding.clear()
        self._limits.clear()
        self._masked.clear()
        self._typical = [None, None]
        self._next_s = -np.inf

    def _take(self, finding: HealthFinding, settings: PipelineSettings) -> None:
        key = (finding.foot, finding.sensel)
        if finding.kind in (HealthKind.ANSWERS, HealthKind.REZEROED):
            self._holding.pop(key, None)
            self._masked.discard(-1 if finding.sensel is None else finding.sensel)
        elif finding.kind is HealthKind.SATURATED:
            self._limits[key] = finding_sentence(finding)
        elif finding.kind in MASKING and finding.sensel is not None:
            self._masked.add(finding.sensel)
            self._holding[key] = finding_sentence(finding, self._effect(finding.foot, settings))
        else:
            self._holding[key] = finding_sentence(finding)

    def _effect(self, foot: Foot, settings: PipelineSettings) -> MaskEffect | None:
        loads = self._typical[foot]
        if loads is None:
            return None
        mask: SenselMask = tuple(sensel in self._masked for sensel in range(32))
        return effect_of_mask(loads, mask, foot, settings.calibration, settings.participant)

    def _noted(self) -> HealthNote:
        """The newest of what holds first; a drift's prompt before all, since something can be done."""
        sentences = [*reversed(self._holding.values()), *reversed(self._limits.values())]
        prompts = [s for (_, sensel), s in self._holding.items() if sensel is None]
        if not sentences:
            return HealthNote()
        shown = prompts[-1] if prompts else sentences[0]
        more = len(sentences) - 1
        masked = tuple((sensel // 16, sensel % 16) for sensel in sorted(self._masked))
        return HealthNote(
            f"{shown} (+{more})" if more else shown,
            "bad" if self._masked else "warning",
            masked,
        )
