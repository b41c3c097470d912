# SPDX-License-Identifier: GPL-3.0-or-later
"""One line of plain words with a place of its own: a message never moves what is around it."""

from __future__ import annotations

from dashboard import theme
from dashboard.message_model import Message
from dashboard.widgets.eliding_label import ElidingLabel

_MARKS = {"note": "", "done": "\N{CHECK MARK}  ", "problem": "\N{WARNING SIGN}  "}


class MessageBar(ElidingLabel):
    def __init__(self) -> None:
        super().__init__("message")
        self.setAccessibleName("Messages")
        self._kind = ""

    def show_message(self, message: Message) -> None:
        self.show_text(_MARKS[message.kind] + message.sentence if message.sentence else "")
        if message.kind != self._kind:
            self._kind = message.kind
            self.setStyleSheet(f"background: {theme.MESSAGE_FILL[message.kind]};")
