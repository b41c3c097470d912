# SPDX-License-Identifier: GPL-3.0-or-later
"""What a live client gets from one drain of the stream."""

from __future__ import annotations

from dataclasses import dataclass

from rig.acquire.messages import CommandAnswered, LinkStatus, MarkerAdded, RecordingStatus, Refused
from rig.pipeline import BlockResult, PipelineSettings


@dataclass(frozen=True, slots=True, eq=False)
class LiveUpdate:
    """Blocks decoded since the last drain, and the newest state of everything else.

    `blocks` may be empty. `link` and `recording` are the newest known. `skipped_bytes` counts stream
    bytes that this client jumped over because it fell too far behind (recording keeps them all).
    `stream_restarted` says that time began anew (another source was opened): drop what was drawn.
    """

    blocks: tuple[BlockResult, ...]
    link: LinkStatus
    recording: RecordingStatus
    settings: PipelineSettings
    markers: tuple[MarkerAdded, ...]
    refusals: tuple[Refused, ...]
    answers: tuple[CommandAnswered, ...]
    skipped_bytes: int
    stream_restarted: bool
