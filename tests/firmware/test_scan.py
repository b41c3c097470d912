# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sample of the real image against the divider's law, at every speed it claims."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rig.acquire.firmware_source import build_firmware, write_loads
from rig.wire.packets import Command, HelloReason, Result

Cmd = Callable[..., bytes]
Law = Callable[[np.ndarray], np.ndarray]
STEP_S = 0.025
SCAN_S = 0.001
CONVERSION_CLOCKS = 14  # 13 and up to one until the next edge (ATmega328P data sheet)
MA_PER_CM2_SELECTED = 3.1  # a fully loaded pad (200 ohm), as hardware_schematics/analogue.md has it
MAKERS_MA_PER_CM2 = 1.0
TIME_KNOWN_TO_S = 0.0005  # how well the log tells when the first scan began


def random_steps(seconds: float, seed: int) -> np.ndarray:
    """Conductances, (steps, 32) microsiemens: from an open sensor to a shorted one."""
    rng = np.random.default_rng(seed)
    conductance_us = 10 ** rng.uniform(0.5, 4.0, (round(seconds / STEP_S), 32))
    conductance_us[rng.random(conductance_us.shape) < 0.1] = 0.0
    return conductance_us.astype(np.float32)


def test_ten_seconds_at_1000_hz_lose_nothing(
    run_board: Callable, cmd: Cmd, law: Law, tmp_path: Path
) -> None:
    conductance_us = random_steps(10.5, seed=1)
    loads = tmp_path / "loads.bin"
    write_loads(loads, 1 / STEP_S, conductance_us)
    run = run_board(10.3, [(0.1, cmd(Command.START)), (10.25, cmd(Command.STOP))], loads=loads)

    assert run.faults.lost_frames == 0
    assert run.faults.crc_errors == run.faults.framing_errors == run.faults.skipped_bytes == 0
    assert len(run.board_us) >= 10_000
    last = run.statuses[-1]
    assert (last.frames_dropped, last.scan_overruns) == (0, 0)
    assert last.frames_sent == pytest.approx((last.time_us - 100_000) / 1000, abs=3)

    # the first tick comes one period after START switched the multiplexers on
    start_s = run.events("muxes_on")[0][0] + SCAN_S + run.board_us * 1e-6
    expected = law(conductance_us)
    row = np.minimum((start_s / STEP_S).astype(int), len(expected) - 1)
    into_s = start_s - row * STEP_S
    steady = (into_s > TIME_KNOWN_TO_S) & (into_s < STEP_S - SCAN_S - TIME_KNOWN_TO_S)
    assert steady.sum() > 9_000
    error = np.abs(run.counts[steady] - expected[row[steady]])
    assert error.max() <= 1.0


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seconds", [10, pytest.param(120, marks=pytest.mark.soak)])
def test_2000_hz_lose_nothing_for_long(
    run_board: Callable, cmd: Cmd, law: Law, tmp_path: Path, seconds: int
) -> None:
    conductance_us = random_steps(STEP_S, seed=9)
    loads = tmp_path / "loads.bin"
    write_loads(loads, 1.0, conductance_us)
    sends = [
        (0.05, cmd(Command.SET_BAUD, 2_000_000)),
        (0.15, cmd(Command.SET_RATE, 2000)),
        (0.2, cmd(Command.START)),
    ]
    run = run_board(seconds + 0.3, sends, loads=loads)
    assert run.faults.lost_frames == 0
    assert run.statuses[-1].frames_dropped == run.statuses[-1].scan_overruns == 0
    assert len(run.board_us) == pytest.approx(2000 * (seconds + 0.1), abs=30)
    late_us = run.board_us - 500.0 * np.arange(len(run.board_us))
    assert np.ptp(late_us) < 60
    assert np.abs(run.counts - law(conductance_us)[0]).max() <= 1.0


def test_scans_start_evenly(run_board: Callable, cmd: Cmd) -> None:
    run = run_board(2.1, [(0.05, cmd(Command.START))])
    assert np.mean(np.diff(run.board_us)) == pytest.approx(1000.0, abs=0.01)
    late_us = run.board_us - 1000.0 * np.arange(len(run.board_us))
    # whole microseconds alone make an sd of 0.29
    assert np.std(late_us) < 0.6
    assert np.ptp(late_us) <= 6


@pytest.mark.parametrize(
    ("baud", "limit_hz"),
    [(115_200, 200), (250_000, 450), (500_000, 900), (1_000_000, 1800), (2_000_000, 2000)],
)
def test_highest_rate_of_each_baud_holds(
    run_board: Callable, cmd: Cmd, law: Law, tmp_path: Path, baud: int, limit_hz: int
) -> None:
    conductance_us = random_steps(STEP_S, seed=2)
    loads = tmp_path / "loads.bin"
    write_loads(loads, 1.0, conductance_us)
    sends = [(0.05, cmd(Command.SET_RATE, 100))]
    if baud != 1_000_000:
        sends += [(0.1, cmd(Command.SET_BAUD, baud))]
    sends += [
        (0.15, cmd(Command.SET_RATE, limit_hz + 1, token=1)),
        (0.2, cmd(Command.SET_RATE, limit_hz, token=2)),
        (0.25, cmd(Command.START)),
        (1.4, cmd(Command.HELLO)),
    ]
    run = run_board(3.3, sends, loads=loads)

    refused = next(r for r in run.replies if r.token == 1)
    assert (refused.result, refused.value) == (Result.RATE_TOO_HIGH, limit_hz)
    assert next(r for r in run.replies if r.token == 2).result == Result.DONE
    assert run.hellos[-1].scan_rate_hz == run.hellos[-1].max_scan_rate_hz == limit_hz
    assert run.faults.lost_frames == 0
    assert run.statuses[-1].frames_dropped == run.statuses[-1].scan_overruns == 0
    assert len(run.statuses) == 3
    assert len(run.board_us) == pytest.approx(3.04 * limit_hz, rel=0.01)
    assert np.mean(np.diff(run.board_us)) == pytest.approx(1e6 / limit_hz, rel=1e-3)
    assert np.abs(run.counts - law(conductance_us)[0]).max() <= 1.0


def test_rate_changes_while_scanning(run_board: Callable, cmd: Cmd) -> None:
    run = run_board(
        0.9,
        [
            (0.1, cmd(Command.START)),
            (0.4, cmd(Command.SET_RATE, 250)),
            (0.6, cmd(Command.SET_RATE, 39, token=3)),
        ],
    )
    assert [h.scan_rate_hz for h in run.hellos] == [1000, 1000, 250]
    assert [h.configuration for h in run.hellos] == [0, 0, 1]
    before, after = run.blocks[0], run.blocks[-1]
    assert np.median(np.diff(before.board_us)) == 1000
    assert np.median(np.diff(after.board_us)) == 4000
    assert before.segment.hello.scan_rate_hz == 1000
    assert after.segment.hello.scan_rate_hz == 250
    assert run.faults.lost_frames == run.faults.unreadable_scans == 0
    assert (run.replies[-1].result, run.replies[-1].value) == (Result.RATE_TOO_LOW, 40)


def test_a_pause_joins_the_clock(run_board: Callable, cmd: Cmd) -> None:
    sends = [(0.1, cmd(Command.START)), (0.3, cmd(Command.STOP)), (1.5, cmd(Command.START))]
    run = run_board(1.8, sends)
    assert [h.reason for h in run.hellos] == [
        HelloReason.BOOT,
        HelloReason.STARTED,
        HelloReason.STARTED,
    ]
    first, second = run.blocks[0].segment, run.blocks[-1].segment
    assert first.index != second.index
    assert second.clock_continues
    assert run.faults.lost_frames == 0
    # as the board's clock saw it: 1.5 s minus 0.3 s and the one tick before the first scan
    assert np.diff(run.board_us).max() == pytest.approx(1_201_000, abs=3000)


def test_muxes_are_on_only_while_scanning(run_board: Callable, cmd: Cmd) -> None:
    run = run_board(0.5, [(0.1, cmd(Command.START)), (0.3, cmd(Command.STOP))])
    (on_s, on), (off_s, off) = run.events("muxes_on")
    assert (on, off) == (1, 0)
    assert on_s == pytest.approx(0.1, abs=0.002)
    assert off_s == pytest.approx(0.3, abs=0.003)
    assert len(run.board_us) == pytest.approx(200, abs=3)


@pytest.mark.parametrize(
    ("rate_hz", "prescaler"), [(40, 128), (100, 128), (200, 128), (400, 64), (600, 32), (1650, 16)]
)
def test_a_long_pause_switches_the_muxes_off(
    run_board: Callable, cmd: Cmd, law: Law, tmp_path: Path, rate_hz: int, prescaler: int
) -> None:
    """On again a whole conversion before the first one begins; the resting pad is heel pad HB."""
    conductance_us = random_steps(STEP_S, seed=4)
    conductance_us[:, [0, 16]] = 5000.0  # the two that are converted first
    loads = tmp_path / "loads.bin"
    write_loads(loads, 1.0, conductance_us)
    sends = [(0.05, cmd(Command.SET_RATE, rate_hz)), (0.1, cmd(Command.START))]
    run = run_board(1.7, sends, loads=loads)
    assert np.abs(run.counts - law(conductance_us)[0]).max() <= 1.0
    assert run.faults.lost_frames == 0
    assert run.statuses[-1].frames_dropped == run.statuses[-1].scan_overruns == 0

    moves = [(time_s, on) for time_s, on in run.events("muxes_on") if time_s > 0.2]
    moves = moves[moves[0][1] == 0 :]  # from off to on
    on_s = np.array([time_s for time_s, on in moves if on])
    off_s = np.array([time_s for time_s, on in moves if not on])
    began_s = np.array([time_s for time_s, _ in run.events("first_conversion")])
    began_s = began_s[began_s > on_s[0]]
    scans = min(len(off_s), len(began_s))
    assert scans == pytest.approx(1.5 * rate_hz, rel=0.01, abs=2)
    assert (on_s[:scans] < began_s[:scans]).all()
    assert (began_s[:scans] < off_s[:scans]).all()
    lead_s = began_s[:scans] - on_s[:scans]
    assert lead_s.min() >= CONVERSION_CLOCKS * prescaler / 16e6
    scan_s = off_s[:scans] - began_s[:scans]
    selected = rate_hz * np.mean(lead_s + scan_s / 16)
    assert selected * MA_PER_CM2_SELECTED < MAKERS_MA_PER_CM2 / 2


@pytest.mark.parametrize("rate_hz", [250, 450, 900])
def test_a_short_pause_leaves_the_muxes_on(run_board: Callable, cmd: Cmd, rate_hz: int) -> None:
    run = run_board(0.5, [(0.05, cmd(Command.SET_RATE, rate_hz)), (0.1, cmd(Command.START))])
    assert [on for _, on in run.events("muxes_on")] == [1]
    assert len(run.board_us) == pytest.approx(0.4 * rate_hz, abs=4)


def test_rates_with_and_without_pause_follow_each_other(
    run_board: Callable, cmd: Cmd, law: Law, tmp_path: Path
) -> None:
    conductance_us = random_steps(STEP_S, seed=5)
    loads = tmp_path / "loads.bin"
    write_loads(loads, 1.0, conductance_us)
    sends = [(0.05, cmd(Command.SET_RATE, 1000)), (0.1, cmd(Command.START))]
    rates = [100, 1000, 600, 250, 40, 900]
    sends += [(0.2 + 0.1 * n, cmd(Command.SET_RATE, rate)) for n, rate in enumerate(rates)]
    run = run_board(0.9, sends, loads=loads)
    assert [r.value for r in run.replies[2:]] == rates
    assert [h.scan_rate_hz for h in run.hellos[-6:]] == rates
    assert np.abs(run.counts - law(conductance_us)[0]).max() <= 1.0
    assert run.faults.lost_frames == 0
    moves = run.events("muxes_on")
    assert moves[-1][1] == 1
    assert 0.7 < moves[-1][0] < 0.71  # on again with the last change, and on from then


def test_moving_a_mux_too_early_is_noticed(
    run_board: Callable, cmd: Cmd, law: Law, tmp_path: Path
) -> None:
    mutant = build_firmware("uno", "mutant", "-DSOLERIG_MUTATION_MOVE_EARLY")
    conductance_us = random_steps(STEP_S, seed=3)
    loads = tmp_path / "loads.bin"
    write_loads(loads, 1.0, conductance_us)
    run = run_board(0.3, [(0.1, cmd(Command.START))], loads=loads, elf=mutant)
    expected = law(conductance_us)[0]
    left, right = run.counts[:, :16], run.counts[:, 16:]
    # each left sample is its neighbour's (but the first: the header is written before that move), and
    # the right foot is untouched
    assert np.abs(left - np.roll(expected[:16], -1))[:, 1:].max() <= 1.0
    assert np.abs(left - expected[:16])[:, 1:].min(axis=0).max() > 50
    assert np.abs(right - expected[16:]).max() <= 1.0


def test_clock_wraps_at_2_to_the_32(run_board: Callable, cmd: Cmd) -> None:
    start_us = 2**32 - 1_000_000
    elf = build_firmware("uno", "late_clock", f"-DCLOCK_START_US={start_us}UL")
    run = run_board(2.5, [(0.1, cmd(Command.START))], elf=elf)
    assert run.hellos[0].time_us > start_us
    assert run.statuses[-1].time_us < 2_000_000
    assert len(run.statuses) == 2
    assert run.faults.lost_frames == 0
    assert len(run.board_us) == pytest.approx(2400, abs=3)
    assert np.abs(np.diff(run.board_us) - 1000).max() <= 6
