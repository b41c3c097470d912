# SPDX-License-Identifier: GPL-3.0-or-later
"""From the few square centimetres under the pads to the whole sole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import Float64, SenselMask
from rig.calibrate.sensel_map import ABSENT, SenselMap, present_pads
from rig.layout.insole import PAD_AREA_MM2, SENSOR_NAMES, SENSOR_REGIONS, present_tributary_mm2


def pad_weights(foot_length_mm: float, calibration: Calibration) -> Float64:
    """Newtons of foot force for each newton on a pad, shape (2, 16); 0 for pads that are not there.

    Each pad's pressure is taken to hold over its tributary area (the Voronoi cell within the
    outline), then scaled by the gains of its region, of its foot, and of the body weight.
    """
    gains = region_gains(calibration) * np.array(calibration.foot_gain)[:, None]
    by_area = area_weights(foot_length_mm, calibration.sensel_map) * calibration.body_weight_gain
    return by_area * gains[:, SENSOR_REGIONS]


def masked_calibration(calibration: Calibration, mask: SenselMask) -> Calibration:
    """The calibration with masked sensels taken for absent, for the weights of the others."""
    if not any(mask):
        return calibration
    believed = zip(calibration.sensel_map, mask, strict=True)
    return replace(calibration, sensel_map=tuple(ABSENT if masked else s for s, masked in believed))


def area_weights(foot_length_mm: float, sensel_map: SenselMap) -> Float64:
    """Tributary over active area of each pad, shape (2, 16): the weights before any gain."""
    present = present_pads(sensel_map).reshape(2, len(SENSOR_NAMES))
    areas = [present_tributary_mm2(foot_length_mm, tuple(map(bool, foot))) for foot in present]
    return np.stack(areas) / PAD_AREA_MM2


def region_gains(calibration: Calibration) -> Float64:
    """Gains by foot and region, shape (2, 4)."""
    return np.array(calibration.region_gain).reshape(2, -1)
