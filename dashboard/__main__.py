# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m dashboard`: the window as a program."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from dashboard.application import Options, run
from dashboard.recording_model import default_recordings_folder
from dashboard.source_model import spec_of_argument
from rig.errors import SolerigError


def main(arguments: list[str] | None = None) -> int:
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        options = Options(
            source=spec_of_argument(given.source, given.speed) if given.source else None,
            runtime=given.attach,
            recordings=given.recordings,
            size=given.size,
            full_screen=given.full_screen,
            screenshot=given.screenshot,
            after_s=given.after,
            counted=given.counted,
        )
        return run(options)
    except SolerigError as error:
        parser.error(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__)
    parser.add_argument(
        "--source",
        help="auto, simulated, firmware, a port, a pyserial URL or a recording's folder; "
        "without it, what runs already is taken up, or the window asks",
    )
    parser.add_argument(
        "--speed",
        type=_speed,
        default=1.0,
        metavar="X",
        help="of a recording: 1 is real time, 0 as fast as it goes",
    )
    parser.add_argument(
        "--attach", type=Path, metavar="FOLDER", help="runtime folder of the acquisition to join"
    )
    parser.add_argument(
        "--recordings",
        type=Path,
        default=default_recordings_folder(),
        help="where new recordings go",
    )
    parser.add_argument("--size", type=_size, default=(1280, 800), metavar="WIDTHxHEIGHT")
    parser.add_argument("--full-screen", action="store_true")
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help="save a picture and end")
    parser.add_argument(
        "--after", type=_seconds, default=5.0, metavar="S", help="the picture's moment in seconds"
    )
    parser.add_argument(
        "--counted",
        type=int,
        default=0,
        metavar="N",
        help="and from then on, for at most 10 s, until a drill counts so many repetitions",
    )
    return parser


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    try:
        size = int(width), int(height)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not like 1280x800") from None
    if not (640 <= size[0] <= 7680 and 480 <= size[1] <= 4320):
        raise argparse.ArgumentTypeError(f"'{text}' is not between 640x480 and 7680x4320")
    return size


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a speed like 1 or 0.5") from None
    if not 0.0 <= speed < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is no speed; 0 is as fast as it goes")
    return speed


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds") from None
    if not 0.0 <= seconds <= 3600.0:
        raise argparse.ArgumentTypeError(f"{text} s is not between 0 and 3600")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
