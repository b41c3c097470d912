# SPDX-License-Identifier: GPL-3.0-or-later
"""Where calibrations are kept: a folder of this user, one file a version, none ever overwritten but
by the bench that is still at it.

`calibrations/<insole>/insole-<time>.json` and `visit-<time>.json` are the versions;
`calibrations/in_force/<board>.json` names what the board's frames are read with.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rig.calibrate.calibration import Calibration
from rig.calibrate.insole_calibration import InsoleCalibration, expiry_sentence
from rig.calibrate.visit_check import RENEWS_WITHIN
from rig.errors import SettingsError

VISIT_SCHEMA = "solerig.visit_calibration/1"
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_IN_FORCE = "in_force"


def calibrations_folder() -> Path:
    """The user's own, beside the sensor maps."""
    from platformdirs import user_config_path

    return user_config_path("solerig", appauthor=False) / "calibrations"


def insole_folder(insole_id: str) -> Path:
    """Raises `SettingsError` for a name that no folder should have."""
    if not _SAFE.fullmatch(insole_id) or insole_id == _IN_FORCE:
        raise SettingsError(
            f"Insoles cannot be called {insole_id!r}: use up to 64 letters, digits, - and _."
        )
    return calibrations_folder() / insole_id


def save_insole(insole: InsoleCalibration) -> InsoleCalibration:
    """Keep a new version; returned with the version's name."""
    folder = insole_folder(insole.insole_id)
    path = _new_path(folder, "insole")
    kept = replace(insole, version=path.stem)
    _write(path, kept.to_json())
    return kept


def grow_insole(kept: InsoleCalibration) -> InsoleCalibration:
    """Write the version of a bench under way once more, with the sensors done since."""
    _write(insole_folder(kept.insole_id) / f"{kept.version}.json", kept.to_json())
    return kept


def insole_versions(insole_id: str) -> list[InsoleCalibration]:
    """Oldest first; raises `SettingsError` naming a file that cannot be read."""
    folder = insole_folder(insole_id)
    return [
        InsoleCalibration.from_json(_read(path), str(path))
        for path in sorted(folder.glob("insole-*.json"))
    ]


def insole_names() -> list[str]:
    """All insoles that were ever calibrated on this computer."""
    return sorted({path.parent.name for path in calibrations_folder().glob("*/insole-*.json")})


def boards() -> list[str]:
    """Ids of the boards for which something is in force."""
    return sorted(path.stem for path in (calibrations_folder() / _IN_FORCE).glob("*.json"))


def save_visit(calibration: Calibration) -> Path:
    """Keep what a visit check found, and put it in force for its board."""
    path = _new_path(insole_folder(calibration.insole_id or calibration.board_id), "visit")
    _write(path, _visit_json(calibration))
    put_in_force(calibration)
    return path


def visits(insole_id: str) -> list[Calibration]:
    """All visit checks with these insoles, oldest first."""
    folder = insole_folder(insole_id)
    return [load_calibration(path) for path in sorted(folder.glob("visit-*.json"))]


def put_in_force(calibration: Calibration) -> Path:
    """From now on the board's frames are read with it."""
    path = _in_force_path(calibration.board_id)
    _write(path, _visit_json(calibration))
    return path


def in_force(board_id: str) -> Calibration | None:
    """What the board's frames are read with; None where nobody calibrated it."""
    path = _in_force_path(board_id)
    return load_calibration(path) if path.exists() else None


def forget_in_force(board_id: str) -> bool:
    """The board is read with default gains again; versions stay. False: nothing was in force."""
    path = _in_force_path(board_id)
    existed = path.exists()
    path.unlink(missing_ok=True)
    return existed


def load_calibration(path: Path) -> Calibration:
    """A stored visit, or what was put in force.

    Raises
    ------
    SettingsError
        Not such a file, or one that cannot be understood.
    """
    stored = _read(path)
    if not isinstance(stored, dict) or stored.get("schema") != VISIT_SCHEMA:
        raise SettingsError(
            f"{path} is not a calibration that this Solerig reads ({VISIT_SCHEMA}). Name a file that "
            "'solerig calibrate' wrote."
        )
    try:
        return Calibration.from_json(stored["calibration"])
    except (KeyError, TypeError, ValueError) as error:
        raise SettingsError(
            f"The calibration {path} cannot be understood ({error}), so it is not used. Calibrate "
            "again, or put the file back as it was."
        ) from error


def save_calibration(path: Path, calibration: Calibration) -> None:
    """Write it wherever somebody asks for it."""
    _write(path, _visit_json(calibration))


def renewals(insole: InsoleCalibration) -> list[str]:
    """Days on which a visit check came within 5 % of the scale with this version."""
    return [
        v.visit_made_on
        for v in visits(insole.insole_id)
        if v.insole_version == insole.version
        and v.visit_check_value is not None
        and v.visit_check_value <= RENEWS_WITHIN
    ]


def for_today(stored: Calibration, today: date) -> Calibration:
    """Without what holds for one visit only, when the visit was another day's.

    Tare and foot gains belong to one person in one pair of shoes; curves and region gains stay.
    """
    if stored.visit_made_on in ("", today.isoformat()):
        return stored
    without = replace(
        stored,
        tare_force_n=(0.0,) * len(stored.tare_force_n),
        unloaded_noise_n=(0.0, 0.0),
        foot_gain=(1.0, 1.0),
        foot_gain_sd=(),
        visit_made_on="",
        visit_verdict="",
        visit_weight_n=None,
        visit_weight_source="",
        visit_check_value=None,
    )
    if stored.body_weight_gain_source == "visit":
        return replace(without, body_weight_gain_source="default")
    return without


def sentences(calibration: Calibration, today: date) -> list[str]:
    """What is in force, in words, with what speaks against it."""
    said = []
    if calibration.insole_id:
        said.append(
            f"Insoles {calibration.insole_id}, calibrated {calibration.insole_made_on}: "
            f"{calibration.insole_verdict}"
        )
        same = [
            v
            for v in insole_versions(calibration.insole_id)
            if v.version == calibration.insole_version
        ]
        said += [s for v in same if (s := expiry_sentence(v, renewals(v), today))]
    if calibration.visit_made_on == today.isoformat():
        said.append(f"Visit check of today: {calibration.visit_verdict}")
    elif calibration.insole_id:
        said.append(
            "No visit check today, so both feet count alike and nothing is tared: run 'solerig "
            "calibrate visit'."
        )
    return said


def _visit_json(calibration: Calibration) -> dict[str, Any]:
    return {"schema": VISIT_SCHEMA, "calibration": calibration.to_json()}


def _in_force_path(board_id: str) -> Path:
    if not _SAFE.fullmatch(board_id):
        raise SettingsError(
            "This board has no name, so no calibration can be kept for it. 'solerig doctor --board' "
            "gives it one."
        )
    return calibrations_folder() / _IN_FORCE / f"{board_id}.json"


def _new_path(folder: Path, kind: str) -> Path:
    """A name that no version has yet: universal time to the microsecond, so that names sort by it."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S.%f")
    return folder / f"{kind}-{stamp}.json"


def _write(path: Path, content: dict[str, Any]) -> None:
    """Whole or not at all, also when the power goes right after."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    with draft.open("w", encoding="utf-8") as file:
        file.write(json.dumps(content, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(f"There is no file {path}.") from error
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The calibration {path} cannot be read ({error}), so it is not used. Calibrate again, or "
            "put the file back as it was."
        ) from error
