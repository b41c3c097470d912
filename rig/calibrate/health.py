# SPDX-License-Identifier: GPL-3.0-or-later
"""Stream stage within the force stage: which sensels are not believed, and why.

Every n-th frame is looked at, in windows of two seconds by frame number, so that neither the result
nor the cost depends on how the stream is cut. What a window shows holds from the first frame after it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from rig.calibrate.divider import look_up
from rig.calibrate.drift import DriftState, follow_drift
from rig.calibrate.force_block import Float64, Int64, SenselMask
from rig.calibrate.health_evidence import Evidence, believed, no_evidence, weigh
from rig.calibrate.health_results import HealthFinding, HealthKind
from rig.calibrate.health_rules import SAMPLE_HZ, WINDOW_S
from rig.calibrate.health_windows import (
    PADS_A_FOOT,
    SENSELS,
    Window,
    off_samples,
    windows_of,
)
from rig.layout import Foot
from rig.wire.frames import FrameBlock


@dataclass(frozen=True, slots=True, eq=False)
class HealthState:
    """What is carried: samples of the window that is not over yet, evidence, and what is masked.

    `window` is the number of the pending window in its segment, None before any frame.
    """

    segment_index: int | None = None
    window: int | None = None
    counts: tuple[npt.NDArray[np.uint16], ...] = ()
    pads_n: tuple[Float64, ...] = ()
    evidence: Evidence = field(default_factory=no_evidence)
    drift: DriftState = field(default_factory=DriftState)
    masked: SenselMask = ()
    follows_drift: bool = True
    """False where no foot is ever certain to be off the ground (pony: toes may stay down)."""
    newly: tuple[tuple[int, HealthKind], ...] = ()
    """Told from outside (the board's self-test): counts from the next frame on."""


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """From frame `start` of the block on, `masked` are not believed and `zero_n` (32,) is taken off."""

    start: int
    masked: SenselMask
    zero_n: Float64


def follow_health(
    state: HealthState,
    block: FrameBlock,
    t_s: Float64,
    counts: npt.NDArray[np.uint16],
    table_n: Float64,
    levels: tuple[float, float],
) -> tuple[HealthState, list[Judgement], tuple[HealthFinding, ...]]:
    """Take a block of at least one frame.

    Parameters
    ----------
    counts : (n, 32)
        In the order of the pads.
    table_n : (32, counts) float64
        Newtons on each pad by its count, tare taken off and nothing else.
    levels : (float, float)
        Count that a shorted sensel reads, and count from which one is saturated.
    """
    rate_hz = max(block.segment.hello.scan_rate_hz, 1)
    every = max(1, rate_hz // SAMPLE_HZ)
    in_window = max(every, round(WINDOW_S * rate_hz / every) * every)
    numbers = block.frame_number
    if state.segment_index != block.segment.index:
        state = replace(state, segment_index=block.segment.index, window=None, counts=(), pads_n=())
    findings: list[HealthFinding] = []
    if state.newly:
        state = _told(state, float(t_s[0]), findings)
    judged = [Judgement(0, state.masked, state.drift.zero_n)]
    first, last = int(numbers[0]) // in_window, int(numbers[-1]) // in_window
    sampled = _multiples(numbers, every)
    pending = sum(map(len, state.counts))
    if len(sampled):
        looked_at = counts[sampled]
        looked_at_n = look_up(table_n, looked_at)
        state = replace(
            state, counts=(*state.counts, looked_at), pads_n=(*state.pads_n, looked_at_n)
        )
    turns = [0] if state.window not in (None, first) else []
    if last > first:
        turns += _turns(numbers, range(first + 1, last + 1), in_window)
    if turns:
        ends = (pending + sampled.searchsorted(turns)).tolist()
        for at, window in zip(turns, _windows_until(state, ends), strict=True):
            if window is not None:
                state = _end_window(state, window, float(t_s[at]), levels, findings)
            judged.append(Judgement(at, state.masked, state.drift.zero_n))
        state = _after(state, ends[-1])
    return replace(state, window=last), _without_repeats(judged), tuple(findings)


def _turns(numbers: Int64, windows: range, in_window: int) -> list[int]:
    """Frames at which a window begins; one for several of which only the last has any frames."""
    return sorted({*numbers.searchsorted([window * in_window for window in windows]).tolist()})


def _windows_until(state: HealthState, ends: list[int]) -> list[Window | None]:
    """The windows that end with these samples; None without any."""
    whole = sorted({0, *ends})
    if len(whole) == 1:
        return [None] * len(ends)
    counts, pads_n = _joined(state.counts), _joined(state.pads_n)
    windows = iter(windows_of(counts[: whole[-1]], pads_n[: whole[-1]], whole))
    return [next(windows) if end > before else None for before, end in pairwise((0, *ends))]


def _after(state: HealthState, end: int) -> HealthState:
    """The samples of the window that is not over yet."""
    return replace(
        state, counts=(_joined(state.counts)[end:],), pads_n=(_joined(state.pads_n)[end:],)
    )


def _multiples(numbers: Int64, every: int) -> npt.NDArray[np.intp]:
    """Places of the frames whose number is a multiple of `every`."""
    first = int(numbers[0])
    if int(numbers[-1]) - first == len(numbers) - 1:  # no holes, as nearly always
        return np.arange(-first % every, len(numbers), every)
    return np.flatnonzero(numbers % every == 0)


def _without_repeats(judged: list[Judgement]) -> list[Judgement]:
    """Only the judgements that change something; of several at one frame the last."""
    kept: list[Judgement] = []
    for judgement in judged:
        if kept and judgement.start == kept[-1].start:
            kept.pop()
        if kept and judgement.masked == kept[-1].masked and judgement.zero_n is kept[-1].zero_n:
            continue
        kept.append(judgement)
    return kept


def _end_window(
    state: HealthState,
    window: Window,
    at_s: float,
    levels: tuple[float, float],
    findings: list[HealthFinding],
) -> HealthState:
    masked = np.array(state.masked or (False,) * SENSELS)
    seen_n, feet_n = believed(window, masked)
    evidence, found = weigh(state.evidence, window, masked, *levels)
    findings += [
        HealthFinding(at_s, Foot(sensel // PADS_A_FOOT), sensel, kind, other)
        for sensel, kind, other in found
    ]
    for sensel, kind, _ in found:
        if kind is not HealthKind.SATURATED:
            masked[sensel] = kind is not HealthKind.ANSWERS
    drift = state.drift
    if state.follows_drift:
        if drift.zero_n.any():
            seen_n, feet_n = believed(window, masked, drift.zero_n)
        off = window.off if feet_n is window.foot_n else off_samples(feet_n)
        drift, drifted = follow_drift(drift, seen_n, feet_n, off)
        findings += [HealthFinding(at_s, foot, None, kind, value) for foot, kind, value in drifted]
    return replace(state, evidence=evidence, drift=drift, masked=_mask(masked))


def _joined(parts: tuple[np.ndarray, ...]) -> np.ndarray:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _mask(masked: np.ndarray) -> SenselMask:
    return tuple(masked.tolist()) if masked.any() else ()


def tell_health(state: HealthState, broken: tuple[tuple[int, HealthKind], ...]) -> HealthState:
    """What the board's self-test found of sensels, (pad, SHORTED or GROUNDED) each."""
    return replace(state, newly=state.newly + broken)


def _told(state: HealthState, at_s: float, findings: list[HealthFinding]) -> HealthState:
    masked = np.array(state.masked or (False,) * SENSELS)
    for sensel, kind in state.newly:
        if not masked[sensel]:
            masked[sensel] = True
            foot = Foot(sensel // PADS_A_FOOT)
            findings.append(HealthFinding(at_s, foot, sensel, kind, np.nan))
    told = np.isin(np.arange(SENSELS), [sensel for sensel, _ in state.newly])
    evidence = state.evidence._replace(given_up=state.evidence.given_up | told)
    return replace(state, masked=_mask(masked), newly=(), evidence=evidence)
