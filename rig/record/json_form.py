# SPDX-License-Identifier: GPL-3.0-or-later
"""`recording.json` and settings events as JSON, there and back without loss."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, get_args

from rig.calibrate.calibration import Calibration
from rig.errors import RecordingError, SettingsError
from rig.record.info import RECORDING_SCHEMA, RecordingInfo, SourceInfo
from rig.settings import DRILL_NAME, DrillSettings, Participant, Side
from rig.thresholds import thresholds_from


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """Settings that hold from byte `offset` on."""

    offset: int
    monotonic_ns: int
    participant: Participant
    calibration: Calibration
    drill: DrillSettings


def info_to_json(info: RecordingInfo) -> dict[str, Any]:
    """All of `recording.json`; the schema comes first so that a person sees it first."""
    stored = asdict(info)
    return {"schema": stored.pop("schema"), **stored}


def info_from_json(stored: object, where: str) -> RecordingInfo:
    """The other way.

    Raises
    ------
    RecordingError
        Another schema, or entries that are missing, unknown or cannot be; `where` is named.
    """
    if not isinstance(stored, dict):
        raise RecordingError(f"{where} does not describe a recording; it is damaged.")
    schema = stored.get("schema")
    if not isinstance(schema, str):
        raise RecordingError(
            f"{where} names no schema, so it is damaged or belongs to another program; the bytes beside "
            "it are untouched."
        )
    if schema != RECORDING_SCHEMA:
        raise RecordingError(
            f"{where} says schema {schema!r}, but this Solerig reads {RECORDING_SCHEMA!r}. "
            "Update Solerig to open it."
        )
    try:
        entries = dict(stored)
        entries["source"] = SourceInfo(**_known(SourceInfo, entries["source"]))
        entries |= settings_from_json(entries)
        return RecordingInfo(**_known(RecordingInfo, entries))
    except (KeyError, TypeError, ValueError, SettingsError) as error:
        raise RecordingError(
            f"{where} cannot be understood ({error}). It is damaged or was changed by hand; the bytes "
            "beside it are untouched."
        ) from error


def settings_to_json(
    participant: Participant, calibration: Calibration, drill: DrillSettings
) -> dict[str, Any]:
    return {
        "participant": asdict(participant),
        "calibration": calibration.to_json(),
        "drill": asdict(drill),
    }


def settings_from_json(stored: dict[str, Any]) -> dict[str, Any]:
    """`participant`, `calibration` and `drill` as objects.

    Raises `KeyError`, `TypeError`, `ValueError` or `SettingsError` when they are not what was stored.
    """
    drill = _drill_from_json(stored["drill"])
    if not DRILL_NAME.fullmatch(str(drill.name)) or drill.side not in get_args(Side):
        raise ValueError(f"unknown drill {drill.name!r} on side {drill.side!r}")
    return {
        "participant": Participant(**_known(Participant, stored["participant"])),
        "calibration": Calibration.from_json(stored["calibration"]),
        "drill": drill,
    }


def _drill_from_json(stored: dict[str, Any]) -> DrillSettings:
    """Recordings from before there were thresholds were made with the defaults."""
    entries = dict(_known(DrillSettings, stored))
    if "thresholds" in entries:
        entries["thresholds"] = thresholds_from(entries["thresholds"])
    return DrillSettings(**entries)


def change_from_json(event: dict[str, Any]) -> SettingsChange:
    """A settings event of `events.jsonl`; raises as `settings_from_json`."""
    return SettingsChange(
        offset=int(event["offset"]),
        monotonic_ns=int(event["monotonic_ns"]),
        **settings_from_json(event),
    )


def _known(kind: type[Any], stored: dict[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(stored) - {f.name for f in fields(kind)})
    if unknown:
        raise ValueError(f"unknown entries {', '.join(unknown)}")
    return stored
