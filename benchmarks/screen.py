# SPDX-License-Identifier: GPL-3.0-or-later
"""What one screen frame costs: `python benchmarks/screen.py`, no display needed.

A simulated person hops at 1,000 Hz. Each round takes the bytes of 16 or 17 new scans through the
pipeline into the window's model, has the whole window drawn and waits until it is painted: two 200 x 80
maps, trails, four traces over 10,000 scans, contact strip, bars, figures. The ratio is the mean cost to
the 16.7 ms that 60 frames a second leave.
"""

from __future__ import annotations

import argparse
import os
import time
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PyQt6.QtWidgets import QApplication

from dashboard.appearance import dress
from dashboard.live_model import NO_LINK, NO_RECORDING
from dashboard.live_source import LiveSource, LiveStream
from dashboard.window import Window
from rig.acquire.live_update import LiveUpdate
from rig.pipeline import BlockResult, Pipeline, PipelineSettings
from rig.settings import DrillSettings
from rig.simulate.person import SimulatedSession, simulate_session

BUDGET_MS = 1000.0 / 60.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=400, help="screen frames that are timed")
    frames = parser.parse_args().frames
    application = QApplication([])
    dress(application)
    session = simulate_session("hopping", 10.5 + frames / 60.0, seed=1)
    print(
        f"{'window':>11} {'mean ms':>8} {'p99 ms':>7} {'ratio':>6} {'frames/s':>9} {'data ms':>8}"
    )
    for width, height in ((1280, 800), (1920, 1080)):
        costs_ms = frame_costs_ms(application, session, (width, height), frames)
        whole = costs_ms.sum(axis=1)
        mean, p99 = float(whole.mean()), float(np.percentile(whole, 99))
        print(
            f"{width:>6}x{height:<4} {mean:8.2f} {p99:7.2f} {mean / BUDGET_MS:6.2f} "
            f"{1000.0 / mean:9.0f} {costs_ms[:, 0].mean():8.2f}"
        )


def _update(blocks: tuple[BlockResult, ...], settings: PipelineSettings) -> LiveUpdate:
    return LiveUpdate(
        blocks=blocks,
        link=NO_LINK,
        recording=NO_RECORDING,
        settings=settings,
        markers=(),
        refusals=(),
        answers=(),
        skipped_bytes=0,
        stream_restarted=False,
    )


def frame_costs_ms(
    application: QApplication, session: SimulatedSession, size: tuple[int, int], frames: int
) -> np.ndarray:
    """Cost of the last `frames` screen frames, shape (frames, 2): data, drawing. The frames before
    fill the ten seconds."""

    def no_stream() -> LiveStream:
        raise RuntimeError("the benchmark joins no stream")

    window = Window(LiveSource(no_stream, Path()))
    window.resize(*size)
    window.show()
    drill = DrillSettings(session.drill, session.side)
    settings = PipelineSettings(session.participant, session.calibration, drill)
    pipeline = Pipeline(settings)
    rounds = round(60.0 * (10.5 + frames / 60.0))
    cuts = np.linspace(0, len(session.stream), rounds + 1).astype(int).tolist()
    costs_ms = []
    for start, end in pairwise(cuts):
        application.processEvents()
        started = time.perf_counter()
        output = pipeline.push(session.stream[start:end], np.array([[end, start]]))
        window.source.model.push(_update(output.blocks, settings), time.monotonic())
        taken = time.perf_counter()
        window.draw()
        application.processEvents()
        costs_ms.append((1000.0 * (taken - started), 1000.0 * (time.perf_counter() - taken)))
    window.close()
    return np.array(costs_ms[-frames:])


if __name__ == "__main__":
    main()
