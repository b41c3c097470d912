# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a person chose or typed to the source that acquisition opens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rig.acquire.messages import SourceKind, SourceSpec
from rig.acquire.ports import PortCandidate
from rig.errors import SettingsError
from rig.settings import DrillName

RECORDING_FILE = "recording.json"


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """The source dialog's fields; only those of `kind` count."""

    kind: SourceKind
    port: str = ""
    drill: DrillName | None = None
    folder: str = ""


def spec_of(choice: SourceChoice) -> SourceSpec:
    """Raises `SettingsError` when a field is missing or names no recording."""
    if choice.kind == "serial":
        if not choice.port.strip():
            raise SettingsError("No port was named; choose one from the list or type its name.")
        return SourceSpec(kind="serial", address=choice.port.strip())
    if choice.kind == "recording":
        return _recording_spec(choice.folder.strip())
    if choice.kind == "simulated":
        return SourceSpec(kind="simulated", drill=choice.drill)
    return SourceSpec(kind=choice.kind)


def _recording_spec(folder: str, speed: float = 1.0) -> SourceSpec:
    if not folder or not (Path(folder) / RECORDING_FILE).is_file():
        raise SettingsError(
            f"'{folder}' holds no {RECORDING_FILE}; choose the folder that a recording was made in."
        )
    return SourceSpec(kind="recording", address=str(Path(folder).resolve()), speed=speed)


def spec_of_argument(source: str, speed: float = 1.0) -> SourceSpec:
    """From the command line: auto, simulated, firmware, a recording's folder, or else a port.

    `speed` is a recording's: 1.0 real time, 0.0 as fast as it goes."""
    if source == "auto":
        return SourceSpec(kind="auto")
    if source == "simulated":
        return SourceSpec(kind="simulated")
    if source == "firmware":
        return SourceSpec(kind="firmware")
    if Path(source).is_dir():
        return _recording_spec(source, speed)
    return SourceSpec(kind="serial", address=source)


LONGEST_LABEL = 52
"""Characters of a listed port; what it is in full stands below the list."""


def port_label(candidate: PortCandidate) -> str:
    """How a port is listed: its name once, what it is, and that it is plainly no board."""
    parts = [candidate.device, _description(candidate)]
    if not candidate.plausible:
        parts.append(f"({candidate.reason.split(';')[0]})")
    label = "  ".join(part for part in parts if part)
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 3].rstrip()}..."


def port_sentence(candidate: PortCandidate) -> str:
    """All that is known of a port."""
    description = _description(candidate)
    return f"{description}: {candidate.reason}." if description else f"{candidate.reason}."


def _description(candidate: PortCandidate) -> str:
    """Without the port's own name, which systems put there when they know nothing else."""
    text = candidate.description.replace(f"({candidate.device})", "").strip()
    return "" if text in (candidate.device, Path(candidate.device).name) else text
