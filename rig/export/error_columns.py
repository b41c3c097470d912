# SPDX-License-Identifier: GPL-3.0-or-later
"""Columns that say how wrong the CSV's forces and CoP can be; they stand behind all others."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from rig.batch import WholeStream
from rig.calibrate.force_block import Float64
from rig.contact.cop_error import cop_error
from rig.contact.mat_cop_error import mat_cop_error
from rig.contact.mat_loads import MatLoadBlock
from rig.contact.results import LoadBlock
from rig.export.layout_columns import FOOT_LETTERS
from rig.pipeline import PipelineSettings

_OF_A_FOOT = ("F_sd_N", "copx_sd_mm", "copy_sd_mm", "cop_r")
ERROR_COLUMNS: tuple[str, ...] = (
    *(f"{letter}_{name}" for letter in FOOT_LETTERS for name in _OF_A_FOOT),
    "F_sd_N",
    "X_sd_mm",
    "Y_sd_mm",
    "XY_r",
)
"""Standard errors of each foot's force and CoP, of both feet's, and each CoP's correlation of ML and AP:
together the covariance behind the 95 % ellipse."""
ERRORS = (
    "sd: standard error of force, CoP and total force, r: correlation of the CoP's ML and AP errors; "
    "total uncertainty by propagation, mostly the same all through a visit; the stance template of X is "
    "taken as given"
)


def settings_at(stream: WholeStream, load: LoadBlock) -> PipelineSettings:
    """Those in force for a block; no block spans a change."""
    in_force = (stream.settings, *(change.settings for change in stream.changes))
    offsets = [change.offset for change in stream.changes]
    return in_force[bisect_left(offsets, int(load.force.end_offset[0]))]


MAT_ERRORS = (
    "sd: standard error of force, CoP and total force, r: correlation of the CoP's ML and AP errors; "
    "total uncertainty by propagation, mostly the same while the feet stand where they are"
)


def error_table(load: LoadBlock, settings: PipelineSettings) -> Float64:
    """(n, columns) in the order of `ERROR_COLUMNS`, NaN where undefined."""
    if isinstance(load, MatLoadBlock):
        error = mat_cop_error(load, settings.calibration, settings.participant)
    else:
        error = cop_error(load, settings.calibration, settings.participant)
    feet = [
        np.column_stack((error.force_sd_n[:, foot], _cop(error.foot_covariance_mm2[:, foot])))
        for foot in (0, 1)
    ]
    return np.column_stack((*feet, error.total_force_sd_n, _cop(error.covariance_mm2)))


def _cop(covariance_mm2: Float64) -> Float64:
    """(n, 3) standard errors of ML and AP, and their correlation."""
    sd = np.sqrt(np.stack((covariance_mm2[:, 0, 0], covariance_mm2[:, 1, 1]), axis=1))
    return np.column_stack((sd, covariance_mm2[:, 0, 1] / (sd[:, 0] * sd[:, 1])))
