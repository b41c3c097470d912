# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of all motions and faults, in words, for programs that list them before doing any."""

from __future__ import annotations

MOTIONS: dict[str, str] = {
    "stance": "drill 1: the Pose stance, held on each leg in turn",
    "change-of-support": "drill 2: the weight goes over, the free ankle is pulled up and dropped",
    "pony": "drill 3: weight changes with the toes staying down",
    "forward-change": "drill 4: change of support on the move",
    "tapping": "drill 5: the working foot taps the ground",
    "hopping": "drill 6: hops on the working foot",
    "lunge": "drill 7: hops on the front foot, the rear one drags",
    "switch": "drill 8: springs from one ball to the other",
    "running-lunge": "drill 9: runs in Pose",
    "quiet": "stands on both feet, eyes open",
    "eyes-closed": "stands on both feet, eyes closed",
    "foam": "stands on foam, eyes closed",
    "single-leg": "stands on the working leg",
    "leg-by-leg": "stands on each leg in turn, each time for three trials of a balance test",
    "leaning": "leans to eight sides in turn, at the pace of the limits of stability",
    "walking": "walks, heel first",
    "running": "runs, heel first",
    "forefoot-running": "runs on the balls of the feet",
    "sitting": "stands, sits down, and stands up again",
    "holding-on": "stands with the hands on a rail",
    "shifting": "shifts gently from side to side, as the visit check asks",
    "heel-stance": "stands on the heels",
    "flat-stance": "stands on the whole sole",
    "ball-stance": "stands on the balls of the feet",
    "toe-stance": "leans onto the toes",
}
MOTION_NAMES: tuple[str, ...] = tuple(MOTIONS)
QUANTITY: dict[str, str] = {
    "HEEL-KISS": "the heel brushes the ground: largest heel share of the foot's load, of 0.10",
    "HEEL-LOAD": "the heel bears load: largest heel share of the foot's load, of 0.25",
    "HEEL-FIRST": "lands on the heel: 0.333 foot lengths over the y of the first contact, or the heel's "
    "lead, of 10 ms; whichever is more",
    "TOE-LAND": "lands on the toes: toes' share of the load while landing, of 0.50",
    "TOE-SHIFT": "leaves over the toes: toes' share when half unloaded, of 0.35; in stance the time "
    "spent on the toes, of 0.5 s",
    "EARLY-PULL": "pulls before the weight has shifted: 0.65 over the receiving foot's share 100 ms "
    "before lift-off",
    "LOW-PULL": "leaves the foot on the ground in a pull: what it keeps bearing, of 0.10 body weights; "
    "below a size of 1 the foot is lifted",
    "PARTIAL": "shifts only part of the weight: share left on the trailing foot, of 0.20",
    "NOT-SIMULTANEOUS": "shifts slowly: time from a share of 0.2 to 0.8, of 300 ms",
    "DRIVE": "drives the foot down: rise of the total force, of 0.15 body weights; taps: peak, of 0.50 "
    "body weights; running lunge: loading rate, of 1.3 times the person's own",
    "LONG": "stays on the ground: contact time, of 300 ms; taps: of 250 ms",
    "OVER-PULLED": "keeps the foot up for long before a tap: time in the air, of 600 ms",
    "PUT-DOWN": "puts the tapping foot down: time on the ground, of 1 s",
    "PUSH": "pushes off: toes' part of the late impulse, of 0.30, with the force peak as late, of 55 % "
    "of the contact; pony: the leaving foot's force, of 1.15 body weights",
    "ASYM": "the sides differ: symmetry index of contact times, peaks or first contacts, of 20 %",
    "DRIFT": "wanders off: way of the support point, of 0.10 foot lengths",
    "TOUCH": "touches down with the free foot: time, of 50 ms",
    "HAND": "leans on something: weight taken off the foot, of 7 %",
    "REAR": "bears on the rear foot: its part of the impulse, of 0.25",
    "HOP-UP": "jumps high: flight time, of 320 ms or the person's own plus 60 ms; where no flight "
    "belongs, of 30 ms",
    "RHYTHM": "hops unevenly: coefficient of variation of the periods, of 10 %",
    "DOUBLE-SUPPORT": "stands on both feet between supports: time, of 80 ms",
    "STUMBLE": "lands twice on the same foot; below a size of 1 nothing happens",
}
CODES: tuple[str, ...] = tuple(QUANTITY)
APPLICABLE: dict[str, tuple[str, ...]] = {
    "stance": ("HEEL-KISS", "HEEL-LOAD", "DRIFT", "TOUCH", "HAND", "TOE-SHIFT"),
    "change-of-support": (
        "EARLY-PULL",
        "DRIVE",
        "HEEL-KISS",
        "HEEL-LOAD",
        "TOE-SHIFT",
        "HOP-UP",
        "LOW-PULL",
    ),
    "pony": ("PARTIAL", "HEEL-LOAD", "HOP-UP", "DRIVE", "PUSH", "NOT-SIMULTANEOUS", "ASYM"),
    "forward-change": ("DRIVE", "HEEL-FIRST", "TOE-LAND", "HOP-UP", "LOW-PULL"),
    "tapping": ("LONG", "DRIVE", "HEEL-FIRST", "HEEL-LOAD", "OVER-PULLED", "PUT-DOWN"),
    "hopping": ("PUSH", "HEEL-KISS", "HEEL-LOAD", "TOE-LAND", "HOP-UP", "RHYTHM"),
    "lunge": ("REAR", "LONG", "HEEL-KISS", "HEEL-LOAD", "HEEL-FIRST", "PUSH"),
    "switch": (
        "LONG",
        "HEEL-KISS",
        "HEEL-LOAD",
        "TOE-LAND",
        "ASYM",
        "DOUBLE-SUPPORT",
        "STUMBLE",
    ),
    "running-lunge": ("LONG", "HEEL-KISS", "HEEL-LOAD", "HEEL-FIRST", "TOE-SHIFT", "DRIVE"),
}
"""Which faults belong to which drill, by the drills' own descriptions."""
