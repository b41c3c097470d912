# SPDX-License-Identifier: GPL-3.0-or-later
"""What each of the nine drills looks like under the feet, as rules with soft edges.

A rule says within which limits a feature of a stretch of movement lies. It is kept wholly within the
inner limits, not at all outside the outer ones, and in part between. A drill's score is that of the
rule kept worst; where two drills differ by a tendency alone, the mean of their tendencies counts as one
rule. A score says how well a movement fits a description; it is no probability.

The outer limits are wider than the drills' own rules, so that a faulty repetition is still recognised.
All are design choices. The tendencies (change of support against forward change, switch against running
lunge) were set on simulated people and hold for real ones only as far as those resemble them: nobody's
travel is seen by pressure.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from rig.analysis.movement_features import Features
from rig.layout import Foot

NO_LIMIT = math.inf
FAST_WINDOW_S = 3.0
SLOW_WINDOW_S = 6.0
"""Three to nine contacts of the fast drills; two or more changes of the slow ones."""


class Rule(NamedTuple):
    """Score 0 up to `low`, rising to 1 at `from_`, 1 up to `to`, falling to 0 at `high`."""

    feature: str
    low: float
    from_: float
    to: float = NO_LIMIT
    high: float = NO_LIMIT

    def kept(self, value: float) -> float:
        """0 to 1; 0 for what could not be measured."""
        if math.isnan(value) or value <= self.low or value >= self.high:
            return 0.0
        if value < self.from_:
            return (value - self.low) / (self.from_ - self.low)
        if value > self.to:
            return (self.high - value) / (self.high - self.to)
        return 1.0


def at_least(feature: str, none: float, whole: float) -> Rule:
    return Rule(feature, none, whole)


def at_most(feature: str, whole: float, none: float) -> Rule:
    return Rule(feature, -NO_LIMIT, -NO_LIMIT, whole, none)


@dataclass(frozen=True, slots=True)
class Description:
    """One drill: the rules that it must keep, and what it tends to against its neighbour.

    `sided`: it is asked of each foot in turn; `own` is that foot (support foot of the stance, tapping,
    hopping and front foot), `other` the other one.
    """

    drill: str
    window_s: float
    rules: tuple[Rule, ...]
    tendencies: tuple[Rule, ...] = ()
    sided: bool = False

    def score(self, features: Features, own: Foot) -> float:
        """How well a stretch fits, 0 to 1."""
        worst = min(rule.kept(_value(features, own, rule.feature)) for rule in self.rules)
        if worst == 0.0 or not self.tendencies:
            return worst
        kept = [rule.kept(_value(features, own, rule.feature)) for rule in self.tendencies]
        return min(worst, sum(kept) / len(kept))


def _value(features: Features, own: Foot, name: str) -> float:
    whose, _, feature = name.rpartition(".")
    if whose == "":
        return getattr(features, feature)
    pair = [getattr(foot, feature) for foot in features.feet]
    if whose in _OF_BOTH:
        return _OF_BOTH[whose](pair)
    return pair[own if whose == "own" else 1 - own]


_OF_BOTH: dict[str, Callable[[list[float]], float]] = {
    # NaN, of a foot without contacts, stays NaN
    "lesser": lambda pair: math.nan if any(map(math.isnan, pair)) else min(pair),
    "greater": lambda pair: math.nan if any(map(math.isnan, pair)) else max(pair),
}

_SOMEBODY_STANDS = (at_least("known", 0.5, 0.8), Rule("total_bw", 0.5, 0.7, 1.3, 1.5))
_FEET_STAY_DOWN = (at_most("airborne", 0.06, 0.14), at_most("total_sd_bw", 0.20, 0.35))
_HOPS = (
    *_SOMEBODY_STANDS,
    Rule("own.contacts_hz", 0.8, 1.4, 3.6, 4.6),
    Rule("own.contact_time_s", 0.10, 0.15, 0.40, 0.55),
    Rule("own.peak_bw", 1.2, 1.5, 4.0, 5.0),
    at_least("own.mean_bw", 0.45, 0.55),
    at_most("alternating", 0.2, 0.4),
)
_STEPS_FROM_BALL_TO_BALL = (
    *_SOMEBODY_STANDS,
    Rule("lesser.contacts_hz", 0.6, 1.0, 2.6, 3.4),
    Rule("greater.contact_time_s", 0.08, 0.12, 0.38, 0.48),
    at_least("lesser.peak_bw", 1.2, 1.4),
    at_most("greater.peak_bw", 4.0, 5.0),
    Rule("changes_hz", 1.2, 1.8, 5.0, 6.5),
    at_least("alternating", 0.5, 0.75),
    at_most("lesser.landing_heel", 0.50, 0.75),
    # whoever runs on the forefoot rolls on over the toes; in Pose the foot is pulled before
    at_most("lesser.roll", 0.036, 0.045),
)
_SHIFTS_AND_PULLS = (
    *_SOMEBODY_STANDS,
    *_FEET_STAY_DOWN,
    Rule("changes_hz", 0.15, 0.30, 0.90, 1.20),
    Rule("exchange_s", 0.45, 0.60, 2.5, 4.0),
    Rule("support_s", 0.15, 0.30, 1.5, 3.0),
    at_most("heel_share", 0.18, 0.30),
)

DESCRIPTIONS: tuple[Description, ...] = (
    Description(
        "stance",
        FAST_WINDOW_S,
        (
            *_SOMEBODY_STANDS,
            *_FEET_STAY_DOWN,
            at_least("own.alone", 0.6, 0.9),
            at_most("other.contacts_hz", 0.35, 0.70),
            # flat on one leg is a balance test
            at_least("y", 0.45, 0.55),
            at_most("heel_share", 0.25, 0.40),
        ),
        sided=True,
    ),
    Description(
        "change-of-support",
        SLOW_WINDOW_S,
        _SHIFTS_AND_PULLS,
        (at_least("exchange_s", 0.85, 1.20), at_most("y", 0.697, 0.723)),
    ),
    Description(
        "pony",
        FAST_WINDOW_S,
        (
            *_SOMEBODY_STANDS,
            *_FEET_STAY_DOWN,
            Rule("changes_hz", 0.6, 1.0, 4.0, 5.0),
            at_most("exchange_s", 0.40, 0.60),
            Rule("support_s", 0.08, 0.15, 1.0, 1.5),
            at_most("heel_share", 0.15, 0.23),
        ),
    ),
    Description(
        "forward-change",
        SLOW_WINDOW_S,
        _SHIFTS_AND_PULLS,
        (at_most("exchange_s", 0.85, 1.20), at_least("y", 0.697, 0.723)),
    ),
    Description(
        "tapping",
        FAST_WINDOW_S,
        (
            *_SOMEBODY_STANDS,
            *_FEET_STAY_DOWN,
            at_least("other.mean_bw", 0.55, 0.70),
            Rule("own.contacts_hz", 0.30, 0.65, 4.0, 5.0),
            Rule("own.contact_time_s", 0.0, 0.008, 0.45, 1.0),
            at_most("own.peak_bw", 0.65, 0.90),
            at_most("own.mean_bw", 0.20, 0.35),
        ),
        sided=True,
    ),
    Description(
        "hopping",
        FAST_WINDOW_S,
        (*_HOPS, at_most("other.usual_bw", 0.005, 0.012)),
        sided=True,
    ),
    Description(
        "lunge",
        FAST_WINDOW_S,
        (*_HOPS, Rule("other.usual_bw", 0.005, 0.012, 0.30, 0.40)),
        sided=True,
    ),
    Description(
        "switch",
        FAST_WINDOW_S,
        _STEPS_FROM_BALL_TO_BALL,
        (at_most("flight_time_s", 0.070, 0.105), at_least("y", 0.722, 0.748)),
    ),
    Description(
        "running-lunge",
        FAST_WINDOW_S,
        _STEPS_FROM_BALL_TO_BALL,
        (at_least("flight_time_s", 0.070, 0.105), at_most("y", 0.722, 0.748)),
    ),
)
