# SPDX-License-Identifier: GPL-3.0-or-later
"""What a balance test consists of; read from a table by `protocol_file`."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from rig.balance.stances import StanceTemplate
from rig.errors import SettingsError
from rig.layout import Foot

Eyes = Literal["open", "closed"]
Surface = Literal["firm", "foam"]
OnFeet = Literal["both", "left", "right"]
Measured = Literal["sway", "hold", "limits", "shift"]
Combine = Literal["mean", "best"]
LONGEST_S = 600.0
MOST_TRIALS = 20
KEY = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?")
"""Keys become names of folders, on every system."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One position to be held.

    Attributes
    ----------
    seconds : float
        Fixed length of a trial; of a hold, the most that counts.
    spotter : bool
        Nothing begins before somebody says that they stand ready to catch the person.
    direction_deg : float, optional
        Limits of stability: 0 to the front, 90 to the right.
    """

    key: str
    says: str
    seconds: float
    template: StanceTemplate
    eyes: Eyes = "open"
    surface: Surface = "firm"
    feet: OnFeet = "both"
    spotter: bool = False
    direction_deg: float | None = None

    @property
    def needs_spotter(self) -> bool:
        """Eyes closed and foam always do."""
        return self.spotter or self.eyes == "closed" or self.surface == "foam"

    @property
    def free_foot(self) -> Foot | None:
        """The foot that must stay in the air."""
        if self.feet == "both":
            return None
        return Foot.RIGHT if self.feet == "left" else Foot.LEFT

    @property
    def standing_feet(self) -> tuple[Foot, ...]:
        free = self.free_foot
        return tuple(foot for foot in Foot if foot != free)


@dataclass(frozen=True, slots=True)
class Ratio:
    """`measure` of one condition over that of another; its key names the measure."""

    key: str
    measure: str
    of: str
    over: str


@dataclass(frozen=True, slots=True)
class Protocol:
    """A balance test; `pause_s` None waits for a key before each trial."""

    key: str
    title: str
    about: str
    source: str
    measure: Measured
    conditions: tuple[Condition, ...]
    trials: int = 1
    practice: int = 0
    combine: Combine = "mean"
    until_full: bool = False
    settle_s: float = 0.0
    pause_s: float | None = None
    ratios: tuple[Ratio, ...] = ()

    def condition(self, key: str) -> Condition:
        """Raise `SettingsError` where none is called so."""
        for condition in self.conditions:
            if condition.key == key:
                return condition
        raise SettingsError(f'{self.title} has no condition "{key}".')

    @property
    def needs_height(self) -> bool:
        """Targets of limits of stability follow from the person's height."""
        return self.measure == "limits"

    @property
    def trial_rule(self) -> str:
        """How trials become one time; norms must have been made by the same rule."""
        return f"{self.combine} of {self.trials}" if self.trials > 1 else "single trial"


def check_protocol(protocol: Protocol) -> Protocol:
    """Raise `SettingsError` with what cannot be done."""
    name = f'The protocol "{protocol.key}"'
    _check_keys(protocol, name)
    _require(bool(protocol.conditions), f"{name} has no condition.")
    _require(1 <= protocol.trials <= MOST_TRIALS, f"{name} needs 1 to {MOST_TRIALS} trials.")
    _require(0 <= protocol.practice <= MOST_TRIALS, f"{name} has too many practice trials.")
    _require(0.0 <= protocol.settle_s <= LONGEST_S, f"{name}: settle_s must be 0 to 600 s.")
    pause_s = protocol.pause_s
    _require(pause_s is None or 1.0 <= pause_s <= LONGEST_S, f"{name}: pause_s must be 1 to 600 s.")
    for condition in protocol.conditions:
        _check_condition(protocol, condition, f'{name}, condition "{condition.key}"')
    keys = [condition.key for condition in protocol.conditions]
    for ratio in protocol.ratios:
        for key in (ratio.of, ratio.over):
            _require(key in keys, f'{name}, ratio "{ratio.key}": no condition is called "{key}".')
    return protocol


def _check_keys(protocol: Protocol, name: str) -> None:
    conditions = [condition.key for condition in protocol.conditions]
    ratios = [ratio.key for ratio in protocol.ratios]
    for key in (protocol.key, *conditions, *ratios):
        _require(
            KEY.fullmatch(key) is not None,
            f'{name}: the key "{key}" must be 1 to 60 of a-z, 0-9, hyphen and underscore.',
        )
    for what, keys in (("condition", conditions), ("ratio", ratios)):
        _require(len(set(keys)) == len(keys), f"{name} names a {what} twice.")


def _check_condition(protocol: Protocol, condition: Condition, name: str) -> None:
    in_range = isfinite(condition.seconds) and 2.0 <= condition.seconds <= LONGEST_S
    _require(in_range, f"{name}: seconds must be 2 to {LONGEST_S:g}.")
    both = condition.feet == "both"
    _require(both or protocol.measure == "hold", f"{name}: one foot alone can only be held.")
    leaning = condition.direction_deg is not None
    _require(
        leaning == (protocol.measure == "limits"),
        f"{name}: direction_deg belongs to limits of stability, and to nothing else.",
    )
    direction = condition.direction_deg
    _require(
        direction is None or abs(direction) <= 360.0, f"{name}: direction_deg must be -360 to 360."
    )
    if protocol.measure == "limits":
        _require(protocol.settle_s >= 1.0, f"{name}: limits need a second or more to settle.")
    template = condition.template
    _require(
        (template.front is not None) == (template.front_lengths > 0.0),
        f"{name}: a stance with one foot ahead needs front = left or right, no other does.",
    )


def _require(held: bool, sentence: str) -> None:
    if not held:
        raise SettingsError(sentence)


def condition_order(protocol: Protocol, seed: int | None = None) -> tuple[int, ...]:
    """Places of the conditions: as written, or shuffled the same way for the same seed."""
    order = list(range(len(protocol.conditions)))
    if seed is not None:
        # an order for people, no secret
        random.Random(seed).shuffle(order)  # noqa: S311
    return tuple(order)


def find_protocol(protocols: Sequence[Protocol], key: str) -> Protocol:
    """Raise `SettingsError` naming those that there are."""
    for protocol in protocols:
        if protocol.key == key:
            return protocol
    known = ", ".join(protocol.key for protocol in protocols)
    raise SettingsError(f'No protocol is called "{key}"; choose one of {known}.')
