# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence for and against each sensel, window by window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rig.calibrate import health_rules as rules
from rig.calibrate.force_block import Float64
from rig.calibrate.health_results import HealthKind
from rig.calibrate.health_rules import neighbours

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Found = tuple[int, HealthKind, float]
SENSELS = 32
PADS_A_FOOT = 16
HIGHEST_SHARE = 0.98
"""Of the highest count that the divider can reach: a shorted sensel reads it, less noise."""


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """m samples of one window.

    `counts` (m, 32); `believed_n` (m, 32) newtons on pads, 0 where masked; `pads_n` the same of all;
    `masked` (32,); `foot_n` (m, 2) sum of each foot's believed pads.
    """

    counts: npt.NDArray[np.uint16]
    believed_n: Float64
    pads_n: Float64
    masked: Bool
    foot_n: Float64


def summed_by_foot(pads_n: Float64) -> Float64:
    """(m, 32) to (m, 2)."""
    return np.add.reduce(pads_n.reshape(len(pads_n), 2, PADS_A_FOOT), axis=-1)


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


@dataclass(frozen=True, slots=True, eq=False)
class _Extent:
    """Least and most of each sensel in a window, (32,) each.

    Most windows show nothing: each test first asks these whether it can change anything at all.
    """

    least: Int64
    most: Int64
    least_n: Float64
    most_n: Float64


def weigh(
    evidence: Evidence, window: Window, highest_count: float, saturation: float
) -> tuple[Evidence, list[Found]]:
    """One more window; found are (sensel, kind, other sensel or NaN)."""
    found: list[Found] = []
    extent = _Extent(
        np.minimum.reduce(window.counts).astype(np.int64),
        np.maximum.reduce(window.counts).astype(np.int64),
        np.minimum.reduce(window.pads_n),
        np.maximum.reduce(window.pads_n),
    )
    evidence = _silence(evidence, window, extent, found)
    if int(extent.most.max()) >= saturation:
        evidence = _ceiling(evidence, window, extent, (highest_count, saturation), found)
    evidence = _stuck(evidence, window, extent, found)
    evidence = _noise(evidence, window, found)
    evidence = _bridges(evidence, window, extent, found)
    return evidence, found


def _tell(found: list[Found], sensels: Bool, kind: HealthKind) -> None:
    found += [(sensel, kind, np.nan) for sensel in np.flatnonzero(sensels).tolist()]


def _silence(evidence: Evidence, window: Window, extent: _Extent, found: list[Found]) -> Evidence:
    """Dead: nothing read while the pads on both sides bore plenty, contact after contact."""
    around, judged = neighbours()
    most_n = np.where(window.masked, 0.0, extent.most_n)
    asked = judged & (most_n[around].min(axis=1) >= rules.PLENTY_N)
    speaks = extent.most_n >= rules.SILENT_N
    if not (asked & (~speaks | window.masked | (evidence.silent > 0))).any():
        return evidence
    plenty = (window.believed_n[:, around].min(axis=2) >= rules.PLENTY_N) & judged
    reads = window.pads_n >= rules.SILENT_N
    quiet = plenty & ~reads
    began = quiet & ~np.concatenate((_NOBODY[None], plenty[:-1]))
    spoke = (plenty & reads).sum(axis=0)
    silent = np.where(spoke > 0, 0, evidence.silent + quiet.sum(axis=0))
    episodes = np.where(spoke > 0, 0, evidence.episodes + began.sum(axis=0))
    enough = (episodes >= rules.DEAD_CONTACTS) & (silent >= rules.DEAD_SAMPLES)
    dead = ~window.masked & (enough | (silent >= rules.DEAD_STANDING_SAMPLES))
    answered = np.where(window.masked & ~evidence.given_up, evidence.answered + spoke, 0)
    alive = answered >= rules.ALIVE_SAMPLES
    _tell(found, dead, HealthKind.DEAD)
    _tell(found, alive, HealthKind.ANSWERS)
    return evidence._replace(
        silent=silent, episodes=episodes, answered=np.where(alive, 0, answered)
    )


def _ceiling(
    evidence: Evidence,
    window: Window,
    extent: _Extent,
    levels: tuple[float, float],
    found: list[Found],
) -> Evidence:
    """Shorted: at the ceiling all through a window; saturated: beyond the reach now and then."""
    highest_count, saturation = levels
    at_ceiling = extent.least >= HIGHEST_SHARE * highest_count
    broken = ~window.masked & at_ceiling & (len(window.counts) >= rules.LEAST_SAMPLES)
    _tell(found, broken, HealthKind.SHORTED)
    at_top = np.where(at_ceiling, 0, (window.counts >= saturation).sum(axis=0))
    saturated = evidence.saturated + at_top
    told = evidence.told_saturated | (saturated >= rules.SATURATED_SAMPLES)
    _tell(found, told & ~evidence.told_saturated & ~window.masked, HealthKind.SATURATED)
    given_up = evidence.given_up | broken
    return evidence._replace(saturated=saturated, told_saturated=told, given_up=given_up)


def _stuck(evidence: Evidence, window: Window, extent: _Extent, found: list[Found]) -> Evidence:
    """Stuck: it stays where it is while the rest of its foot comes and goes."""
    lowest = np.minimum(evidence.lowest, extent.least)
    highest = np.maximum(evidence.highest, extent.most)
    moved = highest - lowest > rules.STUCK_COUNTS + rules.STUCK_RANGE * highest
    again = moved | (extent.least_n < rules.STUCK_N) | window.masked
    if again.all():
        return evidence if evidence.calm else evidence._replace(**_NOT_STUCK)
    still = np.flatnonzero(~again)
    others_n = window.foot_n[:, still // PADS_A_FOOT] - window.believed_n[:, still]
    lightest_n, heaviest_n = np.full(SENSELS, np.inf), np.zeros(SENSELS)
    lightest_n[still], heaviest_n[still] = others_n.min(axis=0), others_n.max(axis=0)
    empty = np.stack([lightest_n < least for least, _ in rules.COMINGS_N])
    loaded = np.stack([heaviest_n > most for _, most in rules.COMINGS_N])
    comings = np.where(again, 0, evidence.comings + (loaded & (empty | evidence.empty)))
    stuck = np.asarray((comings >= rules.STUCK_CONTACTS).any(axis=0))
    _tell(found, stuck, HealthKind.STUCK)
    return evidence._replace(
        comings=comings,
        lowest=np.where(again, _NOT_STUCK["lowest"], lowest),
        highest=np.where(again, 0, highest),
        empty=~again & (empty | (evidence.empty & ~loaded)),
        calm=False,
        given_up=evidence.given_up | stuck,
    )


def _noise(evidence: Evidence, window: Window, found: list[Found]) -> Evidence:
    """Noisy: jumps that no foot makes, since each takes back the one before."""
    parts = len(window.counts) // rules.NOISE_SAMPLES
    if parts == 0:
        return evidence
    # whole numbers, which float64 adds exactly and squares faster than int64
    whole = window.counts[: parts * rules.NOISE_SAMPLES].astype(np.float64)
    whole = whole.reshape(parts, rules.NOISE_SAMPLES, SENSELS)
    first = whole[:, 1:] - whole[:, :-1]
    size = np.add.reduce(first * first, axis=1) / (rules.NOISE_SAMPLES - 1)
    strong = size >= rules.NOISY_COUNTS**2
    if not strong.any() and not evidence.noisy.any():
        return evidence
    second = first[:, 1:] - first[:, :-1]
    second_size = np.add.reduce(second * second, axis=1) / (rules.NOISE_SAMPLES - 2)
    restless = strong & (second_size >= rules.NOISY_RATIO * size)
    calm = ~strong
    noisy = evidence.noisy + restless.sum(axis=0) - calm.sum(axis=0)
    broken = ~window.masked & (noisy >= rules.NOISY_PARTS)
    _tell(found, broken, HealthKind.NOISY)
    return evidence._replace(noisy=np.maximum(noisy, 0), given_up=evidence.given_up | broken)


def _bridges(evidence: Evidence, window: Window, extent: _Extent, found: list[Found]) -> Evidence:
    """Bridged: two sensels of a foot that move, and read the same all the time."""
    least, most = extent.least, extent.most
    moves = (most >= rules.BRIDGED_RANGE_COUNTS) & (least <= (1 - rules.BRIDGED_RANGE) * most)
    moving = np.flatnonzero(moves).tolist()
    alike = _alike(moving, least.tolist(), most.tolist())
    if not alike and not evidence.bridged:
        return evidence
    bridged = {
        pair: windows for pair, windows in evidence.bridged.items() if not moves[list(pair)].all()
    }
    for pair in alike:
        ours, theirs = window.counts[:, list(pair)].astype(np.int64).T
        if int(np.abs(ours - theirs).max()) > rules.BRIDGED_COUNTS:
            continue
        bridged[pair] = evidence.bridged.get(pair, 0) + 1
        if bridged[pair] >= rules.BRIDGED_WINDOWS and not window.masked[list(pair)].all():
            found += [(a, HealthKind.BRIDGED, float(b)) for a, b in (pair, pair[::-1])]
            given_up = evidence.given_up.copy()
            given_up[list(pair)] = True
            evidence = evidence._replace(given_up=given_up)
    return evidence._replace(bridged=bridged)


def _alike(moving: list[int], least: list[int], most: list[int]) -> list[tuple[int, int]]:
    """Pairs of these sensels, each of one foot, whose lowest and highest counts lie near each other."""
    by_most = sorted(moving, key=most.__getitem__)
    pairs = []
    for place, one in enumerate(by_most):
        for other in by_most[place + 1 :]:
            if most[other] - most[one] > rules.BRIDGED_COUNTS:
                break
            one_foot = one // PADS_A_FOOT == other // PADS_A_FOOT
            if one_foot and abs(least[other] - least[one]) <= rules.BRIDGED_COUNTS:
                pairs.append((min(one, other), max(one, other)))
    return sorted(pairs)
