# SPDX-License-Identifier: GPL-3.0-or-later
"""Stream stage: frames of counts to frames of newtons. Decision delay: none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from rig.calibrate.calibration import SENSELS, Calibration
from rig.calibrate.divider import (
    SATURATED_SHARE,
    by_sensel,
    force_of_counts,
    look_up_by_sensel,
    saturation_count,
)
from rig.calibrate.force_block import Float64, ForceBlock, FrameFlag, Int64, UInt32
from rig.calibrate.frame_order import FramePlace, lost_before, order_flags
from rig.calibrate.health import HealthState, Judgement, follow_health, tell_health
from rig.calibrate.health_results import HealthKind
from rig.calibrate.looked_up import ForceTable, LookedUpBlock, by_frame
from rig.calibrate.sensel_map import mapped_counts, present_pads
from rig.wire.frames import FrameBlock
from rig.wire.packets import Hello, Reply, SenselState, sensel_states

PADS_A_FOOT = 16
NOTHING_MASKED = Judgement(0, (), np.zeros(2 * PADS_A_FOOT))
_BROKEN = {SenselState.SHORTED: HealthKind.SHORTED, SenselState.GROUNDED: HealthKind.GROUNDED}


@dataclass(frozen=True, slots=True, eq=False)
class ForceState:
    """What the stage carries from block to block.

    `table`, tare taken off and never below 0, belongs to `hello`; it is made again when the hello or the
    calibration changes.
    """

    calibration: Calibration
    body_weight_known: bool
    hello: Hello | None = None
    table: ForceTable | None = None
    place: FramePlace = field(default_factory=FramePlace)
    health: HealthState = field(default_factory=HealthState)


def change_calibration(
    state: ForceState, calibration: Calibration, body_weight_known: bool
) -> ForceState:
    """The same place in the stream under other settings."""
    return replace(
        state,
        calibration=calibration,
        body_weight_known=body_weight_known,
        hello=None,
        table=None,
    )


def force_stage(
    state: ForceState, block: FrameBlock, t_s: Float64
) -> tuple[ForceState, ForceBlock]:
    """Newtons of each pad, tare taken off, never below 0; NaN for pads that are not there.

    Parameters
    ----------
    t_s : (n,) float64
        Time of each frame on the recording's clock (`timeline`).

    Raises
    ------
    SettingsError
        The hello does not describe a pair of 16-sensel insoles.
    """
    state = _with_table(state, block.segment.hello)
    table = state.table
    assert table is not None  # noqa: S101 - made just above; tells the type checker so
    sensel_map = state.calibration.sensel_map
    counts = mapped_counts(block.counts, sensel_map)
    rows = block.rows if block.rows is not None and counts is block.counts else by_sensel(counts)
    lost = lost_before(state.place, block)
    flags = _flags(state, block, counts, lost)
    judged, findings = [NOTHING_MASKED], ()
    if len(block):
        health, judged, findings = follow_health(
            state.health, block, t_s, counts, table.table_n, _levels(state, block)
        )
        state = replace(state, health=health)
    state_after = replace(state, place=state.place.after(block))
    known: dict[str, Any] = {
        "segment": block.segment,
        "t_s": t_s,
        "frame_number": block.frame_number,
        "end_offset": block.end_offset,
        "flags": flags,
        "lost_before": lost,
        "findings": findings,
    }
    present = present_pads(sensel_map)
    if not any(judgement.masked or judgement.zero_n.any() for judgement in judged):
        return state_after, LookedUpBlock.without_pads(table, rows, present, **known)
    pads_n = look_up_by_sensel(table.table_n, rows)
    _take_judgements(judged, pads_n, flags)
    pads_n[~present] = np.nan
    if any(judgement.masked for judgement in judged):
        known["masks"] = tuple(judgement.masked for judgement in judged)
        known["mask_starts"] = tuple(judgement.start for judgement in judged)
    return state_after, ForceBlock(pad_force_n=by_frame(pads_n), **known)


def watch_drift(state: ForceState, *, follows: bool) -> ForceState:
    """Whether unloaded readings are followed from here on: not where toes may stay down all the time."""
    return replace(state, health=replace(state.health, follows_drift=follows))


def tell_self_test(state: ForceState, reply: Reply) -> ForceState:
    """Mask what the board itself found shorted, to the supply or to ground.

    A line that is silent in the self-test is not masked: nobody may have stood on it.
    """
    pad_of = {sample: pad for pad, sample in enumerate(state.calibration.sensel_map)}
    broken = tuple(
        (pad_of[sample], _BROKEN[found])
        for sample, found in enumerate(sensel_states(reply.data))
        if found in _BROKEN and sample in pad_of
    )
    return replace(state, health=tell_health(state.health, broken)) if broken else state


def _levels(state: ForceState, block: FrameBlock) -> tuple[float, float]:
    """Count that a shorted sensel reads, and count from which one is saturated."""
    saturated = saturation_count(block.segment.hello, state.calibration.mux_ohm)
    return saturated / SATURATED_SHARE, saturated


def _take_judgements(judged: list[Judgement], pads_n: Float64, flags: UInt32) -> None:
    """Take off what drifted and blank what is masked, in place, each from its frame on.

    `pads_n` is (32, n).
    """
    stops = [*(judgement.start for judgement in judged[1:]), len(flags)]
    for judgement, stop in zip(judged, stops, strict=True):
        run = slice(judgement.start, stop)
        if judgement.zero_n.any():
            pads_n[:, run] -= judgement.zero_n[:, None]
            np.maximum(pads_n[:, run], 0.0, out=pads_n[:, run])
        if judgement.masked:
            pads_n[np.array(judgement.masked), run] = np.nan
            flags[run] |= np.uint32(FrameFlag.SENSOR_MASKED)


def _with_table(state: ForceState, hello: Hello) -> ForceState:
    if state.table is not None and (state.hello is hello or state.hello == hello):
        return state
    tare_n = np.array(state.calibration.tare_of(SENSELS))
    table_n = np.maximum(force_of_counts(hello, state.calibration) - tare_n[:, None], 0.0)
    return replace(state, hello=hello, table=ForceTable(table_n))


def _flags(
    state: ForceState, block: FrameBlock, counts: npt.NDArray[np.uint16], lost: Int64
) -> UInt32:
    constant = FrameFlag.TEMPLATE_STANCE
    if not state.body_weight_known:
        constant |= FrameFlag.NO_BODY_WEIGHT
    if state.calibration.body_weight_gain_source == "default":
        constant |= FrameFlag.NO_BODY_WEIGHT_GAIN
    flags = order_flags(state.place, block, lost, constant)
    highest = saturation_count(block.segment.hello, state.calibration.mux_ohm)
    if counts.max(initial=0) < highest:  # hardly any block has one, so all are asked first
        return flags
    left, right = counts[:, :PADS_A_FOOT], counts[:, PADS_A_FOOT:]
    for foot_counts, flag in (
        (left, FrameFlag.SATURATED | FrameFlag.SATURATED_LEFT),
        (right, FrameFlag.SATURATED | FrameFlag.SATURATED_RIGHT),
    ):
        flags[np.logical_or.reduce(foot_counts >= highest, axis=1)] |= np.uint32(flag)
    return flags
