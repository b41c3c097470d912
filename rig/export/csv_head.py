# SPDX-License-Identifier: GPL-3.0-or-later
"""The `#key: value` lines above a CSV: what its numbers need to be understood."""

from __future__ import annotations

from rig.calibrate.force_block import FrameFlag
from rig.layout import foot_width_mm
from rig.record import Recording
from rig.wire.packets import Board, Hello

CSV_SCHEMA = "solerig.csv/1"


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
        "footwear": None,
        "surface": None,
        "drill": info.drill.name,
        "side": info.drill.side,
        "units": "s, N, mm; pads: force on each pad's own area; F: estimate for the whole foot",
        "axes": "copx + to the person's right, copy + forward from the heel edge; X, Y both feet on the "
        "drawn stance template",
        "missing": "empty; a lost frame has no row",
        "flags": f"sum of {flags}",
    }
    return [f"#{key}: {'' if value is None else value}".rstrip() for key, value in pairs.items()]


def _device(hello: Hello | None) -> str | None:
    if hello is None:
        return None
    board = Board(hello.board).name.lower() if hello.board in set(Board) else str(hello.board)
    return f"{board}, firmware {hello.firmware_version}, id {hello.unique_id:08x}"


def _or_empty(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"
