# SPDX-License-Identifier: GPL-3.0-or-later
"""How wrong each CoP and each force can be: standard errors by propagation, frame by frame.

These are total uncertainties, not the fast noise. Most of each error is the same all through a visit
(gains, what the pads' places miss of the load), so the ellipse says where the true CoP may lie, not how
much the CoP trembles; changes within a visit are known better. The sources, each checked against the
simulator, which is a model of feet and sensors and no force plate:

- each sensel's gain (its bench's residuals), saturation, noise, rounding, dead zone, and what it keeps
  after unloading;
- each region's gain and its hysteresis, each foot's gain;
- the layout: what discs miss of the load between them, from `layout_error.json`;
- masked and absent sensels: others stand for them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from rig.calibrate.calibration import SENSELS, Calibration
from rig.calibrate.divider import force_of_counts, saturation_count
from rig.calibrate.foot_force import masked_calibration, pad_weights
from rig.calibrate.force_block import Float64, SenselMask
from rig.calibrate.region_gains import UNKNOWN_SD
from rig.contact.error_propagation import Groups, grouped, propagated
from rig.contact.load_stage import participant_foot_length_mm
from rig.contact.results import LoadBlock
from rig.contact.rules import foot_on_n, reference_body_weight_n
from rig.layout import Foot, Region, insole_layout
from rig.layout.insole import SENSOR_REGIONS, on_stance_template, taken_over_mm2
from rig.settings import Participant
from rig.wire.packets import Hello

GAIN_SD = 0.06
"""Of a sensel that no bench has measured: part-to-part within a batch (Interlink FSR 400 series)."""
EXPONENT_SD = 0.058
EXPONENT_AT_N = 10.0
"""Without a bench the power law's exponent is uncertain; the body-weight gain pins the curves where
quiet stance loads them (design choice)."""
HYSTERESIS_SD = 0.015
"""Of the force that the pads of one region read: they are unloaded together, and read more then, by
10 % of what they are below their peak (Interlink FSR 400 series: +10 % on average; the rest is a design
choice)."""
KEPT_SHARE = 0.014
KEPT_OF_BODY_WEIGHT = 0.10
"""An unloaded pad keeps 0 to 6 % of its last peak for seconds: root mean square of a decaying part
of it; the peak is taken as a pad's load in single-leg stance (design choices)."""
DEAD_ZONE_N = 0.2
"""Below this an FSR 402 reads nothing (Interlink FSR 400 series: actuation force)."""
UNFELT_N = 0.08
"""What a pad near it misses: most bear nothing, some up to 0.2 N (design choice)."""
NOISE_LSB = 1.0
ROUNDING_LSB = 0.29
SATURATES_AT_N = 60.0
"""Where an FSR's own curve flattens (design choice; its data sheet ends at 20 N)."""
SATURATED_SD = 0.5
"""Of a pad that reads the most it can: its true force is higher by nobody knows what."""
BRIDGED_SD = 0.058
"""Shoe and skin carry 0 to 20 % of the load past a pad: standard deviation of a uniform part. No bench
sees it (design choice)."""
NARROWER = 0.66
"""Of the second moments of CoP errors about zero. Most of a CoP's error is what the layout misses of
every foot in the same way, so errors of different people lie closer together than normal ones:
with all of the second moments the 95 % ellipse holds 98 to 99 % (design choice, tuned on simulated
subjects of seeds 200 to 259). So exported standard errors are 0.81 of the root mean square."""
STANDS_FOR_SD = 0.7
"""Of the load that neighbours claim for a sensor that is masked or absent (design choice after the
load between neighbours in the simulated feet)."""
FOOT_GAIN_SD = 0.02
FOOT_GAIN_PART = 0.6
"""Of a visit's standard error of a foot gain that moves the CoP between the feet. Its residuals follow
each other, so the visit widens it as if nothing were known of them; on simulated visits the CoP of both
feet errs sideways that much (design choice, tuned on simulated subjects of seeds 200 to 259)."""
SCALE_SD = {"default": 0.25, "measured": 0.04, "insole": 0.04, "visit": 0.04}
"""Of all forces together: 5 % of load noise in a visit check leave 3.6 % (computed with the simulator);
without one, totals of sixteen pads differ that much between insoles and feet (design choice)."""


@dataclass(frozen=True, slots=True, eq=False)
class CopError:
    """Standard errors of n frames.

    Attributes
    ----------
    foot_covariance_mm2 : (n, 2, 2, 2) float64
        By foot: covariance of ML and AP in that foot's frame; NaN where its CoP is.
    covariance_mm2 : (n, 2, 2) float64
        Of both feet's CoP. The drawn stance template is taken as given: where the feet do not stand on
        it, ML errs as the stance width does, and that is not in here.
    force_sd_n : (n, 2) float64
        Of each foot's force; NaN for a foot without any sensor.
    total_force_sd_n : (n,) float64
    """

    foot_covariance_mm2: Float64
    covariance_mm2: Float64
    force_sd_n: Float64
    total_force_sd_n: Float64


def cop_error(loads: LoadBlock, calibration: Calibration, participant: Participant) -> CopError:
    """Standard errors of the CoP and of the forces of a block; without memory.

    Parameters
    ----------
    loads : LoadBlock
        Made with the same calibration and participant.
    """
    n = len(loads)
    error = CopError(
        np.full((n, 2, 2, 2), np.nan),
        np.full((n, 2, 2), np.nan),
        np.full((n, 2), np.nan),
        np.full(n, np.nan),
    )
    hello = loads.force.segment.hello
    for run, mask in loads.insole_force.mask_runs():
        model = _pad_model(participant, calibration, mask)
        pads_n = np.nan_to_num(np.moveaxis(loads.insole_force.pad_force_n[run], 0, -1).copy())
        load_n = pads_n * model.weights[..., None]
        variance = _load_variance(model, hello, pads_n, load_n)
        for foot in Foot:
            _take_foot(error, model, loads, run, foot, load_n[foot], variance[foot])
        _take_both(error, model, loads, run, load_n, variance)
    return error


@dataclass(frozen=True, slots=True, eq=False)
class _PadModel:
    """Constants of one person, calibration and mask.

    `weights`, `gain_sd` (2, 16); `stands_for` (2, 16, 16): load claimed for each missing pad (rows) for
    each newton on a pad that is there.
    """

    calibration: Calibration
    weights: Float64
    gain_sd: Float64
    place_mm: Float64
    body_place_mm: Float64
    stands_for: Float64
    foot_groups: tuple[Groups, Groups]
    body_groups: Groups
    kept_n: float
    on_n: Float64


@lru_cache(maxsize=16)
def _pad_model(participant: Participant, calibration: Calibration, mask: SenselMask) -> _PadModel:
    length_mm = participant_foot_length_mm(participant)
    used = masked_calibration(calibration, mask)
    weights = pad_weights(length_mm, used)
    present = np.array(used.sensel_map).reshape(2, -1) >= 0
    layout = insole_layout(length_mm)
    weight_n = reference_body_weight_n(participant)
    gain_sd = np.array(calibration.sensel_gain_sd or (GAIN_SD,) * present.size)
    groups = [_foot_groups(calibration, foot, length_mm) for foot in Foot]
    return _PadModel(
        calibration=calibration,
        weights=weights,
        gain_sd=gain_sd.reshape(present.shape),
        place_mm=layout.place_mm,
        body_place_mm=np.stack([on_stance_template(foot, layout.place_mm[foot]) for foot in Foot]),
        stands_for=_stands_for(length_mm, present, weights),
        foot_groups=(groups[0], groups[1]),
        body_groups=_body_groups(calibration, length_mm),
        kept_n=KEPT_OF_BODY_WEIGHT * weight_n,
        on_n=np.array([foot_on_n(weight_n, calibration.unloaded_noise_n[f]) for f in Foot]),
    )


def _stands_for(length_mm: float, present: np.ndarray, weights: Float64) -> Float64:
    """(2, 16, 16) from newtons on pads (columns) to the load claimed for missing pads (rows)."""
    areas = np.stack([taken_over_mm2(length_mm, tuple(map(bool, foot))) for foot in present])
    own = areas.sum(axis=1) + np.where(present, insole_layout(length_mm).tributary_mm2, 0.0)
    a_mm2 = np.divide(weights, own, out=np.zeros_like(weights), where=own > 0.0)
    return areas * a_mm2[:, None, :]


def _foot_groups(calibration: Calibration, foot: Foot, length_mm: float) -> Groups:
    """The four regions of one foot."""
    centroid = layout_error().centroid_l2 * length_mm**2
    load = _load_moments(calibration, foot)
    return grouped(SENSOR_REGIONS, load, _mirrored(foot, centroid, foot))


def _load_moments(calibration: Calibration, foot: Foot) -> Float64:
    moments = _region_moments(calibration, foot) + np.eye(len(Region)) * HYSTERESIS_SD**2
    if not calibration.region_gain_sd:
        return moments
    return moments + np.diag(np.maximum(_gain_sd(calibration, foot) ** 2 - UNKNOWN_SD**2, 0.0))


def _gain_sd(calibration: Calibration, foot: Foot) -> Float64:
    return np.maximum(np.array(calibration.region_gain_sd).reshape(2, -1)[foot], 1e-3)


def _region_moments(calibration: Calibration, foot: Foot) -> Float64:
    """Second moments of the regions' relative load errors that one person's feet share, (4, 4).

    What a gain of its own could take off each region, gains take off only as far as stances knew: the
    precision of a region gain beyond the `UNKNOWN_SD` that the ridge was told beforehand is all that the
    stances added to what is known of layouts (precisions add up). What no gain can follow stays.
    """
    table = layout_error()
    if not calibration.region_gain_sd:
        return table.load
    told = np.diag(np.maximum(_gain_sd(calibration, foot) ** -2.0 - UNKNOWN_SD**-2.0, 0.0))
    values, vectors = np.linalg.eigh(table.load - table.load_calibrated)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    left = root @ np.linalg.inv(np.eye(len(Region)) + root.T @ told @ root) @ root.T
    return table.load_calibrated + left


def _mirrored(first: Foot, centroid_mm2: Float64, second: Foot) -> Float64:
    """The right foot's second moments as those of one foot's errors (rows) and another's."""
    sign = {Foot.LEFT: np.array([-1.0, 1.0]), Foot.RIGHT: np.ones(2)}
    return centroid_mm2 * sign[first][:, None] * sign[second]


def _body_groups(calibration: Calibration, length_mm: float) -> Groups:
    """Eight regions on the floor.

    Each foot's regions have the error of its gain in common. The layout misses the same of both feet,
    since one person's feet are alike, and one person's stances told the same of both; a visit's foot
    gains take what that does to their ratio.
    """
    regions = len(Region)
    table = layout_error()
    alike = 0.5 * sum(_region_moments(calibration, foot) for foot in Foot)
    load = np.tile(alike, (2, 2))
    centroid = np.empty((2 * regions, 2 * regions, 2, 2))
    visited = [FOOT_GAIN_PART * sd for sd in calibration.foot_gain_sd]
    foot_sd = visited or [FOOT_GAIN_SD] * 2
    parts = [slice(foot * regions, (foot + 1) * regions) for foot in Foot]
    origin, axes = np.zeros(2), np.eye(2)
    turn = [on_stance_template(foot, axes) - on_stance_template(foot, origin) for foot in Foot]
    for foot in Foot:
        load[parts[foot], parts[foot]] = _load_moments(calibration, foot) + foot_sd[foot] ** 2
        for other in Foot:
            moments = _mirrored(foot, table.centroid_l2 * length_mm**2, other)
            centroid[parts[foot], parts[other]] = turn[foot].T @ moments @ turn[other]
    of_pad = np.concatenate((SENSOR_REGIONS, SENSOR_REGIONS + regions))
    return grouped(of_pad, load, centroid)


def _load_variance(model: _PadModel, hello: Hello, pads_n: Float64, load_n: Float64) -> Float64:
    """(2, 16, n) of what errs on each pad by itself, N^2 of foot force."""
    c = model.calibration
    relative = BRIDGED_SD**2 + model.gain_sd[..., None] ** 2 + _saturation_sd(pads_n, hello, c) ** 2
    if not c.sensel_k_us:
        off = np.log(np.maximum(pads_n, DEAD_ZONE_N) / EXPONENT_AT_N)
        relative += (EXPONENT_SD * off) ** 2
    step_n = _newtons_a_count(pads_n, hello, c) ** 2 * (NOISE_LSB**2 + ROUNDING_LSB**2)
    dead_n = np.where(pads_n < 2.0 * DEAD_ZONE_N, UNFELT_N, 0.0)
    empty = np.maximum(1.0 - load_n / model.kept_n, 0.0)
    kept_n = np.where(model.weights > 0.0, KEPT_SHARE * model.kept_n, 0.0)[..., None] * empty**2
    variance = (step_n + dead_n**2) * model.weights[..., None] ** 2
    variance += relative * load_n**2 + kept_n**2
    for foot, missing, other in zip(*np.nonzero(model.stands_for), strict=True):
        claimed_n = pads_n[foot, other] * model.stands_for[foot, missing, other]
        variance[foot, missing] += (STANDS_FOR_SD * claimed_n) ** 2
    return variance


def _saturation_sd(pads_n: Float64, hello: Hello, calibration: Calibration) -> Float64:
    """Relative standard error that flattening curves leave: what F / (1 + (F / F_s)^4)^(1/4) loses."""
    flattened = 0.25 * (pads_n / SATURATES_AT_N) ** 4
    most_n = _most_n(hello, calibration)[..., None]
    return np.where(pads_n >= most_n, SATURATED_SD, np.minimum(flattened, SATURATED_SD))


@lru_cache(maxsize=8)
def _most_n(hello: Hello, calibration: Calibration) -> Float64:
    """(2, 16) the force that each pad reads where its count saturates, its tare taken off."""
    table_n = force_of_counts(hello, calibration)
    top = min(int(np.ceil(saturation_count(hello, calibration.mux_ohm))), table_n.shape[1] - 1)
    return (table_n[:, top] - np.array(calibration.tare_of(SENSELS))).reshape(2, -1)


def _newtons_a_count(pads_n: Float64, hello: Hello, calibration: Calibration) -> Float64:
    """dF/dc of the divider and the power law at each force.

    c = N Rm G / (1 + G (Rm + R_mux)) gives dG/dc = (1 + G (Rm + R_mux))^2 / (N Rm); G = k F^p.
    """
    shape = (2, -1, 1)
    k = 1e-6 * np.array(calibration.sensel_k_us or (calibration.fsr_k_us,) * pads_n[..., 0].size)
    p = np.array(calibration.sensel_exponent or (calibration.fsr_exponent,) * k.size)
    k, p = k.reshape(shape), p.reshape(shape)
    slope_of = k * np.maximum(pads_n, DEAD_ZONE_N) ** (p - 1.0)
    g = slope_of * pads_n
    a_count = (1.0 + g * (hello.pull_down_ohm + calibration.mux_ohm)) ** 2
    return a_count / (hello.adc_full_scale * hello.pull_down_ohm) / (p * slope_of)


def _take_foot(
    error: CopError,
    model: _PadModel,
    loads: LoadBlock,
    run: slice,
    foot: Foot,
    load_n: Float64,
    variance_n2: Float64,
) -> None:
    found = propagated(model.place_mm[foot], load_n, variance_n2, model.foot_groups[foot])
    defined = ~np.isnan(loads.foot_cop_mm[run, foot, 0])
    error.foot_covariance_mm2[run, foot][defined] = NARROWER * found.covariance_mm2[defined]
    calibration, foot_n = model.calibration, loads.foot_force_n[run, foot]
    foot_sd = (calibration.foot_gain_sd or (FOOT_GAIN_SD,) * 2)[foot]
    common = foot_sd**2 + SCALE_SD[calibration.body_weight_gain_source] ** 2
    error.force_sd_n[run, foot] = np.sqrt(found.force_variance_n2 + common * foot_n**2)


def _take_both(
    error: CopError,
    model: _PadModel,
    loads: LoadBlock,
    run: slice,
    load_n: Float64,
    variance_n2: Float64,
) -> None:
    """The CoP of both counts loaded feet only, the total force every foot."""
    place_mm = model.body_place_mm.reshape(-1, 2)
    calibration, foot_n = model.calibration, np.nan_to_num(loads.foot_force_n[run])
    flat = (len(place_mm), load_n.shape[-1])
    everything = propagated(
        place_mm, load_n.reshape(flat), variance_n2.reshape(flat), model.body_groups
    )
    scale_n = SCALE_SD[calibration.body_weight_gain_source] * (foot_n[:, 0] + foot_n[:, 1])
    error.total_force_sd_n[run] = np.sqrt(everything.force_variance_n2 + scale_n**2)
    lifted = (foot_n < model.on_n).T[:, None, :]
    if lifted.any():
        borne = np.where(lifted, 0.0, load_n).reshape(flat)
        variance = np.where(lifted, 0.0, variance_n2).reshape(flat)
        everything = propagated(place_mm, borne, variance, model.body_groups)
    defined = ~np.isnan(loads.cop_mm[run, 0])
    error.covariance_mm2[run][defined] = NARROWER * everything.covariance_mm2[defined]


@dataclass(frozen=True, slots=True, eq=False)
class LayoutError:
    """What the layout misses by region: `layout_error.json` says how it was made.

    Attributes
    ----------
    centroid_l2 : (4, 4, 2, 2) float64
        Of the regions' places, right foot, in squared foot lengths.
    load, load_calibrated : (4, 4) float64
        Relative, of the regions' loads, under a body-weight gain alone or with region gains.
    """

    centroid_l2: Float64
    load: Float64
    load_calibrated: Float64


@lru_cache(maxsize=1)
def layout_error() -> LayoutError:
    """The committed table."""
    path = Path(__file__).with_name("layout_error.json")
    table = json.loads(path.read_text(encoding="utf-8"))
    names = ("centroid_l2", "load", "load_calibrated")
    return LayoutError(*(np.array(table[name], np.float64) for name in names))
