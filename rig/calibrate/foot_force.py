# SPDX-License-Identifier: GPL-3.0-or-later
"""From the few square centimetres under the pads to the whole sole."""

from __future__ import annotations

from rig.calibrate.force_block import Float64
from rig.layout.insole import PAD_AREA_MM2, insole_layout


def pad_weights(foot_length_mm: float, gain: float) -> Float64:
    """Newtons of foot force for each newton on a pad, shape (16,).

    Each pad's pressure is taken to hold over its tributary area (the Voronoi cell within the
    outline), then scaled by the body-weight gain.
    """
    return insole_layout(foot_length_mm).tributary_mm2 / PAD_AREA_MM2 * gain
