# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command and every refusal of the real image, and what damaged bytes come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rig.wire.framing import frame_packet
from rig.wire.packets import (
    LAYOUT_CHECKSUM,
    PROTOCOL_VERSION,
    Board,
    Command,
    HelloReason,
    LayoutId,
    Reply,
    ResetCause,
    Result,
    RigKind,
    SelfTest,
    Topology,
)

Cmd = Callable[..., bytes]


def answers(run: Any) -> list[tuple[int, int, int, int]]:
    """Command, token, result and value of each reply."""
    return [(r.command, r.token, r.result, r.value) for r in run.replies]


def test_hello_at_boot_and_when_asked(run_board: Callable, cmd: Cmd) -> None:
    run = run_board(0.2, [(0.1, cmd(Command.HELLO, token=9))])
    boot, asked = run.hellos
    assert boot.protocol_version == PROTOCOL_VERSION
    assert boot.layout_checksum == LAYOUT_CHECKSUM
    assert boot.board == Board.UNO_OR_NANO
    assert boot.unique_id == 0xFFFFFFFF
    assert (boot.rig_kind, boot.layout_id) == (RigKind.INSOLES, LayoutId.INSOLES_16)
    assert (boot.topology, boot.pull_down_ohm) == (Topology.DIVIDER, 1000)
    assert (boot.sensel_count, boot.bit_depth, boot.adc_full_scale) == (32, 10, 1024)
    assert (boot.scan_rate_hz, boot.baud, boot.configuration) == (1000, 1_000_000, 0)
    assert (boot.reason, asked.reason) == (HelloReason.BOOT, HelloReason.ASKED)
    assert boot.reset_cause == ResetCause.POWER_ON
    assert answers(run) == [(Command.HELLO, 9, Result.DONE, PROTOCOL_VERSION)]
    # HELLO comes before its REPLY
    assert [type(i).__name__ for i in run.items][-2:] == ["HelloReceived", "ReplyReceived"]


def test_status_every_second_while_idle(run_board: Callable) -> None:
    run = run_board(3.2, options=["--supply", "4.8"])
    assert np.diff([s.time_us for s in run.statuses]) == pytest.approx(1e6, abs=2000)
    assert len(run.statuses) == 3
    assert {s.frames_sent for s in run.statuses} == {0}
    assert run.statuses[-1].supply_mv == pytest.approx(4800, abs=25)
    assert run.statuses[-1].self_test == SelfTest.NOT_RUN
    assert run.blocks == []


@pytest.mark.parametrize(
    ("supply", "finding"), [(3.9, SelfTest.SUPPLY_LOW), (5.0, 0), (6.0, SelfTest.SUPPLY_HIGH)]
)
def test_self_test_judges_the_supply(
    run_board: Callable, cmd: Cmd, supply: float, finding: int
) -> None:
    run = run_board(
        1.2,
        [(0.1, cmd(Command.SET_ID, 7)), (0.3, cmd(Command.SELF_TEST))],
        options=["--supply", str(supply)],
    )
    assert replace(run.replies[-1], data=b"") == Reply(Command.SELF_TEST, 0, Result.DONE, finding)
    assert run.statuses[-1].self_test == finding


def test_self_test_misses_the_id(run_board: Callable, cmd: Cmd) -> None:
    run = run_board(0.2, [(0.1, cmd(Command.SELF_TEST))])
    assert run.replies[-1].value == SelfTest.ID_MISSING


def test_memory_outlives_a_power_cycle(run_board: Callable, cmd: Cmd, tmp_path: Path) -> None:
    eeprom = ["--eeprom", str(tmp_path / "eeprom.bin")]
    note = bytes(range(64))
    run = run_board(
        0.8,
        [
            (0.05, cmd(Command.READ_NOTE, token=1)),
            (0.1, cmd(Command.SET_ID, 0xCAFE0001, token=2)),
            (0.2, cmd(Command.STORE_NOTE, token=3, data=note)),
            (0.7, cmd(Command.READ_NOTE, token=4)),
        ],
        options=eeprom,
    )
    assert answers(run) == [
        (Command.READ_NOTE, 1, Result.NOTE_MISSING, 0),
        (Command.SET_ID, 2, Result.DONE, 0xCAFE0001),
        (Command.STORE_NOTE, 3, Result.DONE, 64),
        (Command.READ_NOTE, 4, Result.DONE, 64),
    ]
    assert run.replies[-1].data == note
    assert run.hellos[-1].unique_id == 0xCAFE0001
    assert run.hellos[-1].reason == HelloReason.SETTINGS_CHANGED

    again = run_board(
        0.3, [(0.1, cmd(Command.READ_NOTE)), (0.2, cmd(Command.SELF_TEST))], options=eeprom
    )
    assert again.hellos[0].unique_id == 0xCAFE0001
    assert again.replies[0].data == note
    assert again.replies[1].value == 0


@pytest.mark.parametrize("place", [0, 9 + 3], ids=["id", "note"])
def test_damaged_memory_is_named(run_board: Callable, cmd: Cmd, tmp_path: Path, place: int) -> None:
    eeprom = tmp_path / "eeprom.bin"
    options = ["--eeprom", str(eeprom)]
    run_board(
        0.3,
        [(0.05, cmd(Command.SET_ID, 5)), (0.1, cmd(Command.STORE_NOTE, data=b"hello"))],
        options=options,
    )
    memory = bytearray(eeprom.read_bytes())
    memory[place] ^= 0x10
    eeprom.write_bytes(memory)
    run = run_board(
        0.3, [(0.1, cmd(Command.READ_NOTE)), (0.2, cmd(Command.SELF_TEST))], options=options
    )
    assert run.replies[1].value & SelfTest.EEPROM_DAMAGED
    if place == 0:
        assert run.hellos[0].unique_id == 0xFFFFFFFF
        assert run.replies[0].data == b"hello"
    else:
        assert run.replies[0].result == Result.NOTE_DAMAGED


def test_while_scanning_slow_commands_are_refused(run_board: Callable, cmd: Cmd) -> None:
    slow = [
        cmd(Command.SET_BAUD, 2_000_000),
        cmd(Command.SELF_TEST),
        cmd(Command.SET_ID, 1),
        cmd(Command.STORE_NOTE, data=b"x"),
    ]
    sends = [(0.1, cmd(Command.START))]
    sends += [(0.2 + 0.02 * n, data) for n, data in enumerate(slow)]
    sends += [(0.3, cmd(Command.START)), (0.35, cmd(Command.STOP)), (0.4, cmd(Command.SELF_TEST))]
    run = run_board(0.5, sends)
    assert [r.result for r in run.replies] == [0, *[Result.STOP_FIRST] * 4, 0, 0, 0]
    assert run.replies[0].value == 1000
    assert run.faults.lost_frames == 0
    assert np.abs(np.diff(run.board_us) - 1000).max() < 100


def test_unknown_and_misshapen_commands(run_board: Callable, cmd: Cmd) -> None:
    run = run_board(
        0.5,
        [
            (0.05, frame_packet(b"\x7f\x01")),
            (0.10, frame_packet(b"\x8e\x02\x00\x00")),
            (0.15, frame_packet(bytes([Command.SET_RATE, 3, 0xE8]))),
            (0.20, frame_packet(bytes([Command.START, 4, 0]))),
            (0.25, cmd(Command.STORE_NOTE, token=5, data=b"n" * 65)),
            (0.30, cmd(Command.STORE_NOTE, token=6, data=b"n" * 180)),
            (0.35, cmd(Command.SET_BAUD, 9600, token=7)),
            (0.40, cmd(Command.SET_BAUD, 115_200, token=8)),
        ],
    )
    assert answers(run) == [
        (0x7F, 1, Result.UNKNOWN_COMMAND, 0),
        (0x8E, 2, Result.UNKNOWN_COMMAND, 0),
        (Command.SET_RATE, 3, Result.BAD_LENGTH, 4),
        (Command.START, 4, Result.BAD_LENGTH, 2),
        (Command.STORE_NOTE, 5, Result.NOTE_TOO_LONG, 64),
        (Command.STORE_NOTE, 6, Result.NOTE_TOO_LONG, 64),
        (Command.SET_BAUD, 7, Result.BAUD_NOT_SUPPORTED, 0),
        (Command.SET_BAUD, 8, Result.RATE_TOO_HIGH, 200),
    ]
    assert run.events("baud") == run.events("baud")[:1]


def test_damaged_bytes_are_refused_by_name(run_board: Callable, cmd: Cmd) -> None:
    good = bytearray(cmd(Command.START, token=1))
    flipped = good.copy()
    flipped[2] ^= 0x02
    cut_off = bytes([5, 1, 2, 0])
    run = run_board(
        0.4,
        [
            (0.05, bytes(flipped)),
            (0.10, cut_off),
            (0.15, b"\x00\x00\x00"),  # empty packets are silence, not damage
            (0.20, b"\x01\x01\x00"),
            (0.25, bytes(good)),
        ],
    )
    damaged = (0, 0, Result.DAMAGED, 0)
    assert answers(run) == [damaged] * 3 + [(Command.START, 1, Result.DONE, 1000)]
    assert len(run.board_us) > 100


def test_no_single_flipped_bit_is_obeyed(run_board: Callable, cmd: Cmd) -> None:
    good = cmd(Command.SET_RATE, 500)
    sends = []
    for bit in range(8 * (len(good) - 1)):
        flipped = bytearray(good)
        flipped[bit // 8] ^= 1 << bit % 8
        # a second delimiter ends what a flipped delimiter left open
        sends.append((0.01 * (bit + 1), bytes(flipped) + b"\x00"))
    run = run_board(0.01 * (len(sends) + 5), sends)
    assert {r.result for r in run.replies} == {Result.DAMAGED}
    assert len(run.replies) >= len(sends)
    assert {h.scan_rate_hz for h in run.hellos} == {1000}


def test_garbage_neither_stops_nor_starts_anything(run_board: Callable, cmd: Cmd) -> None:
    rng = np.random.default_rng(4)
    sends = [(0.05, cmd(Command.START, token=1))]
    sends += [(0.1 + 0.01 * n, rng.integers(0, 256, 300, np.uint8).tobytes()) for n in range(60)]
    sends += [(0.9, b"\x00"), (0.95, cmd(Command.STOP, token=2))]
    run = run_board(1.2, sends)
    assert {r.result for r in run.replies} == {Result.DONE, Result.DAMAGED}
    assert run.replies[0].token == 1
    assert (run.replies[-1].token, run.replies[-1].result) == (2, Result.DONE)
    assert run.faults.crc_errors == run.faults.framing_errors == 0
    assert run.faults.lost_frames == 0
    assert len(run.board_us) == pytest.approx(900, abs=5)


def test_baud_change_is_kept_when_confirmed(run_board: Callable, cmd: Cmd) -> None:
    run = run_board(
        3.0,
        [(0.1, cmd(Command.SET_BAUD, 2_000_000, token=1)), (1.5, cmd(Command.HELLO, token=2))],
    )
    assert [value for _, value in run.events("baud")] == [1_000_000, 2_000_000]
    assert answers(run)[0] == (Command.SET_BAUD, 1, Result.DONE, 2_000_000)
    changed = run.hellos[1]
    assert (changed.baud, changed.reason) == (2_000_000, HelloReason.SETTINGS_CHANGED)
    assert (changed.max_scan_rate_hz, changed.configuration) == (2000, 1)
    assert run.faults.skipped_bytes == 0


def test_baud_falls_back_when_nobody_speaks(run_board: Callable, cmd: Cmd) -> None:
    run = run_board(
        2.6,
        [
            (0.1, cmd(Command.SET_RATE, 200)),
            (0.2, cmd(Command.SET_BAUD, 115_200)),
            (2.4, cmd(Command.START)),
        ],
    )
    (_, first), (new_s, new), (back_s, back) = run.events("baud")
    assert (first, new, back) == (1_000_000, 115_200, 1_000_000)
    # 20 ms of silence, then 2 s
    assert back_s - new_s == pytest.approx(2.02, abs=0.005)
    assert [h.baud for h in run.hellos] == [1_000_000, 1_000_000, 115_200, 1_000_000, 1_000_000]
    assert [h.configuration for h in run.hellos] == [0, 1, 2, 3, 3]
    assert len(run.board_us) == pytest.approx(40, abs=3)
    assert run.faults.unreadable_scans == 0


def test_identify_blinks(run_board: Callable, cmd: Cmd) -> None:
    run = run_board(1.5, [(0.1, cmd(Command.IDENTIFY, 1))])
    blinks = [event for event in run.events("led") if event[0] > 0.1]
    assert [level for _, level in blinks] == [1, 0] * 5
    assert blinks[-1][0] == pytest.approx(1.1, abs=0.01)
