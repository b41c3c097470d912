# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts of the dense truth: where they begin and end, and all that is measured in one.

Nothing here knows the program's own contact stage: thresholds stand as literal numbers (design
choices of the project's event definitions) and events are crossings of the true force.
"""

from __future__ import annotations

import numpy as np

from rig.layout import Foot, Region
from rig.layout.foot import Float64
from rig.simulate.truth_model import Ground, TrueContact
from rig.simulate.truth_spans import Span, crossing_s, hysteresis_spans, longest_run, support_spans


def foot_spans(ground: Ground, motion: str, working: Foot) -> list[list[Span]]:
    """Contacts of each foot; in pony its support phases."""
    if motion == "pony":
        return support_spans(ground.t_s, ground.share(Foot.LEFT))
    return [plain_spans(ground, foot, tap=_by_tap_rules(motion, foot, working)) for foot in Foot]


def plain_spans(ground: Ground, foot: Foot, *, tap: bool = False) -> list[Span]:
    """A foot's contacts by the rules of a foot that bears the body, or of one that taps."""
    weight_n = ground.body_weight_n
    on_n = max(0.03 * weight_n, 10.0) if tap else max(0.06 * weight_n, 20.0)
    force = ground.loads.foot_force_n[:, foot]
    return hysteresis_spans(ground.t_s, force, on_n, 0.5 * on_n, 0.008 if tap else 0.040, 0.030)


def _by_tap_rules(motion: str, foot: Foot, working: Foot) -> bool:
    if motion == "stance":
        return True
    return (motion == "tapping" and foot == working) or (motion == "hopping" and foot != working)


def contact_of(ground: Ground, foot: Foot, kind: str, span: Span) -> TrueContact:
    """Everything that is measured in one contact."""
    inside = slice(span.first, span.end)
    force = ground.loads.foot_force_n[inside, foot]
    touch, share_max, impulse_share = heel_touch(ground, foot, span)
    y_ic, toes_at_landing = _landing(ground, foot, kind, span)
    y_end, toes_at_end = (np.nan, np.nan) if kind == "support" else _ending(ground, foot, span)
    peak_at, late_toes = _late(ground, foot, span)
    return TrueContact(
        foot=foot,
        kind=kind,
        on_s=span.on_s,
        off_s=span.off_s,
        peak_force_n=float(force.max()),
        impulse_n_s=float(force.sum()) * ground.step_s,
        heel_touch=touch,
        heel_share_max=share_max,
        heel_impulse_share=impulse_share,
        touch_s=_first_touch_s(ground, foot, kind, span),
        y_ic=y_ic,
        toes_at_landing=toes_at_landing,
        y_end=y_end,
        toes_at_end=toes_at_end,
        heel_lead_s=_heel_lead_s(ground, foot, span),
        peak_at=peak_at,
        late_toe_share=late_toes,
        loading_rate_bw_s=_loading_rate(ground, foot, span),
    )


def heel_touch(ground: Ground, foot: Foot, span: Span) -> tuple[str, float, float]:
    """Grade, largest heel share and the heel's part of the impulse.

    A touch is 30 ms with at least 0.05 body weights (15 N) and a tenth of the foot's load on the heel
    band; it is a kiss while the share stays below a quarter and the impulse below a tenth.
    """
    force = ground.loads.foot_force_n[span.first : span.end, foot]
    heel = ground.loads.region_force_n[span.first : span.end, foot, Region.HEEL]
    defined = force >= 0.10 * ground.body_weight_n
    if not defined.any():
        return "none", float("nan"), float("nan")
    share = np.where(defined, heel / np.maximum(force, 1e-9), 0.0)
    share_max = float(share.max())
    impulse_share = float(heel.sum() / force.sum())
    touching = (heel >= max(0.05 * ground.body_weight_n, 15.0)) & (share >= 0.10)
    if longest_run(touching)[1] * ground.step_s < 0.030 - 1e-9:
        return "none", share_max, impulse_share
    kiss = share_max < 0.25 and impulse_share < 0.10
    return "kiss" if kiss else "load", share_max, impulse_share


def _first_touch_s(ground: Ground, foot: Foot, kind: str, span: Span) -> float | None:
    if span.on_s is None or kind == "support":
        return None
    unloaded = np.flatnonzero(ground.u[: span.first, foot] <= 1e-9)
    return float(ground.t_s[unloaded[-1]]) if len(unloaded) else None


def _landing(ground: Ground, foot: Foot, kind: str, span: Span) -> tuple[float, float]:
    """Mean y and toes' share over the first 20 ms; a support in pony has no landing."""
    if span.on_s is None or kind == "support":
        return np.nan, np.nan
    u = ground.u[span.first : span.end, foot]
    if kind == "tap":
        if u.max() * ground.body_weight_n < 15.0:
            return np.nan, np.nan
        first = span.first
    else:
        if u.max() < 0.10:
            return np.nan, np.nan
        first = span.first + int(np.argmax(u >= 0.10))
    window = slice(first, min(first + 20, span.end))
    force = ground.u[window, foot]
    toes = ground.region_bw[window, foot, Region.TOES]
    y = ground.y[window, foot]
    return float((force * y).sum() / force.sum()), float(toes.sum() / force.sum())


def _ending(ground: Ground, foot: Foot, span: Span) -> tuple[float, float]:
    """Where the CoP is, and the toes' share, when the force last falls through half of its peak."""
    u = ground.u[span.first : span.end, foot]
    above = np.flatnonzero(u > 0.5 * u.max())
    if span.off_s is None or len(above) == 0 or above[-1] + 1 >= len(u):
        return np.nan, np.nan
    at = span.first + int(above[-1]) + 1
    toes = ground.region_bw[at, foot, Region.TOES] / ground.u[at, foot]
    return float(ground.y[at, foot]), float(toes)


def _late(ground: Ground, foot: Foot, span: Span) -> tuple[float, float]:
    """When the peak comes, as a part of the contact, and the toes' part of the last 30 %."""
    if span.on_s is None or span.off_s is None:
        return np.nan, np.nan
    time_s = span.off_s - span.on_s
    u = ground.u[span.first : span.end, foot]
    peak_s = float(ground.t_s[span.first + int(u.argmax())])
    late = slice(ground.at(span.off_s - 0.3 * time_s), span.end)
    force = ground.u[late, foot].sum()
    toes = ground.region_bw[late, foot, Region.TOES].sum()
    return (peak_s - span.on_s) / time_s, float(toes / force) if force > 0.0 else np.nan


def _heel_lead_s(ground: Ground, foot: Foot, span: Span) -> float:
    """Ball ON less heel ON, each 0.05 body weights for 20 ms."""
    if span.on_s is None:
        return np.nan
    begins = [
        _region_on(ground.region_bw[span.first : span.end, foot, region])
        for region in (Region.HEEL, Region.BALL)
    ]
    if begins[0] is None or begins[1] is None:
        return np.nan
    return (begins[1] - begins[0]) * ground.step_s


def _region_on(load_bw: Float64) -> float | None:
    """In samples, between them where the load was below before."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (load_bw >= 0.05).astype(np.int8), [0]))))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start >= 20:
            before = load_bw[start - 1] if start > 0 else 0.05
            return float(start - (load_bw[start] - 0.05) / max(load_bw[start] - before, 1e-12))
    return None


def _loading_rate(ground: Ground, foot: Foot, span: Span) -> float:
    """0.6 of the first peak over the time from 20 to 80 % of it; the first may be an impact's."""
    if span.on_s is None:
        return np.nan
    u = ground.u[span.first : span.end, foot]
    top = int(u.argmax())
    falling = np.flatnonzero(np.diff(u[: min(top, 60) + 1]) < 0.0)
    if len(falling) and falling[0] > 0:
        top = int(falling[0])
    first = max(0, span.first - 40)
    rise = ground.u[first : span.first + top + 1, foot]
    times = ground.t_s[first : span.first + top + 1]
    moments = []
    for level in (0.2 * u[top], 0.8 * u[top]):
        below = np.flatnonzero(rise[:-1] < level)
        if len(below) == 0:
            return np.nan
        moments.append(crossing_s(times, rise, int(below[-1]) + 1, float(level)))
    return float(0.6 * u[top] / (moments[1] - moments[0]))
