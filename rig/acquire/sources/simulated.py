# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated person on a simulated board, in real time."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from rig.acquire.messages import SourceSpec
from rig.acquire.sources.source import (
    LinkLostError,
    Opened,
    SettingsFound,
    SourceItem,
    received_now,
)
from rig.drills.registry import with_own_thresholds
from rig.errors import LinkError, SettingsError
from rig.pipeline import PipelineSettings
from rig.settings import DrillSettings
from rig.simulate.live import LiveSimulation

PIECE_S = 0.005
"""Board time made at once: a USB bridge delivers about as often; design choice."""
DEFAULT_RATE_HZ = 1_000


class SimulatedSource:
    """The person's calibration, weight and drill are put in force by the source itself."""

    retries = False
    can_change_baud = False

    def __init__(self, spec: SourceSpec) -> None:
        self._spec = spec
        self._simulation: LiveSimulation | None = None
        self._settings = PipelineSettings()
        self._started_s = 0.0

    def open(self, _stop: threading.Event, /) -> Opened:
        """Raises `LinkError` when no person can be simulated as asked."""
        spec = self._spec
        try:
            simulation = LiveSimulation(
                spec.drill,
                spec.seed,
                spec.rate_hz or DEFAULT_RATE_HZ,
                spec.side,
                spec.body_mass_kg,
                spec.shoe_size_eu,
            )
        except SettingsError as error:
            raise LinkError(str(error)) from error
        self._started_s = time.monotonic()
        self._simulation = simulation
        self._settings = PipelineSettings(
            simulation.participant, simulation.calibration, self._drill_at(0.0)
        )
        return Opened(name=f"simulated person, seed {spec.seed}", settings=self._settings)

    def read(self) -> Sequence[SourceItem]:
        time.sleep(PIECE_S)
        now_s = time.monotonic() - self._started_s
        items: list[SourceItem] = []
        drill = self._drill_at(now_s)
        if drill != self._settings.drill:
            self._settings = PipelineSettings(
                self._settings.participant, self._settings.calibration, drill
            )
            items.append(SettingsFound(self._settings))
        data = self._person().produce(now_s)
        if data:
            items.append(received_now(data))
        return items

    def write(self, data: bytes) -> None:
        self._person().receive(data)

    def set_baud(self, baud: int) -> None:
        """A simulated line has no baud."""

    def close(self) -> None:
        self._simulation = None

    def _drill_at(self, t_s: float) -> DrillSettings:
        drill = DrillSettings(self._person().drill_at(t_s), self._spec.side)
        return with_own_thresholds(drill)

    def _person(self) -> LiveSimulation:
        if self._simulation is None:
            raise LinkLostError("The simulated person has left.")
        return self._simulation
