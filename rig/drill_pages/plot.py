# SPDX-License-Identifier: GPL-3.0-or-later
"""A clean and a faulty repetition beside each other: forces, regions, CoP, state, and the fault."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.contact.results import EventKind
from rig.contact.rules import DRILLS_WITH_TOES_DOWN
from rig.drill_pages.svg import (
    FAULT,
    GRID,
    INK,
    ZONE,
    box,
    curve,
    line,
    picture,
    text,
    triangle,
)
from rig.drill_pages.trace import Shown, Trace
from rig.layout import Foot, Region
from rig.layout.foot import BALL_ZONE_Y, Float64

LEFT, GUTTER, RIGHT, WIDTH = 54, 30, 14, 400
TOP, GAP = 112, 36
FORCE_H, REGION_H, COP_H, STATE_H = 130, 100, 90, 18
SIDES = ("#0072b2", "#e69f00")
HEEL, BALL, COP = "#cc79a7", "#009e73", "#1a1a1a"
STATES = ("#d9d9d9", "#9ecae1", "#fdd0a2", "#c7e9c0", "#dadaeb", "#fee391")
"""Okabe and Ito's for lines, told apart by most colour-blind people; light ones for states."""


@dataclass(frozen=True, slots=True)
class _Panel:
    """A rectangle in which `low` to `high` is drawn over a time."""

    x: float
    y: float
    height: float
    from_s: float
    to_s: float
    low: float
    high: float

    def at_x(self, t_s: float) -> float:
        return self.x + WIDTH * (t_s - self.from_s) / (self.to_s - self.from_s)

    def at_y(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return self.y + self.height * (1.0 - part)

    def draw(self, t_s: Float64, values: Float64, colour: str) -> str:
        x = self.x + WIDTH * (t_s - self.from_s) / (self.to_s - self.from_s)
        y = self.y + self.height * (1.0 - (values - self.low) / (self.high - self.low))
        return curve(x, y, colour)


def plot(title: str, trace: Trace, clean: Shown, faulty: Shown) -> str:
    """The picture as SVG."""
    columns = (clean, faulty)
    names = sorted({name for one in columns for _, _, name in _state_spans(trace, one)})
    colours = {name: STATES[place % len(STATES)] for place, name in enumerate(names)}
    tops = (_most(trace.u, trace, columns), _most(_regions(trace, columns), trace, columns))
    parts = [text(10, 22, title, size=16, bold=True), *_legend()]
    for place, one in enumerate(columns):
        x = LEFT + place * (WIDTH + GUTTER)
        parts += _column(trace, one, x, tops, colours, first=place == 0)
    width = LEFT + 2 * WIDTH + GUTTER + RIGHT
    bottom = TOP + FORCE_H + REGION_H + COP_H + STATE_H + 3 * GAP
    x = float(LEFT)
    for name, colour in colours.items():
        parts += [box(x, bottom + 34, 12, 12, colour), text(x + 17, bottom + 44, name)]
        x += 34 + 6.6 * len(name)
    return picture(width, bottom + 58, parts, title)


def _legend() -> list[str]:
    """One line for the whole picture."""
    parts, x = [], 10.0
    for name, colour in (
        ("left foot", SIDES[0]),
        ("right foot", SIDES[1]),
        ("heel", HEEL),
        ("ball", BALL),
    ):
        parts += [line(x, 39, x + 18, 39, colour, width=2.5), text(x + 23, 43, name)]
        x += 40 + 6.4 * len(name)
    parts += [triangle(x + 4, 43, INK, up=True), text(x + 13, 43, "foot on")]
    parts += [triangle(x + 74, 43, INK, up=False), text(x + 83, 43, "foot off")]
    parts += [line(x + 146, 34, x + 146, 45, INK, dash="2 2"), text(x + 152, 43, "end, as counted")]
    parts += [
        box(x + 256, 34, 12, 10, ZONE),
        text(x + 273, 43, "where the support point should be"),
    ]
    return parts


def _column(
    trace: Trace,
    one: Shown,
    x: float,
    tops: tuple[float, float],
    colours: dict[str, str],
    *,
    first: bool,
) -> list[str]:
    seen = (trace.t_s >= one.from_s) & (trace.t_s < one.to_s)
    t_s, foot = trace.t_s[seen], one.foot
    y = float(TOP)
    force = _Panel(x, y, FORCE_H, one.from_s, one.to_s, 0.0, tops[0])
    y += FORCE_H + GAP
    region = _Panel(x, y, REGION_H, one.from_s, one.to_s, 0.0, tops[1])
    y += REGION_H + GAP
    cop = _Panel(x, y, COP_H, one.from_s, one.to_s, 0.0, 1.0)
    y += COP_H + GAP
    state = _Panel(x, y, STATE_H, one.from_s, one.to_s, 0.0, 1.0)
    side = foot.name.lower()
    zone_y, zone_h = cop.at_y(BALL_ZONE_Y[1]), cop.at_y(BALL_ZONE_Y[0]) - cop.at_y(BALL_ZONE_Y[1])
    parts = _heading(x, one)
    parts += [box(x, zone_y, WIDTH, zone_h, ZONE)]
    for panel, said in (
        (force, "force, body weights"),
        (region, f"{side} foot: heel and ball, body weights"),
        (cop, f"{side} foot: place of the support point (0 heel, 1 toes)"),
    ):
        parts += _frame(panel, said, first=first)
    parts += [force.draw(t_s, trace.u[seen, f], SIDES[f]) for f in Foot]
    parts += [
        region.draw(t_s, trace.region[seen, foot, r], colour)
        for r, colour in ((Region.HEEL, HEEL), (Region.BALL, BALL))
    ]
    parts.append(cop.draw(t_s, trace.y[seen, foot], COP))
    parts += _events(trace, one, force) + _touches(trace, one, region)
    parts += [
        box(state.at_x(a), y, state.at_x(b) - state.at_x(a), STATE_H, colours[name])
        for a, b, name in _state_spans(trace, one)
    ]
    parts.append(text(x, y - 5, "state, as it was known"))
    parts += _time_axis(state)
    return parts + _marks(one, (force, region, cop, state))


def _heading(x: float, one: Shown) -> list[str]:
    fault = one.fault
    if fault is None:
        return [text(x, 72, "clean", bold=True, size=13)]
    numbers = ", ".join(f"{name} {value:.3g}" for name, value in fault.numbers.items())
    others = [f.code for f in one.repetition.faults if f is not fault]
    also = f" (and {', '.join(others)})" if others else ""
    said = f"{fault.code}, {fault.size:.2f} times its limit{also}"
    return [
        text(x, 72, said, bold=True, size=13, colour=FAULT),
        text(x, 88, numbers, size=11, colour=FAULT),
    ]


def _frame(panel: _Panel, said: str, *, first: bool) -> list[str]:
    """Grid lines, their numbers on the left column, and what the panel shows."""
    step = next(s for s in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0) if (panel.high - panel.low) / s <= 5.0)
    parts = []
    for tick in np.arange(panel.low, panel.high + 1e-9, step).tolist():
        y = panel.at_y(tick)
        parts.append(line(panel.x, y, panel.x + WIDTH, y, GRID))
        if first:
            parts.append(text(panel.x - 6, y + 4, f"{tick:g}", anchor="end", size=11))
    return [*parts, text(panel.x, panel.y - 5, said)]


def _time_axis(panel: _Panel) -> list[str]:
    """Seconds, from the beginning of what is shown."""
    whole_s = panel.to_s - panel.from_s
    step = next(s for s in (0.1, 0.2, 0.5, 1.0, 2.0) if whole_s / s <= 7.5)
    y = panel.y + panel.height
    parts = []
    for number in range(int(whole_s / step + 1e-9) + 1):
        x = panel.at_x(panel.from_s + number * step)
        parts.append(line(x, y, x, y + 4, INK))
        if x < panel.x + WIDTH - 24:
            parts.append(text(x, y + 16, f"{number * step:g}", anchor="middle", size=11))
    return [*parts, text(panel.x + WIDTH, y + 16, "s", anchor="end", size=11)]


def _events(trace: Trace, one: Shown, force: _Panel) -> list[str]:
    return [
        triangle(
            force.at_x(event.t_s),
            force.y + FORCE_H + 9,
            SIDES[event.foot],
            up=event.kind is EventKind.FOOT_ON,
        )
        for event in trace.events
        if event.kind in (EventKind.FOOT_ON, EventKind.FOOT_OFF)
        and one.repetition.drill not in DRILLS_WITH_TOES_DOWN
        and one.from_s <= event.t_s < one.to_s
    ]


def _touches(trace: Trace, one: Shown, region: _Panel) -> list[str]:
    """Where the heel touches, and is told while it does; the fault HEEL bears the contact's time."""
    if one.fault is None or one.fault.code != "HEEL":
        return []
    times = [
        event.t_s
        for event in trace.events
        if event.kind is EventKind.HEEL_TOUCH
        and event.foot == one.foot
        and one.from_s <= event.t_s < one.to_s
    ]
    parts = []
    for x in map(region.at_x, times):
        parts.append(line(x, region.y, x, region.y + REGION_H, FAULT, dash="4 3"))
        parts.append(text(x - 4, region.y + 10, "touch", anchor="end", size=11, colour=FAULT))
    return parts


def _marks(one: Shown, panels: tuple[_Panel, ...]) -> list[str]:
    """The repetition's end, and where the fault is; within the panels, so that words stay free."""
    force = panels[0]
    end_x = force.at_x(one.repetition.end_s)
    parts = [line(end_x, p.y, end_x, p.y + p.height, INK, dash="2 2") for p in panels]
    if one.fault is None:
        return parts
    x = force.at_x(min(max(one.fault.at_s, one.from_s), one.to_s))
    right = x > force.x + WIDTH - 90
    name_x, anchor = (x - 5, "end") if right else (x + 5, "start")
    return [
        *parts,
        *(line(x, p.y, x, p.y + p.height, FAULT, width=1.6) for p in panels),
        text(name_x, force.y + 12, one.fault.code, anchor=anchor, bold=True, colour=FAULT),
    ]


def _state_spans(trace: Trace, one: Shown) -> list[tuple[float, float, str]]:
    """(from, to, name) of each state within what is shown."""
    ends = [*(t for t, _ in trace.states[1:]), np.inf]
    return [
        (max(t, one.from_s), min(end, one.to_s), name)
        for (t, name), end in zip(trace.states, ends, strict=True)
        if end > one.from_s and t < one.to_s
    ]


def _regions(trace: Trace, columns: tuple[Shown, Shown]) -> Float64:
    feet = [one.foot for one in columns]
    shown = trace.region[:, feet]
    return shown[..., [Region.HEEL, Region.BALL]].reshape(len(shown), -1)


def _most(values: Float64, trace: Trace, columns: tuple[Shown, Shown]) -> float:
    """A round number above all that both columns show."""
    most = 0.0
    for one in columns:
        seen = (trace.t_s >= one.from_s) & (trace.t_s < one.to_s)
        most = max(most, float(np.nanmax(values[seen])))
    step = 0.1 if most < 0.5 else 0.25 if most < 1.5 else 0.5
    return step * float(np.ceil(1.02 * most / step))
