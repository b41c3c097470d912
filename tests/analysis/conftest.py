# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings of one simulated person who does one thing after another, with the truth of each."""

import dataclasses
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from rig.simulate.behaviour import BehaviourFault
from rig.simulate.person import BOOT_US, SimulatedSession, simulate_session
from rig.simulate.recorded import write_session
from rig.simulate.session_stream import session_stream
from rig.simulate.truth_model import TrueRepetition
from rig.thresholds import DEFAULT_THRESHOLDS

RATE_HZ = 1000
SEED = 11
BEHAVIOUR = {"tapping": (BehaviourFault("DRIVE", 1.3),), "pony": (BehaviourFault("DRIVE", 1.3),)}

GOES_ON_S = {"tapping": 0.04, "pony": 0.25}
"""Behind the last repetition: no other ends in it, and all that it is judged by has happened."""


class Part(NamedTuple):
    """So many true repetitions of a drill and a little more, or so many seconds of anything."""

    motion: str
    repetitions: int = 0
    seconds: float = 0.0


class Played(NamedTuple):
    """A recording's folder, and what is true of each of its parts, in the recording's own time."""

    folder: Path
    session: SimulatedSession
    began_s: list[float]
    repetitions: list[tuple[TrueRepetition, ...]]
    contacts: list[tuple[tuple[float, float], ...]]
    """Of the working foot: ON and OFF."""

    def offset_at(self, at_s):
        """How many bytes had come when the recording was so old."""
        sent_s = self.session.packet_sent_s
        return int(self.session.packet_end_offsets[np.searchsorted(sent_s, at_s) - 1])


@pytest.fixture(scope="session")
def play(tmp_path_factory):
    """Write a recording of parts; `hole_s` are seconds of it that the link loses."""

    def run(parts, hole_s=None, thresholds=DEFAULT_THRESHOLDS):
        counts, began_s, repetitions, contacts = [], [], [], []
        taken_s = 0.0
        for part in (Part(*part) for part in parts):
            session = _session(part)
            true = [r for r in session.truth.repetitions if _before(part, session, r.end_s)]
            keep = round(RATE_HZ * (part.seconds or true[-1].end_s + GOES_ON_S[part.motion]))
            counts.append(session.counts[:keep])
            began_s.append(taken_s)
            repetitions.append(tuple(_moved(r, taken_s) for r in true))
            contacts.append(
                tuple(
                    (c.on_s + taken_s, c.off_s + taken_s)
                    for c in session.truth.contacts
                    if c.foot == session.truth.working and None not in (c.on_s, c.off_s)
                )
            )
            taken_s += keep / RATE_HZ
        whole = _joined(_session(Part(*parts[0])), np.concatenate(counts), hole_s)
        folder = tmp_path_factory.mktemp("played") / "visit"
        write_session(folder, whole, thresholds)
        return Played(folder, whole, began_s, repetitions, contacts)

    return run


@cache
def _session(part):
    seconds = part.seconds or 2.0 * part.repetitions + 4.0
    behaviour = BEHAVIOUR.get(part.motion, ())
    return simulate_session(part.motion, seconds, SEED, RATE_HZ, behaviour=behaviour)


def _before(part, session, end_s):
    if not part.repetitions:
        return True
    return end_s <= session.truth.repetitions[part.repetitions - 1].end_s


def _moved(repetition, by_s):
    start_s = None if repetition.start_s is None else repetition.start_s + by_s
    return dataclasses.replace(repetition, start_s=start_s, end_s=repetition.end_s + by_s)


def _joined(session, counts, hole_s):
    scan_us = BOOT_US + np.arange(len(counts)) * (1_000_000 // RATE_HZ)
    t_s = np.arange(len(counts)) / RATE_HZ
    arrives = np.ones(len(counts), bool)
    if hole_s is not None:
        arrives = (t_s < hole_s[0]) | (t_s >= hole_s[1])
    sent = session_stream(
        session.hello, scan_us, counts, arrives, 900.0, lambda us: (us - BOOT_US) * 1e-6
    )
    return dataclasses.replace(
        session,
        stream=sent.stream,
        packet_end_offsets=sent.end_offsets,
        packet_sent_s=sent.sent_s,
    )
