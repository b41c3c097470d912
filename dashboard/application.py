# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens the window on a live stream; with a picture asked for, takes it and leaves."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QFontDatabase
from PyQt6.QtWidgets import QApplication

from dashboard import theme
from dashboard.appearance import dress
from dashboard.live_model import LiveModel
from dashboard.live_source import LiveSource
from dashboard.recording_model import default_recordings_folder
from dashboard.window import Window
from rig.acquire.live import LiveSession
from rig.acquire.messages import SourceSpec
from rig.errors import SettingsError

ASK_AFTER_MS = 1500
"""A window that joined a running acquisition has heard of its source by then."""
COUNTED_WITHIN_S, LOOK_EVERY_S = 10.0, 0.1
"""A picture waits so long for its repetitions: a drill of the simulated programme (design choice)."""
FONT_ALIASES = {"Monospace", "Sans Serif", "Serif"}
"""What fontconfig names although no font file is there; Qt then paints boxes for letters."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the window is opened.

    `source` None: take up what runs already, or ask. `runtime`: the folder in which acquisition is
    found, by default this user's own. `screenshot`: leave a picture there after `after_s`
    seconds, then end; `counted`: as soon as a drill has so many repetitions, with some patience.
    """

    source: SourceSpec | None = None
    runtime: Path | None = None
    recordings: Path = field(default_factory=default_recordings_folder)
    size: tuple[int, int] = (theme.BASE_WIDTH, theme.BASE_HEIGHT)
    full_screen: bool = False
    screenshot: Path | None = None
    after_s: float = 5.0
    counted: int = 0


def run(options: Options) -> int:
    """Run the window until it is closed, or the picture is taken; the exit code.

    Raises `SettingsError` when no font is installed.
    """
    if options.screenshot is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    dress(application)
    if set(QFontDatabase.families()) <= FONT_ALIASES:
        raise SettingsError(
            "No font is installed, so nothing could be read. Install one (on Debian: apt-get install "
            "fonts-dejavu-core)."
        )
    source = LiveSource(lambda: LiveSession.start(options.runtime), options.recordings)
    window = Window(source)
    sys.excepthook = partial(_tell_fault, source)
    window.resize(*options.size)
    if options.full_screen:
        window.showFullScreen()
    else:
        window.show()
    if options.screenshot is not None:
        take = partial(_photograph, window, options)
        counted = partial(when_counted, source.model, options.counted, COUNTED_WITHIN_S, take)
        QTimer.singleShot(round(1000 * options.after_s), counted)
    elif options.source is None:
        source.joined.connect(lambda: QTimer.singleShot(ASK_AFTER_MS, window.ask_if_idle))
    source.start(options.source)
    code = application.exec()
    source.leave()
    return code


def _tell_fault(
    source: LiveSource,
    kind: type[BaseException],
    fault: BaseException,
    trace: TracebackType | None,
) -> None:
    """A fault of the window must not end it in front of a patient: it is reported, and drawing goes on.
    (Without a hook of our own, PyQt ends the process.)"""
    traceback.print_exception(kind, fault, trace)
    sentence = f"The window had a fault ({kind.__name__}: {fault}). A recording is not affected."
    source.model.messages.say(sentence, "problem", time.monotonic())


def when_counted(
    model: LiveModel, counted: int, patience_s: float, then: Callable[[], None]
) -> None:
    """Go on once the drill has so many repetitions, or nobody waits any longer."""
    if model.drill.count >= counted or patience_s <= 0.0:
        then()
        return
    again = partial(when_counted, model, counted, patience_s - LOOK_EVERY_S, then)
    QTimer.singleShot(round(1000 * LOOK_EVERY_S), again)


def _photograph(window: Window, options: Options) -> None:
    """Save the picture whole or not at all, and end; a failure is told in the exit code."""
    target = options.screenshot
    if target is None:
        return
    window.draw()
    draft = target.with_name(f".{target.stem}.draft.png")
    saved = window.grab().save(str(draft))
    if saved:
        draft.replace(target)
    else:
        print(f"The picture could not be written to {target}; is the folder there and writable?")
    QApplication.exit(0 if saved else 1)
