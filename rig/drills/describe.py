# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is said of a drill, by its table, guide and numbers: for the screen and for the page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rig.drills.guide import TOLD
from rig.drills.numbers import NUMBERS, SOURCES
from rig.drills.programme import cautions
from rig.drills.registry import (
    added_drill,
    added_drills,
    find_drill,
    find_guide,
    is_one_sided,
)
from rig.drills.set_plan import usual_plan
from rig.thresholds import Thresholds


def drill_entry(name: str) -> dict[str, Any]:
    """What `solerig drills list` says of a drill; `package` is None for the nine.

    Raises
    ------
    SettingsError
        No drill is called so.
    """
    guide, added = find_guide(name), added_drills().drills.get(name)
    package = None if added is None else added.package
    return {"name": name, "title": guide.title, "aim": guide.aim, "package": package}


def drill_content(name: str, thresholds: Thresholds) -> dict[str, Any]:
    """All that `solerig drills show` says; raises as `drill_entry`."""
    plan = usual_plan(name, thresholds)
    guide, drill, own = find_guide(name), find_drill(name), added_drill(name)
    limits = asdict(thresholds)
    if own is not None:
        limits |= thresholds.of(name, own.thresholds)
    return {
        **drill_entry(name),
        "counts": guide.counts,
        "one_sided": is_one_sided(name),
        "profile": thresholds.name,
        "set": {
            "sets": plan.sets,
            "target": plan.target,
            "unit": plan.counts if own is None else own.counted,
        },
        "cautions": list(cautions(name)),
        "first_state": drill.initial,
        "moves": [
            {"state": m.state, "signal": m.signal, "target": m.target, "counts": m.counts}
            for m in drill.moves
        ],
        "rules": [
            {
                "code": code,
                "broken_when": says,
                "thresholds": {key: limits[key] for key in keys},
                "sources": {key: SOURCES[key] for key in keys if key in SOURCES},
                "principle": principle,
            }
            for code, says, keys, principle in guide.rules
        ],
        "numbers": [number._asdict() for number in NUMBERS.get(name, ())],
        "told": TOLD,
        "not_seen": guide.unseen,
        "insoles": guide.insoles,
        "mat": guide.mat,
    }


def set_words(plan: dict[str, Any]) -> str:
    """The `set` of a drill's content, in words."""
    if plan["unit"] == "hold a leg":
        return f"One set of {plan['target']} holds a leg."
    if plan["unit"] not in ("pull", "pair"):
        return f"{plan['sets']} sets of {plan['target']} {plan['unit']}."
    return f"{plan['sets']} sets of {plan['target']}, one a {plan['unit']}."
