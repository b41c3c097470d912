# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of sources: add a line here for a new one."""

from __future__ import annotations

from collections.abc import Callable

from rig.acquire.messages import SourceKind, SourceSpec
from rig.acquire.sources.source import Source
from rig.errors import LinkError


def make_source(spec: SourceSpec) -> Source:
    """The source that is asked for, not yet open; raises `LinkError` when that cannot be."""
    make = SOURCES.get(spec.kind)
    if make is None:
        raise LinkError(f"There is no source of kind {spec.kind!r}.")
    if spec.kind in {"serial", "recording"} and not spec.address:
        raise LinkError(f"Say which {spec.kind} to open: its name is missing.")
    return make(spec)


def _auto(spec: SourceSpec) -> Source:
    from rig.acquire.sources.auto import AutoSource

    return AutoSource(spec.baud)


def _serial(spec: SourceSpec) -> Source:
    from rig.acquire.sources.serial_port import SerialSource

    return SerialSource(spec.address, spec.baud)


def _recording(spec: SourceSpec) -> Source:
    from rig.acquire.sources.recording import RecordingSource

    return RecordingSource(spec.address, spec.speed)


def _simulated(spec: SourceSpec) -> Source:
    from rig.acquire.sources.simulated import SimulatedSource

    return SimulatedSource(spec)


def _firmware(spec: SourceSpec) -> Source:
    from rig.acquire.sources.firmware import FirmwareSource

    return FirmwareSource(spec)


SOURCES: dict[SourceKind, Callable[[SourceSpec], Source]] = {
    "auto": _auto,
    "serial": _serial,
    "recording": _recording,
    "simulated": _simulated,
    "firmware": _firmware,
}
