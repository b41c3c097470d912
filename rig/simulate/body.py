# SPDX-License-Identifier: GPL-3.0-or-later
"""A subject in motion: true loads under both feet on a dense grid, block after block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.layout import Foot
from rig.layout.foot import Float64
from rig.layout.insole import STANCE_TEMPLATE_HEEL_X_MM, STANCE_TEMPLATE_TOE_OUT_DEG
from rig.settings import Side
from rig.simulate.behaviour import BehaviourFault, Intentions
from rig.simulate.load_field import (
    BALL_KERNELS,
    HEEL_KERNELS,
    LATERAL_KERNELS,
    MEDIAL_KERNELS,
    TOE_KERNELS,
    LoadField,
    load_field,
    posture_shares,
)
from rig.simulate.motions import motion_kind, motion_phrases
from rig.simulate.phrases import DENSE_RATE_HZ, Motion, PhrasePlayer
from rig.simulate.script_parts import Performer
from rig.simulate.sole import Sole
from rig.simulate.sway import EYES_OPEN, SINGLE_LEG, DenseSway, SwaySource

BLOCK_SAMPLES = 2 * DENSE_RATE_HZ
"""The body moves in blocks of fixed length, so that nothing depends on how its signals are read."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who stands there; `seed` decides the shape of the feet and every chance of the session."""

    seed: int
    body_weight_n: float
    foot_length_mm: float
    working: Foot

    @property
    def field(self) -> LoadField:
        return load_field(self.foot_length_mm, self.seed)


@dataclass(frozen=True, slots=True, eq=False)
class TrueLoads:
    """n dense samples of the truth.

    Attributes
    ----------
    foot_force_n : (n, 2) float64
    region_force_n : (n, 2, 4) float64
        Load on the bands of heel, midfoot, ball and toes of the true field.
    foot_cop_mm : (n, 2, 2) float64
        Centroid of the field in each foot's frame: ml + to the person's right, ap + forward from the
        heel edge; NaN where the foot bears less than 0.10 of the body weight.
    cop_mm : (n, 2) float64
        Both feet together, X to the right and Y forward, on the drawn stance template; NaN in flight.
    kernel_force_n : (n, 2, 9) float64
        Load of each kernel of the field under each foot. All else follows from it and the field; what
        sensors feel of it is for them to integrate.
    """

    foot_force_n: Float64
    region_force_n: Float64
    foot_cop_mm: Float64
    cop_mm: Float64
    kernel_force_n: Float64

    def __len__(self) -> int:
        return len(self.foot_force_n)

    def first(self, samples: int) -> TrueLoads:
        """Only the first `samples`."""
        return TrueLoads(
            foot_force_n=self.foot_force_n[:samples],
            region_force_n=self.region_force_n[:samples],
            foot_cop_mm=self.foot_cop_mm[:samples],
            cop_mm=self.cop_mm[:samples],
            kernel_force_n=self.kernel_force_n[:samples],
        )


def join_loads(blocks: list[TrueLoads]) -> TrueLoads:
    """One stretch of truth after the other."""
    return TrueLoads(
        foot_force_n=np.concatenate([b.foot_force_n for b in blocks]),
        region_force_n=np.concatenate([b.region_force_n for b in blocks]),
        foot_cop_mm=np.concatenate([b.foot_cop_mm for b in blocks]),
        cop_mm=np.concatenate([b.cop_mm for b in blocks]),
        kernel_force_n=np.concatenate([b.kernel_force_n for b in blocks]),
    )


class Body:
    """A subject in motion from time 0 on; `next_block` returns two seconds at a time.

    Parameters
    ----------
    motion : str or None
        One of `rig.simulate.motions.MOTION_NAMES`; None goes through the programme.
    occasion : int
        Tells apart different motions of one subject: their chances are independent.
    behaviour : tuple of BehaviourFault
        What goes wrong on purpose. Where something does, heels come down by chance no more.
    """

    def __init__(
        self,
        subject: Subject,
        motion: str | None,
        occasion: int = 0,
        behaviour: tuple[BehaviourFault, ...] = (),
    ) -> None:
        script, both, single = (
            np.random.default_rng([subject.seed, stream, occasion]) for stream in (1, 2, 3)
        )
        slips = np.random.default_rng([subject.seed, 1, occasion, 1])
        self._subject = subject
        who = Performer(
            rng=script,
            intentions=Intentions(motion or "", behaviour, slips),
            sole=Sole(subject.field),
            body_weight_n=subject.body_weight_n,
            chance_touches=not behaviour,
        )
        self._player = PhrasePlayer(motion_phrases(motion, who))
        both_sway = EYES_OPEN if motion is None else motion_kind(motion).both_sway
        self._both = DenseSway(SwaySource(both_sway, both), DENSE_RATE_HZ)
        self._single = DenseSway(SwaySource(SINGLE_LEG, single), DENSE_RATE_HZ)

    @property
    def subject(self) -> Subject:
        """Whose body it is."""
        return self._subject

    def next_block(self) -> TrueLoads:
        motion = self._player.take(BLOCK_SAMPLES)
        both = self._both.next(BLOCK_SAMPLES) * motion.sway[:, None]
        single = self._single.next(BLOCK_SAMPLES) * motion.sway[:, None]
        return true_loads(self._subject, motion, both, single)


def true_loads(
    subject: Subject, motion: Motion, both_sway_mm: Float64, single_sway_mm: Float64
) -> TrueLoads:
    """Loads of a motion with sway laid over it.

    Sway of both feet moves load between the feet (ML) and along each sole (AP); a foot that bears
    more than half takes over the sway of single-leg standing, all of it when it stands alone.

    Parameters
    ----------
    both_sway_mm, single_sway_mm : (n, 2) float64
        AP and ML.
    """
    field = subject.field
    load_bw = _sway_between_feet(motion.load_bw, both_sway_mm[:, 1])
    total = load_bw.sum(axis=1)
    share = np.divide(load_bw, total[:, None], out=np.zeros_like(load_bw), where=total[:, None] > 0)
    alone = np.clip(2.0 * share - 1.0, 0.0, 1.0)
    ap = both_sway_mm[:, :1] * (1.0 - alone) + single_sway_mm[:, :1] * alone
    lateral = single_sway_mm[:, 1:] * alone
    shares = np.stack(
        [
            sway_shares(posture_shares(motion.posture_y[:, r]), ap[:, r], lateral[:, r], field)
            for r in (0, 1)
        ],
        axis=1,
    )
    return _by_foot(subject, load_bw, shares)


def _by_foot(subject: Subject, load_bw: Float64, shares: Float64) -> TrueLoads:
    """From roles to feet, and from kernel shares (n, 2, 9) to all that follows from them."""
    order = [0, 1] if subject.working == Foot.LEFT else [1, 0]
    force = load_bw[:, order] * subject.body_weight_n
    shares = shares[:, order]
    place = shares @ subject.field.centroid_mm
    foot_cop = place * np.array([[-1.0, 1.0], [1.0, 1.0]])
    foot_cop[force < 0.10 * subject.body_weight_n] = np.nan
    return TrueLoads(
        foot_force_n=force,
        region_force_n=force[:, :, None] * (shares @ subject.field.regions),
        foot_cop_mm=foot_cop,
        cop_mm=_joint_cop(force, place),
        kernel_force_n=force[:, :, None] * shares,
    )


def _joint_cop(foot_force_n: Float64, place_mm: Float64) -> Float64:
    """(n, 2) CoP of both feet standing on the drawn template; `place_mm` lateral and forward."""
    angle = np.deg2rad(STANCE_TEMPLATE_TOE_OUT_DEG)
    lateral, forward = place_mm[..., 0], place_mm[..., 1]
    outward = STANCE_TEMPLATE_HEEL_X_MM + lateral * np.cos(angle) + forward * np.sin(angle)
    x = outward * np.array([-1.0, 1.0])
    y = forward * np.cos(angle) - lateral * np.sin(angle)
    total = foot_force_n.sum(axis=1)
    moment = np.stack([(foot_force_n * axis).sum(axis=1) for axis in (x, y)], axis=1)
    undefined = np.full_like(moment, np.nan)
    return np.divide(moment, total[:, None], out=undefined, where=total[:, None] > 1e-9)


def _sway_between_feet(load_bw: Float64, ml_mm: Float64) -> Float64:
    """Move load to the working foot; the feet stand twice the template's heel distance apart."""
    total = load_bw.sum(axis=1)
    product = 4.0 * load_bw[:, 0] * load_bw[:, 1]
    both_down = np.divide(product, total, out=np.zeros_like(total), where=total > 0.0)
    moved = both_down * ml_mm / (2.0 * STANCE_TEMPLATE_HEEL_X_MM)
    return load_bw + np.column_stack((moved, -moved))


def sway_shares(shares: Float64, ap_mm: Float64, lateral_mm: Float64, field: LoadField) -> Float64:
    """Move the CoP within a sole by shifting load from kernel to kernel.

    ML goes between the medial and the lateral forefoot; AP between heel and ball, and once the heel
    is empty between ball and toes. The AP shift is exact until a group of kernels runs empty; to the ML
    shift comes what heel, ball and toes lie apart across the foot, one or two millimetres.

    Parameters
    ----------
    shares : (n, 9) float64
    ap_mm, lateral_mm : (n,) float64

    Returns
    -------
    (n, 9) float64
        Adds up to 1 and is never negative.
    """
    out = shares.copy()
    lateral, medial = LATERAL_KERNELS, MEDIAL_KERNELS
    x_mm, y_mm = field.centroid_mm[:, 0], field.centroid_mm[:, 1]
    lateral_place, medial_place = _place(out, lateral, x_mm), _place(out, medial, x_mm)
    moved = _move(out, medial, lateral, lateral_mm / (lateral_place - medial_place))
    by_ml_mm = moved * (_place(shares, lateral, y_mm) - _place(shares, medial, y_mm))
    ball, toes = BALL_KERNELS, TOE_KERNELS
    heel_arm_mm = _place(out, ball, y_mm) - _place(out, HEEL_KERNELS, y_mm)
    wanted = (ap_mm - by_ml_mm) / heel_arm_mm
    moved = _move(out, HEEL_KERNELS, ball, wanted)
    toe_arm_mm = _place(out, toes, y_mm) - _place(out, ball, y_mm)
    _move(out, ball, toes, np.maximum(wanted - moved, 0.0) * heel_arm_mm / toe_arm_mm)
    return out


def _place(shares: Float64, kernels: list[int], coordinate_mm: Float64) -> Float64:
    """(n,) centroid of a group of kernels along one axis; their plain mean where it is empty."""
    group = shares[:, kernels] + 1e-9
    return (group * coordinate_mm[kernels]).sum(axis=1) / group.sum(axis=1)


def _move(shares: Float64, source: list[int], target: list[int], amount: Float64) -> Float64:
    """Move `amount` (n,) of the load in place, back where negative; returns what could be moved."""
    held, taken = shares[:, source].sum(axis=1), shares[:, target].sum(axis=1)
    moved = np.clip(amount, -0.95 * taken, 0.95 * held)
    given, received = _parts(shares[:, source], held), _parts(shares[:, target], taken)
    shares[:, source] -= moved[:, None] * given
    shares[:, target] += moved[:, None] * received
    return moved


def _parts(group: Float64, total: Float64) -> Float64:
    """How a group's load is spread within it; evenly where it bears none."""
    even = np.full_like(group, 1.0 / group.shape[1])
    return np.divide(group, total[:, None], out=even, where=total[:, None] > 1e-12)


def working_foot(side: Side) -> Foot:
    """The foot that a side's name means."""
    return Foot.LEFT if side == "left" else Foot.RIGHT
