# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole recording through the pipeline, piece by piece: the batch gait of the one path."""

from __future__ import annotations

from collections.abc import Iterator

from rig.pipeline import Pipeline, PipelineOutput, PipelineSettings
from rig.record import Recording, SettingsChange
from rig.record.pieces import PIECE_BYTES, pieces


def outputs(
    recording: Recording, piece_bytes: int = PIECE_BYTES
) -> Iterator[tuple[PipelineOutput, int]]:
    """What each piece led to, and how many bytes of `wire` are done.

    Raises
    ------
    SolerigError
        A change of settings cannot be understood, or the board is one that cannot be analysed.
    """
    info = recording.info
    settings = PipelineSettings(info.participant, info.calibration, info.drill)
    pipeline = Pipeline(settings, recording.hello)
    done = 0
    for piece in pieces(recording, piece_bytes):
        if isinstance(piece, SettingsChange):
            changed = PipelineSettings(piece.participant, piece.calibration, piece.drill)
            pipeline.change_settings(changed)
            continue
        done += len(piece.data)
        yield pipeline.push(piece.data, piece.arrivals), done
    yield pipeline.finish(), done
