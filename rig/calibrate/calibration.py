# SPDX-License-Identifier: GPL-3.0-or-later
"""The calibration in force: what turns counts into newtons; stored whole in every recording."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from rig.calibrate.sensel_map import SenselMap, check_sensel_map, identity_map
from rig.errors import SettingsError

SENSELS = 32
WIRED_AS_DRAWN: SenselMap = identity_map(SENSELS)


@dataclass(frozen=True, slots=True)
class Calibration:
    """First version: one curve for all FSRs, one tare a sensel, one body-weight gain.

    `fsr_k_us` and `fsr_exponent` are k (microsiemens at 1 N) and p of G = k F^p; an FSR 402 is near
    10 kohm at 1 N and 1 kohm at 10 N (data sheet curve), so k = 100 uS, p = 1.
    `tare_force_n` is what each pad reads with the foot lifted; it is taken off before anything else.
    `body_weight_gain` scales tributary estimates so that quiet stance sums to the body weight; 1.0
    with `body_weight_gain_source` "default" means nobody measured it.
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

    def __post_init__(self) -> None:
        check_sensel_map(self.sensel_map, SENSELS)
        if len(self.tare_force_n) != SENSELS or len(self.unloaded_noise_n) != 2:
            raise SettingsError(
                f"The calibration {self.identifier!r} has {len(self.tare_force_n)} tare values and "
                f"{len(self.unloaded_noise_n)} noise values; {SENSELS} and 2 are needed. Tare again."
            )
        if min(self.fsr_k_us, self.fsr_exponent, self.body_weight_gain) <= 0 or self.mux_ohm < 0:
            raise SettingsError(
                f"The calibration {self.identifier!r} holds a curve or gain that is not above zero, "
                "which cannot be. Calibrate again."
            )

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
