# SPDX-License-Identifier: GPL-3.0-or-later
"""Discs under a foot, as many and wherever one likes, and what each feels of the load field."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.errors import SettingsError
from rig.layout.foot import Float64
from rig.layout.insole import PAD_DIAMETER_MM, SENSOR_NAMES, SENSOR_XY
from rig.simulate.body import TrueLoads
from rig.simulate.load_field import LoadField

CHANNELS_A_FOOT = 16


@dataclass(frozen=True, slots=True)
class SensorLayout:
    """Where an insole's pads are.

    Attributes
    ----------
    places : (x, y) of each pad
        Foot frame, the same for both feet: x in foot widths, + lateral, y in foot lengths.
    channels : of each pad
        Which of its foot's samples a pad gives; empty: 0, 1, 2 and so on. All other samples are open.
    diameter_mm : float

    Raises
    ------
    SettingsError
        No pads, a channel taken twice, or not one channel for each pad.
    """

    places: tuple[tuple[float, float], ...]
    channels: tuple[int, ...] = ()
    diameter_mm: float = PAD_DIAMETER_MM

    def __post_init__(self) -> None:
        if not self.channels:
            object.__setattr__(self, "channels", tuple(range(len(self.places))))
        distinct = (
            len(set(self.channels)) == len(self.channels) and min(self.channels, default=-1) >= 0
        )
        if not self.places or len(self.channels) != len(self.places) or not distinct:
            raise SettingsError(
                "A sensor layout needs at least one pad and a channel of its own for each; give as "
                "many different channels, from 0 on, as places."
            )

    @property
    def samples_a_foot(self) -> int:
        """16 as on the wire, or more where the layout has more pads (no board sends those)."""
        return max(CHANNELS_A_FOOT, max(self.channels) + 1)

    @property
    def sensels_by_foot(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The samples that have a pad, left and right."""
        right = tuple(self.samples_a_foot + channel for channel in self.channels)
        return self.channels, right


INSOLE_PADS = SensorLayout(tuple((float(x), float(y)) for x, y in SENSOR_XY))
"""The 16 pads of `rig.layout.insole`."""


def pads_named(*names: str) -> SensorLayout:
    """Only these of the insole's 16 pads, each on the channel that it always has."""
    channels = tuple(SENSOR_NAMES.index(name) for name in names)
    return SensorLayout(tuple(INSOLE_PADS.places[channel] for channel in channels), channels)


def pad_integrals(
    field: LoadField,
    layout: SensorLayout = INSOLE_PADS,
    scale: float = 1.0,
    forward: float = 0.0,
    step_mm: float = 0.5,
) -> Float64:
    """Integral of each kernel over each pad's disc: the part of its load that the pad feels.

    Midpoint rule; the grid points of a disc are weighted so that they stand for exactly its area.

    Parameters
    ----------
    scale : float
        Length of the insole over that of the foot; heel edges lie upon each other.
    forward : float
        How far the insole lies too far forward, in foot lengths.

    Returns
    -------
    (9, samples_a_foot) float64
        0 for channels without a pad.
    """
    radius = layout.diameter_mm / 2.0
    axis = np.arange(-radius, radius, step_mm) + 0.5 * step_mm
    dx, dy = (g.ravel() for g in np.meshgrid(axis, axis))
    in_disc = dx**2 + dy**2 <= radius**2
    offsets = np.column_stack((dx[in_disc], dy[in_disc]))
    offsets /= np.array([field.foot_width_mm, field.foot_length_mm])
    area_a_point = np.pi * radius**2 / len(offsets)
    integrals = np.zeros((len(field.volume_mm2), layout.samples_a_foot))
    for channel, place in zip(layout.channels, layout.places, strict=True):
        centre = scale * np.array(place) + np.array([0.0, forward])
        integrals[:, channel] = field.densities(centre + offsets).sum(axis=1) * area_a_point
    return integrals


def pad_force_n(loads: TrueLoads, integrals: Float64) -> Float64:
    """(n, 2 * samples_a_foot) what perfect pads feel; `integrals` as `pad_integrals` gives them."""
    return (loads.kernel_force_n @ integrals).reshape(len(loads), -1)
