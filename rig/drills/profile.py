# SPDX-License-Identifier: GPL-3.0-or-later
"""Drill profiles: thresholds in a TOML file that a coach or a clinic can edit and share.

A file names only what differs from the defaults; a table of an added drill's name sets thresholds of
its own. Three are shipped; a user's own lie in
`profiles_folder()`, one file each, and may not take a shipped one's name.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from rig.errors import SettingsError
from rig.settings import DRILL_NAME, DRILL_NAMES
from rig.thresholds import Thresholds, entry_fault, thresholds_from

SHIPPED = ("default", "strict", "beginner")


def profiles_folder() -> Path:
    """Where a user's own profiles lie; it need not exist."""
    import platformdirs

    return Path(platformdirs.user_config_dir("solerig", appauthor=False)) / "profiles"


def profile_names(folder: Path | None = None) -> tuple[str, ...]:
    """The shipped ones, then a user's own by name."""
    folder = profiles_folder() if folder is None else folder
    own = sorted(path.stem for path in folder.glob("*.toml") if path.stem not in SHIPPED)
    return (*SHIPPED, *own)


def load_profile(name: str, folder: Path | None = None) -> Thresholds:
    """A profile by its name, or by the path of its file.

    Raises
    ------
    SettingsError
        There is none, or its file says something that cannot be; the line is named.
    """
    if name in SHIPPED:
        text = (files("rig.drills") / "profiles" / f"{name}.toml").read_text("utf-8")
        return parse_profile(text, f"{name}.toml", name)
    folder = profiles_folder() if folder is None else folder
    path = Path(name) if name.endswith(".toml") else folder / f"{name}.toml"
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise SettingsError(
            f'No drill profile is called "{name}"; there are {", ".join(profile_names(folder))}. '
            f"Put your own into {folder}."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read ({error}).") from error
    return parse_profile(text, str(path), path.stem)


def parse_profile(text: str, where: str, name: str) -> Thresholds:
    """The thresholds of a profile's text; `where` stands before the line in what is raised.

    Raises
    ------
    SettingsError
        No TOML, an unknown entry, or a value that cannot be.
    """
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{where} is no TOML: {error}.") from error
    own = {key: table for key, table in entries.items() if isinstance(table, dict)}
    entries = {key: value for key, value in entries.items() if key not in own}
    known = [field.name for field in fields(Thresholds) if field.name not in ("name", "own")]
    for key, value in entries.items():
        wrong = entry_fault(key, value) if key in known else "is not known here."
        if wrong is not None:
            near = _nearest(key, known) if key not in known else ""
            raise SettingsError(f"{where}, line {_line_of(text, key)}: {key} {wrong}{near}")
    kept = {k for k, v in entries.items() if isinstance(v, str)} | {"set_target"}
    values = {k: v if k in kept else float(v) for k, v in entries.items()}
    return thresholds_from({"name": name, **values, "own": _own(own, text, where)})


def _own(tables: dict[str, Any], text: str, where: str) -> list[tuple[str, float]]:
    """The tables of drills that packages add. One that is not installed here is kept as it is, since a
    clinic shares its profile between computers.
    """
    from rig.drills.registry import added_drill

    taken: list[tuple[str, float]] = []
    for drill, table in tables.items():
        own = added_drill(drill)
        if not DRILL_NAME.fullmatch(drill) or drill in DRILL_NAMES:
            raise SettingsError(
                f"{where}, line {_line_of(text, drill)}: [{drill}] is no added drill; thresholds of "
                "the nine stand without a table."
            )
        for key, value in table.items():
            wrong = None if own is None or key in own.thresholds else "is not known here."
            if wrong is None and (isinstance(value, bool) or not isinstance(value, int | float)):
                wrong = f"must be a number, not {value!r}."
            if wrong is not None:
                near = _nearest(key, list(own.thresholds)) if own is not None else ""
                line = _line_of(text, key, _line_of(text, drill))
                raise SettingsError(f"{where}, line {line}: {key} {wrong}{near}")
            taken.append((f"{drill}.{key}", float(value)))
    return sorted(taken)


def _line_of(text: str, key: str, after: int = 0) -> int:
    """The first line behind `after` that sets the key, or a table of its name."""
    pattern = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=\].]""")
    for number, line in enumerate(text.splitlines(), start=1):
        if number > after and pattern.match(line):
            return number
    return 1


def _nearest(key: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, known, 1)
    return f" Did you mean {near[0]}?" if near else ""
