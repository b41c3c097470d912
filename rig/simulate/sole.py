# SPDX-License-Identifier: GPL-3.0-or-later
"""Which posture gives one subject's foot a wanted CoP, heel share or toe share.

Postures blend linearly from one named posture to the next, so each question is one interpolation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rig.layout import Region
from rig.layout.foot import Float64
from rig.simulate.load_field import LoadField, ladder_heights, ladder_shares
from rig.simulate.phrases import raised_cosine

HEEL_STRIKE_Y, FLAT_Y = 0.16, 0.50
"""Postures of a foot that comes down on its heel, and of one that has come down flat after it."""


def rolled_flat(t_s: Float64, roll_s: float) -> Float64:
    """Postures (n,) of a foot that rolls from its heel to flat in `roll_s` from the first touch on."""
    return HEEL_STRIKE_Y + (FLAT_Y - HEEL_STRIKE_Y) * raised_cosine(t_s / roll_s)


@dataclass(frozen=True, slots=True, eq=False)
class Sole:
    """Postures of one subject; each method gives the `posture_y` to ask for."""

    field: LoadField

    def posture_at(self, y: float) -> float:
        """The posture whose CoP lies at `y`, in foot lengths of this subject."""
        heights = ladder_shares() @ self.field.centroid_mm[:, 1] / self.field.foot_length_mm
        return float(np.interp(y, heights, ladder_heights()))

    def posture_with_heel(self, share: float) -> float:
        """The posture whose heel band bears `share` of the foot's load."""
        heel = self.region_shares(ladder_heights())[:, Region.HEEL]
        return float(np.interp(-share, -heel, ladder_heights()))

    def places_mm(self, posture_y: Float64) -> Float64:
        """(n, 2) CoP of postures (n,): lateral and forward in mm."""
        places = ladder_shares() @ self.field.centroid_mm
        return np.stack(
            [np.interp(posture_y, ladder_heights(), places[:, axis]) for axis in (0, 1)], axis=1
        )

    def posture_with_toes(self, share: float) -> float:
        """The posture whose toe band bears `share` of the foot's load."""
        toes = self.region_shares(ladder_heights())[:, Region.TOES]
        return float(np.interp(share, toes, ladder_heights()))

    def posture_drifted(self, start_y: float, size: float) -> float:
        """The posture ahead of `start_y` whose CoP has gone `size` times 0.20 W across and 0.10 L along.

        Across and along count as the radii of an ellipse.
        """
        postures = np.linspace(start_y, ladder_heights()[-1], 400)
        way = self.places_mm(postures) - self.places_mm(np.array([start_y]))
        radii = np.array([0.20 * self.field.foot_width_mm, 0.10 * self.field.foot_length_mm])
        return float(np.interp(size, np.hypot(*(way / radii).T), postures))

    def posture_heel_first(self, load_bw: Callable[[Float64], Float64], size: float) -> float:
        """The landing posture that is heel-first by `size`: 0.333 over its y, or the heel's lead over
        10 ms, whichever is more, where the foot is loaded as `load_bw` of seconds says."""
        times = np.arange(0.0, 0.300, 0.0005)
        load = np.maximum.accumulate(load_bw(times))
        postures = np.linspace(ladder_heights()[0], ladder_heights()[-2], 400)
        shares = self.region_shares(postures)
        begins = [
            np.interp(0.05 / np.maximum(shares[:, region], 1e-6), load, times)
            for region in (Region.HEEL, Region.BALL)
        ]
        ever = (load.max() * shares[:, [Region.HEEL, Region.BALL]] >= 0.05).all(axis=1)
        lead = np.where(ever, begins[1] - begins[0], 0.0) / 0.010
        heights = self.places_mm(postures)[:, 1] / self.field.foot_length_mm
        first = np.maximum.accumulate(np.maximum(0.333 / heights, lead)[::-1])
        return float(np.interp(size, first, postures[::-1]))

    def roll_heel_first(self, load_bw: Callable[[Float64], Float64], size: float) -> float:
        """How long a foot rolls from heel strike to flat where that makes the landing heel-first by
        `size`, as `posture_heel_first` has it."""
        times = np.arange(0.0, 0.300, 0.0005)
        load = load_bw(times)
        lasting = np.linspace(0.002, 0.150, 149)
        sizes = [self._rolled(times, load, rolled_flat(times, roll_s)) for roll_s in lasting]
        return float(np.interp(size, np.maximum.accumulate(sizes), lasting))

    def _rolled(self, times: Float64, load: Float64, posture: Float64) -> float:
        """0.333 over y of the first contact, or the heel's lead over 10 ms, of one roll."""
        shares = self.region_shares(posture)
        first = int((load >= 0.10).argmax())
        landing = slice(first, first + 40)
        height = self.places_mm(posture[landing])[:, 1] / self.field.foot_length_mm
        most = 0.333 * load[landing].sum() / (load[landing] * height).sum()
        heel_s, ball_s = (
            _lasting_s(times, load * shares[:, region], 0.020)
            for region in (Region.HEEL, Region.BALL)
        )
        return float(np.nanmax([most, (ball_s - heel_s) / 0.010]))

    def region_shares(self, posture_y: Float64) -> Float64:
        """(n, 4) shares of heel, midfoot, ball and toes in postures (n,)."""
        bands = ladder_shares() @ self.field.regions
        return np.stack(
            [np.interp(posture_y, ladder_heights(), bands[:, r]) for r in Region], axis=1
        )


def _lasting_s(times: Float64, load_bw: Float64, least_s: float) -> float:
    """When a load first rises to 0.05 body weights for so long; NaN where it never does."""
    step_s = float(times[1] - times[0])
    window = round(least_s / step_s)
    lasts = np.convolve(load_bw >= 0.05, np.ones(window), "valid") > window - 0.5
    first = int(lasts.argmax())
    if not lasts.any() or first == 0:
        return np.nan
    part = (load_bw[first] - 0.05) / (load_bw[first] - load_bw[first - 1])
    return float(times[first]) - float(part) * step_s
