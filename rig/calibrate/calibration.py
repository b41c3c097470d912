# SPDX-License-Identifier: GPL-3.0-or-later
"""The calibration in force: what turns counts into newtons; stored whole in every recording."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from rig.calibrate.sensel_map import SenselMap, check_sensel_map, identity_map
from rig.errors import SettingsError

SENSELS = 32
TARED_SENSELS = (SENSELS, 16 * 16, 32 * 32)
"""Of a pair of insoles and of the mats."""
REGION_GAINS = 8
WIRED_AS_DRAWN: SenselMap = identity_map(SENSELS)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A curve a sensel, a tare a sensel, and the gains from pads to feet.

    `fsr_k_us` and `fsr_exponent` are k (microsiemens at 1 N) and p of G = k F^p; an FSR 402 is near
    10 kohm at 1 N and 1 kohm at 10 N (data sheet curve), so k = 100 uS, p = 1. They hold for every
    sensel until a bench gives each its own (`sensel_k_us`, `sensel_exponent`; empty: no bench yet).
    `tare_force_n` is what each pad reads with the foot lifted, or each cell of an empty mat (as many as
    the rig has; those of another rig count as none); it is taken off before anything else.
    What is left is scaled by tributary area, `region_gain`, `foot_gain` and `body_weight_gain`, one
    upon the other. `body_weight_gain` makes quiet stance sum to the body weight; 1.0 with
    `body_weight_gain_source` "default" means nobody measured it; "insole" and "visit" say that the
    region gains or the foot gains have done its work.

    Standard errors are relative (0.06 is 6 %); an empty tuple means that nobody measured them. Days
    are ISO 8601; "" means never. Everything by sensel is in the order of the pads.
    """

    identifier: str = "default"
    fsr_k_us: float = 100.0
    fsr_exponent: float = 1.0
    mux_ohm: float = 70.0
    tare_force_n: tuple[float, ...] = (0.0,) * SENSELS
    body_weight_gain: float = 1.0
    body_weight_gain_source: str = "default"
    unloaded_noise_n: tuple[float, float] = (0.0, 0.0)
    """Standard deviation of each unloaded foot's `force_n`, from the tare; raises the thresholds."""
    sensel_map: SenselMap = WIRED_AS_DRAWN
    """Sample that carries each pad, -1 where a pad has no sensor; applied before anything else."""
    sensel_k_us: tuple[float, ...] = ()
    sensel_exponent: tuple[float, ...] = ()
    sensel_gain_sd: tuple[float, ...] = ()
    """Of each sensel's force, from its bench; empty: the data sheet's part-to-part 0.06 within a batch
    (Interlink FSR 400 series)."""
    region_gain: tuple[float, ...] = (1.0,) * REGION_GAINS
    """Left heel, midfoot, ball, toes, then the right foot's."""
    region_gain_sd: tuple[float, ...] = ()
    foot_gain: tuple[float, float] = (1.0, 1.0)
    foot_gain_sd: tuple[float, ...] = ()
    board_id: str = ""
    insole_id: str = ""
    insole_version: str = ""
    """Name of the stored insole calibration that the curves and region gains come from."""
    bench_loads_n: tuple[float, ...] = ()
    insole_made_on: str = ""
    insole_verdict: str = ""
    visit_made_on: str = ""
    visit_verdict: str = ""
    visit_weight_n: float | None = None
    visit_weight_source: str = ""
    visit_check_value: float | None = None
    """|mean U - 1| with the gains stored before the visit check."""
    made_on: str = ""
    """The day on which these parts were put together."""

    def __post_init__(self) -> None:
        check_sensel_map(self.sensel_map, SENSELS)
        if len(self.tare_force_n) not in TARED_SENSELS or len(self.unloaded_noise_n) != 2:
            rigs = ", ".join(map(str, TARED_SENSELS[:-1]))
            raise SettingsError(
                f"The calibration {self.identifier!r} has {len(self.tare_force_n)} tare values and "
                f"{len(self.unloaded_noise_n)} noise values; {rigs} or {TARED_SENSELS[-1]}, and 2, are "
                "needed. Tare again."
            )
        if min(self.fsr_k_us, self.fsr_exponent, self.body_weight_gain) <= 0 or self.mux_ohm < 0:
            raise SettingsError(
                f"The calibration {self.identifier!r} holds a curve or gain that is not above zero, "
                "which cannot be. Calibrate again."
            )
        _check_gains(self)

    def tare_of(self, sensels: int) -> tuple[float, ...]:
        """`tare_force_n` for a rig of so many sensels: none where it is another rig's."""
        mine = len(self.tare_force_n) == sensels
        return self.tare_force_n if mine else (0.0,) * sensels

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(stored: dict[str, Any]) -> Calibration:
        """Raises `SettingsError` naming what is missing or unknown."""
        known = {f.name for f in fields(Calibration)}
        unknown = sorted(set(stored) - known)
        if unknown:
            raise SettingsError(
                f"The calibration holds unknown entries ({', '.join(unknown)}); it was written by a "
                "newer Solerig. Update Solerig to read it."
            )
        listed: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()
        }
        return Calibration(**listed)


def _check_gains(calibration: Calibration) -> None:
    """Refuse gains and curves that cannot be.

    Raises
    ------
    SettingsError
        A wrong number of them, one that is not above zero, or a standard error below zero.
    """
    c = calibration
    sensels = len(c.sensel_k_us)
    counted = (
        ("exponents", c.sensel_exponent, (sensels,)),
        ("standard errors of the sensors", c.sensel_gain_sd, (0, sensels, SENSELS)),
        ("region gains", c.region_gain, (REGION_GAINS,)),
        ("standard errors of the region gains", c.region_gain_sd, (0, REGION_GAINS)),
        ("foot gains", c.foot_gain, (2,)),
        ("standard errors of the foot gains", c.foot_gain_sd, (0, 2)),
    )
    for what, values, allowed in counted:
        if len(values) not in allowed:
            raise SettingsError(
                f"The calibration {c.identifier!r} has {len(values)} {what}, which does not fit the "
                f"rest of it ({' or '.join(map(str, sorted(set(allowed))))}). Calibrate again."
            )
    gains = (*c.sensel_k_us, *c.sensel_exponent, *c.region_gain, *c.foot_gain)
    errors = (*c.sensel_gain_sd, *c.region_gain_sd, *c.foot_gain_sd)
    if min(gains) <= 0.0 or min(errors, default=0.0) < 0.0:
        raise SettingsError(
            f"The calibration {c.identifier!r} holds a gain or a curve that is not above zero, or a "
            "standard error below zero, which cannot be. Calibrate again."
        )
