# SPDX-License-Identifier: GPL-3.0-or-later
"""What each drill is for, what it asks, and what pressure can and cannot see of it: words, not rules.

The aims are those of the beginner's guide to Pose running that the drills
follow; its fifteen principles are named by their number.
"""

from __future__ import annotations

from dataclasses import dataclass

from rig.settings import DrillName

INSOLES_ANY = "yes, at 100 Hz or more (events are dated best at 1,000 Hz)"
MAT_ON_THE_SPOT = "yes, at 100 Hz or more; the heel only as a zone of whole cells"
MAT_STANCE = "yes at any rate; below 100 Hz times of events are withheld"
MAT_NO = "no: the drill travels or leaves the mat"


TOLD = (
    "A heel touch is told while it lasts; a clean pull when the foot has left the ground, never when it "
    "lands; every other fault, and a clean repetition of drills without pulls, as soon as the "
    "repetition has been judged. What is too short to be cued within the contact (taps under 150 ms) is "
    "cued after it. How long it takes from the last sample of a heel touch to its cue is measured by "
    "benchmarks/cue_latency.py."
)
"""How soon a person hears of something."""


@dataclass(frozen=True, slots=True)
class DrillGuide:
    """`rules`: a fault's code, what breaks the rule, its thresholds, the principle behind it."""

    title: str
    aim: str
    counts: str
    rules: tuple[tuple[str, str, tuple[str, ...], str], ...]
    unseen: str
    insoles: str = INSOLES_ANY
    mat: str = MAT_ON_THE_SPOT


_HEEL = (
    "HEEL",
    (
        "the heel of the foot that bears touches for 30 ms: a kiss, or load from a quarter of the "
        "foot's force or a tenth of the contact's impulse on"
    ),
    ("heel_kiss", "heel_load"),
    "4: do not touch the ground with your heels",
)
_HEEL_FIRST = (
    "HEEL-FIRST",
    "the first 20 ms of a contact lie in the rear third of the foot, or the heel bears before the ball",
    ("heel_first_y", "heel_first_lead_s"),
    "3 and 8: support is on the balls of the feet, and feet stay behind the knee",
)
_TOE_LAND = (
    "TOE-LAND",
    "half of the first 20 ms is on the toes, or they lie before the ball",
    ("toe_land_share", "toe_land_y"),
    "12: do not point or land on the toes",
)
_TOE_SHIFT = (
    "TOE-SHIFT",
    "the foot leaves over its toes: their share, or the place, when half of the peak is gone",
    ("toe_shift_share", "toe_shift_y"),
    "5: avoid shifting weight over your toes",
)
_PUSH = (
    "PUSH",
    (
        "looks like push-off: two of a place far forward, much of the late impulse on the toes, a late "
        "peak (pressure cannot tell calf from hamstring)"
    ),
    ("push_y", "push_toes_share", "push_peak_at"),
    "1 and 11: pull the foot from the ground with the hamstring",
)
_LONG = (
    "LONG",
    "the foot stays on the ground for longer",
    ("long_contact_s",),
    "2: keep your support time short",
)
_DROP = (
    "DRIVE",
    "within 100 ms of the landing both feet together bear more than before it",
    ("drive_rise_bw",),
    "13: gravity, not muscle action, controls the landing",
)
_FLIGHT = (
    "HOP-UP",
    "both feet are in the air, where no flight belongs",
    ("flight_unwanted_s",),
    "no excess vertical oscillation",
)
_LOW = (
    "LOW-PULL",
    "the foot bears little for a while and never leaves the ground: it counts, and is told (a warning)",
    ("low_pull_bw", "low_pull_s"),
    "drill 2: pull the ankle up under the hip",
)

GUIDE: dict[DrillName, DrillGuide] = {
    "stance": DrillGuide(
        "Pose stance",
        "Hold the pose on one leg for up to 30 s, the hip over the midfoot, without support.",
        "One repetition a hold of 5 s or more.",
        (
            (_HEEL[0], _HEEL[1], ("heel_kiss_stance", "heel_load"), _HEEL[3]),
            (
                "DRIFT",
                "the support point's second mean leaves an ellipse around that of the first 3 s",
                ("drift_ap", "drift_ml"),
                "drill 1: the hip is always held over the support point",
            ),
            ("TOUCH", "the free foot touches down", ("touch_s",), "drill 1: one leg"),
            (
                "HAND",
                "for a second less weight is on the foot than before: something is leant on (a hint)",
                ("hand_loss",),
                "drill 1: no support is allowed",
            ),
            (
                "TOE-SHIFT",
                "the support point stays before the ball",
                ("toe_shift_stance_y", "toe_shift_stance_s"),
                _TOE_SHIFT[3],
            ),
        ),
        "the line of shoulder, hip and ankle; the knee; the free ankle; a foot hooked on the calf. "
        "The mirror stays.",
        mat=MAT_STANCE,
    ),
    "change-of-support": DrillGuide(
        "Change of support without moving",
        "Feel the weight shift, then pull the free ankle up under the hip; let it drop.",
        "One repetition a pull, when the foot is down again.",
        (
            (
                "EARLY-PULL",
                "a shift that took its time, and yet little weight had gone over before the pull",
                ("early_pull_share", "early_pull_before_s", "early_pull_shift_s"),
                "drill 2: feel the weight shift before pulling up",
            ),
            _DROP,
            _HEEL,
            _TOE_SHIFT,
            _FLIGHT,
            _LOW,
        ),
        "hamstring or hip flexor; how high the ankle comes once the foot is off the ground.",
    ),
    "pony": DrillGuide(
        "Pony",
        "Change support with the least effort and range; toes may stay down.",
        "One repetition a change of support, a swing of 0.3 or more.",
        (
            (
                "PARTIAL",
                "the weight does not go over",
                ("partial_share",),
                "drill 3: let your body weight shift to the other leg",
            ),
            (
                "NOT-SIMULTANEOUS",
                "the share takes too long from 0.2 to 0.8",
                ("together_s",),
                "drill 3: lift and shift simultaneously",
            ),
            (_HEEL[0], _HEEL[1], ("heel_kiss_pony", "heel_load"), _HEEL[3]),
            _FLIGHT,
            _DROP,
            (
                "PUSH",
                "the leaving foot bears more than the body before it unloads",
                ("push_pony_bw",),
                _PUSH[3],
            ),
            (
                "ASYM",
                "the two sides' support times or peaks differ, over the set",
                ("asymmetry_warning", "asymmetry_fault"),
                "not in the guide",
            ),
        ),
        "the knees, and how high the heels come.",
    ),
    "forward-change": DrillGuide(
        "Forward change of support",
        "Lean a little, pull the ankle up, and let the other leg drop under gravity.",
        "One repetition a landing.",
        (_DROP, _HEEL_FIRST, _TOE_LAND, _FLIGHT, _LOW),
        "travel; of the lean only where the standing foot bears at the pull (`support_y_at_pull`): it "
        "should be 0.02 foot lengths ahead of the own median in change of support, and is for you to "
        "compare, as no drill knows the other's; when the foot comes down flat "
        "and gently, an order of heel and ball within some 10 ms.",
        mat=MAT_NO,
    ),
    "tapping": DrillGuide(
        "Foot tapping",
        "On one leg: lift the foot as soon as it touches down.",
        "One repetition a tap of 8 ms to 1 s; a longer one is a foot put down (PUT-DOWN).",
        (
            _HEEL_FIRST,
            ("LONG", "the tap lasts longer", ("long_tap_s",), "2, drill 5: rapid firing"),
            (
                "OVER-PULLED",
                "before the tap the foot was up for longer: pulled too high? (a hint)",
                ("over_pulled_s",),
                "drill 5: avoid a forceful pull all the way up",
            ),
            (
                "DRIVE",
                "the tap's peak is high",
                ("drive_tap_bw",),
                "13, drill 5: feel the muscles relax",
            ),
            (
                "HEEL",
                "the standing leg's heel (a hint)",
                ("heel_kiss_tapping", "heel_load_tapping"),
                _HEEL[3],
            ),
        ),
        "how high and how straight the foot is pulled. Taps under 150 ms can only be cued after them; "
        "taps under 15 N have no place.",
    ),
    "hopping": DrillGuide(
        "Hopping",
        "The hop comes from the pull of the free leg and the recoil of the ground, not from the calf. "
        "Take care: hops load Achilles tendon and calf.",
        "One repetition a landing after a flight; it is judged by the contact before.",
        (
            _PUSH,
            _HEEL,
            _TOE_LAND,
            (
                "HOP-UP",
                "the flight is long, or longer than the person's own first twelve",
                ("flight_s", "flight_over_own_s"),
                "no excess vertical oscillation",
            ),
            (
                "RHYTHM",
                "the times from landing to landing vary, over the set",
                ("rhythm_variation",),
                "not in the guide",
            ),
        ),
        "whether the ankle is relaxed between hops.",
    ),
    "lunge": DrillGuide(
        "Front lunge",
        "The front foot hops, the rear one drags loosely; land on the ball.",
        "One repetition a landing of the front foot; it is judged by the contact before.",
        (
            (
                "REAR",
                "the rear foot bears too much of the impulse",
                ("rear_share",),
                "drill 7: keep weight on the front leg",
            ),
            _LONG,
            _HEEL,
            _HEEL_FIRST,
            _PUSH,
        ),
        "the way forward, and the lean from the hips.",
        mat=MAT_NO,
    ),
    "switch": DrillGuide(
        "Switch",
        "Pick both ankles up; spring from the ball of one foot to that of the other.",
        "One repetition a change; it is judged by the contact that it ends. The same foot twice is a "
        "stumble (STUMBLE) and none; a landing on both feet at once is one (DOUBLE-SUPPORT).",
        (
            (
                "DOUBLE-SUPPORT",
                "both feet are down between two supports",
                ("double_support_s",),
                "2, drill 8: only as necessary to change support",
            ),
            _LONG,
            _HEEL,
            _TOE_LAND,
            (
                "ASYM",
                "the two sides' contact times, peaks or first contacts differ, over the set",
                ("asymmetry_warning", "asymmetry_fault"),
                "not in the guide",
            ),
        ),
        "the alignment of shoulder, hip and foot.",
    ),
    "running-lunge": DrillGuide(
        "Running lunge",
        "Run in Pose with the stress on how fast the hamstring pulls the heel up; let it fall.",
        "One repetition a contact of the working leg of 80 to 450 ms.",
        (
            ("LONG", _LONG[1], ("long_running_s",), _LONG[3]),
            _HEEL,
            _HEEL_FIRST,
            _TOE_SHIFT,
            (
                "DRIVE",
                "the loading rate is well above the person's own first twelve",
                ("drive_times_own",),
                _DROP[3],
            ),
        ),
        "how high and how straight the heel is pulled.",
        mat=MAT_NO,
    ),
}
