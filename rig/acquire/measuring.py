# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects the frames of a tare or of a body-weight measurement from the live stream."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from rig.calibrate.calibration import Calibration
from rig.calibrate.mat_tare import mat_body_weight_gain_from_counts, mat_tare_from_counts
from rig.calibrate.tare import body_weight_gain_from_counts, tare_from_counts
from rig.contact.load_stage import participant_foot_length_mm
from rig.settings import Participant
from rig.wire.decoder import Decoder
from rig.wire.frames import FrameBlock, UInt16
from rig.wire.packets import Hello, RigKind

PATIENCE = 3.0
"""Times the wanted duration after which a measurement without enough frames is given up."""


class Measuring:
    """Counts of the next `duration_s` seconds of frames.

    Parameters
    ----------
    name : str
        "tare" or "weigh": which button was pressed.
    duration_s : float
    hello : Hello
        In force now; a measurement across a change of settings is given up.
    evaluate : callable
        (n, sensels) counts to the new calibration; raises `SettingsError`.
    """

    def __init__(
        self,
        name: str,
        duration_s: float,
        hello: Hello,
        evaluate: Callable[[UInt16], Calibration],
    ) -> None:
        self.name = name
        self.evaluate = evaluate
        self._hello = hello
        self._decoder = Decoder(hello)
        self._wanted = round(duration_s * hello.scan_rate_hz)
        self._counts: list[UInt16] = []
        self._taken = 0
        self._give_up_s = time.monotonic() + PATIENCE * duration_s

    @property
    def progress(self) -> float:
        """0 to 1."""
        return min(1.0, self._taken / self._wanted)

    @property
    def is_complete(self) -> bool:
        return self._taken >= self._wanted

    @property
    def is_late(self) -> bool:
        return not self.is_complete and time.monotonic() > self._give_up_s

    def take(self, data: bytes) -> None:
        """Bytes of the stream as they come."""
        for item in self._decoder.feed(data):
            if isinstance(item, FrameBlock) and item.segment.hello == self._hello:
                self._counts.append(item.counts)
                self._taken += len(item)

    def result(self) -> Calibration:
        """The new calibration; raises `SettingsError` when the frames do not allow one."""
        return self.evaluate(np.concatenate(self._counts)[: self._wanted])


def visit_tare(
    counts: UInt16, hello: Hello, calibration: Calibration, participant: Participant
) -> Calibration:
    """The calibration with what this rig reads unloaded; raises `SettingsError` as its own tare does."""
    weight_n = participant.body_weight_n
    if hello.rig_kind == RigKind.MAT:
        return mat_tare_from_counts(counts, hello, calibration, weight_n)
    length_mm = participant_foot_length_mm(participant)
    return tare_from_counts(counts, hello, calibration, length_mm, weight_n)


def visit_weight(
    counts: UInt16,
    hello: Hello,
    calibration: Calibration,
    participant: Participant,
    body_weight_n: float,
) -> Calibration:
    """The calibration whose forces sum to the body weight in quiet stance; raises `SettingsError`."""
    if hello.rig_kind == RigKind.MAT:
        return mat_body_weight_gain_from_counts(counts, hello, calibration, body_weight_n)
    length_mm = participant_foot_length_mm(participant)
    return body_weight_gain_from_counts(counts, hello, calibration, body_weight_n, length_mm)
