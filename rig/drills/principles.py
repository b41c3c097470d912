# SPDX-License-Identifier: GPL-3.0-or-later
"""The fifteen principles of Pose running against what a set showed.

Five are measured, two in part, and eight leave no trace in pressure: those are said to be not
measured, and why, instead of being scored from something else. The principles are those of S. McPhail's
beginner's guide to Pose running; what each is judged by is a design choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal, Protocol

from rig.drills.registry import added_drill

Measurable = Literal["measured", "partly", "not measured"]
STEPS_A_REPETITION: dict[str, int] = {"switch": 1, "running-lunge": 2}
"""Drills that step: the switch counts every change, the running lunge the working leg's contacts."""
STEP_RATE = "step_rate_per_min"


class FaultSeen(Protocol):
    """What a score sheet asks of a fault."""

    @property
    def code(self) -> str: ...
    @property
    def severity(self) -> str: ...


class Judged(Protocol):
    """What it asks of a repetition."""

    @property
    def end_s(self) -> float: ...
    @property
    def faults(self) -> tuple[FaultSeen, ...]: ...
    @property
    def not_judged(self) -> tuple[str, ...]: ...
    @property
    def measures(self) -> Mapping[str, float]: ...


@dataclass(frozen=True, slots=True)
class Principle:
    """One principle.

    `codes`: the faults that break it. `shown`: measures whose means stand beside the score. `why`:
    what is measured in place of the whole, or why nothing is.
    """

    number: int
    says: str
    measurable: Measurable
    why: str
    codes: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


PRINCIPLES: tuple[Principle, ...] = (
    Principle(
        1,
        "Pull the ankle straight up under the hip with the hamstrings.",
        "not measured",
        "Pressure shows when the foot leaves the ground, not which way the ankle goes.",
    ),
    Principle(
        2,
        "Keep the support time short.",
        "measured",
        "By the contact time.",
        ("LONG", "DOUBLE-SUPPORT"),
        ("contact_time_s", "support_time_s"),
    ),
    Principle(
        3,
        "Support is on the ball of the foot.",
        "measured",
        "By what is not the ball: load on the heel, landing on the toes, leaving over them.",
        ("HEEL", "HEEL-FIRST", "TOE-LAND", "TOE-SHIFT"),
    ),
    Principle(
        4,
        "The heel does not touch the ground.",
        "measured",
        "By the load on the heel; a touch of less than 0.05 body weights or 15 N is not seen.",
        ("HEEL", "HEEL-FIRST"),
        ("heel_share_max",),
    ),
    Principle(
        5,
        "No weight over the toes: pull while it is on the ball.",
        "measured",
        "By where the load is when the foot is half unloaded.",
        ("TOE-SHIFT",),
    ),
    Principle(
        6,
        "Keep the ankle at one angle.",
        "not measured",
        "Pressure shows no angle of a joint.",
    ),
    Principle(7, "Keep the knees bent.", "not measured", "Knees leave no trace in pressure."),
    Principle(
        8,
        "Feet stay behind the line down from the knees.",
        "not measured",
        "Where a foot is in the air is not seen. Landing on the heel hints at a foot too far in front, "
        "and is scored as principle 4.",
    ),
    Principle(
        9,
        "Keep the stride short.",
        "partly",
        "By the step rate only; the length of a stride needs a mat, the speed, or a position.",
    ),
    Principle(
        10,
        "Knees and thighs down, close together and relaxed.",
        "not measured",
        "Thighs leave no trace in pressure.",
    ),
    Principle(
        11,
        "Think of the pull, not of the landing.",
        "not measured",
        "What somebody attends to cannot be measured; the cues reward the pull.",
    ),
    Principle(
        12,
        "Do not point the toes or land on them.",
        "measured",
        "By where the load is while landing.",
        ("TOE-LAND",),
    ),
    Principle(
        13,
        "Gravity lets the leg down, not the muscles.",
        "partly",
        "By how hard the foot lands, against the person's own calm landings; no muscle is seen.",
        ("DRIVE",),
    ),
    Principle(
        14,
        "Shoulder, hip and ankle in one vertical line.",
        "not measured",
        "A support point on the ball is needed for it and does not prove it; use a mirror.",
    ),
    Principle(
        15,
        "The arms balance; they do not push.",
        "not measured",
        "Arms leave no trace in pressure.",
    ),
)


ASKED: dict[str, tuple[str, ...]] = {
    "stance": ("HEEL", "TOE-SHIFT"),
    "change-of-support": ("HEEL", "TOE-SHIFT", "DRIVE"),
    "pony": ("HEEL", "DRIVE"),
    "forward-change": ("HEEL-FIRST", "TOE-LAND", "DRIVE"),
    "tapping": ("HEEL-FIRST", "LONG", "DRIVE"),
    "hopping": ("HEEL", "TOE-LAND"),
    "lunge": ("HEEL", "HEEL-FIRST", "LONG"),
    "switch": ("HEEL", "TOE-LAND", "LONG", "DOUBLE-SUPPORT"),
    "running-lunge": ("HEEL", "HEEL-FIRST", "TOE-SHIFT", "LONG", "DRIVE"),
}
"""Faults that each drill looks for, as far as they break a principle."""


@dataclass(frozen=True, slots=True)
class PrincipleScore:
    """One line of the sheet.

    Attributes
    ----------
    kept, judged : int
        Repetitions that kept the principle, of those in which it could be judged. 0 of 0 where it is
        not measured, where only `means` are given, or where the drill does not ask for it.
    means : dict
        Means of the measures that belong to it, by name with its unit.
    says : str
        The result, or why there is none, in a sentence.
    """

    principle: Principle
    kept: int
    judged: int
    means: dict[str, float]
    says: str

    @property
    def share(self) -> float | None:
        """Part of the judged repetitions that kept it; None where none was judged."""
        return self.kept / self.judged if self.judged else None


def score_sheet(drill: str, repetitions: Iterable[Judged]) -> tuple[PrincipleScore, ...]:
    """All fifteen principles for one set of a drill.

    A principle none of whose faults the drill looks for is not asked of it, and is not counted as kept.
    Warnings and hints break nothing.
    """
    done = tuple(repetitions)
    asked = frozenset(_asked(drill))
    return tuple(_score(principle, drill, done, asked) for principle in PRINCIPLES)


def _asked(drill: str) -> Iterable[str]:
    """Of an added drill, all that its own guide says it looks for."""
    own = added_drill(drill)
    return ASKED.get(drill, ()) if own is None else (code for code, *_ in own.guide.rules)


def _score(
    principle: Principle, drill: str, done: tuple[Judged, ...], asked: frozenset[str]
) -> PrincipleScore:
    if principle.measurable == "not measured":
        return PrincipleScore(principle, 0, 0, {}, f"Not measured. {principle.why}")
    means = _means(principle, drill, done)
    codes = asked.intersection(principle.codes)
    if not codes:
        says = principle.why if means else "Not asked of this drill."
        return PrincipleScore(principle, 0, 0, means, says)
    verdicts = [_verdict(repetition, codes) for repetition in done]
    judged = [verdict for verdict in verdicts if verdict is not None]
    if not judged:
        return PrincipleScore(principle, 0, 0, means, "Not judged yet.")
    says = f"Kept in {sum(judged)} of {len(judged)} repetitions."
    if len(judged) < len(done):
        says += f" Not judged in {len(done) - len(judged)}."
    if principle.measurable == "partly":
        says += f" {principle.why}"
    return PrincipleScore(principle, sum(judged), len(judged), means, says)


def _verdict(repetition: Judged, codes: frozenset[str]) -> bool | None:
    """Kept or broken; None where nothing was seen to break it but not all rules were judged."""
    if any(f.severity == "fault" and f.code in codes for f in repetition.faults):
        return False
    return None if codes.intersection(repetition.not_judged) else True


def _means(principle: Principle, drill: str, done: tuple[Judged, ...]) -> dict[str, float]:
    """Of the measures that belong to a principle; for the stride, how often the feet step."""
    means = {}
    for name in principle.shown:
        values = [r.measures[name] for r in done if name in r.measures]
        if values:
            means[name] = sum(values) / len(values)
    if principle.number == 9 and drill in STEPS_A_REPETITION and len(done) > 1:
        times = sorted(r.end_s for r in done)
        period_s = median(b - a for a, b in pairwise(times))
        if period_s > 0.0:
            means[STEP_RATE] = 60.0 * STEPS_A_REPETITION[drill] / period_s
    return means
