# SPDX-License-Identifier: GPL-3.0-or-later
"""The sensor map of each board, in a file of this user named after the board's unique id."""

from __future__ import annotations

import json
from pathlib import Path

from rig.calibrate.calibration import SENSELS, WIRED_AS_DRAWN
from rig.calibrate.sensel_map import ABSENT, SenselMap, check_sensel_map
from rig.errors import SettingsError
from rig.layout.foot_picture import SENSEL_NAMES

NO_ID = 0xFFFF_FFFF
"""A board that was never given a name: nobody knows whose map would be right."""
SCHEMA = "solerig.sensel_map/1"


def map_path(unique_id: int) -> Path:
    """Where the map of this board is kept."""
    from platformdirs import user_config_path

    return user_config_path("solerig", appauthor=False) / "boards" / f"{unique_id:08x}.json"


def map_text(unique_id: int, sensel_map: SenselMap) -> str:
    """The file: which sample of a frame carries each sensor, null for a sensor that is not there."""
    check_sensel_map(sensel_map, SENSELS)
    named = {
        name: None if sample == ABSENT else sample
        for name, sample in zip(SENSEL_NAMES, sensel_map, strict=True)
    }
    content = {"schema": SCHEMA, "board": f"{unique_id:08x}", "sample_of": named}
    return json.dumps(content, indent=2) + "\n"


def save_map(unique_id: int, sensel_map: SenselMap) -> Path:
    """Keep it, whole or not at all; a board wired as drawn needs no file, so an old one goes."""
    path = map_path(unique_id)
    if sensel_map == WIRED_AS_DRAWN:
        path.unlink(missing_ok=True)
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(map_text(unique_id, sensel_map), encoding="utf-8")
    draft.replace(path)
    return path


def forget_map(unique_id: int) -> Path | None:
    """Delete the map of this board; its file's name, None where there was none."""
    path = map_path(unique_id)
    if not path.exists():
        return None
    path.unlink(missing_ok=True)
    return path


def load_map(unique_id: int) -> SenselMap:
    """The map kept for this board; wired as drawn where none is, or the board has no name.

    Raises
    ------
    SettingsError
        The file cannot be understood; sensors would be mistaken for each other.
    """
    if unique_id == NO_ID:
        return WIRED_AS_DRAWN
    path = map_path(unique_id)
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        named = stored["sample_of"]
        if stored["schema"] != SCHEMA or sorted(named) != sorted(SENSEL_NAMES):
            raise ValueError("other sensors or another schema")
        sensel_map = tuple(ABSENT if named[n] is None else int(named[n]) for n in SENSEL_NAMES)
    except FileNotFoundError:
        return WIRED_AS_DRAWN
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"The sensor map {path} cannot be understood ({error}), so it is not used. Run 'solerig "
            "doctor --board' again, or delete the file."
        ) from error
    check_sensel_map(sensel_map, SENSELS)
    return sensel_map
