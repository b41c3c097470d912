# SPDX-License-Identifier: GPL-3.0-or-later
"""What sensor health found out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from rig.layout import Foot


class HealthKind(Enum):
    """Why a sensel is not believed; SATURATED is believed as a lower bound, ANSWERS is believed again.

    DRIFTED and REZEROED speak of a whole foot.
    """

    DEAD = "dead"
    SHORTED = "shorted"
    GROUNDED = "grounded"
    STUCK = "stuck"
    NOISY = "noisy"
    BRIDGED = "bridged"
    SATURATED = "saturated"
    ANSWERS = "answers"
    DRIFTED = "drifted"
    REZEROED = "rezeroed"


MASKING = (
    HealthKind.DEAD,
    HealthKind.SHORTED,
    HealthKind.GROUNDED,
    HealthKind.STUCK,
    HealthKind.NOISY,
    HealthKind.BRIDGED,
)


@dataclass(frozen=True, slots=True)
class HealthFinding:
    """One finding, at the time of the first frame that is treated by it.

    `sensel` is in the order of the pads, None where a whole foot is meant; `value`: of DRIFTED and
    REZEROED newtons of foot force, of BRIDGED the other sensel, otherwise NaN.
    """

    t_s: float
    foot: Foot
    sensel: int | None
    kind: HealthKind
    value: float
