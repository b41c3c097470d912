# SPDX-License-Identifier: GPL-3.0-or-later
"""A self-test's reply in the byte stream masks the broken sensors of all frames behind it."""

import numpy as np
import pytest

from rig.calibrate.health_results import HealthKind
from rig.pipeline import Pipeline, PipelineSettings
from rig.simulate.board import hello_bytes, scan_bytes, simulated_hello
from rig.wire.framing import frame_packet
from rig.wire.packets import (
    Command,
    HelloReason,
    Reply,
    Result,
    SenselState,
    pack_reply,
    sensel_states,
)

SHORTED = 6


def test_two_bits_a_sensel():
    assert sensel_states(bytes([0b11_10_01_00])) == (
        SenselState.SILENT,
        SenselState.ANSWERED,
        SenselState.SHORTED,
        SenselState.GROUNDED,
    )


@pytest.mark.parametrize("step", [1, 37, 10_000])
def test_the_pipeline_takes_the_reply(step):
    hello = simulated_hello(200, 1)
    states = [1] * 32
    states[SHORTED] = 2
    data = bytes(sum(s << 2 * i for i, s in enumerate(states[n : n + 4])) for n in range(0, 32, 4))
    n = np.arange(4)
    scans = [
        scan_bytes(hello, n + k, (n + k) * 5000, np.zeros(4, np.int64), np.full((4, 32), 100))
        for k in (0, 4)
    ]
    stream = hello_bytes(hello, HelloReason.BOOT, 0) + scans[0]
    for result in (Result.STOP_FIRST, Result.DONE):
        stream += frame_packet(pack_reply(Reply(Command.SELF_TEST, 1, result, 0, data)))
    stream += scans[1]
    pipeline = Pipeline(PipelineSettings())
    blocks = []
    for at in range(0, len(stream), step):
        piece = stream[at : at + step]
        blocks += pipeline.push(piece, np.array([[at + len(piece), 10**9 + at]])).blocks
    loads = [b.loads for b in (*blocks, *pipeline.finish().blocks) if len(b.loads)]
    missing = np.concatenate([np.isnan(b.force.pad_force_n) for b in loads]).reshape(8, 32)
    assert missing[:4].sum() == 0
    assert missing[4:].all(axis=0).nonzero()[0].tolist() == [SHORTED]
    (finding,) = [f for b in loads for f in b.force.findings]
    assert (finding.sensel, finding.kind) == (SHORTED, HealthKind.SHORTED)
