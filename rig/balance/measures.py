# SPDX-License-Identifier: GPL-3.0-or-later
"""All sway measures of one interval under their published names, the unit in each name."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from rig.balance.definitions import AP, AXES, ELLIPSES, ML, Definitions, Float64, centred, check_cop
from rig.balance.diffusion import diffusion
from rig.balance.ellipse import CONTAINED, sway_ellipse
from rig.balance.entropy import ENTROPY_RATE_HZ, TEMPLATE, TOLERANCE_SDS, sway_entropy
from rig.balance.path import (
    mean_frequency,
    mean_frequency_axis,
    path,
    path_axis,
    sway_area_rate,
)
from rig.balance.positional import (
    mean_distance,
    mean_distance_axis,
    range_2d,
    range_axis,
    rms,
    rms_distance,
)
from rig.balance.spectrum import BAND_HZ, SEGMENT_S, sway_spectrum

Measures = dict[str, float]
RESEARCH = ("sample_entropy", "diffusion", "hurst", "critical", "f50")
"""Beginnings of the names of measures that are for research: they move with segmenting, detrending,
record length and their own parameters (Vieira 2009; J NeuroEng Rehabil 2018)."""


def sway_measures(
    cop_mm: npt.ArrayLike, rate_hz: float, definitions: Definitions | None = None
) -> Measures:
    """Every measure of one interval; NaN where the interval does not allow one.

    Parameters
    ----------
    cop_mm : (n, 2)
        ML and AP in mm at a uniform rate, as filtered as it shall be. The mean is taken off here.

    Raises
    ------
    SettingsError
        Not two columns, fewer than four samples, or a sample that is no number.
    """
    chosen = definitions or Definitions()
    raw = check_cop(cop_mm)
    cop = centred(raw)
    duration_s = chosen.duration_s(len(cop), rate_hz)
    return {
        "duration_s": duration_s,
        "mean_ml_mm": float(raw[:, ML].mean()),
        "mean_ap_mm": float(raw[:, AP].mean()),
        **_positional(cop),
        **_travelled(cop, duration_s),
        **_ellipses(cop, chosen),
        **_research(cop, rate_hz),
    }


def definitions_json(definitions: Definitions) -> dict[str, Any]:
    """What must be said beside the values for anyone to compute them again."""
    return {
        "mean_removed": True,
        "rms": "root mean square about the mean, 1/N",
        "duration": "N/fs" if definitions.duration == "n" else "(N-1)/fs",
        "ellipse": definitions.ellipse,
        "ellipse_contains": CONTAINED,
        "ellipse_covariance": "1/N",
        "ellipse_variants": {
            "chi2": "pi chi2(0.95, 2) sqrt(det S): prediction ellipse, Schubert & Kirchner 2014",
            "prieto": "2 pi F(0.95; 2, N-2) sqrt(det S): AREA-CE, Prieto et al. 1996",
            "f-prediction": "2 pi F(0.95; 2, N-2) (N+1)(N-1)/(N(N-2)) sqrt(det S): "
            "Quijoux et al. 2021",
        },
        "mean_frequency_axis": "path / (4 sqrt(2) mean_distance T): 1.11 f for a pure sine",
        "spectrum": {
            "method": "Welch, Hann, 50 % overlap, mean of each segment removed",
            "segment_s": SEGMENT_S,
            "band_hz": list(BAND_HZ),
        },
        "sample_entropy": {
            "m": TEMPLATE,
            "r_sd": TOLERANCE_SDS,
            "rate_hz": ENTROPY_RATE_HZ,
        },
        "diffusion": "half slope of the mean squared displacement: short below 1 s, long 2-10 s",
        "research_only": [f"{name}*" for name in RESEARCH],
    }


def _positional(cop: Float64) -> Measures:
    both = {
        "rms_mm": rms_distance(cop),
        "mean_distance_mm": mean_distance(cop),
        "range_2d_mm": range_2d(cop),
    }
    for name, axis in AXES:
        both[f"rms_{name}_mm"] = rms(cop[:, axis])
        both[f"mean_distance_{name}_mm"] = mean_distance_axis(cop[:, axis])
        both[f"range_{name}_mm"] = range_axis(cop[:, axis])
    return both


def _travelled(cop: Float64, duration_s: float) -> Measures:
    length_mm = path(cop)
    out = {
        "path_mm": length_mm,
        "velocity_mm_s": length_mm / duration_s,
        "sway_area_rate_mm2_s": sway_area_rate(cop, duration_s),
        "mean_frequency_hz": mean_frequency(length_mm, mean_distance(cop), duration_s),
    }
    for name, axis in AXES:
        along_mm, away_mm = path_axis(cop[:, axis]), mean_distance_axis(cop[:, axis])
        out[f"path_{name}_mm"] = along_mm
        out[f"velocity_{name}_mm_s"] = along_mm / duration_s
        out[f"mean_frequency_{name}_hz"] = mean_frequency_axis(along_mm, away_mm, duration_s)
    return out


def _ellipses(cop: Float64, definitions: Definitions) -> Measures:
    """The chosen variant with its axes, and the area of each variant under its own name."""
    chosen = sway_ellipse(cop, definitions.ellipse)
    areas = {
        f"ellipse_area_{variant.replace('-', '_')}_mm2": sway_ellipse(cop, variant).area_mm2
        for variant in ELLIPSES
    }
    return {
        "ellipse_area_mm2": chosen.area_mm2,
        "ellipse_major_mm": chosen.major_mm,
        "ellipse_minor_mm": chosen.minor_mm,
        "ellipse_angle_deg": chosen.angle_deg,
        **areas,
    }


def _research(cop: Float64, rate_hz: float) -> Measures:
    out: Measures = {}
    for name, axis in AXES:
        spread = sway_spectrum(cop[:, axis], rate_hz)
        drifted = diffusion(cop[:, axis], rate_hz)
        out |= {
            f"f50_{name}_hz": spread.f50_hz,
            f"f95_{name}_hz": spread.f95_hz,
            f"centroid_frequency_{name}_hz": spread.centroid_hz,
            f"frequency_dispersion_{name}": spread.dispersion,
            f"diffusion_short_{name}_mm2_s": drifted.short_mm2_s,
            f"diffusion_long_{name}_mm2_s": drifted.long_mm2_s,
            f"hurst_short_{name}": drifted.hurst_short,
            f"hurst_long_{name}": drifted.hurst_long,
            f"critical_time_{name}_s": drifted.critical_time_s,
            f"critical_msd_{name}_mm2": drifted.critical_msd_mm2,
            f"sample_entropy_{name}": sway_entropy(cop[:, axis], rate_hz),
        }
    return {key: float(np.float64(value)) for key, value in out.items()}
