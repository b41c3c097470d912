# SPDX-License-Identifier: GPL-3.0-or-later
"""What sixteen discs miss of a continuous load: `python -m rig.simulate.layout_error` prints the table
`rig/contact/layout_error.json`.

The sole falls into the cells that are nearest to the pads of each region. For subjects of the model and
postures from the heels to the toes, tilted inwards, level and outwards, each region's load and place as
the pads see them (area weighting, then the body-weight gain of quiet stance) are held against the field
itself. The errors are kept as second moments about zero: what all subjects have in common is an error
too, since no calibration sees it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from rig.layout import Region, foot_width_mm, insole_layout
from rig.layout.foot import Float64, inside_outline
from rig.layout.insole import PAD_AREA_MM2, PAD_DIAMETER_MM, SENSOR_REGIONS, SENSOR_XY
from rig.simulate.body import sway_shares
from rig.simulate.load_field import LoadField, load_field, posture_shares

TUNING_SEEDS = range(200)
"""Subjects from 1,000 on are left to tests."""
LENGTH_MM = 265.0
TILT_MM = (-6.0, 0.0, 6.0)
POSTURES_Y: Float64 = np.arange(0.20, 0.79, 0.05)
"""CoP of an average foot in foot lengths, from the heels to the toes."""
QUIET_Y = 0.35
CALIBRATION_Y = (0.25, 0.45, 0.65, 0.75)
"""Heel-biased, flat, ball and toe-leaning stances."""
DECIMALS = 7


@dataclass(frozen=True, slots=True, eq=False)
class SeenAndTrue:
    """Loads (postures, 4) and moments (postures, 4, 2) in mm of the regions; total load 1."""

    seen: Float64
    seen_moment: Float64
    true: Float64
    true_moment: Float64


def layout_error_table(seeds: range = TUNING_SEEDS) -> dict[str, object]:
    """Second moments of the errors of regions, as plain JSON values.

    Returns
    -------
    dict
        `centroid_l2`: (4, 4, 2, 2) of the regions' places, ML and AP, in squared foot lengths;
        `load`: (4, 4) of relative errors of the regions' loads under the body-weight gain alone;
        `load_calibrated`: the same once each region has its own best gain.
    """
    places, plain, best = [], [], []
    for seed in seeds:
        regions = _seen_and_true(load_field(LENGTH_MM, seed))
        error_mm = regions.seen_moment / regions.seen[..., None]
        error_mm = error_mm - regions.true_moment / regions.true[..., None]
        places.append((error_mm, regions.true))
        plain.append((regions.seen - regions.true, regions.true))
        fitted = regions.seen * _best_gains(regions)
        best.append((fitted - regions.true, regions.true))
    return {
        "made_by": "python -m rig.simulate.layout_error",
        "seeds": [seeds.start, seeds.stop],
        "centroid_l2": _rounded(_centroid_moments(places) / LENGTH_MM**2),
        "load": _rounded(_load_moments(plain)),
        "load_calibrated": _rounded(_load_moments(best)),
    }


def _seen_and_true(field: LoadField) -> SeenAndTrue:
    length_mm, width_mm = LENGTH_MM, foot_width_mm(LENGTH_MM)
    scale = np.array([width_mm, length_mm])
    shares = _postures(field)
    sole, nearest = _cells(width_mm, length_mm)
    on_sole = field.densities(sole)
    on_sole = shares @ (on_sole / on_sole.sum(axis=1)[:, None])
    pads = (shares @ _disc_means(field, scale)) * insole_layout(length_mm).tributary_mm2
    pads = pads / _quiet_total(pads)
    of_pad = np.eye(len(Region))[SENSOR_REGIONS]
    of_point = of_pad[nearest]
    places_mm, points_mm = SENSOR_XY * scale, sole * scale
    return SeenAndTrue(
        seen=pads @ of_pad,
        seen_moment=np.stack([(pads * p) @ of_pad for p in places_mm.T], axis=-1),
        true=on_sole @ of_point,
        true_moment=np.stack([(on_sole * p) @ of_point for p in points_mm.T], axis=-1),
    )


def _postures(field: LoadField) -> Float64:
    """(postures, 9) kernel shares: the CoP all along the sole, tilted."""
    along = posture_shares(POSTURES_Y)
    level = np.zeros(len(along))
    tilted = [sway_shares(along, level, level + tilt, field) for tilt in TILT_MM]
    return np.concatenate(tilted)


def _quiet_total(pads: Float64) -> float:
    """What the pads sum to in quiet stance, level: the body-weight gain makes it 1."""
    return float(pads[_level_row(QUIET_Y)].sum())


def _level_row(posture_y: float) -> int:
    nearest = int(np.abs(POSTURES_Y - posture_y).argmin())
    return TILT_MM.index(0.0) * len(POSTURES_Y) + nearest


def _cells(width_mm: float, length_mm: float) -> tuple[Float64, np.ndarray]:
    """Points of a 2 mm grid on the sole (foot frame) and the pad nearest to each."""
    x_mm, y_mm = np.arange(-0.5 * width_mm, 0.5 * width_mm, 2.0), np.arange(1.0, length_mm, 2.0)
    x, y = (g.ravel() for g in np.meshgrid(x_mm / width_mm, y_mm / length_mm))
    sole = np.column_stack((x, y))[inside_outline(x, y)]
    apart = (sole[:, None, :] - SENSOR_XY) * np.array([width_mm, length_mm])
    return sole, (apart**2).sum(axis=-1).argmin(axis=1)


def _disc_means(field: LoadField, scale: Float64) -> Float64:
    """(9, 16) mean of each kernel's density over each pad's disc."""
    radius = 0.5 * PAD_DIAMETER_MM
    axis = np.arange(-radius, radius, 1.0) + 0.5
    dx, dy = (g.ravel() for g in np.meshgrid(axis, axis))
    inside = dx**2 + dy**2 <= PAD_AREA_MM2 / np.pi
    offsets = np.column_stack((dx, dy))[inside] / scale
    return np.stack([field.densities(at + offsets).mean(axis=1) for at in SENSOR_XY], axis=1)


def _best_gains(regions: SeenAndTrue) -> Float64:
    """Each region's least-squares gain over the postures that a calibration takes."""
    rows = [_level_row(posture_y) for posture_y in CALIBRATION_Y]
    seen, true = regions.seen[rows], regions.true[rows]
    return (seen * true).sum(axis=0) / (seen**2).sum(axis=0)


def _load_moments(errors: list[tuple[Float64, Float64]]) -> Float64:
    """E[e_r e_q] over the root mean squares of the loads: an empty region has no relative error."""
    error = np.concatenate([e for e, _ in errors])
    load = np.sqrt(np.mean(np.concatenate([f for _, f in errors]) ** 2, axis=0))
    return (error.T @ error) / len(error) / np.outer(load, load)


def _centroid_moments(errors: list[tuple[Float64, Float64]]) -> Float64:
    """E[F_r F_q e_r e_q] over the root mean squares of the loads."""
    load = np.concatenate([f for _, f in errors])
    error = np.concatenate([e for e, _ in errors]) * load[..., None]
    usual = np.sqrt(np.mean(load**2, axis=0))
    moments = np.einsum("nri,nqj->rqij", error, error) / len(error)
    return moments / np.outer(usual, usual)[..., None, None]


def _rounded(values: Float64) -> list[object]:
    return np.round(values, DECIMALS).tolist()


def table_text() -> str:
    """The file's content."""
    return json.dumps(layout_error_table(), indent=1) + "\n"


if __name__ == "__main__":
    print(table_text(), end="")
