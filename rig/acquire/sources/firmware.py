# SPDX-License-Identifier: GPL-3.0-or-later
"""The real firmware on a simulated board, behind a real pseudo-terminal."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rig.acquire.firmware_source import FirmwareInLoop, write_loads
from rig.acquire.messages import SourceSpec
from rig.acquire.sources.serial_port import SerialSource
from rig.acquire.sources.source import LinkLostError, Opened, SourceItem
from rig.errors import LinkError, SettingsError
from rig.layout.foot import Float64
from rig.pipeline import PipelineSettings
from rig.settings import DrillSettings
from rig.simulate.board import simulated_hello
from rig.simulate.person import SimulatedPerson
from rig.simulate.sensors import BASIC_FAULTS

LOADS_S = 60
"""What the person does before they begin again; design choice."""
LOADS_RATE_HZ = 500
"""The board goes straight from row to row; drills have no faster edges."""
SHOE_SIZE_EU = 42.0


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
            person = SimulatedPerson(
                spec.seed, spec.side, spec.body_mass_kg, spec.shoe_size_eu, BASIC_FAULTS
            )
        except SettingsError as error:
            raise LinkError(str(error)) from error
        self._folder = tempfile.TemporaryDirectory(prefix="solerig-firmware-")
        loads = Path(self._folder.name) / "loads.bin"
        write_loads(
            loads, LOADS_RATE_HZ, _conductance_us(person, spec), interpolated=True, repeated=True
        )
        self._board = FirmwareInLoop(loads=loads).start()
        self._port = SerialSource(self._board.port, spec.baud)
        self._port.open(stop)
        hello = simulated_hello(LOADS_RATE_HZ, person.board_id)
        settings = PipelineSettings(
            person.participant,
            person.calibrated(hello),
            DrillSettings(spec.drill or "stance", spec.side),
        )
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


def _conductance_us(person: SimulatedPerson, spec: SourceSpec) -> Float64:
    """(n, 32) what the sensors feel while the person does the drill; stance where none is asked."""
    _, sensed = person.scanner(spec.drill or "stance", origin_us=0)
    t_s = np.arange(LOADS_S * LOADS_RATE_HZ) / LOADS_RATE_HZ
    everywhere = np.repeat(t_s[:, None], 32, axis=1)
    seconds = np.split(everywhere, LOADS_S)
    return np.concatenate([sensed.conductance_us(second) for second in seconds])
