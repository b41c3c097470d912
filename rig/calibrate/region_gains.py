# SPDX-License-Identifier: GPL-3.0-or-later
"""Four stances give each foot's heel, midfoot, ball and toes its own gain.

Pads catch under a fifth of the load, and not the same part of it everywhere. In each stance the
regions of both feet must add up to the body weight; heel-biased, flat, ball and toe-leaning stances
load them differently, so the gains can be told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy import optimize

from rig.calibrate.calibration import REGION_GAINS, SENSELS, Calibration
from rig.calibrate.divider import force_of_counts, look_up
from rig.calibrate.foot_force import area_weights
from rig.calibrate.force_block import Float64
from rig.calibrate.sensel_map import mapped_counts
from rig.errors import SettingsError
from rig.layout import Region
from rig.layout.insole import SENSOR_REGIONS
from rig.wire.packets import Hello

STANCE_S = 5.0
LOADED_WAIT_S = 20.0
"""Sensors under a new load creep; after 20 s they are nearly done (5 % per tenfold time, Interlink FSR
400 series), so that long is waited before anything is taken standing."""
PART_S = 0.5
"""A stance is taken as means over half seconds: shorter ones see sway, not stance (design choice)."""
RIDGE = 0.6
"""Pull of each gain towards the common one, in units of squared load shares. Design choice on simulated
feet (seeds below 1000): with 0.15, one misread toe stance drew force errors of 6.5 % into Pose stance,
with 0.6 4.7 %; pulling harder loses what the stances know of heel and ball."""
UNKNOWN_SD = 0.1
"""How far a region's true gain lies from the common one on feet that nobody measured, relative: on the
simulated feet 5 to 15 % (design choice)."""
STANCE_SETTLE_S = 5.0
"""Between two stances, feet loaded all the time (design choice): leaning for longer tires."""
GAIN_LIMITS = (0.2, 5.0)
LARGEST_CHANGE = 0.10
"""Standard deviation over mean of a stance's total, above which the person moved (design choice)."""
LEAST_LEAN = 0.05
"""By so much of the load heel, ball and toe stances must differ from the flat one (design choice)."""
StanceName = Literal["heel", "flat", "ball", "toes"]
STANCES: tuple[StanceName, ...] = get_args(StanceName)
STANCE_WORDS: dict[StanceName, str] = {
    "heel": "Stand on both feet with your weight back on your heels, toes still touching.",
    "flat": "Stand upright on both whole feet, as in a queue.",
    "ball": "Shift forward until the balls of both feet carry you, heels light.",
    "toes": "Lean further forward onto your toes, as far as is comfortable.",
}


@dataclass(frozen=True, slots=True, eq=False)
class StanceTaken:
    """One stance: half-second means of each region's load by area alone, (m, 2, 4) in newtons."""

    name: StanceName
    region_n: Float64

    @property
    def shares(self) -> Float64:
        """Of all that both feet read, by region, (4,)."""
        by_region = self.region_n.mean(axis=0).sum(axis=0)
        return by_region / by_region.sum()


@dataclass(frozen=True, slots=True)
class RegionGains:
    """Gains by foot and region, left heel first, and how far to trust them.

    Attributes
    ----------
    gain, gain_sd : (8,)
        `gain_sd` is relative. A region that the stances told nothing of has a gain near the common
        one and a large `gain_sd`.
    residual : by stance
        Mean total over body weight, less 1.
    """

    gain: tuple[float, ...]
    gain_sd: tuple[float, ...]
    residual: dict[StanceName, float]


def stance_from_counts(
    name: StanceName,
    counts: npt.ArrayLike,
    hello: Hello,
    calibration: Calibration,
    foot_length_mm: float,
) -> StanceTaken:
    """A stance from the frames of its five seconds.

    Parameters
    ----------
    counts : (n, 32)
        As they crossed the wire, both feet loaded for 20 s before.
    calibration
        Tare and curves; its gains are not used.

    Raises
    ------
    SettingsError
        Too few frames, an unloaded foot, or a person who moved.
    """
    region_n = _region_means(counts, hello, calibration, foot_length_mm)
    if len(region_n) < 0.6 * STANCE_S / PART_S:
        raise SettingsError(
            f"Too few frames came in the {name} stance; {STANCE_S:g} s are needed. Check the link and "
            "take the stance again."
        )
    feet_n = region_n.sum(axis=2)
    total_n = feet_n.sum(axis=1)
    mean_n = float(total_n.mean())
    if mean_n <= 0.0 or float((feet_n.mean(axis=0) / max(mean_n, 1e-9)).min()) < 0.1:
        raise SettingsError(
            f"A foot bears next to nothing in the {name} stance. Stand on both insoles, check their "
            "plugs, and take the stance again."
        )
    if float(total_n.std()) > LARGEST_CHANGE * mean_n:
        raise SettingsError(
            f"The load changed too much in the {name} stance: the person moved or stepped. Hold on to "
            "something with your fingertips, stand still for five seconds, and take it again."
        )
    return StanceTaken(name, region_n)


def solve_region_gains(stances: Sequence[StanceTaken], body_weight_n: float) -> RegionGains:
    """Gains that make every stance add up to the body weight.

    Non-negative ridge regression: rows are the regions' loads over the body weight, each stance weighs
    as one row, the target is 1, and the gains are pulled with weight `RIDGE` towards the one common
    gain that fits best; solved within 0.2 to 5 times that gain.

    Raises
    ------
    SettingsError
        Stances that are missing or too much alike, or a total that no body weight explains.
    """
    _refuse_alike(stances)
    parts = [s.region_n.reshape(len(s.region_n), REGION_GAINS) / body_weight_n for s in stances]
    rows = np.concatenate([p / np.sqrt(len(p)) for p in parts])
    target = np.concatenate([np.full(len(p), 1.0 / np.sqrt(len(p))) for p in parts])
    sums = rows.sum(axis=1)
    common = float((sums * target).sum() / (sums * sums).sum())
    if not GAIN_LIMITS[0] <= common <= GAIN_LIMITS[1]:
        raise SettingsError(
            f"In the stances both feet together read {body_weight_n / common:.0f} N before scaling, "
            f"which cannot be a person of {body_weight_n:.0f} N. Check the weight typed in, its unit "
            "(kilograms), and the plugs."
        )
    design = np.concatenate([common * rows, np.sqrt(RIDGE) * np.eye(REGION_GAINS)])
    wanted = np.concatenate([target, np.full(REGION_GAINS, np.sqrt(RIDGE))])
    relative = optimize.lsq_linear(design, wanted, bounds=GAIN_LIMITS).x
    gain = common * relative
    residual: dict[StanceName, float] = {
        s.name: float((p @ gain).mean() - 1.0) for s, p in zip(stances, parts, strict=True)
    }
    return RegionGains(
        tuple(gain.tolist()), tuple(_gain_sd(common * rows, relative, residual)), residual
    )


def _gain_sd(rows: Float64, relative: Float64, residual: dict[StanceName, float]) -> list[float]:
    """Relative standard errors of the ridge's estimates, bias included.

    With H = A'A + lambda, noise adds s^2 H^-1 A'A H^-1, and what the pull towards the common gain
    hides adds lambda^2 u^2 H^-2 (Hoerl & Kennard 1970). s is the stances' residual, at least 1 % of
    the body weight; u is how far regions differ before anybody measured them, `UNKNOWN_SD`.
    """
    noise = max(float(np.mean(np.square(list(residual.values())))), 0.01**2)
    gram = rows.T @ rows
    inverse = np.linalg.inv(gram + RIDGE * np.eye(REGION_GAINS))
    covariance = (
        inverse @ (noise * gram + (RIDGE * UNKNOWN_SD) ** 2 * np.eye(REGION_GAINS)) @ inverse
    )
    return (np.sqrt(np.diag(covariance)) / relative).tolist()


def _region_means(
    counts: npt.ArrayLike, hello: Hello, calibration: Calibration, foot_length_mm: float
) -> Float64:
    samples = np.asarray(counts, np.uint16)
    if samples.ndim != 2 or samples.shape[1] != SENSELS:
        raise SettingsError(
            f"A stance needs samples of {SENSELS} pads; these have the shape {samples.shape}."
        )
    pads_n = look_up(
        force_of_counts(hello, calibration), mapped_counts(samples, calibration.sensel_map)
    )
    pads_n = np.maximum(pads_n - np.asarray(calibration.tare_of(SENSELS)), 0.0)
    part = max(1, round(PART_S * hello.scan_rate_hz))
    whole = len(pads_n) // part
    means = pads_n[: whole * part].reshape(whole, part, 2, -1).mean(axis=1)
    by_area = means * area_weights(foot_length_mm, calibration.sensel_map)
    return np.stack([by_area[..., r == SENSOR_REGIONS].sum(axis=-1) for r in Region], axis=-1)


def _refuse_alike(stances: Sequence[StanceTaken]) -> None:
    taken = {s.name: s.shares for s in stances}
    if missing := [name for name in STANCES if name not in taken]:
        raise SettingsError(
            f"The stance {missing[0]!r} is missing; region gains need all four ({', '.join(STANCES)})."
        )
    flat = taken["flat"]
    leans = (
        ("heel", taken["heel"][Region.HEEL] - flat[Region.HEEL], "the heels"),
        ("ball", flat[Region.HEEL] - taken["ball"][Region.HEEL], "the balls of the feet"),
        ("toes", taken["toes"][Region.TOES] - flat[Region.TOES], "the toes"),
    )
    for name, lean, where in leans:
        if lean < LEAST_LEAN:
            raise SettingsError(
                f"The {name} stance loads {where} hardly more than standing flat does, so gains cannot "
                "be told apart. Lean further, holding on to something, and take both again; if the "
                "person did lean, the sensors are in another order than drawn: run 'solerig doctor "
                "--board'."
            )
