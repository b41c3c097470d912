# SPDX-License-Identifier: GPL-3.0-or-later
"""Which drill was done when, from the movement alone; what the recording says of itself is not asked.

Windows of some seconds slide over the recording; each drill's description scores each of them
(`drill_rules`). The names over time are those with the largest sum of scores, a change of name costing
as much as a second and a half of doubt, so that one odd repetition does not cut a set in two. What fits
no description by half is "unknown", standing on both feet included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.ndimage import maximum_filter1d

from rig.analysis.drill_rules import DESCRIPTIONS, FAST_WINDOW_S, SLOW_WINDOW_S, Description
from rig.analysis.movement import Movement, movement_of
from rig.analysis.movement_features import features_of, off_both_feet
from rig.batch import WholeStream, stream_of
from rig.calibrate.force_block import Float64, Int64
from rig.layout import Foot
from rig.record.recording import Recording

RECOGNITION_SCHEMA = "solerig.recognition/1"
UNKNOWN = "unknown"
STEP_S = 0.5
UNKNOWN_SCORE = 0.5
CHANGE_COST = 0.75
SHORTEST_STRETCH_S = 2.0
LEAST_REST_S = 0.1
"""Design choices: a set of ten fast taps takes some four seconds."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One drill without a break.

    Attributes
    ----------
    drill : str
        "unknown" where no description fits.
    side : Foot, optional
        Support foot of the stance, tapping, hopping or front foot; None for drills of both feet,
        whose working leg is the person's own choice.
    confidence : float
        How well the description was kept on the average, 0 to 1; for "unknown" how far the best one
        was missed.
    """

    from_s: float
    to_s: float
    drill: str
    side: Foot | None
    confidence: float


_LABELS: tuple[tuple[Description, Foot | None], ...] = tuple(
    (description, side)
    for description in DESCRIPTIONS
    for side in ((Foot.LEFT, Foot.RIGHT) if description.sided else (None,))
)


def recognise(
    stream: WholeStream, progress: Callable[[int], None] | None = None
) -> tuple[Stretch, ...]:
    """Name the drill of each stretch of a stream; stretches follow one another without gaps.

    Raises
    ------
    AnalysisError
        A mat of less than 100 Hz.
    SettingsError
        The board is not one that this version can read.
    """
    return recognised(movement_of(stream, progress))


def recognise_recording(
    recording: Recording, progress: Callable[[int], None] | None = None
) -> tuple[Stretch, ...]:
    """`recognise` of an opened recording; raises `RecordingError` for unreadable changes too."""
    return recognise(stream_of(recording), progress)


def recognised(movement: Movement) -> tuple[Stretch, ...]:
    """Name the drill of each stretch of a movement."""
    if len(movement.t_s) == 0:
        return ()
    first_s, last_s = float(movement.t_s[0]), float(movement.t_s[-1])
    scores = _scores(movement, first_s, last_s)
    names = _smoothest(scores)
    edges = np.flatnonzero(np.diff(names)) + 1
    bounds = np.concatenate(([0], edges, [len(names)]))
    stretches = []
    for start, stop in pairwise(bounds.tolist()):
        from_s = first_s + STEP_S * start
        to_s = min(first_s + STEP_S * stop, last_s)
        stretches.append(_stretch(from_s, to_s, int(names[start]), scores[start:stop]))
    return _joined([part for s in _joined(stretches) for part in _trimmed(s, movement)])


def recognition_json(stretches: tuple[Stretch, ...]) -> dict[str, Any]:
    """As plain JSON values; `side` null for drills of both feet."""
    return {
        "schema": RECOGNITION_SCHEMA,
        "stretches": [
            {
                "from_s": s.from_s,
                "to_s": s.to_s,
                "drill": s.drill,
                "side": None if s.side is None else s.side.name.lower(),
                "confidence": s.confidence,
            }
            for s in stretches
        ],
    }


def _scores(movement: Movement, first_s: float, last_s: float) -> Float64:
    """(steps, labels) best score of a window that covers each step, "unknown" last."""
    steps = max(1, int(np.ceil((last_s - first_s) / STEP_S)))
    columns = np.full((steps, len(_LABELS) + 1), UNKNOWN_SCORE)
    for window_s in (FAST_WINDOW_S, SLOW_WINDOW_S):
        labels = [i for i, (d, _) in enumerate(_LABELS) if d.window_s == window_s]
        covered = round(window_s / STEP_S)
        starts = max(1, steps - covered + 1)
        found = np.zeros((starts, len(labels)))
        for at in range(starts):
            from_s = first_s + STEP_S * at
            features = features_of(movement, from_s, from_s + window_s)
            for column, label in enumerate(labels):
                description, side = _LABELS[label]
                found[at, column] = description.score(features, side or Foot.LEFT)
        columns[:, labels] = _over_steps(found, covered, steps)
    return columns


def _over_steps(found: Float64, covered: int, steps: int) -> Float64:
    """(steps, labels) the best of the windows that cover each step."""
    padded = np.zeros((steps + covered, found.shape[1]))
    padded[: len(found)] = found
    back = (covered - 1) // 2
    return maximum_filter1d(padded, covered, axis=0, mode="constant", origin=back)[:steps]


def _smoothest(scores: Float64) -> Int64:
    """(steps,) the labels with the largest sum of scores less the cost of changes (Viterbi)."""
    best = scores[0]
    came_from = np.zeros(scores.shape, np.int64)
    for step in range(1, len(scores)):
        leader = int(np.argmax(best))
        stays = best >= best[leader] - CHANGE_COST
        came_from[step] = np.where(stays, np.arange(len(best)), leader)
        best = np.where(stays, best, best[leader] - CHANGE_COST) + scores[step]
    names = np.empty(len(scores), np.int64)
    names[-1] = int(np.argmax(best))
    for step in range(len(scores) - 1, 0, -1):
        names[step - 1] = came_from[step, names[step]]
    return names


def _stretch(from_s: float, to_s: float, label: int, scores: Float64) -> Stretch:
    own = float(scores[:, label].mean())
    if label == len(_LABELS) or own < UNKNOWN_SCORE or to_s - from_s < SHORTEST_STRETCH_S:
        return _unknown(from_s, to_s, scores)
    description, side = _LABELS[label]
    return Stretch(from_s, to_s, description.drill, side, own)


def _unknown(from_s: float, to_s: float, scores: Float64) -> Stretch:
    nearest = float(scores[:, :-1].max(axis=1).mean())
    return Stretch(from_s, to_s, UNKNOWN, None, 1.0 - nearest)


def _trimmed(stretch: Stretch, movement: Movement) -> list[Stretch]:
    """Without the time at either end in which both feet stand: windows reach beyond the movement."""
    if stretch.drill == UNKNOWN:
        return [stretch]
    first, stop = np.searchsorted(movement.t_s, (stretch.from_s, stretch.to_s))
    moves = np.flatnonzero(off_both_feet(movement.u[first:stop]))
    if len(moves) == 0:
        return [replace(stretch, drill=UNKNOWN, side=None, confidence=1.0 - stretch.confidence)]
    from_s, to_s = (float(movement.t_s[first + moves[at]]) for at in (0, -1))
    from_s = from_s if from_s - stretch.from_s >= LEAST_REST_S else stretch.from_s
    to_s = to_s if stretch.to_s - to_s >= LEAST_REST_S else stretch.to_s
    parts = [
        Stretch(stretch.from_s, from_s, UNKNOWN, None, 1.0),
        replace(stretch, from_s=from_s, to_s=to_s),
        Stretch(to_s, stretch.to_s, UNKNOWN, None, 1.0),
    ]
    return [part for part in parts if part.to_s > part.from_s]


def _joined(stretches: list[Stretch]) -> tuple[Stretch, ...]:
    """Neighbours of one name become one."""
    joined: list[Stretch] = []
    for stretch in stretches:
        last = joined[-1] if joined else None
        if last is None or (last.drill, last.side) != (stretch.drill, stretch.side):
            joined.append(stretch)
            continue
        parts = [(s.to_s - s.from_s, s.confidence) for s in (last, stretch)]
        length_s = sum(length for length, _ in parts)
        weighed = sum(length * value for length, value in parts) / length_s if length_s else 0.0
        joined[-1] = Stretch(last.from_s, stretch.to_s, last.drill, last.side, weighed)
    return tuple(joined)
