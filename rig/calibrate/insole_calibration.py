# SPDX-License-Identifier: GPL-3.0-or-later
"""What staff found out about one pair of insoles, and how long it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from rig.calibrate.bench import PART_TO_PART_SD, SenselCurve, repeatability, sensel_gain_sd
from rig.calibrate.calibration import Calibration
from rig.calibrate.region_gains import RegionGains
from rig.errors import SettingsError

SCHEMA = "solerig.insole_calibration/1"
LIFE = timedelta(days=30)
"""Design choice; afterwards it warns and never blocks."""
GOOD_RESIDUAL = 0.04
GOOD_HYSTERESIS = 0.15
"""The data sheet's average is 10 % (Interlink FSR 400 series)."""
GOOD_REPEATABILITY = 0.04
"""The data sheet's +-2 % for one part, doubled for the hand that lays the weight on."""
GOOD_STANCE = 0.05
GOOD_TOP = 0.6
"""A part that reads less of the highest load than this has saturated early (design choice)."""


@dataclass(frozen=True, slots=True)
class InsoleCalibration:
    """Bench curves and region gains of one pair of insoles (or the cells of one mat).

    Attributes
    ----------
    insole_id : str
        What staff wrote on the insoles; the board's id where they have none of their own.
    made_on : str
        ISO date.
    curves
        One for each sensel that was on the bench.
    region
        None until the stances were taken.
    """

    insole_id: str
    board_id: str
    made_on: str
    sensels: int
    curves: tuple[SenselCurve, ...] = ()
    region: RegionGains | None = None
    stance_weight_n: float | None = None
    stance_weight_source: str = ""
    version: str = ""

    @property
    def loads_n(self) -> tuple[float, ...]:
        """All loads that any sensel saw."""
        return tuple(sorted({load_n for curve in self.curves for load_n in curve.loads_n}))

    @property
    def repeatability(self) -> float | None:
        return repeatability(self.curves)

    @property
    def verdict(self) -> str:
        """In words: whether to trust it, and why not."""
        return " ".join(verdict_sentences(self))

    def to_json(self) -> dict[str, Any]:
        """With what follows from it, for whoever reads the file."""
        derived = {
            "loads_n": list(self.loads_n),
            "repeatability": self.repeatability,
            "verdict": self.verdict,
        }
        return {"schema": SCHEMA} | asdict(self) | derived

    @staticmethod
    def from_json(stored: object, where: str) -> InsoleCalibration:
        """The other way.

        Raises
        ------
        SettingsError
            Another schema, or entries that cannot be understood; `where` is named.
        """
        if not isinstance(stored, dict) or stored.get("schema") != SCHEMA:
            raise SettingsError(
                f"{where} is not an insole calibration that this Solerig reads ({SCHEMA}). Update "
                "Solerig, or calibrate again."
            )
        known = {f.name for f in fields(InsoleCalibration)}
        entries: dict[str, Any] = {k: v for k, v in stored.items() if k in known}
        try:
            entries["curves"] = tuple(
                SenselCurve(**c | {"loads_n": tuple(c["loads_n"])}) for c in entries["curves"]
            )
            if entries["region"] is not None:
                region = entries["region"]
                entries["region"] = RegionGains(
                    tuple(region["gain"]), tuple(region["gain_sd"]), region["residual"]
                )
            date.fromisoformat(entries["made_on"])
            return InsoleCalibration(**entries)
        except (KeyError, TypeError, ValueError) as error:
            raise SettingsError(
                f"The insole calibration {where} cannot be understood ({error}), so it is not used. "
                "Calibrate again, or put the file back as it was."
            ) from error


def with_insole(calibration: Calibration, insole: InsoleCalibration) -> Calibration:
    """The calibration with these curves and region gains; tare and foot gains start anew.

    A sensel that saw no bench takes the middle curve of those that did, with the data sheet's
    part-to-part spread as its standard error.
    """
    found = replace(
        calibration,
        identifier=f"insole-{insole.insole_id}",
        board_id=insole.board_id,
        insole_id=insole.insole_id,
        insole_version=insole.version,
        insole_made_on=insole.made_on,
        insole_verdict=insole.verdict,
        bench_loads_n=insole.loads_n,
        tare_force_n=(0.0,) * len(calibration.tare_force_n),
        unloaded_noise_n=(0.0, 0.0),
        foot_gain=(1.0, 1.0),
        foot_gain_sd=(),
        made_on=insole.made_on,
    )
    found = _with_curves(found, insole)
    if insole.region is None:
        return found
    return replace(
        found,
        region_gain=insole.region.gain,
        region_gain_sd=insole.region.gain_sd,
        body_weight_gain=1.0,
        body_weight_gain_source="insole",
    )


def expired_days(insole: InsoleCalibration, renewals: Sequence[str], today: date) -> int:
    """Days since it ran out, 0 while it holds.

    Parameters
    ----------
    renewals
        ISO dates of the visit checks that came within 5 % of the scale with it.
    """
    last = max(date.fromisoformat(day) for day in (insole.made_on, *renewals))
    return max(0, (today - last - LIFE).days)


def expiry_sentence(insole: InsoleCalibration, renewals: Sequence[str], today: date) -> str:
    """A warning when it has run out, else nothing."""
    days = expired_days(insole, renewals, today)
    if days == 0:
        return ""
    return (
        f"The calibration of insoles {insole.insole_id} ran out {days} days ago. It is used "
        "all the same; a visit check within 5 % of the scale renews it."
    )


def verdict_sentences(insole: InsoleCalibration) -> list[str]:
    """First the verdict, then each reason against it."""
    against = _bench_doubts(insole) + _stance_doubts(insole)
    if not insole.curves and insole.region is None:
        return ["Nothing was measured yet."]
    respects = "1 respect" if len(against) == 1 else f"{len(against)} respects"
    return [f"Doubtful in {respects}:" if against else "Good.", *against]


def _bench_doubts(insole: InsoleCalibration) -> list[str]:
    if not insole.curves:
        return ["No sensor was on the bench: all have the data sheet's curve."]
    doubts = []
    if missing := insole.sensels - len(insole.curves):
        doubts.append(f"{missing} sensors were not on the bench.")
    for what, values, limit in (
        ("stray around their curve", [c.residual_sd for c in insole.curves], GOOD_RESIDUAL),
        ("have much hysteresis", [c.hysteresis for c in insole.curves], GOOD_HYSTERESIS),
        ("saturate early", [1.0 - c.top_share for c in insole.curves], 1.0 - GOOD_TOP),
    ):
        if strange := sum(v > limit for v in values):
            doubts.append(f"{strange} sensors {what} (up to {100 * max(values):.0f} %).")
    if (repeat := insole.repeatability) is not None and repeat > GOOD_REPEATABILITY:
        doubts.append(f"The same load read {100 * repeat:.0f} % differently the second time.")
    return doubts


def _stance_doubts(insole: InsoleCalibration) -> list[str]:
    if insole.region is None:
        return ["No stances were taken, so the regions have no gains."]
    worst = max(insole.region.residual.items(), key=lambda item: abs(item[1]))
    if abs(worst[1]) <= GOOD_STANCE:
        return []
    return [f"The {worst[0]} stance is {100 * worst[1]:+.0f} % off the body weight."]


def _with_curves(calibration: Calibration, insole: InsoleCalibration) -> Calibration:
    if not insole.curves:
        return calibration
    k_us = np.full(insole.sensels, float(np.median([c.k_us for c in insole.curves])))
    exponent = np.full(insole.sensels, float(np.median([c.exponent for c in insole.curves])))
    gain_sd = np.full(insole.sensels, PART_TO_PART_SD)
    for curve in insole.curves:
        k_us[curve.sensel], exponent[curve.sensel] = curve.k_us, curve.exponent
        gain_sd[curve.sensel] = sensel_gain_sd(curve, insole.repeatability)
    return replace(
        calibration,
        sensel_k_us=tuple(k_us.tolist()),
        sensel_exponent=tuple(exponent.tolist()),
        sensel_gain_sd=tuple(gain_sd.tolist()),
    )
