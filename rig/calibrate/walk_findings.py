# SPDX-License-Identifier: GPL-3.0-or-later
"""What a walk over the sensors found: a verdict a sensor, and the map that mends swapped wires."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rig.calibrate.board_walk import Press, Rested
from rig.calibrate.sensel_map import ABSENT, SenselMap

WalkVerdict = Literal["ok", "swapped", "dead", "stuck", "doubled", "bridged"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One sensor; `sample` None where nothing answered."""

    sensel: int
    verdict: WalkVerdict
    sample: int | None
    change_counts: float


def findings(rested: Rested, presses: Sequence[Press]) -> list[Finding]:
    """One finding a press, in the order of the walk."""
    answers = Counter(p.sample for p in presses if p.sample is not None)
    return [
        Finding(p.asked, _verdict(p, rested, answers), p.sample, p.change_counts) for p in presses
    ]


def _verdict(press: Press, rested: Rested, answers: Counter[int]) -> WalkVerdict:
    if press.sample is None:
        own = press.asked in rested.shorted or press.asked in rested.noisy
        return "stuck" if own else "dead"
    if answers[press.sample] > 1:
        return "doubled"
    if press.also:
        return "bridged"
    if not press.let_go:
        return "stuck"
    return "ok" if press.sample == press.asked else "swapped"


def can_be_mapped(found: Sequence[Finding]) -> bool:
    """Whether a map mends it: two sensors on one wire, or two wires together, need the iron."""
    return not any(f.verdict in ("doubled", "bridged") for f in found)


def mending_map(found: Sequence[Finding], sensels: int, *, whole: bool) -> SenselMap:
    """The sensor map after the walk.

    Parameters
    ----------
    found
        Findings of the walk.
    sensels
        Of the board.
    whole
        True: sensors that were not asked for are not there (a subset was declared). False: they keep
        their own wire, unless another sensor answered on it.

    Returns
    -------
    SenselMap
        A sensor that was asked for and did not answer keeps its own wire: a missed press is no proof
        that nothing is there. -1 only for what was not declared, and for a sensor whose wire turned out
        to be another one's.
    """
    answered = {f.sensel: f.sample for f in found if f.sample is not None}
    used = set(answered.values())
    asked = {f.sensel for f in found}
    there = {s: s for s in range(sensels) if s not in used and (s in asked or not whole)} | answered
    return tuple(there.get(s, ABSENT) for s in range(sensels))


def has_answer(found: Sequence[Finding]) -> bool:
    """Whether any sensor answered; a walk in which none did tells nothing about the wires."""
    return any(f.sample is not None for f in found)
