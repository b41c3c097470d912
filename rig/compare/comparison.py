# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording beside a reference: one clock, the same quantities, their differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from rig.calibrate.force_block import Float64
from rig.compare.agreement import Agreement, agreement
from rig.compare.alignment import align
from rig.compare.clocks import Alignment
from rig.compare.coarse_lag import Trace
from rig.compare.edges import LEAST_OVERLAP_S
from rig.compare.plate_contacts import (
    PLATE_THRESHOLDS_N,
    ContactComparison,
    anybody_down,
    compare_contacts,
    reference_spans,
    spans_of,
)
from rig.compare.recording_traces import LONGEST_STEP, RecordingTraces
from rig.compare.reference import Reference
from rig.contact.rules import OFF_OF_ON
from rig.errors import AnalysisError
from rig.layout import Foot

COMPARE_SCHEMA = "solerig.compare/1"

_RESTARTED = (
    "The board started anew during the recording; times after that are only as good as the host's."
)
_NO_WEIGHT = "No body weight is known: thresholds are those of a person of 700 N."
_SUPPORTS = (
    "Contacts of this drill are phases of support, which a plate does not show; none were compared."
)
_NO_FORCE = "The reference has no vertical force, so neither force nor contacts were compared."

On = Literal["both", "left", "right"]
_FEET: dict[On, tuple[Foot, ...]] = {
    "both": (Foot.LEFT, Foot.RIGHT),
    "left": (Foot.LEFT,),
    "right": (Foot.RIGHT,),
}


@dataclass(frozen=True, slots=True)
class QuantityComparison:
    """One quantity; `centred` is after each side's own mean was removed (CoP only, else None)."""

    name: str
    unit: str
    raw: Agreement
    centred: Agreement | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that a recording and a reference say of each other.

    Attributes
    ----------
    on : "both", "left" or "right"
        Which feet were on the reference.
    overlap_s : float
        How long both saw.
    compared_at : "recording" or "reference"
        Whose samples the differences were taken at: the slower one's.
    """

    on: On
    reference: Reference
    recording_rate_hz: float
    alignment: Alignment
    overlap_s: float
    compared_at: Literal["recording", "reference"]
    quantities: tuple[QuantityComparison, ...]
    contacts: tuple[ContactComparison, ...]
    warnings: tuple[str, ...]


def compare(
    ours: RecordingTraces, reference: Reference, on: On = "both", *, use_sync: bool = True
) -> Comparison:
    """Align the two and compare all that both have.

    Force is compared at every sample that both have; CoP where ours is defined and the reference
    bears as much as ours must (a tenth of the body weight). Nothing is fitted besides the clock:
    origin and axes of the reference are taken as they are.

    Raises
    ------
    AnalysisError
        They cannot be aligned, or hardly overlap.
    """
    traces = _traces(ours, reference, on)
    alignment = align(
        [t for t in traces if t.name in ("total_force_n", "cop_ap_mm", "cop_ml_mm")],
        ours.sync_edges,
        reference.sync,
        use_sync=use_sync,
    )
    ends = alignment.clock.to_recording(reference.t_s[[0, -1]])
    window = (max(float(ours.t_s[0]), float(ends[0])), min(float(ours.t_s[-1]), float(ends[1])))
    if window[1] - window[0] < LEAST_OVERLAP_S:
        raise AnalysisError(
            f"The reference covers {ends[0]:.1f} to {ends[1]:.1f} s of a recording that lasts from "
            f"{ours.t_s[0]:.1f} to {ours.t_s[-1]:.1f} s; they must have a second in common."
        )
    by_recording = reference.rate_hz >= ours.rate_hz * 0.999
    at_s = ours.t_s if by_recording else alignment.clock.to_recording(reference.t_s)
    at_s = at_s[(at_s >= window[0]) & (at_s <= window[1])]
    return Comparison(
        on=on,
        reference=reference,
        recording_rate_hz=ours.rate_hz,
        alignment=alignment,
        overlap_s=window[1] - window[0],
        compared_at="recording" if by_recording else "reference",
        quantities=_quantities(traces, alignment, at_s, ours.cop_least_n),
        contacts=_contacts(ours, reference, alignment, on, window),
        warnings=(*alignment.warnings, *_warnings(ours, reference)),
    )


def _traces(ours: RecordingTraces, reference: Reference, on: On) -> list[Trace]:
    """Every quantity that both have, total force first."""
    feet = _FEET[on]
    total = ours.total_n if on == "both" else ours.foot_n[:, feet[0]]
    cop = ours.cop_mm if on == "both" else ours.foot_cop_mm[:, feet[0]]
    pairs: list[tuple[str, Float64, Float64 | None]] = [("total_force_n", total, reference.total_n)]
    if reference.foot_n is not None:
        pairs += [
            (f"{foot.name.lower()}_force_n", ours.foot_n[:, foot], reference.foot_n[:, foot])
            for foot in feet
        ]
    if reference.cop_mm is not None:
        pairs += [
            ("cop_ap_mm", cop[:, 1], reference.cop_mm[:, 1]),
            ("cop_ml_mm", cop[:, 0], reference.cop_mm[:, 0]),
        ]
    return [
        Trace(
            name,
            ours.t_s,
            np.ascontiguousarray(mine),
            reference.t_s,
            np.ascontiguousarray(theirs),
            LONGEST_STEP / ours.rate_hz,
            LONGEST_STEP / reference.rate_hz,
        )
        for name, mine, theirs in pairs
        if theirs is not None
    ]


def _quantities(
    traces: list[Trace], alignment: Alignment, at_s: Float64, cop_least_n: float
) -> tuple[QuantityComparison, ...]:
    by_name = {trace.name: trace for trace in traces}
    borne = np.ones(len(at_s), dtype=bool)
    if "total_force_n" in by_name:
        borne = by_name["total_force_n"].reference_at(at_s, alignment.clock) >= cop_least_n
    out = []
    for trace in traces:
        mine = trace.ours_at(at_s)
        theirs = trace.reference_at(at_s, alignment.clock)
        is_cop = trace.name.startswith("cop")
        if is_cop:
            both = borne & np.isfinite(mine) & np.isfinite(theirs)
            mine, theirs = mine[both], theirs[both]
        raw = agreement(mine, theirs, series=True)
        if raw is None:
            continue
        centred = None
        if is_cop:
            centred = agreement(mine - mine.mean(), theirs - theirs.mean(), series=True)
        out.append(QuantityComparison(trace.name, "mm" if is_cop else "N", raw, centred))
    return tuple(out)


def _contacts(
    ours: RecordingTraces,
    reference: Reference,
    alignment: Alignment,
    on: On,
    window: tuple[float, float],
) -> tuple[ContactComparison, ...]:
    """By two thresholds that are usual on plates, and by our own ON and half of it."""
    if reference.total_n is None or any(c.kind == "support" for c in ours.contacts):
        return ()
    t_s = alignment.clock.to_recording(reference.t_s)
    forces: list[tuple[str, tuple[Foot, ...], Float64]] = []
    if reference.foot_n is not None:
        forces += [(f.name.lower(), (f,), reference.foot_n[:, f]) for f in _FEET[on]]
    elif on == "both":
        forces.append(("either", _FEET["both"], reference.total_n))
    else:
        forces.append((on, _FEET[on], reference.total_n))
    out = []
    for what, feet, force_n in forces:
        found = [c for c in ours.contacts if c.foot in feet]
        mine = spans_of(found) if len(feet) == 1 else anybody_down(found, ours.t_s, ours.total_n)
        on_n = max(ours.on_n[foot] for foot in feet)
        rules = [(f"{level:g} N", level, level) for level in PLATE_THRESHOLDS_N]
        rules.append((f"{on_n:.0f}/{OFF_OF_ON * on_n:.0f} N", on_n, OFF_OF_ON * on_n))
        out += [
            compare_contacts(what, rule, mine, reference_spans(t_s, force_n, *levels), window)
            for rule, *levels in rules
        ]
    return tuple(out)


def _warnings(ours: RecordingTraces, reference: Reference) -> list[str]:
    lost = f"{ours.lost_frames} frames of the recording were lost; nothing was compared there."
    checks = (
        (ours.clock_runs > 1, _RESTARTED),
        (ours.lost_frames > 0, lost),
        (ours.body_weight_n is None, _NO_WEIGHT),
        (any(c.kind == "support" for c in ours.contacts), _SUPPORTS),
        (reference.total_n is None, _NO_FORCE),
    )
    return [sentence for holds, sentence in checks if holds]
