# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence for and against each sensel, window by window."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from rig.calibrate import health_rules as rules
from rig.calibrate.force_block import Float64
from rig.calibrate.health_results import HealthKind
from rig.calibrate.health_rules import neighbours
from rig.calibrate.health_windows import (
    PADS_A_FOOT,
    SENSELS,
    Bool,
    Int64,
    Window,
    moving,
    stays,
    summed_by_foot,
)

Found = tuple[int, HealthKind, float]
HIGHEST_SHARE = 0.98
"""Of the highest count that the divider can reach: a shorted sensel reads it, less noise."""


class Evidence(NamedTuple):
    """(32,) by sensel where nothing else is said; `bridged` windows in a row by pairs of one foot.

    `silent`, `episodes`: samples and times of bearing nothing between neighbours that bore plenty, since
    it last did. `lowest`, `highest`: counts since the foot's comings were counted in `comings`,
    (2, 32) in both ways of `COMINGS_N`; `empty`, (2, 32): the rest of the foot was light at the last
    turn; `calm`: no sensel is suspected of being stuck.
    `given_up`: masked for good.
    """

    silent: Int64
    episodes: Int64
    answered: Int64
    lowest: Int64
    highest: Int64
    comings: Int64
    empty: Bool
    calm: bool
    noisy: Int64
    bridged: dict[tuple[int, int], int]
    saturated: Int64
    told_saturated: Bool
    given_up: Bool


_NOTHING, _NOBODY = np.zeros(SENSELS, np.int64), np.zeros(SENSELS, np.bool_)
_NOT_STUCK: dict[str, Any] = {
    "lowest": np.full(SENSELS, 1 << 20),
    "highest": _NOTHING,
    "comings": np.zeros((len(rules.COMINGS_N), SENSELS), np.int64),
    "empty": np.zeros((len(rules.COMINGS_N), SENSELS), np.bool_),
    "calm": True,
}


_EMPTY_N, _LOADED_N = np.array(rules.COMINGS_N).T[..., None]
"""(2, 1) each: in both ways of `COMINGS_N`."""


def no_evidence() -> Evidence:
    """Nothing seen yet."""
    return Evidence(
        silent=_NOTHING,
        episodes=_NOTHING,
        answered=_NOTHING,
        **_NOT_STUCK,
        noisy=_NOTHING,
        bridged={},
        saturated=_NOTHING,
        told_saturated=_NOBODY,
        given_up=_NOBODY,
    )


def weigh(
    evidence: Evidence, window: Window, masked: Bool, highest_count: float, saturation: float
) -> tuple[Evidence, list[Found]]:
    """One more window; found are (sensel, kind, other sensel or NaN).

    Parameters
    ----------
    masked : (32,) bool
    highest_count, saturation : float
        Count that a shorted sensel reads, and count from which one is saturated.
    """
    found: list[Found] = []
    if window.silent or evidence.silent.any() or masked.any():
        evidence = _silence(evidence, window, masked, found)
    if int(window.most.max()) >= saturation:
        evidence = _ceiling(evidence, window, masked, (highest_count, saturation), found)
    if window.still or not evidence.calm:
        evidence = _stuck(evidence, window, masked, found)
    if (window.restless > 0).any() or evidence.noisy.any():
        evidence = _noise(evidence, window, masked, found)
    if window.bridged or evidence.bridged:
        evidence = _bridges(evidence, window, masked, found)
    return evidence, found


def believed(
    window: Window, masked: Bool, zero_n: Float64 | None = None
) -> tuple[Float64, Float64]:
    """(m, 32) newtons on pads above `zero_n` (32,), 0 where masked, and (m, 2) their sum by foot."""
    if zero_n is None and not masked.any():
        return window.pads_n, window.foot_n
    above_n = window.pads_n if zero_n is None else window.pads_n - zero_n
    pads_n = np.where(masked, 0.0, above_n)
    return pads_n, summed_by_foot(pads_n)


def _tell(found: list[Found], sensels: Bool, kind: HealthKind) -> None:
    found += [(sensel, kind, np.nan) for sensel in np.flatnonzero(sensels).tolist()]


def _silence(evidence: Evidence, window: Window, masked: Bool, found: list[Found]) -> Evidence:
    """Dead: nothing read while the pads on both sides bore plenty, contact after contact."""
    around, judged = neighbours()
    most_n = np.where(masked, 0.0, window.most_n)
    asked = judged & (most_n[around].min(axis=1) >= rules.PLENTY_N)
    speaks = window.most_n >= rules.SILENT_N
    if not (asked & (~speaks | masked | (evidence.silent > 0))).any():
        return evidence
    plenty = (believed(window, masked)[0][:, around].min(axis=2) >= rules.PLENTY_N) & judged
    reads = window.pads_n >= rules.SILENT_N
    quiet = plenty & ~reads
    began = quiet & ~np.concatenate((_NOBODY[None], plenty[:-1]))
    spoke = (plenty & reads).sum(axis=0)
    silent = np.where(spoke > 0, 0, evidence.silent + quiet.sum(axis=0))
    episodes = np.where(spoke > 0, 0, evidence.episodes + began.sum(axis=0))
    enough = (episodes >= rules.DEAD_CONTACTS) & (silent >= rules.DEAD_SAMPLES)
    dead = ~masked & (enough | (silent >= rules.DEAD_STANDING_SAMPLES))
    answered = np.where(masked & ~evidence.given_up, evidence.answered + spoke, 0)
    alive = answered >= rules.ALIVE_SAMPLES
    _tell(found, dead, HealthKind.DEAD)
    _tell(found, alive, HealthKind.ANSWERS)
    return evidence._replace(
        silent=silent, episodes=episodes, answered=np.where(alive, 0, answered)
    )


def _ceiling(
    evidence: Evidence,
    window: Window,
    masked: Bool,
    levels: tuple[float, float],
    found: list[Found],
) -> Evidence:
    """Shorted: at the ceiling all through a window; saturated: beyond the reach now and then."""
    highest_count, saturation = levels
    at_ceiling = window.least >= HIGHEST_SHARE * highest_count
    broken = ~masked & at_ceiling & (len(window.counts) >= rules.LEAST_SAMPLES)
    _tell(found, broken, HealthKind.SHORTED)
    at_top = np.where(at_ceiling, 0, (window.counts >= saturation).sum(axis=0))
    saturated = evidence.saturated + at_top
    told = evidence.told_saturated | (saturated >= rules.SATURATED_SAMPLES)
    _tell(found, told & ~evidence.told_saturated & ~masked, HealthKind.SATURATED)
    given_up = evidence.given_up | broken
    return evidence._replace(saturated=saturated, told_saturated=told, given_up=given_up)


def _stuck(evidence: Evidence, window: Window, masked: Bool, found: list[Found]) -> Evidence:
    """Stuck: it stays where it is while the rest of its foot comes and goes."""
    lowest = np.minimum(evidence.lowest, window.least)
    highest = np.maximum(evidence.highest, window.most)
    again = ~stays(lowest, highest) | (window.least_n < rules.STUCK_N) | masked
    if again.all():
        return evidence if evidence.calm else evidence._replace(**_NOT_STUCK)
    still = (~again).nonzero()[0]
    pads_n, foot_n = believed(window, masked)
    others_n = foot_n[:, still // PADS_A_FOOT] - pads_n[:, still]
    lightest_n, heaviest_n = np.full(SENSELS, np.inf), np.zeros(SENSELS)
    lightest_n[still] = np.minimum.reduce(others_n)
    heaviest_n[still] = np.maximum.reduce(others_n)
    empty, loaded = lightest_n < _EMPTY_N, heaviest_n > _LOADED_N
    comings = np.where(again, 0, evidence.comings + (loaded & (empty | evidence.empty)))
    stuck = np.logical_or.reduce(comings >= rules.STUCK_CONTACTS)
    _tell(found, stuck, HealthKind.STUCK)
    return evidence._replace(
        comings=comings,
        lowest=np.where(again, _NOT_STUCK["lowest"], lowest),
        highest=np.where(again, 0, highest),
        empty=~again & (empty | (evidence.empty & ~loaded)),
        calm=False,
        given_up=evidence.given_up | stuck,
    )


def _noise(evidence: Evidence, window: Window, masked: Bool, found: list[Found]) -> Evidence:
    """Noisy: it jumped to and fro for longer than it was calm."""
    noisy = evidence.noisy + window.restless
    broken = ~masked & (noisy >= rules.NOISY_PARTS)
    _tell(found, broken, HealthKind.NOISY)
    return evidence._replace(noisy=np.maximum(noisy, 0), given_up=evidence.given_up | broken)


def _bridges(evidence: Evidence, window: Window, masked: Bool, found: list[Found]) -> Evidence:
    """Bridged: two sensels of a foot that move, and read the same all the time."""
    moves = moving(window.least, window.most)
    bridged = {
        pair: windows for pair, windows in evidence.bridged.items() if not moves[list(pair)].all()
    }
    for pair in window.bridged:
        bridged[pair] = evidence.bridged.get(pair, 0) + 1
        if bridged[pair] >= rules.BRIDGED_WINDOWS and not masked[list(pair)].all():
            found += [(a, HealthKind.BRIDGED, float(b)) for a, b in (pair, pair[::-1])]
            given_up = evidence.given_up.copy()
            given_up[list(pair)] = True
            evidence = evidence._replace(given_up=given_up)
    return evidence._replace(bridged=bridged)
