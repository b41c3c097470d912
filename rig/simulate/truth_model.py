# SPDX-License-Identifier: GPL-3.0-or-later
"""What the truth of a simulated session holds."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rig.layout import Foot
from rig.layout.foot import Float64
from rig.simulate.body import TrueLoads
from rig.simulate.load_field import LoadField


@dataclass(frozen=True, slots=True)
class TrueFault:
    """Something that went wrong.

    Attributes
    ----------
    size : float
        The quantity that the rule looks at, as a multiple of the rule's threshold; 1 or more.
    severity : str
        "fault" makes a repetition dirty; "warning" and "hint" do not.
    numbers : dict
        What triggered it, by name with its unit.
    """

    code: str
    at_s: float
    size: float
    numbers: dict[str, float] = field(default_factory=dict)
    severity: str = "fault"
    foot: Foot | None = None


@dataclass(frozen=True, slots=True)
class TrueContact:
    """One foot on the ground; `on_s` or `off_s` is None where the contact is open at an end.

    Attributes
    ----------
    kind : str
        "foot"; "tap" for the tapping foot; "support" in pony, from one crossing of equal load to the
        next.
    touch_s : float or None
        When the first force came, before the foot counted as ON.
    y_ic, toes_at_landing : float
        Force-weighted CoP y in foot lengths, and toes' share, over the first 20 ms from 0.10 body
        weights on (a tap: from its ON on); NaN for a tap of less than 15 N and for a support.
    y_end, toes_at_end : float
        When the force last fell through half of its peak; NaN for a support.
    heel_lead_s : float
        How long the heel's 0.05 body weights came before the ball's; NaN where one never came.
    peak_at, late_toe_share : float
        Part of the contact at which the force peaks; toes' part of the impulse of its last 30 %.
    loading_rate_bw_s : float
        From 20 to 80 % of the first peak, body weights a second.
    """

    foot: Foot
    kind: str
    on_s: float | None
    off_s: float | None
    peak_force_n: float
    impulse_n_s: float
    heel_touch: str
    heel_share_max: float
    heel_impulse_share: float
    touch_s: float | None = None
    y_ic: float = np.nan
    toes_at_landing: float = np.nan
    y_end: float = np.nan
    toes_at_end: float = np.nan
    heel_lead_s: float = np.nan
    peak_at: float = np.nan
    late_toe_share: float = np.nan
    loading_rate_bw_s: float = np.nan
    faults: tuple[TrueFault, ...] = ()

    @property
    def contact_time_s(self) -> float | None:
        """None where the contact is open."""
        return None if self.on_s is None or self.off_s is None else self.off_s - self.on_s

    @property
    def strike(self) -> str | None:
        """Thirds of the foot length (Cavanagh and Lafortune 1980)."""
        if np.isnan(self.y_ic):
            return None
        return "rearfoot" if self.y_ic <= 0.333 else "midfoot" if self.y_ic <= 0.666 else "forefoot"


@dataclass(frozen=True, slots=True)
class TrueRepetition:
    """One execution of the drill; `measures` by name with its unit.

    `not_judged`: codes whose rule needs a baseline that does not yet exist, or a neighbour that the
    recording does not hold.
    """

    side: Foot
    start_s: float | None
    end_s: float | None
    heel_touch: str
    measures: dict[str, float]
    faults: tuple[TrueFault, ...] = ()
    not_judged: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Nothing that counts as a fault."""
        return all(fault.severity != "fault" for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Performance:
    """What a drill's rules find in a session; `set_faults` belong to no repetition.

    `baselines`: what relative rules compared with, by name with its unit.
    """

    repetitions: list[TrueRepetition]
    set_faults: tuple[TrueFault, ...] = ()
    baselines: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """All that really happened, in seconds of the board's clock since the first frame.

    Attributes
    ----------
    t_s : (n,) float64
        Dense, 1 ms of true time apart.
    loads : TrueLoads
        (n, ...) forces and CoP.
    set_faults : tuple of TrueFault
        Faults of the whole set, and what happened beside its repetitions.
    """

    motion: str
    working: Foot
    body_weight_n: float
    t_s: Float64
    loads: TrueLoads
    contacts: tuple[TrueContact, ...]
    repetitions: tuple[TrueRepetition, ...]
    set_faults: tuple[TrueFault, ...] = ()
    baselines: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Dense loads as the rules want them.

    Attributes
    ----------
    u : (n, 2) float64
        Force under each foot in body weights.
    y : (n, 2) float64
        CoP of each foot in foot lengths; NaN where it bears nothing.
    region_bw : (n, 2, 4) float64
    """

    t_s: Float64
    loads: TrueLoads
    body_weight_n: float
    field: LoadField
    u: Float64
    y: Float64
    region_bw: Float64

    @property
    def step_s(self) -> float:
        """Between two dense samples, on the board's clock."""
        return float(self.t_s[1] - self.t_s[0])

    @property
    def total(self) -> Float64:
        """(n,) both feet in body weights."""
        return self.u.sum(axis=1)

    def at(self, t_s: float) -> int:
        """The first sample at or after a time, within the data."""
        return int(min(max(np.searchsorted(self.t_s, t_s), 0), len(self.t_s) - 1))

    def share(self, foot: Foot) -> Float64:
        """(n,) part of the load on a foot where both bear 0.2 body weights; else the last one known."""
        total = self.total
        known = total > 0.2
        raw = np.divide(self.u[:, foot], total, out=np.full_like(total, 0.5), where=known)
        last = np.maximum.accumulate(np.where(known, np.arange(len(raw)), 0))
        return raw[last]


def ground_of(t_s: Float64, loads: TrueLoads, body_weight_n: float, field: LoadField) -> Ground:
    """Forces in body weights and CoP in foot lengths, from the field's kernels."""
    force = loads.foot_force_n
    moment = loads.kernel_force_n @ field.centroid_mm[:, 1]
    y = np.divide(moment, force, out=np.full_like(force, np.nan), where=force > 1e-6)
    return Ground(
        t_s=t_s,
        loads=loads,
        body_weight_n=body_weight_n,
        field=field,
        u=force / body_weight_n,
        y=y / field.foot_length_mm,
        region_bw=loads.region_force_n / body_weight_n,
    )
