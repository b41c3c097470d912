# SPDX-License-Identifier: GPL-3.0-or-later
"""What a mat shows: its cells, both feet where they stand, and the centres of pressure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.calibrate.force_block import FrameFlag
from rig.contact.mat_loads import MatLoadBlock
from rig.layout import Foot, foot_outline, foot_width_mm

Float64 = npt.NDArray[np.float64]
UNKNOWN_FEET = (
    "Which foot is which is not known yet: stand on the mat with both feet, side by side."
)
NO_PLACE: Float64 = np.full(2, np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class MatPicture:
    """The newest frame of a mat.

    Attributes
    ----------
    pressure_kpa : (rows, columns) float64
        Of the whole mat, row 0 at the heels; NaN where no cell was scanned.
    field_mm : width and length of the mat
    outlines_mm : (k, 2) closed outline of each foot, None where it is not known
    cop_mm : (3, 2) left, right, both, on the mat; NaN where undefined
    sentence : what the person should do, empty when all is well
    """

    pressure_kpa: Float64
    field_mm: tuple[float, float]
    outlines_mm: tuple[Float64 | None, Float64 | None]
    cop_mm: Float64
    sentence: str


def mat_picture(loads: MatLoadBlock, foot_length_mm: float) -> MatPicture:
    """The picture of a block's newest frame; the block has at least one."""
    layout = loads.force.layout
    cells = np.full(layout.rows * layout.columns, np.nan)
    cells[layout.sensel] = loads.force.cell_force_n[-1].ravel() * (1000.0 / layout.cell_area_mm2)
    unknown = bool(loads.force.flags[-1] & FrameFlag.FEET_UNKNOWN)
    sole = foot_outline(60) * np.array([foot_width_mm(foot_length_mm), foot_length_mm])
    outlines: list[Float64 | None] = []
    dots = []
    for foot in Foot:
        heel, toe_out = loads.heel_mm[-1, foot], float(loads.toe_out_deg[-1, foot])
        side = 1.0 if foot == Foot.RIGHT else -1.0
        known = not unknown and bool(np.isfinite(heel).all())
        outlines.append(
            on_mat(sole * np.array([side, 1.0]), heel, side * toe_out) if known else None
        )
        dots.append(on_mat(loads.foot_cop_mm[-1, foot], heel, side * toe_out))
    return MatPicture(
        pressure_kpa=cells.reshape(layout.rows, layout.columns),
        field_mm=layout.field_mm,
        outlines_mm=(outlines[Foot.LEFT], outlines[Foot.RIGHT]),
        cop_mm=np.stack((*dots, loads.cop_mm[-1])),
        sentence=UNKNOWN_FEET if unknown else "",
    )


def on_mat(place_mm: Float64, heel_mm: Float64, turn_deg: float) -> Float64:
    """Places of a foot's frame (..., 2: ml to the person's right, ap forward) on the mat.

    `turn_deg`: the foot's axis, clockwise from straight ahead.
    """
    turn = np.deg2rad(turn_deg)
    ml, ap = place_mm[..., 0], place_mm[..., 1]
    x = heel_mm[0] + ml * np.cos(turn) + ap * np.sin(turn)
    y = heel_mm[1] - ml * np.sin(turn) + ap * np.cos(turn)
    return np.stack((x, y), axis=-1)
