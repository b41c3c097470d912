# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that happened, as `t_s,foot,event,value` lines in the order of time."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TextIO

import numpy as np

from rig.calibrate.force_block import Float64, ForceBlock, FrameFlag
from rig.calibrate.mat_force_block import AnyForceBlock
from rig.contact.results import ContactEvent
from rig.layout import Foot
from rig.layout.foot_picture import SENSEL_NAMES
from rig.record import Recording

HEADER = ("t_s", "foot", "event", "value")
SYNC_FLAGS = {"sync_in": FrameFlag.SYNC_IN, "sync_out": FrameFlag.SYNC_OUT}
VALUE_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class EventLine:
    t_s: float
    foot: str
    event: str
    value: str


@dataclass(slots=True)
class EventCollector:
    """Gathers the events of a recording while its blocks pass.

    `pending` are the remarks of `events.jsonl` that have no time yet: they get that of the last frame
    before them (of the first frame, where none is).
    """

    pending: list[tuple[int, str, str]]
    lines: list[EventLine] = field(default_factory=list)
    _sync: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(SYNC_FLAGS, False))
    _last_t_s: float | None = None

    @staticmethod
    def of(recording: Recording) -> EventCollector:
        """With the markers and changes of settings of a recording."""
        remarks = [
            (int(e.get("offset", 0)), str(e["type"]), _remark(e))
            for e in recording.events
            if e.get("type") in {"marker", "settings"}
        ]
        return EventCollector(sorted(remarks, key=lambda r: r[0]))

    def take_frames(self, force: AnyForceBlock) -> None:
        """Segments, lost frames, sync edges and remarks of one block."""
        if len(force) == 0:
            return
        self._place_remarks(force.end_offset, force.t_s)
        starts = np.flatnonzero(force.flags & FrameFlag.SEGMENT_START)
        self._add(force.t_s[starts], "segment", [str(force.segment.index)] * len(starts))
        holes = np.flatnonzero(force.lost_before > 0)
        self._add(force.t_s[holes], "frames_lost", [str(n) for n in force.lost_before[holes]])
        self._take_findings(force)
        for name, flag in SYNC_FLAGS.items():
            high = (force.flags & flag) != 0
            edges = np.flatnonzero(np.diff(high, prepend=self._sync[name]))
            self._add(force.t_s[edges], name, ["1" if high[i] else "0" for i in edges])
            self._sync[name] = bool(high[-1])
        self._last_t_s = float(force.t_s[-1])

    def _take_findings(self, force: AnyForceBlock) -> None:
        """Sensors that were found to be broken; `value` names the sensor."""
        for finding in force.findings if isinstance(force, ForceBlock) else ():
            name = "" if finding.sensel is None else SENSEL_NAMES[finding.sensel]
            foot = Foot(finding.foot).name.lower()
            event = f"sensor_{finding.kind.value}" if name else f"foot_{finding.kind.value}"
            self.lines.append(EventLine(finding.t_s, foot, event, name))

    def take_contacts(self, events: tuple[ContactEvent, ...]) -> None:
        """Decided contact events."""
        self.lines += [
            EventLine(e.t_s, Foot(e.foot).name.lower(), e.kind.value, _number(e.value))
            for e in events
        ]

    def write(self, file: TextIO) -> None:
        """All lines, sorted by time; remarks after the last frame get its time."""
        if self._last_t_s is not None:
            self.lines += [EventLine(self._last_t_s, "", e, v) for _, e, v in self.pending]
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for line in sorted(self.lines, key=lambda line: line.t_s):
            writer.writerow((f"{line.t_s:.6f}", line.foot, line.event, line.value))

    def _place_remarks(self, end_offset: np.ndarray, t_s: Float64) -> None:
        while self.pending and self.pending[0][0] < end_offset[-1]:
            offset, event, value = self.pending.pop(0)
            row = int(np.searchsorted(end_offset, offset, side="right")) - 1
            before_s = t_s[0] if self._last_t_s is None else self._last_t_s
            self.lines.append(
                EventLine(float(t_s[row] if row >= 0 else before_s), "", event, value)
            )

    def _add(self, t_s: Float64, event: str, values: list[str]) -> None:
        pairs = zip(t_s.tolist(), values, strict=True)
        self.lines += [EventLine(t, "", event, value) for t, value in pairs]


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.{VALUE_DECIMALS}f}".rstrip("0").rstrip(".")


def _remark(event: dict[str, object]) -> str:
    if event["type"] == "marker":
        return str(event.get("label", ""))
    drill = event.get("drill")
    return f"drill {drill.get('name')} {drill.get('side')}" if isinstance(drill, dict) else ""
