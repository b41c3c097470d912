# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m rig.acquire`: the process that alone holds the port and writes what comes from it."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from rig.acquire import meeting_place
from rig.acquire.clients import Door
from rig.acquire.hub import Hub
from rig.acquire.messages import Shutdown
from rig.acquire.stream import SpoolFolder

IDLE_S = 5.0


def main(arguments: list[str] | None = None) -> int:
    """Run until nobody needs it; 0 also when another one runs already, 1 when its folder is no use."""
    options = _parser().parse_args(arguments)
    folder = options.runtime_dir or meeting_place.runtime_folder()
    try:
        lock = meeting_place.claim(folder)
        if lock is None:
            return 0
        with lock:
            _run(folder, options.idle_seconds, outlives_clients=not options.with_clients)
    except OSError as error:
        print(f"{folder} cannot be used by the acquisition ({error}).", file=sys.stderr)
        return 1
    return 0


def _run(folder: Path, idle_s: float, *, outlives_clients: bool) -> None:
    spools = SpoolFolder(meeting_place.spool_folder(folder))
    hub = Hub(spools, idle_s, outlives_clients=outlives_clients)
    listener, card = meeting_place.listen(folder)
    door = Door(listener, hub.inbox.put)
    door.start()
    card.write(folder)

    def end(_number: int, _frame: FrameType | None) -> None:
        hub.inbox.put(Shutdown())

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        hub.run()
    finally:
        meeting_place.tidy(folder, card)
        door.close()
        spools.remove()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rig.acquire", description=__doc__)
    parser.add_argument("--runtime-dir", type=Path, help="where clients find this process")
    parser.add_argument(
        "--idle-seconds",
        type=float,
        default=IDLE_S,
        help="end after so long without clients and recording",
    )
    parser.add_argument(
        "--with-clients",
        action="store_true",
        help="end, and close a recording, when the last client has gone",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
