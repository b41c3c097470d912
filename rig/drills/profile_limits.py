# SPDX-License-Identifier: GPL-3.0-or-later
"""What a profile's numbers may be: beyond it a rule would be switched off without a word.

Only a profile that is read now is held to these. A recording keeps opening with whatever thresholds it
was made with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rig.drills import pony, stance, tapping


class Range(NamedTuple):
    """Above `least`, or from it where `with_least`, and up to `most`; `what` says the unit."""

    most: float
    what: str
    least: float = 0.0
    with_least: bool = False

    def holds(self, value: float) -> bool:
        """False for NaN too."""
        above = value >= self.least if self.with_least else value > self.least
        return above and value <= self.most

    def words(self) -> str:
        """As in "a number above 0 and up to 1 (foot lengths)"."""
        span = f"from {self.least:g} to" if self.with_least else f"above {self.least:g} and up to"
        return f"a number {span} {self.most:g} ({self.what})"


_SHARES = (
    "toe_land_share",
    "toe_shift_share",
    "early_pull_share",
    "push_toes_share",
    "push_peak_at",
    "asymmetry_warning",
    "asymmetry_fault",
    "hand_loss",
    "rear_share",
    "rhythm_variation",
)
_PLACES = ("heel_first_y", "toe_land_y", "toe_shift_y", "toe_shift_stance_y", "push_y", "drift_ap")
_MOST_S = {
    "heel_first_lead_s": 0.1,
    "toe_shift_stance_s": stance.LONGEST_HOLD_S,
    "early_pull_before_s": 1.0,
    "early_pull_shift_s": 2.0,
    "low_pull_s": tapping.LONGEST_LIFT_S,
    "together_s": pony.LONGEST_WATCHED_S,
    "long_contact_s": 2.0,
    "long_running_s": 2.0,
    "long_tap_s": 1.0,
    "over_pulled_s": tapping.LONGEST_LIFT_S,
    "touch_s": stance.LONGEST_TOUCH_S,
    "flight_s": 1.0,
    "flight_over_own_s": 1.0,
    "flight_unwanted_s": 1.0,
    "double_support_s": 1.0,
}
RANGES: dict[str, Range] = {
    **{key: Range(1.0, "1 is the whole") for key in _SHARES},
    **{key: Range(1.0, "foot lengths") for key in _PLACES},
    **{key: Range(most_s, "seconds") for key, most_s in _MOST_S.items()},
    # a change of support begins at half, and nobody's foot bears exactly nothing in pony
    "partial_share": Range(0.99, "a share of the load", 0.5, with_least=True),
    "drift_ml": Range(1.0, "foot widths"),
    "low_pull_bw": Range(1.0, "body weights"),
    "drive_rise_bw": Range(3.0, "body weights"),
    "drive_tap_bw": Range(3.0, "body weights"),
    "push_pony_bw": Range(3.0, "body weights"),
    "drive_times_own": Range(5.0, "times the person's own", 1.0, with_least=True),
}
"""By key. Times end where the drill stops looking; the others where a body does, and multiples of
weight and of the person's own where no drill comes to (design choices)."""
_IN_ORDER = (("asymmetry_warning", "asymmetry_fault"),)


def number_fault(key: str, value: object) -> str | None:
    """What is wrong with a number, in words that go on from its key; None where nothing is."""
    allowed = RANGES[key]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and allowed.holds(float(str(value))):
        return None
    return f"must be {allowed.words()}, not {value!r}."


def order_fault(
    said: Mapping[str, object], in_force: Mapping[str, object]
) -> tuple[str, str] | None:
    """The key that a profile says, and what is wrong with it beside another that is in force."""
    for lower, upper in _IN_ORDER:
        low, high = float(str(in_force[lower])), float(str(in_force[upper]))
        if low > high:
            usual = (
                "" if lower in said and upper in said else ", and what is not said is the default"
            )
            wrong = f"{lower} may be {upper} at most: here {low:g} and {high:g}{usual}."
            return (lower if lower in said else upper), wrong
    return None
