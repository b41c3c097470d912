# SPDX-License-Identifier: GPL-3.0-or-later
"""What each fault is called in front of the person who made it: few words, read in passing.

The rules behind the codes are those of `rig.drills.guide`; pressure sees no muscle, so a push-off is
said to look like one.
"""

from __future__ import annotations

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
