# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window remembers from one day to the next: how loud it is. Nothing of any person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal, get_args

from rig.errors import SettingsError

Loudness = Literal["loud", "soft", "off"]
LOUDNESSES: tuple[Loudness, ...] = get_args(Loudness)


def preferences_path() -> Path:
    from platformdirs import user_config_path

    return user_config_path("solerig", appauthor=False) / "dashboard.json"


def load_loudness(path: Path) -> Loudness:
    """Loud where nothing that can be understood was kept: a lost wish must not silence the cues."""
    try:
        stored = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return "loud"
    wanted = stored.get("sound") if isinstance(stored, dict) else None
    return wanted if wanted in LOUDNESSES else "loud"


def keep_loudness(path: Path, loudness: Loudness) -> None:
    """Raises `SettingsError` where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"sound": loudness}) + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"The choice of sound is not remembered: {path} cannot be written "
            f"({error.strerror or error})."
        ) from error


def next_loudness(loudness: Loudness) -> Loudness:
    """One key steps through all."""
    return LOUDNESSES[(LOUDNESSES.index(loudness) + 1) % len(LOUDNESSES)]
