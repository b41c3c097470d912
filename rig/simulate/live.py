# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated person behind a simulated board that answers as the firmware does, in any pieces."""

from __future__ import annotations

import struct
from dataclasses import replace

from rig.calibrate.calibration import Calibration
from rig.settings import DrillName, Participant, Side
from rig.simulate.board import (
    MAX_SCAN_RATE_HZ,
    MIN_SCAN_RATE_HZ,
    hello_bytes,
    simulated_hello,
    status_bytes,
)
from rig.simulate.motions import drill_setting, programme_drill_at
from rig.simulate.person import SimulatedPerson, check_rate
from rig.simulate.scan_run import ScanRun
from rig.simulate.sensors import BASIC_FAULTS, SensorFaults
from rig.wire.framing import MAX_STUFFED_BYTES, PacketFault, frame_packet, open_packet
from rig.wire.packets import (
    DELIMITER,
    LAYOUT_OF,
    NOTE_MAX_BYTES,
    SYNC_PULSE_MS,
    Command,
    Hello,
    HelloReason,
    Reply,
    Result,
    SelfTest,
    pack_reply,
    unpack_command,
)

_Outcome = tuple[Result, int, bytes]
_STATUS_EVERY_US = 1_000_000
_STOP_FIRST = (
    Command.SET_BAUD,
    Command.SELF_TEST,
    Command.SET_ID,
    Command.STORE_NOTE,
    Command.SET_BIT_DEPTH,
    Command.SET_REGION,
)


class LiveSimulation:
    """Gives the bytes that are due by a simulated time, and obeys commands.

    Time 0 is the board's boot and the person's first moment. A command takes effect at the time up to
    which `produce` was last called; apart from that the bytes do not depend on how `produce` is cut.

    Parameters
    ----------
    motion : str or None
        One of `rig.simulate.motions.MOTION_NAMES`; None goes through a programme of drills, and
        `drill_at` tells which one is being done.
    """

    def __init__(
        self,
        motion: str | None,
        seed: int,
        rate_hz: int = 1000,
        side: Side = "right",
        body_mass_kg: float = 70.0,
        shoe_size_eu: float = 42.0,
        faults: SensorFaults = BASIC_FAULTS,
    ) -> None:
        check_rate(rate_hz)
        self._motion = motion
        self._person = SimulatedPerson(seed, side, body_mass_kg, shoe_size_eu, faults)
        self._hello = simulated_hello(rate_hz, self._person.board_id)
        self._calibration = self._person.calibrated(self._hello)
        self._scanner, _ = self._person.scanner(motion, origin_us=0)
        self._pending = hello_bytes(self._hello, HelloReason.BOOT, 0)
        self._now_us = 0
        self._run: ScanRun | None = None
        self._sequence = 0
        self._frames_sent = 0
        self._next_status_us = _STATUS_EVERY_US
        self._pulse_us = (0, 0)
        self._self_test = int(SelfTest.NOT_RUN)
        self._note = b""
        self._received = b""

    @property
    def participant(self) -> Participant:
        """Who stands on the insoles."""
        return self._person.participant

    @property
    def calibration(self) -> Calibration:
        """Taken through these same sensors before time 0."""
        return self._calibration

    @property
    def hello(self) -> Hello:
        """The settings in force."""
        return self._hello

    def drill_at(self, t_s: float) -> DrillName:
        """The drill setting of what the person does at a simulated time."""
        return programme_drill_at(t_s) if self._motion is None else drill_setting(self._motion)

    def produce(self, until_s: float) -> bytes:
        """All bytes that have become due since the last call and up to `until_s` (true seconds)."""
        until_us = round(until_s * (1e6 + self._person.faults.clock_ppm))
        parts = [self._pending]
        self._pending = b""
        while self._next_status_us <= until_us:
            parts.append(self._scans(self._next_status_us))
            parts.append(status_bytes(self._next_status_us, self._frames_sent, self._self_test))
            self._next_status_us += _STATUS_EVERY_US
        parts.append(self._scans(until_us))
        self._now_us = max(self._now_us, until_us)
        return b"".join(parts)

    def receive(self, data: bytes) -> None:
        """Take bytes from the host; answers come with the next `produce`."""
        *packets, rest = (self._received + data).split(bytes([DELIMITER]))
        self._received = rest[-MAX_STUFFED_BYTES:]
        for stuffed in packets:
            if stuffed:
                self._pending += self._answer(open_packet(stuffed))

    def _scans(self, until_us: int) -> bytes:
        """Scans of the present run that are complete by `until_us`."""
        if self._run is None:
            self._scanner.pass_by(until_us)
            return b""
        before = self._run.ticks
        packets = self._run.take(until_us)
        self._frames_sent += self._run.ticks - before
        return packets

    def _answer(self, packet: bytes | PacketFault) -> bytes:
        """Reports and the REPLY to one command, in the firmware's order: HELLO first."""
        if isinstance(packet, PacketFault):
            return _reply_bytes(Reply(0, 0, Result.DAMAGED, 0))
        token = packet[1] if len(packet) > 1 else 0
        before, was_scanning = self._hello, self._run is not None
        try:
            command, token, arguments, data = unpack_command(packet)
        except KeyError:
            return _reply_bytes(Reply(packet[0], token, Result.UNKNOWN_COMMAND, 0))
        except struct.error:
            return _reply_bytes(_bad_length(packet[0], token))
        if data and not LAYOUT_OF[command].tail:
            return _reply_bytes(_bad_length(command, token))
        result, value, answer_data = self._obey(command, arguments, data)
        reply = _reply_bytes(Reply(command, token, result, value, answer_data))
        if self._hello is not before:
            return hello_bytes(self._hello, HelloReason.SETTINGS_CHANGED, self._now_us) + reply
        if command == Command.START and not was_scanning:
            return hello_bytes(self._hello, HelloReason.STARTED, self._now_us) + reply
        if command == Command.HELLO and result == Result.DONE:
            return hello_bytes(self._hello, HelloReason.ASKED, self._now_us) + reply
        return reply

    def _obey(self, command: Command, arguments: tuple[int, ...], data: bytes) -> _Outcome:
        if self._run is not None and command in _STOP_FIRST:
            return Result.STOP_FIRST, 0, b""
        if command == Command.STORE_NOTE:
            return self._store_note(data)
        if command == Command.SET_REGION:
            return self._set_region(arguments)
        if arguments:
            return {
                Command.SET_RATE: self._set_rate,
                Command.SET_BAUD: self._set_baud,
                Command.SET_ID: self._set_id,
                Command.IDENTIFY: _blink,
                Command.SET_BIT_DEPTH: self._set_bit_depth,
            }[command](arguments[0])
        return {
            Command.HELLO: self._greet,
            Command.START: self._start,
            Command.STOP: self._stop,
            Command.SELF_TEST: self._test_itself,
            Command.READ_NOTE: self._read_note,
            Command.SYNC_PULSE: self._pulse,
        }[command]()

    def _greet(self) -> _Outcome:
        return Result.DONE, self._hello.protocol_version, b""

    def _start(self) -> _Outcome:
        if self._run is None:
            self._begin_run()
        return Result.DONE, self._hello.scan_rate_hz, b""

    def _set_rate(self, rate_hz: int) -> _Outcome:
        if rate_hz > MAX_SCAN_RATE_HZ:
            return Result.RATE_TOO_HIGH, MAX_SCAN_RATE_HZ, b""
        if rate_hz < MIN_SCAN_RATE_HZ:
            return Result.RATE_TOO_LOW, MIN_SCAN_RATE_HZ, b""
        was_scanning = self._run is not None
        self._end_run()
        self._change(scan_rate_hz=rate_hz)
        if was_scanning:
            self._begin_run()
        return Result.DONE, rate_hz, b""

    def _set_baud(self, baud: int) -> _Outcome:
        """There is no line whose speed could change; only the speed in force is accepted."""
        if baud != self._hello.baud:
            return Result.BAUD_NOT_SUPPORTED, 0, b""
        return Result.DONE, baud, b""

    def _set_bit_depth(self, bits: int) -> _Outcome:
        """Insoles know one depth and one region."""
        if bits != self._hello.bit_depth:
            return Result.BIT_DEPTH_NOT_SUPPORTED, self._hello.bit_depth, b""
        return Result.DONE, bits, b""

    def _set_region(self, region: tuple[int, ...]) -> _Outcome:
        hello = self._hello
        whole = (hello.first_row, hello.row_count, hello.first_column, hello.column_count)
        if region != whole:
            return Result.REGION_NOT_SUPPORTED, hello.sensel_count, b""
        return Result.DONE, hello.sensel_count, b""

    def _set_id(self, unique_id: int) -> _Outcome:
        self._change(unique_id=unique_id)
        return Result.DONE, unique_id, b""

    def _stop(self) -> _Outcome:
        self._end_run()
        return Result.DONE, 0, b""

    def _test_itself(self) -> _Outcome:
        self._self_test = 0
        return Result.DONE, 0, b""

    def _pulse(self) -> _Outcome:
        self._pulse_us = (self._now_us, self._now_us + SYNC_PULSE_MS * 1000)
        if self._run is not None:
            self._run.set_pulse(*self._pulse_us)
        return Result.DONE, SYNC_PULSE_MS, b""

    def _read_note(self) -> _Outcome:
        if not self._note:
            return Result.NOTE_MISSING, 0, b""
        return Result.DONE, len(self._note), self._note

    def _store_note(self, data: bytes) -> _Outcome:
        if len(data) > NOTE_MAX_BYTES:
            return Result.NOTE_TOO_LONG, NOTE_MAX_BYTES, b""
        self._note = data
        return Result.DONE, len(data), b""

    def _change(self, **settings: int) -> None:
        configuration = (self._hello.configuration + 1) % 16
        self._hello = replace(self._hello, configuration=configuration, **settings)

    def _begin_run(self) -> None:
        """The first scan begins one period from now."""
        start_us = self._now_us + 1_000_000 // self._hello.scan_rate_hz
        self._run = ScanRun(self._scanner, self._hello, start_us, self._sequence)
        self._run.set_pulse(*self._pulse_us)

    def _end_run(self) -> None:
        if self._run is not None:
            self._sequence = self._run.next_sequence
        self._run = None


def _blink(seconds: int) -> _Outcome:
    return Result.DONE, seconds, b""


def _bad_length(command: int, token: int) -> Reply:
    return Reply(command, token, Result.BAD_LENGTH, LAYOUT_OF[command].struct.size)


def _reply_bytes(reply: Reply) -> bytes:
    return frame_packet(pack_reply(reply))
