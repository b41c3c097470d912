# SPDX-License-Identifier: GPL-3.0-or-later
"""Design questions: how many sensors, and which pull-down?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rig.accuracy.event_errors import matched, peak_errors
from rig.accuracy.load_errors import LoadErrors, load_errors, pooled, rms
from rig.accuracy.sessions import Seen, seen, side_of, simulated_person, through_pipeline
from rig.accuracy.tables import Table, table
from rig.calibrate.divider import divider, saturation_count
from rig.calibrate.force_block import Float64, FrameFlag
from rig.layout import Foot
from rig.layout.foot import inside_outline
from rig.settings import DrillSettings
from rig.simulate.board import adc_counts, simulated_hello
from rig.simulate.body import BLOCK_SAMPLES, Body, TrueLoads, join_loads
from rig.simulate.clinic import calibrate_like_a_clinic
from rig.simulate.pads import INSOLE_PADS, SensorLayout, pad_force_n, pad_integrals, pads_named
from rig.simulate.person import simulate_session
from rig.simulate.phrases import DENSE_RATE_HZ
from rig.simulate.population import drawn_build
from rig.simulate.sensors import BASIC_FAULTS, SensorBank
from rig.simulate.session_stream import session_stream

MORE_PLACES = (
    (-0.20, 0.22),
    (0.20, 0.24),
    (0.06, 0.40),
    (0.04, 0.56),
    (-0.20, 0.60),
    (-0.24, 0.82),
    (0.24, 0.58),
    (0.00, 0.81),
)
"""Between the sixteen."""
LAYOUTS: dict[int, SensorLayout] = {
    4: pads_named("HF", "MT1", "MT5", "HX"),
    8: pads_named("HM", "HL", "LP", "LD", "MT1", "MT3", "MT5", "HX"),
    16: INSOLE_PADS,
    24: SensorLayout((*INSOLE_PADS.places, *MORE_PLACES)),
}
LAYOUT_MOTIONS = ("quiet", "single-leg", "ball-stance", "walking")
EVERY = 10
"""Frames between those that are judged: 100 a second."""
PULL_DOWNS_OHM = (470, 1000, 2200, 4700)
PULL_MOTIONS = ("quiet", "hopping")
RESOLVED_N = (1.0, 20.0)


@dataclass(frozen=True, slots=True, eq=False)
class Sensed:
    """What a layout reads of somebody, in newtons of foot before any gain, and the truth."""

    foot_n: Float64
    foot_cop_mm: Float64
    loads: TrueLoads


def sensed(seed: int, layout: SensorLayout, motion: str, seconds: float) -> Sensed:
    """Area weighting alone; all default sensor faults but for the scan's timing."""
    faults = replace(BASIC_FAULTS, pads=layout)
    person = simulated_person(seed, faults)
    subject = person.subject
    loads = _dense(Body(subject, motion), seconds)
    bank = SensorBank(person.traits, faults)
    felt = bank.conductance_us(pad_force_n(loads, pad_integrals(subject.field, layout)))[::EVERY]
    hello = simulated_hello(DENSE_RATE_HZ, person.board_id)
    counts = adc_counts(hello, felt, person.traits, faults, np.random.default_rng([seed, 61]))
    pads_n = divider(counts, hello, faults.mux_ohm) / faults.fsr_k_us
    pads_n = pads_n.reshape(len(pads_n), 2, -1)[:, :, list(layout.channels)]
    pads_n = pads_n * tributary_mm2(layout, subject.foot_length_mm, subject.field.foot_width_mm)
    pads_n = pads_n / (np.pi * (0.5 * layout.diameter_mm) ** 2)
    place_mm = np.array(layout.places) * (subject.field.foot_width_mm, subject.foot_length_mm)
    foot_n = pads_n.sum(axis=-1)
    cop = (pads_n @ place_mm) / np.maximum(foot_n, 1e-9)[..., None]
    cop[:, Foot.LEFT, 0] *= -1.0
    return Sensed(foot_n, cop, _every(loads))


def _dense(body: Body, seconds: float) -> TrueLoads:
    samples = round(seconds * DENSE_RATE_HZ)
    blocks = [body.next_block() for _ in range(samples // BLOCK_SAMPLES + 1)]
    return join_loads(blocks).first(samples)


def _every(loads: TrueLoads) -> TrueLoads:
    return TrueLoads(
        loads.foot_force_n[::EVERY],
        loads.region_force_n[::EVERY],
        loads.foot_cop_mm[::EVERY],
        loads.cop_mm[::EVERY],
        loads.kernel_force_n[::EVERY],
    )


def tributary_mm2(layout: SensorLayout, length_mm: float, width_mm: float) -> Float64:
    """(pads,) area of the sole that is nearest to each pad, on a grid of 2 mm."""
    x_mm, y_mm = np.arange(-0.5 * width_mm, 0.5 * width_mm, 2.0), np.arange(1.0, length_mm, 2.0)
    x, y = (g.ravel() for g in np.meshgrid(x_mm / width_mm, y_mm / length_mm))
    sole = np.column_stack((x, y))[inside_outline(x, y)]
    apart = (sole[:, None, :] - np.array(layout.places)) * (width_mm, length_mm)
    nearest = (apart**2).sum(axis=-1).argmin(axis=1)
    return 4.0 * np.bincount(nearest, minlength=len(layout.places)).astype(np.float64)


def _layout_errors(seed: int, layout: SensorLayout, seconds: float) -> dict[str, LoadErrors]:
    """By motion; one gain from quiet stance."""
    weight_n = simulated_person(seed).subject.body_weight_n
    found = {motion: sensed(seed, layout, motion, seconds) for motion in LAYOUT_MOTIONS}
    gain = weight_n / float(found["quiet"].foot_n.sum(axis=1).mean())
    errors = {}
    for motion, one in found.items():
        true_n = one.loads.foot_force_n
        force = (gain * one.foot_n - true_n).sum(axis=1) / weight_n
        off = (one.foot_cop_mm - one.loads.foot_cop_mm)[true_n >= 0.10 * weight_n]
        errors[motion] = LoadErrors(rms(force), rms(off[:, 1]), rms(off[:, 0]), np.nan, np.nan)
    return errors


def how_many_sensors(seeds: Sequence[int], seconds: float) -> Table:
    """4, 8, 16 or 24 a foot?"""
    rows = []
    for count, layout in LAYOUTS.items():
        each = [_layout_errors(seed, layout, seconds) for seed in seeds]
        cells: list[float] = []
        for motion in LAYOUT_MOTIONS:
            errors = pooled([one[motion] for one in each])
            cells += [100.0 * errors.force_bw, errors.foot_ap_mm, errors.foot_ml_mm]
        rows.append((f"{count} a foot", *cells))
    heads: list[tuple[str, int | None]] = [
        (f"{motion}: {what}", 1)
        for motion in LAYOUT_MOTIONS
        for what in ("force % BW", "CoP AP mm", "CoP ML mm")
    ]
    return table(
        "sensors",
        "How many sensors?",
        "Area weighting and one gain from quiet stance, no bench and no stances, so that the layout "
        "itself is seen; all default sensor faults. 4: HF, MT1, MT5, HX. 8: HM, HL, LP, LD, MT1, MT3, "
        "MT5, HX. 24: the sixteen and eight between them (no board here scans so many).",
        [("sensors", None), *heads],
        rows,
    )


def pulled_down(seed: int, motion: str, seconds: float, pull_down_ohm: int) -> Seen:
    """A session whose samples went over another pull-down, calibrated with it."""
    mass_kg, shoe_eu = drawn_build(seed)
    session = simulate_session(motion, seconds, seed, 1000, side_of(seed), mass_kg, shoe_eu)
    person = simulated_person(seed)
    hello = simulated_hello(1000, person.board_id, pull_down_ohm)
    counts = adc_counts(
        hello,
        session.conductance_us,
        person.traits,
        person.faults,
        np.random.default_rng([seed, 62]),
    )
    all_arrive = np.ones(len(counts), np.bool_)
    sent = session_stream(hello, session.scan_us, counts, all_arrive, 0.0, lambda us: us * 1e-6)
    blocks = through_pipeline(
        sent.stream,
        session.participant,
        calibrate_like_a_clinic(hello, person.subject, person.faults, with_bench=False),
        DrillSettings(session.drill, session.side),
    )
    loads = session.truth.loads
    return seen(blocks, session.truth, loads.foot_cop_mm, loads.cop_mm, session.participant, hello)


def newtons_a_count(force_n: float, pull_down_ohm: int) -> float:
    """What one count of ten bits is worth on a pad: c = 1024 Rm G / (1 + G (Rm + R_mux)), G = k F."""
    k = BASIC_FAULTS.fsr_k_us * 1e-6
    loaded = 1.0 + k * force_n * (pull_down_ohm + BASIC_FAULTS.mux_ohm)
    return loaded**2 / (1024.0 * pull_down_ohm * k)


def reaches_n(pull_down_ohm: int) -> float:
    """Force on one pad from which it counts as saturated."""
    hello = simulated_hello(1000, 0, pull_down_ohm)
    top = np.array([saturation_count(hello, BASIC_FAULTS.mux_ohm)])
    return float(divider(top, hello, BASIC_FAULTS.mux_ohm)[0] / BASIC_FAULTS.fsr_k_us)


def which_pull_down(seeds: Sequence[int], seconds: float) -> Table:
    """470, 1,000, 2,200 or 4,700 ohm?"""
    rows = []
    for ohm in PULL_DOWNS_OHM:
        quiet, hopping = (
            [pulled_down(seed, motion, seconds, ohm) for seed in seeds] for motion in PULL_MOTIONS
        )
        saturated = np.mean(
            [((one.flags & np.uint32(FrameFlag.SATURATED)) != 0).mean() for one in hopping]
        )
        peaks = peak_errors([matched(one.contacts, one.truth.contacts) for one in hopping])
        still, hops = (pooled([load_errors(one) for one in runs]) for runs in (quiet, hopping))
        rows.append(
            (
                f"{ohm} ohm",
                reaches_n(ohm),
                *(newtons_a_count(force_n, ohm) for force_n in RESOLVED_N),
                100.0 * still.force_bw,
                still.foot_ap_mm,
                100.0 * hops.force_bw,
                hops.foot_ap_mm,
                100.0 * float(np.mean(peaks)) if peaks else None,
                100.0 * float(saturated),
            )
        )
    return table(
        "pull-down",
        "Which pull-down?",
        "The same subjects and sensors over four pull-downs, each calibrated with it (stances and visit "
        "check; the bench asks for 60 N on a pad, which not all of them can read). Reach: force on one "
        "pad from which it counts as saturated. One count is what a 10-bit step is worth on a pad at "
        "that force.",
        [
            ("pull-down", None),
            ("reach N a pad", 0),
            *((f"N a count at {force_n:g} N", 3) for force_n in RESOLVED_N),
            ("quiet: force % BW", 1),
            ("quiet: CoP AP mm", 1),
            ("hopping: force % BW", 1),
            ("hopping: CoP AP mm", 1),
            ("hopping: peak bias %", 1),
            ("hopping: saturated frames %", 1),
        ],
        rows,
    )
