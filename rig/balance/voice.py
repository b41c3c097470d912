# SPDX-License-Identifier: GPL-3.0-or-later
"""Cues said aloud by whatever voice the system has."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

from rig.balance.run_state import Cue
from rig.errors import SettingsError

_WINDOWS = (
    "Add-Type -AssemblyName System.Speech; "
    "(New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak([Console]::In.ReadToEnd())"
)
VOICES: tuple[tuple[str, ...], ...] = (
    ("say", "-f", "-"),
    ("espeak-ng", "--stdin"),
    ("espeak", "--stdin"),
    ("spd-say", "--pipe-mode"),
    ("powershell", "-NoProfile", "-Command", _WINDOWS),
)


class Voice:
    """Says one thing after the other without keeping anybody waiting.

    Raises
    ------
    SettingsError
        The system has no voice.
    """

    def __init__(self) -> None:
        # macOS's "say" would be another program elsewhere
        usable = [v for v in VOICES if v[0] != "say" or sys.platform == "darwin"]
        found = [voice for voice in usable if shutil.which(voice[0])]
        if not found:
            raise SettingsError(
                "No voice was found; install espeak-ng, or go on without it and read the cues."
            )
        self._command = found[0]
        self._speaking: list[subprocess.Popen[str]] = []

    def say(self, text: str) -> None:
        """A cue is due now: what is still being said is cut short."""
        self.hush()
        speaker = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        if speaker.stdin is not None:
            # a voice that fails must not end a test: the cues are on the screen too
            with suppress(BrokenPipeError):
                speaker.stdin.write(text)
                speaker.stdin.close()
        self._speaking.append(speaker)

    def tell(self, cues: Sequence[Cue]) -> None:
        """Cues that fall due together, as one thing; none leaves what is being said alone."""
        if cues:
            self.say(" ".join(cue.says for cue in cues))

    def hush(self) -> None:
        """Stop what is being said."""
        for speaker in self._speaking:
            if speaker.poll() is None:
                speaker.terminate()
            speaker.wait()
        self._speaking.clear()
