# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated board: FSRs scanned on its own clock, and the packets it would send."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from rig.errors import SettingsError
from rig.layout.foot import Float64
from rig.simulate.body import BLOCK_SAMPLES, Subject, TrueLoads, join_loads
from rig.simulate.hard_faults import extra_noise_lsb, held_counts, rewired, settled_faults
from rig.simulate.pad_loads import PadLoads
from rig.simulate.phrases import DENSE_RATE_HZ
from rig.simulate.sensors import (
    CHANNELS,
    SensorBank,
    SensorFaults,
    SensorTraits,
    converted,
    divider_ratio,
)
from rig.wire.encoder import encode_scans
from rig.wire.framing import frame_packet
from rig.wire.packets import (
    DELIMITER,
    LAYOUT_CHECKSUM,
    PROTOCOL_VERSION,
    Board,
    Hello,
    HelloReason,
    LayoutId,
    ResetCause,
    RigKind,
    Status,
    Topology,
    pack_hello,
    pack_status,
)

Int64 = npt.NDArray[np.int64]
MAX_SCAN_RATE_HZ = 2000
MIN_SCAN_RATE_HZ = 40
DEFAULT_BAUD = 1_000_000
SIMULATED_SUPPLY_MV = 5000


def scan_order(sensels: int) -> Int64:
    """(sensels,) when each one's turn comes: the two muxes take turns, so left and right interleave."""
    channel = np.arange(sensels // 2, dtype=np.int64)
    return np.concatenate((2 * channel, 2 * channel + 1))


def simulated_hello(rate_hz: int, unique_id: int, pull_down_ohm: int = 1000) -> Hello:
    """The hello of an insole rig on an Uno."""
    return Hello(
        protocol_version=PROTOCOL_VERSION,
        layout_checksum=LAYOUT_CHECKSUM,
        firmware_major=1,
        firmware_minor=0,
        firmware_patch=0,
        board=Board.UNO_OR_NANO,
        unique_id=unique_id,
        rig_kind=RigKind.INSOLES,
        layout_id=LayoutId.INSOLES_16,
        topology=Topology.DIVIDER,
        pull_down_ohm=pull_down_ohm,
        sensel_count=CHANNELS,
        bit_depth=10,
        adc_full_scale=1024,
        scan_rate_hz=rate_hz,
        max_scan_rate_hz=MAX_SCAN_RATE_HZ,
        baud=DEFAULT_BAUD,
        configuration=0,
        reason=HelloReason.BOOT,
        reset_cause=ResetCause.EXTERNAL,
        time_us=0,
        row_count=2,
        column_count=CHANNELS // 2,
    )


class MovingBody(Protocol):
    """Somebody whose true loads come a block after the other."""

    @property
    def subject(self) -> Subject: ...

    def next_block(self) -> TrueLoads: ...


class PadSource(Protocol):
    """Forces on pads on the dense grid, a block of `BLOCK_SAMPLES` after the other."""

    @property
    def sensels(self) -> int: ...

    def next_block(self) -> Float64:
        """(BLOCK_SAMPLES, sensels)."""
        ...


class SensedPads:
    """Pads behind their memory: conductances at times that go on from those asked for before.

    Only two blocks are kept, so an hour costs no more memory than a minute.
    """

    def __init__(self, source: PadSource, bank: SensorBank) -> None:
        self._source = source
        self._bank = bank
        self._first = 0
        self._conductance = np.zeros((0, source.sensels))

    @property
    def sensels(self) -> int:
        """How many samples a scan of these pads has."""
        return self._source.sensels

    def conductance_us(self, t_s: Float64) -> Float64:
        """Each sensel at its own time; t_s, at most a block long, and the result are (n, sensels)."""
        position = t_s * DENSE_RATE_HZ
        self._reach(int(np.ceil(position.max())) + 1)
        before = np.floor(position).astype(np.int64)
        part = position - before
        row = before - self._first
        sensel = np.arange(self.sensels)
        low, high = self._conductance[row, sensel], self._conductance[row + 1, sensel]
        return low * (1.0 - part) + high * part

    def pass_by(self, t_s: float) -> None:
        """Let the person go on unobserved, a little at a time instead of all at once later."""
        self._reach(int(t_s * DENSE_RATE_HZ))

    def _reach(self, samples: int) -> None:
        while self._first + len(self._conductance) <= samples:
            fresh = self._bank.conductance_us(self._source.next_block())
            dropped = max(0, len(self._conductance) - BLOCK_SAMPLES)
            self._first += dropped
            self._conductance = np.concatenate((self._conductance[dropped:], fresh))


class BodyOnPads:
    """A moving body's forces on its insoles; the truth behind them is kept on request."""

    def __init__(self, body: MovingBody, pads: PadLoads, keep_truth: bool) -> None:
        self._body = body
        self._pads = pads
        self._samples = 0
        self.truth: list[TrueLoads] | None = [] if keep_truth else None

    @property
    def sensels(self) -> int:
        return self._pads.sensels

    def next_block(self) -> Float64:
        loads = self._body.next_block()
        if self.truth is not None:
            self.truth.append(loads)
        force_n = self._pads.force_n(loads, self._samples)
        self._samples += len(loads)
        return force_n


class SensedBody(SensedPads):
    """A moving body on its FSRs."""

    def __init__(self, body: MovingBody, bank: SensorBank, keep_truth: bool = False) -> None:
        pads = PadLoads(body.subject, bank.faults.pads, bank.faults.hard)
        self._on_pads = BodyOnPads(body, pads, keep_truth)
        super().__init__(self._on_pads, bank)

    def truth(self, samples: int) -> TrueLoads:
        """The first `samples` dense samples of the truth.

        Raises
        ------
        ValueError
            The truth was not kept, or not so much of it has happened yet.
        """
        if self._on_pads.truth is None:
            raise ValueError("this body's truth was not kept")
        self._reach(samples)
        return join_loads(self._on_pads.truth).first(samples)


class Scanner:
    """Turns scan ticks on the board's clock into SCAN packets.

    Noise and losses are drawn in the order of the scans, so they do not depend on how many scans are
    asked for at once.
    """

    def __init__(
        self,
        sensed: SensedPads,
        traits: SensorTraits,
        faults: SensorFaults,
        seed: int,
        origin_us: int,
    ) -> None:
        self._sensed = sensed
        self._traits = traits
        self._faults = faults
        self._origin_us = origin_us
        self._order = scan_order(sensed.sensels)
        self._hard = settled_faults(faults.hard, seed, faults.pads.sensels_by_foot, sensed.sensels)
        self._noise = np.random.default_rng([seed, 5])
        self._bad_contacts = np.random.default_rng([seed, 46])
        self._jitter = np.random.default_rng([seed, 42])
        self._loss = LossBursts(faults, np.random.default_rng([seed, 6]))

    def pass_by(self, board_us: int) -> None:
        """No scan runs, but the person goes on."""
        self._sensed.pass_by((board_us - self._origin_us) / (1e6 + self._faults.clock_ppm))

    def true_s(self, board_us: Int64 | Float64) -> Float64:
        """True seconds since the origin; the board's crystal runs fast by `clock_ppm`."""
        return (board_us - self._origin_us) / (1e6 + self._faults.clock_ppm)

    def skew_us(self, rate_hz: int) -> float:
        """Time from one conversion to the next; a fast scan must fit its period."""
        return min(self._faults.scan_skew_us, 0.98e6 / rate_hz / CHANNELS)

    def conductance_us(self, hello: Hello, board_us: Int64) -> Float64:
        """(n, sensels) at the moments of conversion of scans that began at `board_us` (n,)."""
        rate_hz = hello.scan_rate_hz
        begun_us = board_us + self._late_us(len(board_us))
        at_us = begun_us[:, None] + self.skew_us(rate_hz) * self._order
        seconds = [at_us[first : first + rate_hz] for first in range(0, len(at_us), rate_hz)]
        pieces = [self._seen_us(self.true_s(second)) for second in seconds]
        return np.concatenate(pieces) if pieces else np.zeros((0, self._sensed.sensels))

    def _seen_us(self, t_s: Float64) -> Float64:
        conductance_us = self._sensed.conductance_us(t_s)
        return rewired(conductance_us, t_s, self._hard)

    def _late_us(self, scans: int) -> Float64:
        if self._faults.jitter_us == 0.0:
            return np.zeros(scans)
        return self._faults.jitter_us * np.abs(self._jitter.standard_normal(scans))

    def counts(self, hello: Hello, conductance_us: Float64, board_us: Int64) -> Int64:
        """(n, sensels) ADC counts of conductances (n, sensels) of scans at `board_us` (n,).

        Raises
        ------
        SettingsError
            The hello speaks of another number of samples.
        """
        if hello.sensel_count != conductance_us.shape[1]:
            raise SettingsError(
                f"A board that sends {hello.sensel_count} samples cannot scan "
                f"{conductance_us.shape[1]} sensors; choose a layout of 16 pads a foot at most."
            )
        counts = adc_counts(hello, conductance_us, self._traits, self._faults, self._noise)
        if not self._hard:
            return counts
        t_s = self.true_s(board_us)
        noise_lsb = extra_noise_lsb(t_s, counts.shape[1], self._hard, self._bad_contacts)
        noisy = np.clip(counts + np.rint(noise_lsb), 0, hello.adc_full_scale - 1)
        return held_counts(noisy.astype(np.int64), t_s, self._hard)

    def arrives(self, board_us: Int64) -> npt.NDArray[np.bool_]:
        """(n,) which scans the link does not lose."""
        return ~self._loss.hit(self.true_s(board_us))


def adc_counts(
    hello: Hello,
    conductance_us: Float64,
    traits: SensorTraits,
    faults: SensorFaults,
    rng: np.random.Generator,
) -> Int64:
    """Through divider, noise and ADC: (n, sensels) microsiemens to (n, sensels) counts."""
    ratio = divider_ratio(conductance_us, hello.pull_down_ohm, faults.mux_ohm)
    noise_lsb = rng.standard_normal(ratio.shape) * traits.noise_lsb
    return converted(ratio, noise_lsb, hello.adc_full_scale).astype(np.int64)


class LossBursts:
    """Bursts in which every packet is lost; asked with rising times only."""

    def __init__(self, faults: SensorFaults, rng: np.random.Generator) -> None:
        self._fraction = faults.loss_fraction
        self._burst_s = faults.loss_burst_s
        self._rng = rng
        self._bursts: list[tuple[float, float]] = []
        self._end_s = 0.0

    def hit(self, t_s: Float64) -> npt.NDArray[np.bool_]:
        """(n,) which of the moments fall into a burst."""
        lost = np.zeros(len(t_s), dtype=np.bool_)
        if self._fraction <= 0.0 or len(t_s) == 0:
            return lost
        while self._end_s <= t_s[-1]:
            self._append_burst()
        for start_s, end_s in self._bursts:
            lost |= (t_s >= start_s) & (t_s < end_s)
        self._bursts = [burst for burst in self._bursts if burst[1] > t_s[-1]]
        return lost

    def _append_burst(self) -> None:
        low, high = self._burst_s
        mean_gap_s = 0.5 * (low + high) * (1.0 / self._fraction - 1.0)
        start_s = self._end_s + self._rng.exponential(mean_gap_s)
        self._end_s = start_s + self._rng.uniform(low, high)
        self._bursts.append((start_s, self._end_s))


def tick_times_us(first_us: int, start: int, count: int, rate_hz: int) -> Int64:
    """Board times of ticks start .. start + count - 1 of a run whose tick 0 is at `first_us`."""
    ticks = np.arange(start, start + count, dtype=np.int64)
    return first_us + ticks * 1_000_000 // rate_hz


def scan_bytes(
    hello: Hello, sequence: Int64, board_us: Int64, flags: Int64, counts: Int64
) -> bytes:
    """SCAN packets as they cross the wire; nothing for no scans."""
    if len(sequence) == 0:
        return b""
    return encode_scans(hello, sequence, board_us, flags, counts)


def hello_bytes(hello: Hello, reason: HelloReason, time_us: int) -> bytes:
    """A HELLO as it crosses the wire."""
    return frame_packet(pack_hello(replace(hello, reason=reason, time_us=time_us % 2**32)))


def status_bytes(time_us: int, frames_sent: int, self_test: int) -> bytes:
    """A STATUS as it crosses the wire; this board drops nothing and is never late."""
    status = Status(time_us % 2**32, frames_sent, 0, 0, SIMULATED_SUPPLY_MV, self_test)
    return frame_packet(pack_status(status))


def packet_ends(stream: bytes) -> Int64:
    """Offset just after each packet; only delimiters are 0x00 in a framed stream."""
    return np.flatnonzero(np.frombuffer(stream, np.uint8) == DELIMITER) + 1
