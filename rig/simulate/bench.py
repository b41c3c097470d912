# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights in place of a person: known loads on single sensels, on whole insoles and on whole mats.

Forces are given on the dense grid and go the whole way of a session: sensors with their faults, divider
or matrix, converter, packets. What a person does for a calibration (sitting with the feet lifted, gentle
shifts, stances on heel, whole sole, ball and toes) is a motion of `rig.simulate.motions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from rig.layout import insole_layout
from rig.layout.foot import Float64
from rig.simulate.board import (
    Int64,
    LossBursts,
    Scanner,
    SensedBody,
    SensedPads,
    simulated_hello,
    tick_times_us,
)
from rig.simulate.body import BLOCK_SAMPLES, Subject, TrueLoads
from rig.simulate.mat_cells import mat_counts, scan_span_us
from rig.simulate.mat_rigs import MatRigName, mat_faults, mat_hello, mat_rig
from rig.simulate.person import BOOT_US
from rig.simulate.phrases import DENSE_RATE_HZ
from rig.simulate.sensors import (
    BASIC_FAULTS,
    CHANNELS,
    SensorBank,
    SensorFaults,
    sensor_traits,
)
from rig.simulate.session_stream import session_stream
from rig.wire.packets import Hello

BENCH_LOADS_N = (2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
HOLD_S = 5.0
CHANGE_S = 0.4
"""A hand needs so long to add or take a weight (design choice)."""
REST_S = 1.5
REPEATED_N = 10.0
REPEATABILITY = 0.02
"""One part, one load, laid on again (FSR 400 data sheet)."""
EQUILIBRATION_KPA = (5.0, 10.0, 20.0, 40.0)


@dataclass(frozen=True, slots=True)
class Hold:
    """A known load at rest from `from_s` to `to_s`, true seconds since the first scan.

    `way`: "up" or "down" as weights were added or taken, "again" for a load laid on afresh; `load` in
    newtons on a sensel, or kPa on a mat.
    """

    load: float
    way: str
    from_s: float
    to_s: float
    sensel: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class BenchRun:
    """What a recording of the bench holds, and what really lay on the sensels.

    Attributes
    ----------
    stream, packet_end_offsets, packet_sent_s, scan_us, counts, conductance_us
        As `rig.simulate.person.SimulatedSession` has them, conductances of a mat flat as its samples.
    holds : of Hold
        In the order of time; empty where nothing changes.
    """

    hello: Hello
    stream: bytes
    packet_end_offsets: Int64
    packet_sent_s: Float64
    scan_us: Int64
    counts: Int64
    conductance_us: Float64
    holds: tuple[Hold, ...]

    def rows(self, hold: Hold, settled_s: float = 1.0) -> slice:
        """The scans of a hold, but for what it takes to settle."""
        rate = self.hello.scan_rate_hz
        return slice(round((hold.from_s + settled_s) * rate), round(hold.to_s * rate))


class _Weights:
    """Dense forces as a source of pads; the last row stays."""

    def __init__(self, force_n: Float64) -> None:
        self._force_n = force_n
        self._at = 0

    @property
    def sensels(self) -> int:
        return self._force_n.shape[1]

    def next_block(self) -> Float64:
        rows = np.minimum(np.arange(self._at, self._at + BLOCK_SAMPLES), len(self._force_n) - 1)
        self._at += BLOCK_SAMPLES
        return self._force_n[rows]


class _Played:
    """True loads as somebody's body; the last ones stay."""

    def __init__(self, subject: Subject, loads: TrueLoads) -> None:
        self.subject = subject
        self._loads = loads
        self._at = 0

    def next_block(self) -> TrueLoads:
        rows = np.minimum(np.arange(self._at, self._at + BLOCK_SAMPLES), len(self._loads) - 1)
        self._at += BLOCK_SAMPLES
        columns = {f.name: getattr(self._loads, f.name)[rows] for f in fields(self._loads)}
        return TrueLoads(**columns)


def insole_bench(
    force_n: Float64,
    seed: int,
    rate_hz: int = 200,
    faults: SensorFaults = BASIC_FAULTS,
    holds: tuple[Hold, ...] = (),
) -> BenchRun:
    """Read insoles on the bench.

    Parameters
    ----------
    force_n : (n, 32) float64
        On each pad, dense (`DENSE_RATE_HZ`). Weights stand on the pads themselves: nothing bridges them.
    seed : int
        Of the insoles: their sensels are those of the person with this seed.
    """
    sensed = SensedPads(
        _Weights(force_n), SensorBank(sensor_traits(seed, faults).on_bench(), faults)
    )
    return _read(sensed, len(force_n), seed, rate_hz, faults, holds)


def _read(
    sensed: SensedPads,
    samples: int,
    seed: int,
    rate_hz: int,
    faults: SensorFaults,
    holds: tuple[Hold, ...],
) -> BenchRun:
    """Scan so many dense samples of insoles; more than 16 pads a foot make longer packets."""
    count = sensed.sensels
    hello = replace(
        simulated_hello(rate_hz, 0x51000000 + seed % 0x1000000),
        sensel_count=count,
        column_count=count // 2,
    )
    scanner = Scanner(sensed, sensor_traits(seed, faults), faults, seed, BOOT_US)
    scans = max(1, round(samples / DENSE_RATE_HZ * rate_hz))
    scan_us = tick_times_us(BOOT_US, 0, scans, rate_hz)
    conductance_us = scanner.conductance_us(hello, scan_us)
    counts = scanner.counts(hello, conductance_us, scan_us)
    span_us = scanner.skew_us(rate_hz) * CHANNELS
    sent = session_stream(hello, scan_us, counts, scanner.arrives(scan_us), span_us, scanner.true_s)
    return BenchRun(
        hello,
        sent.stream,
        sent.end_offsets,
        sent.sent_s,
        scan_us,
        counts,
        conductance_us,
        holds,
    )


def stood_on(
    loads: TrueLoads,
    subject: Subject,
    seed: int,
    rate_hz: int = 200,
    faults: SensorFaults = BASIC_FAULTS,
) -> BenchRun:
    """Let somebody stand on insoles that need not be their own, hard faults and odd layouts included.

    Parameters
    ----------
    loads : TrueLoads
        Dense; `seated` makes them those of lifted feet.
    subject : Subject
        Whose feet bear them.
    seed : int
        Of the insoles.
    """
    sensed = SensedBody(_Played(subject, loads), SensorBank(sensor_traits(seed, faults), faults))
    return _read(sensed, len(loads), seed, rate_hz, faults, ())


def seated(loads: TrueLoads) -> TrueLoads:
    """The same stretch of time with both feet lifted."""
    nothing = {field.name: np.zeros_like(getattr(loads, field.name)) for field in fields(loads)}
    return TrueLoads(**nothing)


def puck_weights(
    sensels: Sequence[int],
    seed: int,
    loads_n: Sequence[float] = BENCH_LOADS_N,
    hold_s: float = HOLD_S,
    repeatability: float = REPEATABILITY,
) -> tuple[Float64, tuple[Hold, ...]]:
    """Known weights through a soft puck that covers the sensel, up and down, then one laid on again.

    A minute a sensel, 15 MB of forces each: ask for some at a time.

    Returns
    -------
    force_n : (n, 32) float64
        Dense; each hold differs from its weight by the part's own repeatability.
    holds : of Hold
        With the weights as staff read them off.
    """
    rng = np.random.default_rng([seed, 43])
    down = tuple(loads_n[-2::-1])
    ways = [(n, "up") for n in loads_n] + [(n, "down") for n in down] + [(REPEATED_N, "again")]
    places, holds, now_s = [(0.0, 0.0, -1)], [], REST_S
    for sensel in sensels:
        for load_n, way in ways:
            if way == "again":
                places += [(now_s, 0.0, sensel), (now_s + REST_S, 0.0, sensel)]
                now_s += REST_S
            on_n = load_n * (1.0 + repeatability * rng.standard_normal())
            start_s, end_s = now_s + CHANGE_S, now_s + CHANGE_S + hold_s
            places += [(start_s, on_n, sensel), (end_s, on_n, sensel)]
            holds.append(Hold(load_n, way, start_s, end_s, sensel))
            now_s = end_s
        places += [(now_s + CHANGE_S, 0.0, sensel), (now_s + REST_S, 0.0, sensel)]
        now_s += REST_S
    return _laid_on(places, now_s), tuple(holds)


def _laid_on(places: list[tuple[float, float, int]], seconds: float) -> Float64:
    """(n, 32) dense forces, linear from one (second, newtons, sensel) to the next of the sensel."""
    t_s = np.arange(round(seconds * DENSE_RATE_HZ)) / DENSE_RATE_HZ
    force = np.zeros((len(t_s), CHANNELS))
    for sensel in {place[2] for place in places} - {-1}:
        ours = [(s, n) for s, n, at in places if at == sensel]
        begin_s = min(s for s, n in ours if n > 0.0) - CHANGE_S
        knots = np.array([(begin_s, 0.0), *ours])
        force[:, sensel] = np.interp(t_s, knots[:, 0], knots[:, 1], left=0.0, right=0.0)
    return force


def dead_weight(
    seconds: float = 30.0, weight_n: float = 300.0, length_mm: float = 265.0
) -> Float64:
    """(n, 32) dense: a sandbag on each insole, even pressure and no movement (the noise floor)."""
    sole_mm2 = insole_layout(length_mm).tributary_mm2.sum()
    pad_mm2 = np.pi * (12.7 / 2.0) ** 2
    return np.full(
        (round(seconds * DENSE_RATE_HZ), CHANNELS), 0.5 * weight_n * float(pad_mm2 / sole_mm2)
    )


def mat_bench(
    force_n: Float64,
    seed: int,
    rig: MatRigName = "mat16",
    rate_hz: int | None = None,
    faults: SensorFaults = BASIC_FAULTS,
    holds: tuple[Hold, ...] = (),
) -> BenchRun:
    """Read a whole mat on the bench; `force_n` (n, rows * columns) at the scans' own rate."""
    build = mat_rig(rig)
    rate_hz = rate_hz or build.rate_hz
    ours = mat_faults(build, faults)
    traits = sensor_traits(seed, ours, force_n.shape[1])
    hello = mat_hello(build, rate_hz, 0x4D000000 + seed % 0x1000000)
    scan_us = tick_times_us(BOOT_US, 0, len(force_n), rate_hz)
    conductance_us = SensorBank(traits, ours, float(rate_hz)).conductance_us(force_n)
    grid = conductance_us.reshape(len(force_n), build.layout.rows, build.layout.columns)
    counts = mat_counts(build, grid, hello, ours, seed)

    def true_s(board_us: Float64 | Int64) -> Float64:
        return (board_us - BOOT_US) / (1e6 + faults.clock_ppm)

    arrives = ~LossBursts(faults, np.random.default_rng([seed, 6])).hit(true_s(scan_us))
    span_us = scan_span_us(hello, ours)
    sent = session_stream(hello, scan_us, counts, arrives, span_us, true_s)
    return BenchRun(
        hello,
        sent.stream,
        sent.end_offsets,
        sent.sent_s,
        scan_us,
        counts,
        conductance_us,
        holds,
    )


def uniform_pressure(
    rig: MatRigName = "mat16",
    rate_hz: int | None = None,
    pressures_kpa: Sequence[float] = EQUILIBRATION_KPA,
    hold_s: float = HOLD_S,
) -> tuple[Float64, tuple[Hold, ...]]:
    """A bladder on the whole mat, one pressure after the other; forces at the scans' rate, and holds."""
    build = mat_rig(rig)
    rate = rate_hz or build.rate_hz
    steps = [(0.0, 0.0)]
    holds = []
    now_s = REST_S
    for kpa in pressures_kpa:
        start_s, end_s = now_s + CHANGE_S, now_s + CHANGE_S + hold_s
        steps += [(now_s, steps[-1][1]), (start_s, kpa), (end_s, kpa)]
        holds.append(Hold(kpa, "up", start_s, end_s))
        now_s = end_s
    t_s = np.arange(round(now_s * rate)) / rate
    kpa = np.interp(t_s, *np.array(steps).T)
    newtons = kpa * 1e-3 * build.layout.cell_area_mm2
    return np.repeat(newtons[:, None], build.layout.rows * build.layout.columns, axis=1), tuple(
        holds
    )
