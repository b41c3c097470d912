# SPDX-License-Identifier: GPL-3.0-or-later
"""Which cue is seen, and which is heard: errors before rewards, and nothing that comes too late."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.cue_words import cue_words, side_word
from dashboard.tones import Tone
from rig.drills.faults import Cue

CUE_HOLD_S = 1.5
"""Long enough for a look up from the feet (design choice)."""
HEARD_WITHIN_S = 0.3
"""A tone after that belongs, to the ear, to the next contact (design choice)."""
CLOCKS_APART = 0.006
"""A ceramic resonator is off by up to 5,000 ppm, and the host's clock a little."""
CueKind = Literal["reward", "hint", "warning", "fault"]
_RANK: dict[CueKind, int] = {"reward": 0, "hint": 1, "warning": 2, "fault": 3}
_TONES: dict[CueKind, Tone | None] = {
    "reward": "reward",
    "hint": None,
    "warning": "warning",
    "fault": "fault",
}
_OWN_TONES: dict[str, Tone] = {"HEEL-FIRST": "heel first", "TOE-LAND": "toes"}


@dataclass(frozen=True, slots=True)
class CuePicture:
    """`side` in capitals, empty for both feet."""

    word: str
    side: str
    kind: CueKind


@dataclass(slots=True)
class StreamClock:
    """How late frames come: the board's clock against the host's, on the quickest delivery so far.

    The two clocks drift apart, so what was quickest is slowly forgotten.
    """

    _quickest_s: float = math.inf
    _before_s: float = math.nan

    def lag_s(self, t_s: float, now_s: float) -> float:
        """Of frames of the time `t_s` that are here at `now_s`."""
        behind_s = now_s - t_s
        if math.isfinite(self._quickest_s):
            self._quickest_s += CLOCKS_APART * max(0.0, now_s - self._before_s)
        self._quickest_s, self._before_s = min(self._quickest_s, behind_s), now_s
        return behind_s - self._quickest_s


@dataclass(slots=True)
class CueBoard:
    """The cue that is seen. `now_s` is the host's monotonic clock: a cue is held for the eye."""

    _shown: CuePicture | None = None
    _until_s: float = -math.inf

    def current(self, now_s: float) -> CuePicture | None:
        return self._shown if now_s < self._until_s else None

    def push(self, cues: Sequence[Cue], newest_s: float, lag_s: float, now_s: float) -> Tone | None:
        """Show the worst of what came together; the tone of the worst that is still in time.

        `newest_s` is the stream's newest time, `lag_s` how late that is here.
        """
        heard: Cue | None = None
        for cue in cues:
            self.show(CuePicture(cue_words(cue.what), side_word(cue.side), cue.severity), now_s)
            in_time = newest_s - cue.decided_at_s + lag_s <= HEARD_WITHIN_S
            if in_time and (heard is None or _RANK[cue.severity] > _RANK[heard.severity]):
                heard = cue
        if heard is None:
            return None
        own = _OWN_TONES.get(heard.what) if heard.severity == "fault" else None
        return own or _TONES[heard.severity]

    def show(self, picture: CuePicture, now_s: float) -> None:
        """A worse one at once, a milder one only when the time of what is seen is over."""
        seen = self.current(now_s)
        if seen is None or _RANK[picture.kind] >= _RANK[seen.kind]:
            self._shown, self._until_s = picture, now_s + CUE_HOLD_S

    def clear(self) -> None:
        self._shown, self._until_s = None, -math.inf
