# SPDX-License-Identifier: GPL-3.0-or-later
"""The real firmware on a simulated board, behind a real pseudo-terminal."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rig.acquire.firmware_source import FirmwareInLoop, write_loads
from rig.acquire.messages import SourceSpec
from rig.acquire.sources.serial_port import SerialSource
from rig.acquire.sources.source import LinkLostError, Opened, SourceItem
from rig.calibrate.calibration import Calibration
from rig.calibrate.mat_force import FILM_US_MM2_N
from rig.drills.registry import with_own_thresholds
from rig.errors import LinkError, SettingsError
from rig.layout.foot import Float64
from rig.pipeline import PipelineSettings
from rig.settings import DrillSettings, Participant
from rig.simulate.board import simulated_hello
from rig.simulate.mat_rigs import mat_rig
from rig.simulate.mat_session import simulate_mat_session
from rig.simulate.motions import drill_setting
from rig.simulate.person import SimulatedPerson
from rig.simulate.sensors import BASIC_FAULTS

LOADS_S = 60
"""What the person does before they begin again; design choice."""
LOADS_RATE_HZ = 500
"""The board goes straight from row to row; drills have no faster edges."""
MAT_LOADS_S, MAT_LOADS_RATE_HZ = 30, 100
"""Eight times as many sensors: less of it, so that the board starts soon (design choice)."""


class FirmwareSource:
    """Builds and starts the image, then is a serial port like any other.

    The person's weight, calibration and drill are put in force, as for a simulated person.
    """

    retries = True
    can_change_baud = False

    def __init__(self, spec: SourceSpec) -> None:
        self._spec = spec
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._board: FirmwareInLoop | None = None
        self._port: SerialSource | None = None

    def open(self, stop: threading.Event, /) -> Opened:
        """Raises `LinkError` where the image cannot be built or the board does not start."""
        spec = self._spec
        try:
            felt = _on_mat(spec) if spec.rig != "insoles" else _on_insoles(spec)
        except SettingsError as error:
            raise LinkError(str(error)) from error
        self._folder = tempfile.TemporaryDirectory(prefix="solerig-firmware-")
        loads = Path(self._folder.name) / "loads.bin"
        write_loads(loads, felt.rate_hz, felt.conductance_us, interpolated=True, repeated=True)
        self._board = FirmwareInLoop(loads=loads, rig=spec.rig).start()
        self._port = SerialSource(self._board.port, spec.baud)
        self._port.open(stop)
        done = drill_setting(spec.drill or "stance")
        drill = with_own_thresholds(DrillSettings(done, spec.side))
        settings = PipelineSettings(felt.participant, felt.calibration, drill)
        return Opened(name=f"simulated board at {self._board.port}", settings=settings)

    def read(self) -> Sequence[SourceItem]:
        return self._opened().read()

    def write(self, data: bytes) -> None:
        self._opened().write(data)

    def set_baud(self, baud: int) -> None:
        self._opened().set_baud(baud)

    def close(self) -> None:
        if self._port is not None:
            self._port.close()
        if self._board is not None:
            self._board.stop()
        if self._folder is not None:
            self._folder.cleanup()
        self._port = self._board = self._folder = None

    def _opened(self) -> SerialSource:
        if self._port is None:
            raise LinkLostError("The simulated board is switched off.")
        return self._port


@dataclass(frozen=True, slots=True, eq=False)
class _Felt:
    """Who stands there, and (n, sensels) what the sensors feel of it."""

    participant: Participant
    calibration: Calibration
    rate_hz: int
    conductance_us: Float64


def _on_insoles(spec: SourceSpec) -> _Felt:
    """While the person does the drill; stance where none is asked."""
    person = SimulatedPerson(
        spec.seed, spec.side, spec.body_mass_kg, spec.shoe_size_eu, BASIC_FAULTS
    )
    _, sensed = person.scanner(spec.drill or "stance", origin_us=0)
    t_s = np.arange(LOADS_S * LOADS_RATE_HZ) / LOADS_RATE_HZ
    everywhere = np.repeat(t_s[:, None], 32, axis=1)
    seconds = np.split(everywhere, LOADS_S)
    return _Felt(
        person.participant,
        person.calibrated(simulated_hello(LOADS_RATE_HZ, person.board_id)),
        LOADS_RATE_HZ,
        np.concatenate([sensed.conductance_us(second) for second in seconds]),
    )


def _on_mat(spec: SourceSpec) -> _Felt:
    """The same on a mat, in the middle of it."""
    build = mat_rig(spec.rig)
    session = simulate_mat_session(
        spec.drill or "stance",
        MAT_LOADS_S,
        spec.seed,
        build.name,
        MAT_LOADS_RATE_HZ,
        spec.side,
        spec.body_mass_kg,
        spec.shoe_size_eu,
    )
    assumed_us = FILM_US_MM2_N / build.layout.cell_area_mm2
    calibration = replace(
        session.calibration,
        body_weight_gain=assumed_us / build.film_k_us,
        body_weight_gain_source="measured",
    )
    felt_us = session.conductance_us.reshape(len(session.conductance_us), -1)
    return _Felt(session.participant, calibration, MAT_LOADS_RATE_HZ, felt_us)
