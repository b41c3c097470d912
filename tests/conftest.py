# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every test, and hellos and loads made by hand."""

import dataclasses
import os
import signal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from rig.calibrate.force_block import ForceBlock
from rig.contact.results import LoadBlock
from rig.wire.frames import Segment, SegmentCause
from rig.wire.packets import LAYOUT_CHECKSUM, PROTOCOL_VERSION, Hello, HelloReason

# no test asserts time: machines are shared, and a slow example is no finding. The examples are the same
# on every run, so that a red run is about the change at hand; `make fuzz` draws others
settings.register_profile(
    "shared_machine",
    deadline=None,
    derandomize="SOLERIG_FUZZ" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("shared_machine")

# a test run that a shell started in the background ignores Ctrl+C, and so would every program that
# it starts: those that are told to end by Ctrl+C would then run on
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

LIVE = (
    "acquire/test_acquisition.py",
    "acquire/test_firmware_link.py",
    "acquire/test_live.py",
    "acquire/test_practice.py",
    "acquire/test_replay.py",
    "acquire/test_serial_link.py",
    "acquire/test_stream.py",
    "cli/test_board_check.py",
    "cli/test_demo.py",
    "cli/test_record.py",
    "dashboard/test_live_source.py",
    "firmware/test_conversation.py",
    "firmware/test_pty.py",
    "firmware/test_radio.py",
)
"""Files whose tests run against the clock: boards that scan in real time, processes that talk."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them, so that they run alone after all others have had every core."""
    for item in items:
        if item.path.as_posix().endswith(LIVE):
            item.add_marker("live")


BODY_WEIGHT_N = 700.0
HELLO = Hello(
    protocol_version=PROTOCOL_VERSION,
    layout_checksum=LAYOUT_CHECKSUM,
    firmware_major=0,
    firmware_minor=1,
    firmware_patch=0,
    board=1,
    unique_id=0x1234ABCD,
    rig_kind=1,
    layout_id=1,
    topology=1,
    pull_down_ohm=1000,
    sensel_count=32,
    bit_depth=10,
    adc_full_scale=1024,
    scan_rate_hz=1000,
    max_scan_rate_hz=1650,
    baud=1_000_000,
    configuration=3,
    reason=HelloReason.BOOT,
    reset_cause=1,
    time_us=0,
)


@pytest.fixture(scope="session")
def make_hello():
    """A hello of an insole pair at 1,000 Hz, with whatever the test wants otherwise."""
    return lambda **changes: dataclasses.replace(HELLO, **changes)


@pytest.fixture(scope="session")
def loads_of():
    """Loads of both feet from their forces, (n, 2) in newtons: what is not heel lies on the ball."""
    return _loads_of


def _loads_of(t_s, foot_n, heel_n=None, lost=None, flags=None, index=0, rate_hz=1000):
    n = len(t_s)
    foot_n = np.asarray(foot_n, np.float64)
    heel_n = np.zeros((n, 2)) if heel_n is None else np.asarray(heel_n, np.float64)
    region_n = np.zeros((n, 2, 4))
    region_n[..., 0] = heel_n
    region_n[..., 2] = foot_n - heel_n
    total = foot_n.sum(axis=1)
    share = np.full(n, np.nan)
    np.divide(foot_n[:, 0], total, out=share, where=total > 0.2 * BODY_WEIGHT_N)
    hello = dataclasses.replace(HELLO, scan_rate_hz=rate_hz)
    force = ForceBlock(
        segment=Segment(index, hello, SegmentCause.HELLO, clock_continues=False),
        t_s=np.asarray(t_s, np.float64),
        frame_number=np.arange(n),
        end_offset=54 * np.arange(1, n + 1),
        pad_force_n=np.zeros((n, 2, 16)),
        flags=np.zeros(n, np.uint32) if flags is None else flags,
        lost_before=np.zeros(n, np.int64) if lost is None else np.asarray(lost, np.int64),
    )
    nan = np.full((n, 2), np.nan)
    return LoadBlock(force, foot_n, region_n, np.full((n, 2, 2), np.nan), nan, share)


@pytest.fixture(scope="session")
def cut():
    """The frames of loads in several blocks."""
    return _cut


def _cut(loads, bounds):
    for start, stop in pairwise(bounds):
        part = slice(start, stop)
        yield LoadBlock(
            loads.force.cut(part),
            loads.foot_force_n[part],
            loads.region_force_n[part],
            loads.foot_cop_mm[part],
            loads.cop_mm[part],
            loads.share_left[part],
        )
