# SPDX-License-Identifier: GPL-3.0-or-later
"""From the last sample of a heel touch to its cue, at 1,000 Hz.

A simulated person springs from foot to foot (`switch`) and lets the heel down in each contact. The
bytes come in as they do live: in blocks of 4 to 8 ms, as the reader hands them on, or frame by frame
over the last 50 ms before each cue. Timed is the push of the bytes that hold the sample by which the
touch is decided, up to the engine's `Cue`. It is the thread's processor time: what other programs take
from the machine is not the pipeline's.

The decision itself waits in the data: a touch is one after 30 ms, and in a contact whose own ON is
decided 40 ms after it. That delay is the last row; both together are what the person waits for.
"""

from __future__ import annotations

import gc
import time
from itertools import pairwise

import numpy as np

from benchmarks.row import Row
from rig.contact.rules import HEEL_TOUCH_S
from rig.drills.faults import Cue
from rig.pipeline import Pipeline, PipelineOutput, PipelineSettings
from rig.settings import DrillSettings
from rig.simulate.behaviour import BehaviourFault
from rig.simulate.person import SimulatedSession, simulate_session

SECONDS = 60.0
LIMIT_MS = 5.0
BLOCK_PACKETS = (4, 9)
"""Packets a push, the second not included: one each millisecond."""
SINGLE_PACKETS = 50


def _settings(session: SimulatedSession) -> PipelineSettings:
    drill = DrillSettings(session.drill, session.side)
    return PipelineSettings(session.participant, session.calibration, drill)


def _heel_cues(output: PipelineOutput) -> list[Cue]:
    return [cue for block in output.blocks for cue in block.drill.cues if cue.what == "HEEL"]


def _pushed(session: SimulatedSession, ends: list[int]) -> list[tuple[float, PipelineOutput]]:
    """Processor milliseconds and output of each push that ends at these bytes."""
    pipeline = Pipeline(_settings(session))
    sent_ns = np.interp(
        ends, session.packet_end_offsets, 1e9 * (1.0 + session.packet_sent_s)
    ).astype(np.int64)
    pushed = []
    for (start, end), at_ns in zip(pairwise((0, *ends)), sent_ns, strict=True):
        arrival = np.array([[end, at_ns]], np.int64)
        started = time.thread_time_ns()
        output = pipeline.push(session.stream[start:end], arrival)
        pushed.append(((time.thread_time_ns() - started) / 1e6, output))
    return pushed


def _in_blocks(session: SimulatedSession) -> list[int]:
    """Ends of pushes of 4 to 8 packets."""
    packets = len(session.packet_end_offsets)
    sizes = np.random.default_rng(1).integers(*BLOCK_PACKETS, packets // BLOCK_PACKETS[0])
    last = np.cumsum(sizes) - 1
    return session.packet_end_offsets[last[last < packets]].tolist()


def _singly_before(session: SimulatedSession, ends: list[int], cued: list[int]) -> list[int]:
    """The same, and every packet's end in the 50 before those at which something was cued."""
    packet = np.searchsorted(session.packet_end_offsets, cued)
    before = packet[:, None] - np.arange(SINGLE_PACKETS)
    return sorted({*ends, *session.packet_end_offsets[before[before >= 0]].tolist()})


def _deciding_bytes(outputs: list[PipelineOutput], cues: list[Cue]) -> list[int]:
    """Where in the stream the frames end by which the cues were decided."""
    forces = [block.loads.force for output in outputs for block in output.blocks]
    t_s = np.concatenate([force.t_s for force in forces])
    end_offset = np.concatenate([force.end_offset for force in forces])
    return end_offset[np.searchsorted(t_s, [cue.decided_at_s for cue in cues])].tolist()


def _rows_of(
    how: str, ends: list[int], pushed: list[tuple[float, PipelineOutput]], cued: list[int]
) -> list[Row]:
    costs_ms = []
    for place in sorted(set(np.searchsorted(ends, cued).tolist())):
        cost_ms, output = pushed[place]
        if not _heel_cues(output):
            raise RuntimeError("a cue did not come with the sample that decides it")
        costs_ms.append(cost_ms)
    figures = (
        ("median", np.median(costs_ms)),
        ("99th percentile", np.percentile(costs_ms, 99)),
        ("worst", np.max(costs_ms)),
    )
    compared = f"the limit of {LIMIT_MS:g} ms ({len(costs_ms)} cues)"
    return [
        Row(f"cue of a heel touch, {how}, {name}", f"{ms:.2f} ms", float(ms) / LIMIT_MS, compared)
        for name, ms in figures
    ]


def rows() -> list[Row]:
    """Processing of live blocks and of single frames, and what the rule itself waits for."""
    behaviour = (BehaviourFault("HEEL-LOAD", 1.3, 1.0),)
    session = simulate_session("switch", SECONDS, 1, behaviour=behaviour)
    blocks = _in_blocks(session)
    gc.collect()
    in_blocks = _pushed(session, blocks)
    cues = [cue for _, output in in_blocks for cue in _heel_cues(output)]
    cued = _deciding_bytes([output for _, output in in_blocks], cues)
    singles = _singly_before(session, blocks, cued)
    found = _rows_of("blocks of 4-8 ms", blocks, in_blocks, cued)
    del in_blocks
    gc.collect()
    found += _rows_of("single frames", singles, _pushed(session, singles), cued)
    waits_ms = 1e3 * np.array([cue.decided_at_s - cue.at_s for cue in cues])
    median_ms, late_ms = np.median(waits_ms), np.percentile(waits_ms, 99)
    return [
        *found,
        Row(
            "decision of a heel touch after its onset",
            f"{median_ms:.0f}-{late_ms:.0f} ms",
            float(median_ms) / (1e3 * HEEL_TOUCH_S),
            "the 30 ms that make a touch (median; 99th p.)",
        ),
    ]
