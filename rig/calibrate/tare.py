# SPDX-License-Identifier: GPL-3.0-or-later
"""The visit's two short measurements: tare with the feet lifted, body-weight gain in quiet stance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from rig.calibrate.calibration import SENSELS, Calibration
from rig.calibrate.divider import force_of_counts, look_up
from rig.calibrate.foot_force import pad_weights
from rig.calibrate.force_block import Float64
from rig.calibrate.sensel_map import mapped_counts
from rig.errors import SettingsError
from rig.layout import foot_length_mm as length_of_size
from rig.wire.packets import Hello

TARE_S = 2.0
SHORTEST_S = 1.0
HIGHEST_PRELOAD = 0.05
"""Of the body weight, both feet together: a laced shoe presses less (design choice)."""
USUAL_BODY_WEIGHT_N = 700.0
UNLOADED_SWING_N = 20.0
LEAST_SHARE = 0.15
LARGEST_SWAY = 0.08
"""Standard deviation over mean of the total, above which the person moved (design choice)."""
GAIN_RANGE = (0.2, 5.0)
"""Outside it the pads cannot have carried the body (model range 0.4 to 1.5 with good pads)."""


def tare_from_counts(
    counts: npt.ArrayLike,
    hello: Hello,
    calibration: Calibration,
    foot_length_mm: float | None = None,
    body_weight_n: float | None = None,
) -> Calibration:
    """The calibration with each pad's median force of the last 2 s as its tare.

    Parameters
    ----------
    counts : (n, 32)
        Samples taken seated, feet lifted, shoes laced.
    foot_length_mm, body_weight_n : float, optional
        For the noise and the preload's limit; EU 42 and 700 N where not known.

    Raises
    ------
    SettingsError
        Too few samples, a loaded foot, or a foot that moved against something.
    """
    table_n = force_of_counts(hello, calibration)
    samples = _checked(counts, hello, calibration)
    pads_n = look_up(table_n, samples[-round(TARE_S * hello.scan_rate_hz) :])
    tare_n = np.median(pads_n, axis=0)
    length_mm = foot_length_mm or length_of_size(42.0)
    feet_n = _feet_n(pads_n, pad_weights(length_mm, calibration))
    limit_n = HIGHEST_PRELOAD * (body_weight_n or USUAL_BODY_WEIGHT_N)
    preload_n = float(np.median(feet_n, axis=0).sum())
    if preload_n > limit_n:
        raise SettingsError(
            f"The feet press with {preload_n:.0f} N while they should hang free (at most "
            f"{limit_n:.0f} N). Sit down, lift both feet, loosen the laces, and tare again."
        )
    noise_n = feet_n.std(axis=0)
    if float(noise_n.max()) > UNLOADED_SWING_N:
        raise SettingsError(
            f"The load under a foot changed by {float(noise_n.max()):.0f} N while taring. Keep both "
            "feet in the air and still for two seconds, and tare again."
        )
    return replace(
        calibration,
        tare_force_n=tuple(float(f) for f in tare_n),
        unloaded_noise_n=(float(noise_n[0]), float(noise_n[1])),
    )


def body_weight_gain_from_counts(
    counts: npt.ArrayLike,
    hello: Hello,
    calibration: Calibration,
    body_weight_n: float,
    foot_length_mm: float,
) -> Calibration:
    """The calibration with the gain that makes quiet stance on both feet sum to the body weight.

    Parameters
    ----------
    counts : (n, 32)
        Samples taken in quiet stance on both feet, after the tare.

    Raises
    ------
    SettingsError
        Too few samples, a foot that bears next to nothing, a moving person, or a total that no
        body weight explains.
    """
    table_n = force_of_counts(hello, calibration)
    tare_n = np.asarray(calibration.tare_of(SENSELS))
    pads_n = look_up(table_n, _checked(counts, hello, calibration))
    pads_n = np.maximum(pads_n - tare_n, 0.0)
    unscaled = replace(calibration, body_weight_gain=1.0)
    feet_n = _feet_n(pads_n, pad_weights(foot_length_mm, unscaled))
    total_n = feet_n.sum(axis=1)
    mean_n = float(total_n.mean())
    gain = body_weight_n / mean_n if mean_n > 0.0 else np.inf
    if not GAIN_RANGE[0] <= gain <= GAIN_RANGE[1]:
        raise SettingsError(
            f"Both feet together read {mean_n:.0f} N before scaling, which cannot be a person of "
            f"{body_weight_n:.0f} N. Stand on both insoles, check the weight typed in and the plugs, "
            "and measure again."
        )
    _refuse_uneven(feet_n.mean(axis=0) / mean_n)
    if float(total_n.std()) > LARGEST_SWAY * mean_n:
        raise SettingsError(
            "The load changed too much while it was measured. Stand still on both feet for a few "
            "seconds, and measure again."
        )
    return with_measured_gain(calibration, gain)


def with_measured_gain(calibration: Calibration, gain: float) -> Calibration:
    """The calibration with a gain weighed on the rig itself; what feet read unloaded scales with it."""
    rescale = gain / calibration.body_weight_gain
    left_n, right_n = calibration.unloaded_noise_n
    return replace(
        calibration,
        body_weight_gain=gain,
        body_weight_gain_source="measured",
        unloaded_noise_n=(left_n * rescale, right_n * rescale),
    )


def _checked(
    counts: npt.ArrayLike, hello: Hello, calibration: Calibration
) -> npt.NDArray[np.int64]:
    """Samples in the order of the pads."""
    samples = np.asarray(counts, np.int64)
    if samples.ndim != 2 or samples.shape[1] != SENSELS:
        raise SettingsError(
            f"A calibration needs samples of {SENSELS} pads; these have the shape {samples.shape}."
        )
    if len(samples) < SHORTEST_S * hello.scan_rate_hz:
        raise SettingsError(
            f"Only {len(samples)} frames were taken; at least {SHORTEST_S:g} s are needed. Check the "
            "link and measure again."
        )
    within = np.clip(samples, 0, (1 << hello.bit_depth) - 1).astype(np.uint16)
    return mapped_counts(within, calibration.sensel_map).astype(np.int64)


def _feet_n(pads_n: Float64, weights: Float64) -> Float64:
    """Foot forces, shape (n, 2)."""
    return (pads_n.reshape(len(pads_n), 2, -1) * weights).sum(axis=-1)


def _refuse_uneven(shares: Float64) -> None:
    side = int(np.argmin(shares))
    if shares[side] >= LEAST_SHARE:
        return
    name = ("left", "right")[side]
    raise SettingsError(
        f"The {name} foot bears only {100.0 * float(shares[side]):.0f} % of the load. Stand evenly on "
        f"both insoles, check the {name} insole's plug, and measure again."
    )
