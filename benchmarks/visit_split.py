# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a visit that was recorded as one piece is split where its sets began and ended.

`python -m benchmarks.visit_split [--subjects 6] [--first 15000] [--rate 200] [--rest 6]`

One person does all drills in a drawn order, each after some seconds of standing on both feet; of the
stance one hold. A set truly begins and ends with the first and last moment at which one foot truly bears
three quarters of the load, or neither bears any. It is found where just one stretch of its name overlaps
it.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict

import numpy as np

from benchmarks.joined_sessions import joined_sessions
from rig.analysis.recognise import UNKNOWN, Stretch, recognise
from rig.batch import WholeStream
from rig.pipeline import PipelineSettings
from rig.settings import DRILL_NAMES, DrillName
from rig.simulate.person import SimulatedSession, simulate_session
from rig.simulate.population import drawn_build

SET_S: dict[str, float] = {"stance": 17.0, "change-of-support": 24.0, "forward-change": 24.0}
USUAL_SET_S = 14.0
ALONE_SHARE = 0.75
NOBODY_BW = 0.2
Times = tuple[float, float]


def main() -> None:
    """Print how far the boundaries are off, for each drill."""
    parser = argparse.ArgumentParser(description="Splitting a visit into its sets.")
    parser.add_argument("--subjects", type=int, default=6)
    parser.add_argument("--first", type=int, default=15_000, help="seed of the first subject")
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--rest", type=float, default=6.0, help="seconds between two sets")
    asked = parser.parse_args()
    off: defaultdict[str, list[Times]] = defaultdict(list)
    sets, extra, seconds, spent = 0, 0, 0.0, 0.0
    for seed in range(asked.first, asked.first + asked.subjects):
        stream, true = _visit(seed, asked.rate, asked.rest)
        began = time.process_time()
        stretches = recognise(stream)
        spent += time.process_time() - began
        seconds += stretches[-1].to_s
        named = [s for s in stretches if s.drill != UNKNOWN]
        for drill, (from_s, to_s) in true:
            own = [s for s in named if s.drill == drill and s.to_s > from_s and s.from_s < to_s]
            sets += 1
            if len(own) == 1:
                off[drill].append((own[0].from_s - from_s, own[0].to_s - to_s))
                named.remove(own[0])
        extra += len(named)
        _tell_extra(seed, named)
    _tell(off, sets, extra)
    print(f"an hour of it: {3600.0 * spent / seconds:.1f} s of one core at {asked.rate} Hz")


def _visit(seed: int, rate_hz: int, rest_s: float) -> tuple[WholeStream, list[tuple[str, Times]]]:
    """One recording, and when each of its sets truly began and ended."""
    rest = _session("quiet", rest_s, seed, rate_hz)
    parts, true, at_s = [rest], [], rest_s
    drills = list(DRILL_NAMES)
    np.random.default_rng(seed).shuffle(drills)
    for drill in drills:
        session = _session(drill, SET_S.get(drill, USUAL_SET_S), seed, rate_hz)
        from_s, to_s = _moved(session)
        true.append((drill, (at_s + from_s, at_s + to_s)))
        parts += [session, rest]
        at_s += len(session.counts) / rate_hz + rest_s
    settings = PipelineSettings(rest.participant, rest.calibration)
    return joined_sessions(parts, rate_hz, settings), true


def _session(motion: DrillName | str, seconds: float, seed: int, rate_hz: int) -> SimulatedSession:
    mass_kg, shoe_eu = drawn_build(seed)
    return simulate_session(
        motion, seconds, seed, rate_hz, body_mass_kg=mass_kg, shoe_size_eu=shoe_eu
    )


def _moved(session: SimulatedSession) -> Times:
    u = session.truth.loads.foot_force_n / session.truth.body_weight_n
    total = u.sum(axis=1)
    moved = np.flatnonzero((u.max(axis=1) >= ALONE_SHARE * total) | (total <= NOBODY_BW))
    return float(session.truth.t_s[moved[0]]), float(session.truth.t_s[moved[-1]])


def _tell_extra(seed: int, named: list[Stretch]) -> None:
    for s in named:
        print(f"seed {seed}: {s.drill} from {s.from_s:.1f} to {s.to_s:.1f} s is no set's own")


def _tell(off: dict[str, list[Times]], sets: int, extra: int) -> None:
    everything = np.abs([pair for pairs in off.values() for pair in pairs])
    for drill in DRILL_NAMES:
        pairs = np.array(off.get(drill, ())).reshape(-1, 2)
        if len(pairs):
            most = np.abs(pairs).max(axis=0)
            within = f"begin within {most[0]:.2f} s, end within {most[1]:.2f} s"
            print(f"{drill:18} {len(pairs)} sets: {within}")
    print(f"{len(everything)} of {sets} sets found as one, {extra} stretches that are no set's own")
    if len(everything):
        share = np.mean(everything <= 1.0)
        print(f"boundaries within 1 s: {share:.3f}, at most {everything.max():.2f} s off")


if __name__ == "__main__":
    main()
