# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the cues' tones where this computer can; where it cannot, `silence` says why.

The tones are loaded once and played by Qt's own mixer: starting one takes no file and no conversion.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QLoggingCategory, QObject, QTemporaryDir, QUrl, qInstallMessageHandler

from dashboard.preferences import Loudness
from dashboard.tones import TONES, Tone, tone_wave

NO_LIBRARY = "no sound library (on Debian: apt-get install libpulse0)"
NO_SPEAKER = "no loudspeaker or headphones"
VOLUMES: dict[Loudness, float] = {"loud": 1.0, "soft": 0.3, "off": 0.0}


class Sound(QObject):
    def __init__(self, loudness: Loudness, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.loudness: Loudness = loudness
        self._folder = QTemporaryDir()
        self._devices: Any = None
        self._effects: dict[Tone, Any] = {}
        self._no_player = ""
        with _quiet():
            self._open()

    @property
    def silence(self) -> str:
        """Why nothing can be heard; empty where it can. A choice of silence is none."""
        if self._no_player:
            return self._no_player
        return "" if self._effects else NO_SPEAKER

    def choose(self, loudness: Loudness) -> None:
        self.loudness = loudness
        for effect in self._effects.values():
            effect.setVolume(VOLUMES[loudness])

    def play(self, tone: Tone) -> bool:
        """Whether it is heard."""
        if self.loudness == "off" or tone not in self._effects:
            return False
        self._effects[tone].play()
        return True

    def _open(self) -> None:
        try:
            from PyQt6.QtMultimedia import QMediaDevices
        except ImportError:
            # the system's sound library, which PyQt6 does not bring, is missing
            self._no_player = NO_LIBRARY
            return
        if not self._folder.isValid():
            self._no_player = "no room for the tones"
            return
        for tone in TONES:
            self._file(tone).write_bytes(tone_wave(tone))
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._take_device)
        self._take_device()

    def _take_device(self) -> None:
        """Begin with the loudspeaker that the system plays to now; headphones come and go."""
        from PyQt6.QtMultimedia import QMediaDevices, QSoundEffect

        for effect in self._effects.values():
            effect.deleteLater()
        self._effects = {}
        device = QMediaDevices.defaultAudioOutput()
        if device.isNull():
            return
        for tone in TONES:
            effect = QSoundEffect(device, self)
            effect.setSource(QUrl.fromLocalFile(str(self._file(tone))))
            effect.setVolume(VOLUMES[self.loudness])
            self._effects[tone] = effect

    def _file(self, tone: Tone) -> Path:
        return Path(self._folder.path()) / f"{tone.replace(' ', '_')}.wav"


@contextmanager
def _quiet() -> Iterator[None]:
    """Qt tells of every library that it tries and of a sound server that does not run; the window says
    in its own words that there is no sound."""
    QLoggingCategory.setFilterRules("qt.multimedia*=false")
    before = qInstallMessageHandler(lambda *_told: None)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
