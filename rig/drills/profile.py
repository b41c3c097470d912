# SPDX-License-Identifier: GPL-3.0-or-later
"""Drill profiles: thresholds in a TOML file that a coach or a clinic can edit and share.

A file names only what differs from the defaults; a table of an added drill's name sets thresholds of
its own. Three are shipped; a user's own lie in `profiles_folder()`, one file each, and may not take a
shipped one's name.
"""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import asdict, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from rig.drills.profile_limits import RANGES, number_fault, order_fault
from rig.errors import SettingsError
from rig.settings import DRILL_NAME, DRILL_NAMES
from rig.thresholds import Thresholds, entry_fault, thresholds_from

SHIPPED = ("default", "strict", "beginner")
COPY_COMMAND = "solerig drills profiles --copy default --as clinic"
"""How a person begins one of their own; "clinic" stands for any name."""
_OWN_NAME = re.compile(r"[\w-]{1,40}")


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
    text, path = _profile_text(name, profiles_folder() if folder is None else folder)
    return parse_profile(text, str(path), path.stem)


def taken_names(folder: Path | None = None) -> tuple[str, ...]:
    """Shipped names that files in the user's folder have, which are not read."""
    folder = profiles_folder() if folder is None else folder
    return tuple(name for name in SHIPPED if (folder / f"{name}.toml").is_file())


def copy_profile(name: str, new: str, folder: Path | None = None) -> Path:
    """A copy of a profile, as it stands with its comments, into the user's folder; its path.

    Raises
    ------
    SettingsError
        There is no such profile or it cannot be used, the new name is taken or is none, or the folder
        cannot be written.
    """
    folder = profiles_folder() if folder is None else folder
    text, source = _profile_text(name, folder)
    parse_profile(text, str(source), source.stem)
    new = new.removesuffix(".toml")
    if not _OWN_NAME.fullmatch(new):
        raise SettingsError(
            f'"{new}" cannot be the name of a profile; take letters, digits, - and _, up to 40.'
        )
    if new.lower() in SHIPPED:
        raise SettingsError(f'"{new}" is one of ours; choose another name for your own.')
    path = folder / f"{new}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise SettingsError(f"{path} is there already; choose another name.") from error
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written ({error.strerror}); check that you may write there."
        ) from error
    return path


def _profile_text(name: str, folder: Path) -> tuple[str, Path]:
    """A profile's text, and what it is called where something in it is wrong."""
    if name in SHIPPED:
        own = Path(f"{name}.toml")
        return (files("rig.drills") / "profiles" / own.name).read_text("utf-8"), own
    is_path = name.endswith(".toml") or Path(name).name != name
    path = Path(name) if is_path else folder / f"{name}.toml"
    if path.is_dir() or (Path(name).is_dir() and not path.exists()):
        raise SettingsError(
            f"{name} is a folder. Give the .toml file in it, or a name: "
            f"{', '.join(profile_names(folder))}."
        )
    try:
        # editors on Windows put a mark before UTF-8, which TOML does not know
        return path.read_text("utf-8-sig"), path
    except FileNotFoundError as error:
        missing = f"There is no file {name}" if is_path else f'No drill profile is called "{name}"'
        raise SettingsError(
            f"{missing}; there are {', '.join(profile_names(folder))}. Your own belong into {folder}; "
            f'"{COPY_COMMAND}" begins one.'
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{path} is not saved as UTF-8. Open it in a text editor and save it as UTF-8."
        ) from error
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({error.strerror}). Check that you may read it."
        ) from error


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
        fault = number_fault if key in RANGES else entry_fault
        wrong = fault(key, value) if key in known else "is not known here."
        if wrong is not None:
            near = _nearest(key, known) if key not in known else ""
            raise SettingsError(f"{where}, line {_line_of(text, key)}: {key} {wrong}{near}")
    kept = {k for k, v in entries.items() if isinstance(v, str)} | {"set_target"}
    values = {k: v if k in kept else float(v) for k, v in entries.items()}
    profile = thresholds_from({"name": name, **values, "own": _own(own, text, where)})
    crossed = order_fault(values, asdict(profile))
    if crossed is not None:
        raise SettingsError(f"{where}, line {_line_of(text, crossed[0])}: {crossed[1]}")
    return profile


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
            if wrong is None and not math.isfinite(value):
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
