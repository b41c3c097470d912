# SPDX-License-Identifier: GPL-3.0-or-later
"""Every threshold of the contact floor, in newtons for one person, one drill and one tare.

All shares of body weight here are design choices unless a source stands beside them; they were tuned
on simulated feet with known truth. Without a body weight those of a person of 700 N hold, and
results are flagged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rig.calibrate.calibration import Calibration
from rig.layout import Foot
from rig.settings import DrillName, DrillSettings, Participant

FALLBACK_BODY_WEIGHT_N = 700.0
COP_SHARE = 0.10
"""Of the body weight a foot must bear before its CoP and regional shares mean anything."""
SHARE_LEFT_LEAST = 0.20
FOOT_ON_SHARE, FOOT_ON_N = 0.06, 20.0
TAP_ON_SHARE, TAP_ON_N = 0.03, 10.0
NOISE_SDS = 5.0
OFF_OF_ON = 0.5
OFF_OF_PEAK = 0.10
"""FSRs keep up to 6 % of the last peak for seconds, so a fixed OFF may never be reached."""
ON_DEBOUNCE_S = 0.010
OFF_DEBOUNCE_S = 0.015
SHORTEST_CONTACT_S = 0.040
SHORTEST_TAP_S = 0.008
SHORTEST_FLIGHT_S = 0.030
REGION_ON_SHARE = 0.05
REGION_DEBOUNCE_S = 0.020
HEEL_TOUCH_SHARE, HEEL_TOUCH_N = 0.05, 15.0
HEEL_TOUCH_OF_FOOT = 0.10
HEEL_TOUCH_S = 0.030
KISS_SHARE_BELOW = 0.25
KISS_IMPULSE_BELOW = 0.10
DRILLS_WITH_TOES_DOWN: frozenset[DrillName] = frozenset({"pony"})
LONGEST_GAP_S = 0.3
"""Frames missing for longer than this leave open what the feet did: contacts there end open."""


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """ON and OFF of one force: a foot, or one region of it."""

    on_n: float
    on_debounce_s: float
    off_debounce_s: float
    shortest_on_s: float
    shortest_off_s: float

    @property
    def half_on_n(self) -> float:
        return OFF_OF_ON * self.on_n


@dataclass(frozen=True, slots=True)
class ContactRules:
    """All that the contact floor needs to know of person, drill and calibration.

    `tapping` says which feet follow the tap thresholds, `baseline` which feet's force is read above
    its unloaded baseline.
    """

    body_weight_n: float
    drill: DrillSettings
    foot: tuple[ChannelRules, ChannelRules]
    region: ChannelRules
    tapping: tuple[bool, bool]
    baseline: tuple[bool, bool]
    heel_touch_n: float

    @property
    def toes_stay_down(self) -> bool:
        """Whether no foot is ever certain to be off the ground: nothing unloaded to follow."""
        return self.drill.name in DRILLS_WITH_TOES_DOWN

    @property
    def cop_least_n(self) -> float:
        return COP_SHARE * self.body_weight_n


def reference_body_weight_n(participant: Participant) -> float:
    """The body weight that thresholds are shares of."""
    known = participant.body_weight_n
    return FALLBACK_BODY_WEIGHT_N if known is None else known


def foot_on_n(body_weight_n: float, noise_n: float) -> float:
    """ON threshold of a foot that bears the body; on a plate 40 N is in use (Sensors 2023, 23:2736)."""
    return max(FOOT_ON_SHARE * body_weight_n, FOOT_ON_N, NOISE_SDS * noise_n)


def tap_on_n(body_weight_n: float, noise_n: float) -> float:
    """ON threshold of a foot that only taps."""
    return max(TAP_ON_SHARE * body_weight_n, TAP_ON_N, NOISE_SDS * noise_n)


def contact_rules(
    participant: Participant, calibration: Calibration, drill: DrillSettings
) -> ContactRules:
    """Thresholds in newtons.

    Taps: the tapping foot, the free foot of hopping, and both feet of the stance drill, where either
    may be the free one. The baseline is read in the slow drills and under tapping feet; in pony it
    would be frozen from the start, so it is left out there.
    """
    weight_n = reference_body_weight_n(participant)
    tapping = _tapping_feet(drill)
    feet = tuple(
        _foot_rules(weight_n, calibration.unloaded_noise_n[foot], tap=tapping[foot])
        for foot in Foot
    )
    slow = drill.name in ("stance", "tapping", "change-of-support", "forward-change")
    return ContactRules(
        body_weight_n=weight_n,
        drill=drill,
        foot=(feet[0], feet[1]),
        region=ChannelRules(
            REGION_ON_SHARE * weight_n, REGION_DEBOUNCE_S, REGION_DEBOUNCE_S, 0.0, 0.0
        ),
        tapping=tapping,
        baseline=(slow or tapping[0], slow or tapping[1]),
        heel_touch_n=max(HEEL_TOUCH_SHARE * weight_n, HEEL_TOUCH_N),
    )


def _tapping_feet(drill: DrillSettings) -> tuple[bool, bool]:
    working_left = drill.side == "left"
    if drill.name == "stance":
        return True, True
    if drill.name == "tapping":
        return working_left, not working_left
    if drill.name == "hopping":
        return not working_left, working_left
    return False, False


def _foot_rules(weight_n: float, noise_n: float, *, tap: bool) -> ChannelRules:
    rules = ChannelRules(
        foot_on_n(weight_n, noise_n),
        ON_DEBOUNCE_S,
        OFF_DEBOUNCE_S,
        SHORTEST_CONTACT_S,
        SHORTEST_FLIGHT_S,
    )
    if not tap:
        return rules
    return replace(rules, on_n=tap_on_n(weight_n, noise_n), shortest_on_s=SHORTEST_TAP_S)
