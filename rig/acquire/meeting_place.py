# SPDX-License-Identifier: GPL-3.0-or-later
"""Where acquisition and its clients find each other: one small folder of this user."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import IO

RUNTIME_VARIABLE = "SOLERIG_RUNTIME_DIR"
CARD_NAME = "acquisition.json"
LOCK_NAME = "acquisition.lock"
LOG_NAME = "acquisition.log"
SOCKET_NAME = "acquisition.sock"
LONGEST_SOCKET_PATH = 100
"""POSIX systems allow 104 to 108 bytes."""


def runtime_folder() -> Path:
    """The folder of this user, or the one that the environment names.

    Where a system has no runtime folder (a container, a service), it is in the user's cache: a shared
    temporary folder could be prepared by somebody else.
    """
    named = os.environ.get(RUNTIME_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_cache_path, user_runtime_path

    if sys.platform == "linux" and not os.environ.get("XDG_RUNTIME_DIR"):
        return user_cache_path("solerig", appauthor=False) / "run"
    return user_runtime_path("solerig", appauthor=False)


def spool_folder(runtime: Path) -> Path:
    """Spools lie on the disk, since a user's runtime folder is memory on many systems."""
    if os.environ.get(RUNTIME_VARIABLE) or runtime != runtime_folder():
        return runtime
    from platformdirs import user_cache_path

    return user_cache_path("solerig", appauthor=False) / "spool"


@dataclass(frozen=True, slots=True)
class Card:
    """How to reach a running acquisition; readable by this user alone, for it holds the key."""

    address: str
    key_hex: str
    process: int

    def write(self, folder: Path) -> None:
        temporary = folder / f"{CARD_NAME}.{self.process}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"address": self.address, "key": self.key_hex, "pid": self.process}, file)
        temporary.replace(folder / CARD_NAME)

    @staticmethod
    def read(folder: Path) -> Card | None:
        """None where nobody left one."""
        try:
            stored = json.loads((folder / CARD_NAME).read_bytes())
            return Card(stored["address"], stored["key"], stored["pid"])
        except (OSError, ValueError, KeyError, TypeError):
            return None


def listen(folder: Path) -> tuple[Listener, Card]:
    """A listener, and the card that leads to it (not yet written)."""
    key = secrets.token_bytes(32)
    path = folder / SOCKET_NAME
    if os.name == "posix" and len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        path.unlink(missing_ok=True)
        listener = Listener(str(path), "AF_UNIX", authkey=key)
    else:
        listener = Listener(None, "AF_UNIX" if os.name == "posix" else "AF_PIPE", authkey=key)
    return listener, Card(str(listener.address), key.hex(), os.getpid())


def call(folder: Path) -> tuple[Connection, Card] | None:
    """A line to the acquisition that runs there; None when none does."""
    card = Card.read(folder)
    if card is None:
        return None
    try:
        return Client(card.address, authkey=bytes.fromhex(card.key_hex)), card
    except (OSError, EOFError, AuthenticationError, ValueError):
        return None


def claim(folder: Path) -> IO[bytes] | None:
    """The lock that the only acquisition of this folder holds; None when another one has it.

    The operating system takes it back when the process ends, however it ends.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (folder / LOCK_NAME).open("wb")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def tidy(folder: Path, card: Card) -> None:
    """Take our card away, unless somebody else's lies there already."""
    if Card.read(folder) == card:
        with contextlib.suppress(OSError):
            (folder / CARD_NAME).unlink()
