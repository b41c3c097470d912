# SPDX-License-Identifier: GPL-3.0-or-later
"""The visit check: ten seconds of gentle shifting from foot to foot, against the scale's weight.

Both feet must add up to the body weight wherever the weight is between them, so the shift tells the
left gain from the right one. What the hands carry on a rail goes into the gains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from rig.calibrate.calibration import SENSELS, Calibration
from rig.calibrate.divider import force_of_counts, look_up
from rig.calibrate.foot_force import pad_weights
from rig.calibrate.force_block import Float64
from rig.calibrate.sensel_map import mapped_counts
from rig.errors import SettingsError
from rig.layout import Foot
from rig.wire.packets import Hello

SHIFT_S = 10.0
SINGLE_LEG_S = 3.0
PART_S = 0.25
"""Rows of the fit are means over so long: a shift takes seconds (design choice)."""
RENEWS_WITHIN = 0.05
"""Of the scale's weight: the insole calibration still holds (design choice)."""
POOR_FROM = 0.15
"""Of the scale's weight: the insole calibration should be made again (design choice)."""
FITTED_SHARES = (0.3, 0.7)
LEAST_SHARE_RANGE = 0.2
"""Between the 5th and the 95th percentile of the left foot's share; with less, the two gains cannot be
told apart (design choice)."""
GROUND_SHARE = 0.05
"""A foot with less in the shift has left the ground (design choice)."""
ALONE_SHARE = 0.9
FIRST_LEAN = 0.1
"""Change of share that counts as the first lean (design choice)."""
LARGEST_RESIDUAL = 0.08
"""Standard deviation of the corrected total over body weight, above which somebody stepped, bounced or
leaned on something (design choice)."""
GAIN_LIMITS = (0.2, 5.0)
KILOGRAMS_IN_A_POUND = 0.45359237
UNIT_TOLERANCE = 0.15
UNCALIBRATED_SOURCE = "default"


@dataclass(frozen=True, slots=True)
class VisitCheck:
    """What the shift said.

    Attributes
    ----------
    value : float or None
        |mean U - 1| with the stored gains, U being both feet's force in body weights; None where no
        gains were stored.
    foot_gain, foot_gain_sd : (left, right)
        By how much each foot's force must be multiplied; `foot_gain_sd` is relative.
    share_range : (low, high)
        5th and 95th percentile of the left foot's share.
    residual_sd : float
        Of the corrected total, in body weights.
    """

    value: float | None
    foot_gain: tuple[float, float]
    foot_gain_sd: tuple[float, float]
    share_range: tuple[float, float]
    residual_sd: float
    body_weight_n: float
    weight_source: str
    with_single_leg: bool
    verdict: str

    @property
    def renews(self) -> bool:
        """Whether the insole calibration in force holds for another 30 days."""
        return self.value is not None and self.value <= RENEWS_WITHIN


def visit_check(
    shift_counts: npt.ArrayLike,
    hello: Hello,
    calibration: Calibration,
    body_weight_n: float,
    foot_length_mm: float,
    weight_source: str = "typed",
    first_side: Foot | None = None,
    single_leg_counts: Sequence[npt.ArrayLike] = (),
) -> VisitCheck:
    """Gains of both feet from a side-to-side shift.

    k_L S_L + k_R S_R = BW is solved by least squares over quarter-second means at which the left foot
    bears 0.3 to 0.7; standing on one leg adds rows of its own. Standard errors are those of ordinary
    least squares, widened for residuals that follow each other (effective sample size of a first-order
    autoregression).

    Parameters
    ----------
    shift_counts : (n, 32)
        As they crossed the wire, both feet on the ground throughout.
    calibration
        Tared; its foot gains are not used.
    first_side
        The foot onto which the person was asked to lean first; None: nobody asked.
    single_leg_counts
        Frames of standing on one leg, each its own array.

    Raises
    ------
    SettingsError
        Swapped feet, a foot off the ground, too little shift, somebody who stepped, or a weight that
        cannot be (in pounds, say).
    """
    stored = replace(calibration, foot_gain=(1.0, 1.0))
    rows = _foot_means(shift_counts, hello, stored, foot_length_mm) / body_weight_n
    if len(rows) < 0.6 * SHIFT_S / PART_S:
        raise SettingsError(
            f"Too few frames came while shifting; {SHIFT_S:g} s are needed. Check the link and repeat."
        )
    total = rows.sum(axis=1)
    has_gains = calibration.body_weight_gain_source != UNCALIBRATED_SOURCE
    _refuse_weight(float(total.mean()), body_weight_n, has_gains=has_gains)
    share = rows[:, Foot.LEFT] / np.maximum(total, 1e-9)
    if first_side is not None:
        _refuse_swapped(share, first_side)
    share_range = _share_range(share)
    fitted = rows[(share >= FITTED_SHARES[0]) & (share <= FITTED_SHARES[1])]
    alone = [
        single_leg_rows(c, hello, stored, foot_length_mm) / body_weight_n for c in single_leg_counts
    ]
    gain, gain_sd, residual_sd = _solve(np.concatenate([fitted, *alone]))
    value = abs(float(total.mean()) - 1.0) if has_gains else None
    return VisitCheck(
        value=value,
        foot_gain=gain,
        foot_gain_sd=gain_sd,
        share_range=share_range,
        residual_sd=residual_sd,
        body_weight_n=body_weight_n,
        weight_source=weight_source,
        with_single_leg=bool(alone),
        verdict=_verdict(value, gain),
    )


def with_visit_check(calibration: Calibration, found: VisitCheck, today: date) -> Calibration:
    """The calibration in force after the check: its foot gains, and what they rest on."""
    noise_n = np.array(calibration.unloaded_noise_n) / calibration.foot_gain * found.foot_gain
    source = calibration.body_weight_gain_source
    named = calibration.identifier != Calibration().identifier
    return replace(
        calibration,
        identifier=calibration.identifier if named else f"visit-{today.isoformat()}",
        foot_gain=found.foot_gain,
        foot_gain_sd=found.foot_gain_sd,
        unloaded_noise_n=(float(noise_n[0]), float(noise_n[1])),
        body_weight_gain_source="visit" if source == UNCALIBRATED_SOURCE else source,
        visit_made_on=today.isoformat(),
        visit_verdict=found.verdict,
        visit_weight_n=found.body_weight_n,
        visit_weight_source=found.weight_source,
        visit_check_value=found.value,
        made_on=today.isoformat(),
    )


def single_leg_rows(
    counts: npt.ArrayLike,
    hello: Hello,
    calibration: Calibration,
    foot_length_mm: float,
    foot: Foot | None = None,
) -> Float64:
    """Forces of both feet, (m, 2), quarter-second means while one of them bore nearly all.

    Parameters
    ----------
    foot
        The one that should bear it; None: either.

    Raises
    ------
    SettingsError
        Nobody stood on one leg for long enough, or the other insole took the load.
    """
    rows = _foot_means(counts, hello, calibration, foot_length_mm)
    share = rows[:, Foot.LEFT] / np.maximum(rows.sum(axis=1), 1e-9)
    on_left, on_right = share > ALONE_SHARE, share < 1.0 - ALONE_SHARE
    least = 0.6 * SINGLE_LEG_S / PART_S
    if foot is not None and (on_right if foot == Foot.LEFT else on_left).sum() >= least:
        raise SettingsError(
            f"Only the {foot.name.lower()} foot should stand, but the other insole bears the load: left "
            "and right are swapped, or the wrong leg was lifted. Repeat it; if the correct leg was "
            "lifted, swap the insoles or their plugs and begin anew."
        )
    kept = rows[on_left | on_right]
    if len(kept) < least:
        raise SettingsError(
            "The person did not stand on one leg for long enough. Repeat it, or leave it out: the "
            "shift alone will do."
        )
    return kept


def _foot_means(
    counts: npt.ArrayLike, hello: Hello, calibration: Calibration, foot_length_mm: float
) -> Float64:
    """Forces of both feet, quarter-second means, (m, 2)."""
    samples = np.asarray(counts, np.uint16)
    if samples.ndim != 2 or samples.shape[1] != SENSELS:
        raise SettingsError(
            f"A visit check needs samples of {SENSELS} pads; these have the shape {samples.shape}."
        )
    pads_n = look_up(
        force_of_counts(hello, calibration), mapped_counts(samples, calibration.sensel_map)
    )
    pads_n = np.maximum(pads_n - np.asarray(calibration.tare_of(SENSELS)), 0.0)
    feet_n = (pads_n.reshape(len(pads_n), 2, -1) * pad_weights(foot_length_mm, calibration)).sum(-1)
    part = max(1, round(PART_S * hello.scan_rate_hz))
    whole = len(feet_n) // part
    return feet_n[: whole * part].reshape(whole, part, 2).mean(axis=1)


def _refuse_weight(mean_u: float, body_weight_n: float, *, has_gains: bool) -> None:
    mass_kg = body_weight_n / 9.80665
    pounds = mean_u / KILOGRAMS_IN_A_POUND
    if has_gains and abs(pounds - 1.0) < UNIT_TOLERANCE:
        raise SettingsError(
            f"The insoles read {mean_u * mass_kg:.0f} kg, but {mass_kg:.0f} kg were typed in; "
            f"{mass_kg:.0f} pounds are {mass_kg * KILOGRAMS_IN_A_POUND:.0f} kg. Was the weight in "
            "pounds? Type it in kilograms and repeat."
        )
    low, high = (0.5, 2.0) if has_gains else (1.0 / GAIN_LIMITS[1], 1.0 / GAIN_LIMITS[0])
    if not low <= mean_u <= high:
        raise SettingsError(
            f"Both feet together read {mean_u * mass_kg:.0f} kg, which cannot be a person of "
            f"{mass_kg:.0f} kg. Stand on both insoles, check the weight typed in and the plugs, and "
            "repeat."
        )


def _refuse_swapped(share: Float64, first_side: Foot) -> None:
    """The first lean must go to the side that was asked for."""
    start = float(share[: round(1.0 / PART_S)].mean())
    leaned = np.flatnonzero(np.abs(share - start) > FIRST_LEAN)
    if len(leaned) == 0:
        return
    went = Foot.LEFT if share[leaned[0]] > start else Foot.RIGHT
    if went != first_side:
        asked, other = first_side.name.lower(), went.name.lower()
        raise SettingsError(
            f"The first lean should have gone to the {asked} foot, but the {other} insole took the "
            f"load: left and right are swapped, or the person leaned {other} first. Lift the left "
            "foot and see which side goes dark; swap the insoles or their plugs if it is the right "
            "one, then repeat."
        )


def _share_range(share: Float64) -> tuple[float, float]:
    if float(share.min()) < GROUND_SHARE or float(share.max()) > 1.0 - GROUND_SHARE:
        raise SettingsError(
            "A foot left the ground while shifting. Keep both feet down, shift gently from side to "
            "side holding on with your fingertips, and repeat."
        )
    low, high = (float(q) for q in np.percentile(share, (5.0, 95.0)))
    if high - low < LEAST_SHARE_RANGE:
        raise SettingsError(
            f"The weight hardly moved: the left foot bore {100 * low:.0f} to {100 * high:.0f} % of it. "
            "Shift further to each side, about two thirds of the weight on one foot, and repeat."
        )
    return low, high


def _solve(rows: Float64) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Gains, their relative standard errors, and the residual's standard deviation."""
    gram = rows.T @ rows
    if len(rows) < 8 or np.linalg.cond(gram) > 1e6:
        raise SettingsError(
            "The weight was hardly ever shared by both feet, so left and right cannot be told apart. "
            "Shift slowly through the middle, and repeat."
        )
    gain = np.linalg.solve(gram, rows.sum(axis=0))
    residual = rows @ gain - 1.0
    sd = float(np.sqrt((residual**2).sum() / (len(rows) - 2)))
    if sd > LARGEST_RESIDUAL:
        raise SettingsError(
            f"The total changed by {100 * sd:.0f} % of the body weight while shifting: the person "
            "stepped, bounced, or leaned on something. Shift gently on both feet, and repeat."
        )
    if not GAIN_LIMITS[0] <= gain.min() <= gain.max() <= GAIN_LIMITS[1]:
        raise SettingsError(
            f"The feet would need gains of {gain[0]:.2f} and {gain[1]:.2f}, which no working pair of "
            "insoles does. Check the plugs with 'solerig doctor --board', and repeat."
        )
    follows = float(np.corrcoef(residual[:-1], residual[1:])[0, 1]) if sd > 1e-12 else 0.0
    widened = (1.0 + np.clip(follows, 0.0, 0.9)) / (1.0 - np.clip(follows, 0.0, 0.9))
    gain_sd = sd * np.sqrt(widened * np.diag(np.linalg.inv(gram))) / gain
    return (
        (float(gain[0]), float(gain[1])),
        (float(gain_sd[0]), float(gain_sd[1])),
        sd,
    )


def _verdict(value: float | None, gain: tuple[float, float]) -> str:
    ratio = 100.0 * abs(gain[Foot.LEFT] / gain[Foot.RIGHT] - 1.0)
    sides = f" Left and right differed by {ratio:.0f} % and are evened out." if ratio >= 10 else ""
    if value is None:
        return f"No gains were stored: these are the first.{sides}"
    if value <= RENEWS_WITHIN:
        return f"Good: within {100 * value:.1f} % of the scale.{sides}"
    if value <= POOR_FROM:
        return (
            f"Usable: {100 * value:.0f} % off the scale, corrected for this visit. Calibrate the "
            f"insoles again soon.{sides}"
        )
    return (
        f"Poor: {100 * value:.0f} % off the scale, corrected for this visit. Calibrate the insoles "
        f"again before you trust the centre of pressure.{sides}"
    )
