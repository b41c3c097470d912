# SPDX-License-Identifier: GPL-3.0-or-later
"""Judging a recording by something else than it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rig.analysis.as_recognised import as_recognised
from rig.batch import WholeStream
from rig.drills.registry import with_own_thresholds
from rig.pipeline import PipelineSettings
from rig.settings import DrillName, DrillSettings, Side
from rig.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """What stands in the place of the recording's own, from its beginning to its end; None: nothing."""

    name: DrillName | None = None
    side: Side | None = None
    thresholds: Thresholds | None = None
    recognised: bool = False
    """The drills are those that are recognised in the movement."""

    def of(self, stored: DrillSettings) -> DrillSettings:
        """The drill by which a stretch is judged that was taken as `stored`."""
        return with_own_thresholds(
            DrillSettings(
                self.name or stored.name,
                self.side or stored.side,
                self.thresholds or stored.thresholds,
            )
        )

    def says(self, recorded: tuple[DrillSettings, ...]) -> str:
        """What differs from what was recorded, in a sentence; empty where nothing does."""
        if self.recognised:
            taken = ", ".join(sorted({f"{drill.name} {drill.side}" for drill in recorded}))
            return f"Judged by the drills that were recognised, as asked; it was taken as {taken}."
        if all(self.of(drill) == drill for drill in recorded):
            return ""
        asked = [name for name in (self.name, self.side) if name is not None]
        own = sorted({drill.thresholds.name for drill in recorded})
        if self.thresholds is not None and any(
            drill.thresholds != self.of(drill).thresholds for drill in recorded
        ):
            asked.append(f"profile {self.thresholds.name}")
            which = f"with profile {', '.join(own)}" if own != [self.thresholds.name] else ""
            taken = which or f"with other thresholds under the name {self.thresholds.name}"
            return f"Judged by {', '.join(asked)}, as asked; it was taken {taken}."
        names = sorted({f"{drill.name} {drill.side}" for drill in recorded})
        return f"Judged by {', '.join(asked)}, as asked; it was taken as {', '.join(names)}."

    def stream(
        self, stream: WholeStream, progress: Callable[[int], None] | None = None
    ) -> WholeStream:
        """A recording's stream, judged so; `progress` is told how many bytes were recognised.

        Raises
        ------
        AnalysisError
            Drills are to be recognised on a mat of less than 100 Hz.
        """
        if self.recognised:
            stream = as_recognised(stream, progress)
        return replace(
            stream,
            settings=self._settings(stream.settings),
            changes=tuple(
                change._replace(settings=self._settings(change.settings))
                for change in stream.changes
            ),
        )

    def _settings(self, settings: PipelineSettings) -> PipelineSettings:
        return replace(settings, drill=self.of(settings.drill))


AS_RECORDED = JudgedBy()
