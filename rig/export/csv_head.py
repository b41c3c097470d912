# SPDX-License-Identifier: GPL-3.0-or-later
"""The `#key: value` lines above a CSV: what its numbers need to be understood."""

from __future__ import annotations

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import FrameFlag
from rig.export.error_columns import ERRORS, MAT_ERRORS
from rig.layout import foot_width_mm
from rig.record import Recording
from rig.wire.packets import Board, Hello, RigKind

ELLIPSE = (
    "95 %: half axes are 2.45 times the standard errors along the principal axes of the covariance of "
    "sd and r, since chi-square with 2 degrees of freedom is 5.99 = 2.45^2 at 95 %"
)
CSV_SCHEMA = "solerig.csv/1"
INSOLE_UNITS = "s, N, mm; pads: force on each pad's own area; F: estimate for the whole foot"
INSOLE_AXES = (
    "copx + to the person's right, copy + forward from the heel edge; X, Y both feet on the drawn "
    "stance template"
)
MAT_UNITS = "s, N, mm, deg; M: force on each cell, row 0 at the heels; F: the foot's cells together"
MAT_AXES = (
    "copx + to the person's right, copy + forward from the heel edge, along the foot; X, Y, heelx, "
    "heely on the mat, + to the right and forward from its left rear corner; toeout + outwards"
)


def head_lines(recording: Recording, hello: Hello | None) -> list[str]:
    """Lines without their newline; settings are those in force at the first frame.

    A change made while recording stands in the events file. What is not known is left empty.
    """
    info = recording.info
    participant, calibration = info.participant, info.calibration
    flags = ", ".join(f"{flag.value} {(flag.name or '').lower()}" for flag in FrameFlag)
    pairs: dict[str, object] = {
        "schema": CSV_SCHEMA,
        "software": f"solerig {info.software_version}",
        "recording": info.uuid,
        "started_at": info.started_at,
        "device": _device(hello),
        "source": f"{info.source.kind} {info.source.name}",
        "simulated": "yes" if info.source.simulated else "no",
        "layout": info.layout_name,
        "L_mm": f"{info.foot_length_mm:.1f}",
        "W_mm": f"{foot_width_mm(info.foot_length_mm):.1f}",
        "BW_N": _or_empty(participant.body_weight_n),
        "BW_source": participant.body_weight_source,
        "fs_hz": hello.scan_rate_hz if hello else None,
        "tare_N": " ".join(f"{force_n:.3f}" for force_n in calibration.tare_force_n),
        "calibration": calibration.identifier,
        "body_weight_gain": f"{calibration.body_weight_gain:.6g}",
        "body_weight_gain_source": calibration.body_weight_gain_source,
        **_verdicts(calibration),
        "footwear": None,
        "surface": None,
        "drill": info.drill.name,
        "side": info.drill.side,
        "units": MAT_UNITS if _is_mat(hello) else INSOLE_UNITS,
        "axes": MAT_AXES if _is_mat(hello) else INSOLE_AXES,
        "errors": MAT_ERRORS if _is_mat(hello) else ERRORS,
        "ellipse": ELLIPSE,
        "missing": "empty; a lost frame has no row",
        "flags": f"sum of {flags}",
    }
    return [f"#{key}: {'' if value is None else value}".rstrip() for key, value in pairs.items()]


def _verdicts(calibration: Calibration) -> dict[str, str]:
    """What staff and the visit check said of these insoles; nothing where nobody looked."""
    found: dict[str, str] = {}
    if calibration.insole_verdict:
        found["insole_verdict"] = " ".join(calibration.insole_verdict.split())
    if calibration.visit_verdict:
        found["visit_verdict"] = " ".join(calibration.visit_verdict.split())
        left, right = calibration.foot_gain
        found["foot_gain"] = f"{left:.6g} {right:.6g}"
    return found


def _is_mat(hello: Hello | None) -> bool:
    return hello is not None and hello.rig_kind == RigKind.MAT


def _device(hello: Hello | None) -> str | None:
    if hello is None:
        return None
    board = Board(hello.board).name.lower() if hello.board in set(Board) else str(hello.board)
    return f"{board}, firmware {hello.firmware_version}, id {hello.unique_id:08x}"


def _or_empty(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"
