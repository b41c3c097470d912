# SPDX-License-Identifier: GPL-3.0-or-later
"""What it means for the CoP that a sensor is not believed, in millimetres and in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import Float64, SenselMask
from rig.calibrate.health_results import HealthFinding, HealthKind
from rig.contact.cop_error import cop_error
from rig.contact.error_propagation import error_ellipse
from rig.contact.load_stage import load_stage, load_state
from rig.contact.results import LoadBlock
from rig.layout import Foot
from rig.layout.foot_picture import SENSOR_WORDS
from rig.layout.insole import SENSOR_NAMES
from rig.settings import Participant

PADS = len(SENSOR_NAMES)


@dataclass(frozen=True, slots=True)
class MaskEffect:
    """Of masking sensels of one foot, for loads as given; NaN where the foot has no CoP.

    Attributes
    ----------
    moved_mm : float
        How far the foot's CoP moves on average when the neighbours stand for the masked sensels.
    before_mm, after_mm : float
        Larger half axis of its 95 % ellipse without and with the mask.
    """

    foot: Foot
    moved_mm: float
    before_mm: float
    after_mm: float

    @property
    def may_be_off_mm(self) -> float:
        """Of the larger ellipse, what the mask alone accounts for."""
        return float(np.sqrt(max(self.after_mm**2 - self.before_mm**2, 0.0)))


def effect_of_mask(
    loads: LoadBlock,
    mask: SenselMask,
    foot: Foot,
    calibration: Calibration,
    participant: Participant,
) -> MaskEffect:
    """The effect on one foot's CoP, averaged over frames.

    Parameters
    ----------
    loads : LoadBlock
        Frames of the kind of load that is meant. What pads read that are masked already is not known:
        without the mask they count as the nothing that a dead sensor reads.
    """
    whole = _under(loads, (), calibration, participant)
    without = _under(loads, mask, calibration, participant)
    apart = without.foot_cop_mm[:, foot] - whole.foot_cop_mm[:, foot]
    return MaskEffect(
        foot=foot,
        moved_mm=_mean(np.hypot(apart[:, 0], apart[:, 1])),
        before_mm=_major_mm(whole, foot, calibration, participant),
        after_mm=_major_mm(without, foot, calibration, participant),
    )


def _under(
    loads: LoadBlock, mask: SenselMask, calibration: Calibration, participant: Participant
) -> LoadBlock:
    pads_n = np.nan_to_num(loads.insole_force.pad_force_n)
    masks, starts = ((mask,), (0,)) if any(mask) else ((), ())
    force = replace(loads.insole_force, pad_force_n=pads_n, masks=masks, mask_starts=starts)
    return load_stage(load_state(participant, calibration), force)[1]


def _major_mm(
    loads: LoadBlock, foot: Foot, calibration: Calibration, participant: Participant
) -> float:
    error = cop_error(loads, calibration, participant)
    return _mean(error_ellipse(error.foot_covariance_mm2[:, foot]).major_mm)


def _mean(values: Float64) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else float("nan")


_WORDS: dict[HealthKind, str] = {
    HealthKind.DEAD: "reads nothing",
    HealthKind.SHORTED: "is shorted",
    HealthKind.GROUNDED: "is shorted to ground",
    HealthKind.STUCK: "is stuck",
    HealthKind.NOISY: "jumps: a loose contact",
    HealthKind.BRIDGED: "and another one touch each other",
    HealthKind.SATURATED: "is at its limit, so forces are at least those shown",
    HealthKind.ANSWERS: "answers again",
}


def finding_sentence(finding: HealthFinding, effect: MaskEffect | None = None) -> str:
    """For whoever stands on the insoles: which sensor, what is wrong, and what that does to the CoP."""
    foot = Foot(finding.foot).name.lower()
    if finding.sensel is None:
        if finding.kind is HealthKind.REZEROED:
            return f"The {foot} insole reads zero again."
        return f"The {foot} insole has drifted. Lift the {foot} foot for two seconds."
    name = SENSOR_NAMES[finding.sensel % PADS]
    sentence = (
        f"{foot.title()} foot, {SENSOR_WORDS[name]} ({name}): the sensor {_WORDS[finding.kind]}"
    )
    if effect is None or not np.isfinite(effect.may_be_off_mm):
        return sentence + "."
    return f"{sentence}; the centre of pressure may be {effect.may_be_off_mm:.0f} mm off."
