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


def mending_map(found: Sequence[Finding], stored: SenselMap, *, whole: bool) -> SenselMap:
    """The sensor map after the walk.

    Parameters
    ----------
    found
        Findings of the walk.
    stored
        The board's map before it: what earlier walks mended and declared.
    whole
        True: sensors that were not asked for are not there (a subset was declared). False: the walk
        covered a part or was left early; they stay as they were.

    Returns
    -------
    SenselMap
        A sensor that did not answer keeps its wire: a missed press is no proof that nothing is there. It
        goes back to its own wire where another sensor answered on the one that was kept for it, and is
        -1 where its own is taken too.
    """
    answered = {f.sensel: f.sample for f in found if f.sample is not None}
    asked = {f.sensel for f in found}
    others = [s for s in range(len(stored)) if s not in answered and (s in asked or not whole)]
    kept = {s: stored[s] for s in others if stored[s] not in (ABSENT, *answered.values())}
    taken = {*answered.values(), *kept.values()}
    # declared in this walk, or driven off its wire by an answer
    homeless = [s for s in others if s not in kept and (whole or stored[s] != ABSENT)]
    home = {s: s for s in homeless if s not in taken}
    there = answered | kept | home
    return tuple(there.get(s, ABSENT) for s in range(len(stored)))


def has_answer(found: Sequence[Finding]) -> bool:
    """Whether any sensor answered; a walk in which none did tells nothing about the wires."""
    return any(f.sample is not None for f in found)
