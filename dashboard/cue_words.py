# SPDX-License-Identifier: GPL-3.0-or-later
"""What each fault is called in front of the person who made it: few words, read in passing.

The rules behind the codes are those of `rig.drills.guide`; pressure sees no muscle, so a push-off is
said to look like one.
"""

from __future__ import annotations

from rig.drills.faults import Fault
from rig.layout import Foot

GOOD = "good"
CUE_WORDS: dict[str, str] = {
    GOOD: "Good",
    "ASYM": "Sides differ",
    "DOUBLE-SUPPORT": "Both feet down",
    "DRIFT": "Support drifts",
    "DRIVE": "Hard landing",
    "EARLY-PULL": "Shift first",
    "HAND": "Leaning? Let go",
    "HEEL": "Heel touched",
    "HEEL-FIRST": "Heel first",
    "HOP-UP": "Too high",
    "LONG": "Too long on the ground",
    "LOW-PULL": "Pulled too low",
    "NOT-SIMULTANEOUS": "Shift too slow",
    "OVER-PULLED": "Pulled too high?",
    "PARTIAL": "Not all the way over",
    "PUSH": "Looks like push-off",
    "PUT-DOWN": "Foot put down",
    "REAR": "Weight on rear foot",
    "RHYTHM": "Uneven rhythm",
    "STUMBLE": "Same foot twice",
    "TOE-LAND": "Landed on toes",
    "TOE-SHIFT": "Over the toes",
    "TOUCH": "Free foot touched",
}


def cue_words(code: str) -> str:
    """Its words; a drill of somebody's own may bring codes that only it knows."""
    return CUE_WORDS.get(code) or code.replace("-", " ").capitalize()


def side_word(side: Foot | None) -> str:
    """Empty for what concerns both feet."""
    return "" if side is None else side.name


_MORE_OF = {"time_s": "longer on", "force_n": "harder on", "y_ic": "lands further forward on"}
"""What the larger figure means, by the end of its name."""


def set_sentence(fault: Fault) -> str:
    """What was found of a set as a whole, with how much of it, for who rests and has time to read."""
    numbers, word = fault.numbers, cue_words(fault.code)
    if "symmetry_index" in numbers:
        name = next(n.removeprefix("left_") for n in numbers if n.startswith("left_"))
        side = "left" if numbers[f"left_{name}"] > numbers[f"right_{name}"] else "right"
        more = next((m for end, m in _MORE_OF.items() if name.endswith(end)), "more on")
        return f"{word} by {numbers['symmetry_index']:.0%}: {more} the {side}."
    if "variation" in numbers:
        return f"{word}: times vary by {numbers['variation']:.0%}."
    return f"{word}."
