# SPDX-License-Identifier: GPL-3.0-or-later
"""How often each drill is recognised in simulated sets, as a confusion matrix.

`python -m benchmarks.recognition [--subjects 10] [--first 10000] [--fault 1.2] [--seconds 25]
[--under 58]`

Calibrated insoles with the usual sensor faults; both sides of every subject; subjects of many sizes. A
set is named right where the right drill, and side where it has one, takes more of it than any other and
more than half; in the stance, where people stand between the holds, three tenths. What is no drill is
right as "unknown" where no more than a fifth of it is named.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from itertools import count, islice
from math import inf

import numpy as np

from rig.analysis.recognise import UNKNOWN, Stretch, recognise
from rig.batch import WholeStream
from rig.pipeline import PipelineSettings
from rig.settings import SIDES, Side
from rig.simulate.behaviour import BehaviourFault
from rig.simulate.catalogue import APPLICABLE, MOTION_NAMES
from rig.simulate.person import simulate_session
from rig.simulate.population import drawn_build

DRILLS = tuple(APPLICABLE)
EXPECTED = {"single-leg": "stance"}
"""Standing on one leg in the Pose posture, as this simulated motion does, is that drill."""
START_S = {"stance": 6.5}
LEAST_OF_SET = {"stance": 0.3}
USUAL_START_S = 2.0
"""People stand still before they begin; that part is no part of the set."""


def main() -> None:
    """Print the matrix."""
    parser = argparse.ArgumentParser(description="Recognition as a confusion matrix.")
    parser.add_argument("--subjects", type=int, default=10)
    parser.add_argument("--first", type=int, default=10_000, help="seed of the first subject")
    parser.add_argument("--under", type=float, default=inf, help="subjects lighter than so many kg")
    parser.add_argument("--seconds", type=float, default=25.0)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--fault", type=float, help="size of one fault of each drill's, in turn")
    parser.add_argument("motions", nargs="*", default=MOTION_NAMES)
    asked = parser.parse_args()
    light = (seed for seed in count(asked.first) if drawn_build(seed)[0] < asked.under)
    seeds = list(islice(light, asked.subjects))
    by_build: defaultdict[str, Counter[bool]] = defaultdict(Counter)
    for motion in asked.motions:
        if asked.fault is not None and motion not in APPLICABLE:
            continue
        named: Counter[str] = Counter()
        for seed in seeds:
            for side in SIDES:
                stretches = _recognised(motion, seed, side, asked)
                name = verdict(motion, side, stretches)
                named[name] += 1
                if motion in DRILLS:
                    by_build[_build(seed)][name == motion] += 1
        right = named[EXPECTED.get(motion, motion if motion in DRILLS else UNKNOWN)]
        told = ", ".join(f"{name} {count}" for name, count in named.most_common())
        print(f"{motion:18} {right:3} of {sum(named.values())}: {told}", flush=True)
    for build, counts in {**by_build, "all": sum(by_build.values(), Counter())}.items():
        if counts:
            print(f"drills, {build}: {counts[True]} of {counts.total()} sets")


def _build(seed: int) -> str:
    """Groups of subjects none of which the limits were fitted to on its own."""
    mass_kg, _ = drawn_build(seed)
    return "under 60 kg" if mass_kg < 60.0 else "over 80 kg" if mass_kg > 80.0 else "60 to 80 kg"


def _recognised(
    motion: str, seed: int, side: Side, asked: argparse.Namespace
) -> tuple[Stretch, ...]:
    mass_kg, shoe_eu = drawn_build(seed)
    behaviour = ()
    if asked.fault is not None:
        codes = APPLICABLE[motion]
        behaviour = (BehaviourFault(codes[seed % len(codes)], asked.fault),)
    session = simulate_session(
        motion,
        asked.seconds,
        seed,
        asked.rate,
        side,
        body_mass_kg=mass_kg,
        shoe_size_eu=shoe_eu,
        behaviour=behaviour,
    )
    settings = PipelineSettings(session.participant, session.calibration)
    return recognise(WholeStream(session.stream, np.zeros((0, 2), np.int64), settings))


def verdict(motion: str, side: Side, stretches: tuple[Stretch, ...]) -> str:
    """What a session was taken for; a drill on the other foot is named with its side."""
    lengths: defaultdict[str, float] = defaultdict(float)
    start_s = START_S.get(motion, USUAL_START_S)
    for stretch in stretches:
        name = stretch.drill
        if stretch.side is not None and stretch.side.name.lower() != side:
            name += f" {stretch.side.name.lower()}"
        lengths[name] += max(0.0, stretch.to_s - max(stretch.from_s, start_s))
    whole_s = sum(lengths.values())
    lengths.pop(UNKNOWN, None)
    least = LEAST_OF_SET.get(motion, 0.5) if motion in DRILLS else 0.2
    longest = max(lengths, key=lambda name: lengths[name], default=UNKNOWN)
    return longest if lengths.get(longest, 0.0) > least * whole_s else UNKNOWN


if __name__ == "__main__":
    main()
