# SPDX-License-Identifier: GPL-3.0-or-later
"""The drills' page: what `solerig drills show` says of each, so that page, screen and code agree."""

from __future__ import annotations

from typing import Any

from rig.drill_pages.trace import EXAMPLES
from rig.drills.describe import drill_content, set_words
from rig.drills.figures import FIGURES, SIZES
from rig.drills.numbers import SHARED, Number
from rig.drills.profile import SHIPPED, load_profile
from rig.settings import DRILL_NAMES, DrillName
from rig.thresholds import Thresholds

PAGE, PLOTS = "DRILLS.md", "plots"
_BENCHMARK = "benchmarks/cue_latency.py"
_HEAD = "\n\n".join(
    (
        "# The nine drills",
        (
            "What each drill is for, how it is counted, what counts as a fault, where its numbers "
            "come from, and what pressure cannot see. `solerig drills show NAME` prints the same. "
            "This page is made by `python -m rig.drill_pages`; do not edit it."
        ),
        (
            "The drills and their order are those of S. McPhail's beginner's guide to Pose running. "
            "Technique feedback, not a medical device. Coaches disagree, above all about the heel, so"
            " every threshold is yours to set: `solerig drills profiles` says where. The three "
            "profiles that come with Solerig stand beside each other below. A drill that is not among"
            " the nine can be [added as one Python file](OWN_DRILL.md). How often the rules are right"
            " is measured on simulated people: [ACCEPTANCE.md](ACCEPTANCE.md)."
        ),
        "## Reading the pictures",
        (
            "Each picture shows a simulated person on simulated insoles, through the same program "
            "that runs live: a clean repetition on the left, a faulty one on the right, over the same"
            " length of time. From above: the force under both feet; heel and ball of the foot that "
            "the fault is about; the place of its support point; the drill's state, which changes "
            "when the program can know it, some tens of milliseconds after the event. The red line is"
            " the time that the analysis gives for the fault, with the numbers that triggered it; a "
            "heel's touch lies within the contact or hold that begins there."
        ),
    )
)


_UNITS = (
    "Thresholds end in their unit: `_s` seconds, `_bw` body weights, `_y` foot lengths from the heel's "
    "edge, `_share` a part of the load; the others are plain ratios. Heel touches are called fault, "
    "warning, hint or clean; only faults make a repetition dirty. Where no source stands, a threshold "
    "is a design choice."
)


_FIGURES = (
    "## What the figures mean\n\nEach name in a repetition's measures and in the `numbers` of a fault, "
    "as in `solerig analyse --json`, the pictures below and the score sheet, whose `means` are those of "
    "the set's repetitions (`step_rate_per_min`, there alone, is 60 over the median time in seconds "
    "between the ends of two repetitions, times two in the running lunge, where every second step "
    "counts). F is a foot's force, y the place of its support point from the heel's edge in foot "
    "lengths; impulse is force summed over time; ON and OFF stand above. What could not be known is "
    "left out, or is null."
)
_SIZES = (
    "A fault's `size` from its numbers; `limits` are the thresholds of the profile. `max` passes over "
    "what is unknown, `second` is the second largest."
)


def page_text() -> str:
    """The page, from tables, guide, numbers and shipped profiles alone."""
    profiles = [load_profile(name) for name in SHIPPED]
    contents = [f"- [{_content(n, profiles[0])['title']}](#{n}), `{n}`" for n in DRILL_NAMES]
    parts = [
        _HEAD,
        "\n".join(contents),
        _told(profiles[0]),
        "## What all drills share",
        _numbers(SHARED),
        _UNITS,
        _figures(),
        *(_section(name, profiles) for name in DRILL_NAMES),
    ]
    return "\n\n".join(parts) + "\n"


def _content(name: DrillName, profile: Thresholds) -> dict[str, Any]:
    return drill_content(name, profile)


def _told(profile: Thresholds) -> str:
    told = _content(DRILL_NAMES[0], profile)["told"]
    linked = told.replace(_BENCHMARK, f"[`{_BENCHMARK}`](../../{_BENCHMARK})")
    return f"## When you are told\n\n{linked}"


def _section(name: DrillName, profiles: list[Thresholds]) -> str:
    content = _content(name, profiles[0])
    example = EXAMPLES[name]
    sided = "It has a working side." if content["one_sided"] else "It asks both feet."
    return "\n\n".join(
        [
            f'<a id="{name}"></a>\n## {content["title"]}',
            f"{content['aim']} {content['counts']} {set_words(content['set'])} {sided}",
            *(f"**{caution}**" for caution in content["cautions"]),
            f"![{content['title']}: clean, and with {example.code}]({PLOTS}/{name}.svg)",
            _moves(content),
            _rules(name, profiles),
            *([_numbers(content["numbers"])] if content["numbers"] else []),
            f"Pressure does not see {content['not_seen']}",
            f"- Insoles: {content['insoles']}\n- Mats: {content['mat']}",
        ]
    )


def _moves(content: dict[str, Any]) -> str:
    rows = [
        (m["state"], m["signal"], m["target"] + (", **one repetition**" if m["counts"] else ""))
        for m in content["moves"]
    ]
    first = f"States; the first is *{content['first_state']}*."
    return f"{first}\n\n{_table(('in the state', 'when', 'comes'), rows)}"


def _rules(name: DrillName, profiles: list[Thresholds]) -> str:
    rows = []
    by_profile = [_content(name, profile)["rules"] for profile in profiles]
    for rules in zip(*by_profile, strict=True):
        rule = rules[0]
        limits = [
            f"`{key}` {_by_profile([r['thresholds'][key] for r in rules])}"
            + (f" ({rule['sources'][key]})" if key in rule["sources"] else "")
            for key in rule["thresholds"]
        ]
        rows.append((rule["code"], rule["broken_when"], "<br>".join(limits), rule["principle"]))
    profiles_said = ", ".join(profile.name for profile in profiles)
    said = f"Faults. Thresholds by profile ({profiles_said}) where they differ."
    return f"{said}\n\n{_table(('code', 'broken when', 'thresholds', 'principle'), rows)}"


def _by_profile(values: list[object]) -> str:
    if all(value == values[0] for value in values):
        return f"{values[0]}"
    return " / ".join(f"{value}" for value in values)


def _numbers(numbers: Any) -> str:
    rows = [
        (number.says, number.value, number.source or "design choice")
        for number in (n if isinstance(n, Number) else Number(**n) for n in numbers)
    ]
    return _table(("number", "value", "source"), rows)


def _figures() -> str:
    rows = [
        (
            f"`{figure.name}`",
            figure.unit,
            figure.says,
            ", ".join(figure.measured_in),
            "<br>".join(f"{code}: {', '.join(drills)}" for code, drills in figure.triggers),
            figure.source or "design choice",
        )
        for figure in FIGURES
    ]
    heads = ("name", "unit", "what it is", "a measure in", "among the numbers of", "source")
    sizes = [(size.code, ", ".join(size.drills), f"`{size.formula}`") for size in SIZES]
    parts = (_FIGURES, _table(heads, rows), _SIZES, _table(("code", "drills", "size"), sizes))
    return "\n\n".join(parts)


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in lines)
