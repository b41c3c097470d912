# SPDX-License-Identifier: GPL-3.0-or-later
"""The mats that can be simulated: circuit, film, board and what its HELLO says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from rig.errors import SettingsError
from rig.layout.insole import PAD_AREA_MM2
from rig.layout.mat import MatLayout
from rig.simulate.mat_front import FLOATING_ROWS, GROUNDED_ROWS, VIRTUAL_GROUND, MatFront
from rig.simulate.sensors import BASIC_FAULTS, SensorFaults
from rig.wire.packets import (
    LAYOUT_CHECKSUM,
    PROTOCOL_VERSION,
    Board,
    Hello,
    HelloReason,
    LayoutId,
    ResetCause,
    RigKind,
)

MatRigName = Literal["mat16", "mat16_cheap", "mat16_floating", "mat32"]
MatPart = tuple[int, int, int, int]
"""First row, rows, first column, columns."""


@dataclass(frozen=True, slots=True)
class MatRig:
    """One build of a mat.

    Attributes
    ----------
    film_k_us : float
        Microsiemens a newton on one cell. Films differ widely and were not measured; this one reaches
        the amplifiers' 1 mS where somebody of 70 kg in shoes lands on one foot with 2.9 body weights
        (design choice; barefoot landings go beyond). The mat without amplifiers takes thicker film.
    rate_hz, highest_hz : int
        Usual rate, and what the firmware holds.
    """

    name: MatRigName
    front: MatFront
    layout: MatLayout
    layout_id: LayoutId
    board: Board
    film_k_us: float
    rate_hz: int
    highest_hz: int
    baud: int


_MAT_16 = MatLayout(16, 16, 25.0)
_UNO = Board.UNO_OR_NANO
MAT_RIGS: dict[str, MatRig] = {
    rig.name: rig
    for rig in (
        MatRig(
            "mat16", VIRTUAL_GROUND, _MAT_16, LayoutId.MAT_16X16, _UNO, 3.0, 200, 270, 1_000_000
        ),
        MatRig(
            "mat16_cheap",
            GROUNDED_ROWS,
            _MAT_16,
            LayoutId.MAT_16X16,
            _UNO,
            2.0,
            200,
            270,
            1_000_000,
        ),
        MatRig(
            "mat16_floating",
            FLOATING_ROWS,
            _MAT_16,
            LayoutId.MAT_16X16,
            _UNO,
            2.0,
            200,
            270,
            1_000_000,
        ),
        MatRig(
            "mat32",
            VIRTUAL_GROUND,
            MatLayout(32, 32, 12.5),
            LayoutId.MAT_32X32,
            Board.MEGA_2560,
            10.0,
            60,
            68,
            2_000_000,
        ),
    )
}
MAT_CONVERSION_US = 14.0
"""From one cell to the next: 13 ADC clocks of 1 us and the start."""


def mat_rig(name: str) -> MatRig:
    """Raise `SettingsError` where no mat is called so."""
    if name not in MAT_RIGS:
        raise SettingsError(f'No mat is called "{name}"; choose one of {", ".join(MAT_RIGS)}.')
    return MAT_RIGS[name]


def mat_faults(rig: MatRig, faults: SensorFaults = BASIC_FAULTS) -> SensorFaults:
    """The same faults for the cells of a mat.

    What depends on pressure is scaled by the cell's area; the part-to-part spread is 15 % where an
    FSR's is 6 % (films repeat poorly; design choice). A foot lies on the mat itself, so nothing bridges
    its cells; `conductance = k F` has the film's k.
    """
    larger = rig.layout.cell_area_mm2 / PAD_AREA_MM2
    return replace(
        faults,
        bridging_max=0.0,
        gain_spread=2.5 * faults.gain_spread,
        pivot_n=larger * faults.pivot_n,
        dead_zone_n=larger * faults.dead_zone_n,
        saturation_n=larger * faults.saturation_n,
        fsr_k_us=rig.film_k_us,
        scan_skew_us=min(faults.scan_skew_us, MAT_CONVERSION_US),
    )


def mat_hello(rig: MatRig, rate_hz: int, unique_id: int, part: MatPart | None = None) -> Hello:
    """What the mat's board says; `part` is the region scanned, None the whole mat."""
    first_row, rows, first_column, columns = part or (0, rig.layout.rows, 0, rig.layout.columns)
    return Hello(
        protocol_version=PROTOCOL_VERSION,
        layout_checksum=LAYOUT_CHECKSUM,
        firmware_major=1,
        firmware_minor=0,
        firmware_patch=0,
        board=rig.board,
        unique_id=unique_id,
        rig_kind=RigKind.MAT,
        layout_id=rig.layout_id,
        topology=rig.front.topology,
        pull_down_ohm=round(rig.front.column_ohm),
        sensel_count=rows * columns,
        bit_depth=10,
        adc_full_scale=1024,
        scan_rate_hz=rate_hz,
        max_scan_rate_hz=rig.highest_hz,
        baud=rig.baud,
        configuration=0,
        reason=HelloReason.BOOT,
        reset_cause=ResetCause.EXTERNAL,
        time_us=0,
        first_row=first_row,
        row_count=rows,
        first_column=first_column,
        column_count=columns,
        reference_permille=round(1000 * rig.front.reference_ratio),
    )
