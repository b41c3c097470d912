# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of force and centre of pressure, one session each, and pooled over sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from rig.accuracy.sessions import Seen
from rig.calibrate.force_block import Float64

LOADED_BW = 0.10
"""Feet that bear less have no CoP."""


@dataclass(frozen=True, slots=True)
class LoadErrors:
    """Root mean squares of one session, or of several; NaN where nothing could be compared.

    Attributes
    ----------
    force_bw : float
        Of both feet's force together, in body weights, while they bear 0.10 of it or more.
    foot_ap_mm, foot_ml_mm : float
        Of each foot's CoP in its own frame, while the foot bears 0.10 body weights or more.
    body_ap_mm, body_ml_mm : float
        Of both feet's CoP.
    """

    force_bw: float
    foot_ap_mm: float
    foot_ml_mm: float
    body_ap_mm: float
    body_ml_mm: float


def load_errors(found: Seen, from_s: float = 0.0) -> LoadErrors:
    """Of one session, from a time on."""
    late = found.t_s >= from_s
    true_total = found.true_force_n.sum(axis=1)
    loaded = late & (true_total >= LOADED_BW * found.weight_n)
    force = (found.total_n - true_total)[loaded] / found.weight_n
    foot_loaded = late[:, None] & (found.true_force_n >= LOADED_BW * found.weight_n)
    foot = (found.foot_cop_mm - found.true_foot_cop_mm)[foot_loaded]
    body = (found.cop_mm - found.true_cop_mm)[loaded]
    return LoadErrors(
        rms(force), rms(foot[:, 1]), rms(foot[:, 0]), rms(body[:, 1]), rms(body[:, 0])
    )


def rms(values: Float64) -> float:
    """Root mean square of what is defined; NaN of nothing."""
    defined = values[np.isfinite(values)]
    return float(np.sqrt(np.mean(defined**2))) if len(defined) else float("nan")


def pooled(errors: Sequence[LoadErrors]) -> LoadErrors:
    """Root mean square over sessions, each counting alike."""
    return LoadErrors(
        *(rms(np.array([getattr(e, field.name) for e in errors])) for field in fields(LoadErrors))
    )


LOAD_COLUMNS: tuple[tuple[str, int | None], ...] = (
    ("force % BW", 1),
    ("foot CoP AP mm", 1),
    ("foot CoP ML mm", 1),
    ("both feet AP mm", 1),
    ("both feet ML mm", 1),
)


def load_cells(errors: LoadErrors) -> tuple[float, ...]:
    """As `LOAD_COLUMNS`."""
    return (
        100.0 * errors.force_bw,
        errors.foot_ap_mm,
        errors.foot_ml_mm,
        errors.body_ap_mm,
        errors.body_ml_mm,
    )
