# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets and score sheets as plain JSON values; `ANALYSIS.md` says what each entry means."""

from __future__ import annotations

from typing import Any

from rig.analysis.sets import PractisedSet
from rig.drills.principles import PrincipleScore
from rig.layout import Foot


def set_json(done: PractisedSet) -> dict[str, Any]:
    """One entry of `sets`."""
    result = done.result
    return {
        "number": result.number,
        "drill": result.drill,
        "side": done.side,
        "profile": done.profile,
        "target": result.target,
        "unit": done.plan.counts,
        "goal": result.goal,
        "started_s": done.started_s,
        "ended_s": result.ended_s,
        "ended": result.ended,
        "repetitions": len(done.repetitions),
        "clean": sum(r.clean for r in done.repetitions),
        "by_side": {
            Foot(foot).name.lower(): {"clean": count.clean, "dirty": count.dirty}
            for foot, count in result.by_side().items()
        },
        "extra": result.extra,
        "held_s": done.held_s,
        "with_lost_frames": done.with_lost_frames,
        "repetition_indices": list(done.places),
        "said": [{"what": e.what, "at_s": e.at_s, "says": e.says} for e in done.said],
        "principles": [principle_json(score) for score in done.sheet],
    }


def principle_json(score: PrincipleScore) -> dict[str, Any]:
    """One entry of a set's `principles`."""
    return {
        "number": score.principle.number,
        "principle": score.principle.says,
        "measurable": score.principle.measurable,
        "kept": score.kept,
        "judged": score.judged,
        "share": score.share,
        "means": dict(score.means),
        "says": score.says,
    }
