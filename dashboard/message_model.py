# SPDX-License-Identifier: GPL-3.0-or-later
"""Which one sentence the message bar shows, and what is said large while a measurement runs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

MessageKind = Literal["note", "done", "problem"]
_SHOWN_FOR_S: dict[MessageKind, float] = {"note": 5.0, "done": 6.0, "problem": 15.0}


@dataclass(frozen=True, slots=True)
class Message:
    sentence: str
    kind: MessageKind = "note"


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a person on the insoles must read from where they stand; `progress` 0 to 1, or None."""

    sentence: str
    kind: MessageKind = "note"
    progress: float | None = None


@dataclass(slots=True)
class MessageLine:
    """Newest sentence first; a problem is not pushed away by a mere note while its time runs."""

    standing: Message = Message("")
    """What is shown when nothing else is: the link's own sentence."""
    _shown: Message = Message("")
    _until_s: float = -math.inf

    def say(self, sentence: str, kind: MessageKind, now_s: float) -> None:
        holds = self._shown.kind == "problem" and now_s < self._until_s
        if sentence and not (holds and kind == "note"):
            self._shown, self._until_s = Message(sentence, kind), now_s + _SHOWN_FOR_S[kind]

    def current(self, now_s: float) -> Message:
        return self._shown if now_s < self._until_s else self.standing
