# SPDX-License-Identifier: GPL-3.0-or-later
"""What a simulated person does wrong on purpose: one fault at a chosen multiple of its threshold.

A fault's size is the quantity that its rule looks at, as a multiple of the rule's threshold: 1.2 is a
fifth beyond it, 0.8 stays a fifth below. `rig.simulate.catalogue.QUANTITY` says which quantity that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rig.errors import SettingsError
from rig.simulate.catalogue import APPLICABLE

WHOLE_SET = ("ASYM", "RHYTHM")
"""Faults of a set rather than of a repetition."""
AFTER_BASELINE = (("hopping", "HOP-UP"), ("running-lunge", "DRIVE"))
"""Faults relative to the person's own first repetitions, which must be clean of them."""
LEARNING_REPETITIONS = 14
"""The rules learn from twelve; two more, as a first contact may count for nothing."""
SMALLEST, LARGEST = 0.1, 2.0


@dataclass(frozen=True, slots=True)
class BehaviourFault:
    """One fault: `code` of `rig.simulate.catalogue.CODES`, `size` as a multiple of its threshold.

    `share` of the repetitions have it, drawn by the seed; a fault of the whole set knows no share.
    """

    code: str
    size: float = 1.2
    share: float = 1.0 / 3.0


def check_behaviour(motion: str, behaviour: tuple[BehaviourFault, ...]) -> None:
    """Raise `SettingsError` for faults that this motion does not know."""
    known = APPLICABLE.get(motion, ())
    for fault in behaviour:
        if not known:
            raise SettingsError(f'"{motion}" is no drill, so it knows no fault {fault.code}.')
        if fault.code not in known:
            raise SettingsError(f"{motion} has no fault {fault.code}; it knows {', '.join(known)}.")
        if not SMALLEST <= fault.size <= LARGEST:
            raise SettingsError(
                f"A size of {fault.size:g} for {fault.code} cannot be done; choose {SMALLEST:g} to "
                f"{LARGEST:g} times the threshold."
            )
        if not 0.0 <= fault.share <= 1.0:
            raise SettingsError(
                f"A share of {fault.share:g} for {fault.code} cannot be; choose 0 to 1."
            )


class Intentions:
    """Which fault the next repetition has; one at most, so that each shows its own numbers."""

    def __init__(
        self, motion: str, behaviour: tuple[BehaviourFault, ...], rng: np.random.Generator
    ) -> None:
        self._rng = rng
        self._late = {code for drill, code in AFTER_BASELINE if drill == motion}
        self._whole = {f.code: f.size for f in behaviour if f.code in WHOLE_SET}
        self._single = [f for f in behaviour if f.code not in WHOLE_SET]
        self._scale = 1.0 / max(1.0, sum(f.share for f in self._single))
        self._repetition = 0

    def always(self, code: str) -> float:
        """Size of a fault of the whole set; 0 for none."""
        return self._whole.get(code, 0.0)

    def next(self) -> Mapping[str, float]:
        """Size by code of what the next repetition has; empty for a clean one."""
        chance = self._rng.random()
        self._repetition += 1
        for fault in self._single:
            chance -= fault.share * self._scale
            if chance < 0.0:
                learning = self._repetition <= LEARNING_REPETITIONS
                return {} if learning and fault.code in self._late else {fault.code: fault.size}
        return {}
