# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that appear together and whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from rig.errors import RecordingError


@contextmanager
def written_whole(*paths: Path) -> Iterator[tuple[TextIO, ...]]:
    """Files to write that take their names when the block ends without an error.

    After an error, nothing of them is left, and what lay there before is untouched.

    Raises
    ------
    RecordingError
        The disk does not take them.
    """
    parts = [path.with_name(f".{path.name}.part") for path in paths]
    try:
        with ExitStack() as stack:
            yield tuple(
                stack.enter_context(part.open("w", encoding="utf-8", newline="")) for part in parts
            )
        for part, path in zip(parts, paths, strict=True):
            part.replace(path)
    except OSError as error:
        raise RecordingError(
            f"{paths[0]} cannot be written ({error.strerror or error}). Free some disk space or choose "
            "another place."
        ) from error
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
