# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings of simulated people for the balance tests, and a cheap command line."""

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from rig.balance.run_state import seen, seen_of
from rig.balance.runner import begin, press, take
from rig.balance.signals import join_signals
from rig.balance.trial import Person
from rig.cli.__main__ import run
from rig.pipeline import Pipeline, PipelineSettings
from rig.settings import DrillSettings
from rig.simulate.board import Scanner, SensedBody, simulated_hello, tick_times_us
from rig.simulate.body import BLOCK_SAMPLES, TrueLoads, true_loads
from rig.simulate.person import BOOT_US, SimulatedPerson, simulate_session
from rig.simulate.phrases import DENSE_RATE_HZ, PhrasePlayer, hold
from rig.simulate.recorded import write_session
from rig.simulate.sensors import BASIC_FAULTS, CHANNELS, SensorBank
from rig.simulate.session_stream import session_stream
from rig.simulate.sway import EYES_OPEN, SINGLE_LEG, DenseSway, SwaySource


@pytest.fixture(scope="session")
def stance_recording(tmp_path_factory: pytest.TempPathFactory):
    """A simulated person in the stance drill: both feet, then holds on each leg; with its truth."""
    session = simulate_session("stance", 40.0, 10_101, rate_hz=250)
    folder = tmp_path_factory.mktemp("balance") / "stance"
    write_session(folder, session)
    return folder, session


@pytest.fixture
def solerig_json(capsys: pytest.CaptureFixture[str]):
    """What a command prints as JSON; it must succeed."""

    def call(*arguments: object) -> dict:
        capsys.readouterr()
        assert run([str(a) for a in arguments]) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out, parse_constant=_refuse)

    return call


@pytest.fixture
def refusal(capsys: pytest.CaptureFixture[str]):
    """The one sentence of a command that must refuse with exit code 2."""

    def call(*arguments: object) -> str:
        capsys.readouterr()
        code = run([str(a) for a in arguments])
        printed = capsys.readouterr()
        assert code == 2
        assert printed.out == ""
        assert printed.err.count("\n") == 1
        assert printed.err.startswith("solerig: ")
        assert "Traceback" not in printed.err
        return printed.err

    return call


@pytest.fixture
def write_lines(tmp_path: Path):
    """A table from its lines."""

    def write(*lines: str, name: str = "cop.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n")
        return path

    return write


def _refuse(constant: str):
    raise AssertionError(f"{constant} is no JSON")


class ScriptedBody:
    """A body that plays a script of phrases once and then stays as it is."""

    def __init__(self, subject, phrases, both_sway) -> None:
        self.subject = subject
        self._player = PhrasePlayer(self._endless(phrases))
        self._sways = [
            DenseSway(SwaySource(kind, np.random.default_rng([subject.seed, which])), DENSE_RATE_HZ)
            for which, kind in ((2, both_sway), (3, SINGLE_LEG))
        ]

    @staticmethod
    def _endless(phrases):
        end = None
        for phrase in phrases:
            yield phrase
            end = phrase.end
        while True:
            yield hold(end, 60.0)

    def next_block(self):
        motion = self._player.take(BLOCK_SAMPLES)
        both, single = (sway.next(BLOCK_SAMPLES) * motion.sway[:, None] for sway in self._sways)
        return true_loads(self.subject, motion, both, single)


@dataclass(frozen=True)
class Played:
    """What the pipeline made of a script, cut into blocks for a runner, and the dense truth of it."""

    blocks: list
    truth: TrueLoads
    foot_length_mm: float


@pytest.fixture(scope="session")
def play():
    """Let a simulated person on insoles do a script; see `_play`."""
    return _play


def _play(
    phrases, seconds, seed=10_300, rate_hz=100, every_s=0.1, piece_bytes=1 << 20, lost_s=(0.0, 0.0)
):
    """A script through sensors, packets and pipeline; blocks of `every_s` seconds as a live client
    gets them: with each come the events that were decided by its end. What is scanned within `lost_s`
    never arrives."""
    person = SimulatedPerson(seed, "right", 70.0, 42.0, BASIC_FAULTS)
    hello = simulated_hello(rate_hz, person.board_id)
    body = ScriptedBody(person.subject, phrases, EYES_OPEN)
    sensed = SensedBody(body, SensorBank(person.traits, BASIC_FAULTS), keep_truth=True)
    scanner = Scanner(sensed, person.traits, BASIC_FAULTS, seed, BOOT_US)
    scan_us = tick_times_us(BOOT_US, 0, round(seconds * rate_hz), rate_hz)
    t_s = (scan_us - BOOT_US) * 1e-6
    conductance_us = scanner.conductance_us(hello, scan_us)
    sent = session_stream(
        hello,
        scan_us,
        scanner.counts(hello, conductance_us, scan_us),
        scanner.arrives(scan_us) & ((t_s < lost_s[0]) | (t_s >= lost_s[1])),
        scanner.skew_us(rate_hz) * CHANNELS,
        scanner.true_s,
    )
    settings = PipelineSettings(
        person.participant, person.calibrated(hello), DrillSettings("stance", "right")
    )
    pipeline, blocks, decided = Pipeline(settings), [], []
    for at in range(0, len(sent.stream), piece_bytes):
        part = sent.stream[at : at + piece_bytes]
        pushed = pipeline.push(part, np.array([[at + len(part), 1_000_000 * (at + 1)]]))
        blocks += [seen(b.loads, b.contact) for b in pushed.blocks if len(b.loads)]
        events = [e for b in pushed.blocks for e in b.contact.events]
        decided.extend(events)
    truth = sensed.truth(int(seconds * DENSE_RATE_HZ))
    cut = blocks if every_s is None else _cut_seen(blocks, decided, every_s)
    return Played(cut, truth, person.subject.foot_length_mm)


def _cut_seen(blocks, events, every_s):
    """Blocks that end just before whole multiples of `every_s`."""
    signals = join_signals([b.signals for b in blocks])
    count = int(signals.t_s[-1] / every_s) + 1
    bounds_s = np.arange(count + 1) * every_s - 0.5e-3
    cut = []
    for first_s, end_s in pairwise(bounds_s):
        part = signals.between(first_s, end_s)
        own = [e for e in events if first_s <= e.decided_at_s < end_s]
        if len(part):
            cut.append(seen_of(part, own, blocks[0].feet_on, blocks[0].rate_hz))
    return cut


@pytest.fixture(scope="session")
def drive():
    """Run a protocol over a played script; see `_drive`."""
    return _drive


def _drive(played, protocol, keys=(), person=None, seed=None):
    """Press `keys`, pairs of (second, key), as soon as these seconds are over; a spotter is ready at
    once. Returns the run, all cues, and each phase with whether the CoP was shown in it."""
    state, cues = begin(protocol, person or Person(played.foot_length_mm), seed)
    cues, due, shown = list(cues), list(keys), set()
    for block in played.blocks:
        state, more = take(state, block)
        cues += more
        shown.add((state.phase, state.show_cop))
        if state.phase == "spotter":
            state, more = press(state, "spotter_ready")
            cues += more
        while due and due[0][0] <= state.now_s:
            state, more = press(state, due.pop(0)[1])
            cues += more
    return state, cues, shown
