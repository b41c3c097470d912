# SPDX-License-Identifier: GPL-3.0-or-later
"""Outputs appear whole or not at all, and nobody's files are overwritten by accident."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from rig.errors import SolerigError


def say(console: Console, text: str, *, before: str = "", style: str = "") -> None:
    """Print `text` letter by letter, behind a styled word: names of files, columns and ports, and what
    people typed, may hold brackets and colons that Rich takes for its own marks.
    """
    console.print(Text.assemble((before, style), text), soft_wrap=True)


def refuse_full_folder(out: Path, *, force: bool) -> None:
    """Raise `SolerigError` unless `out` is new, empty or `force` is given."""
    if out.exists() and not out.is_dir():
        raise SolerigError(f"{out} is a file; --out needs a folder. Choose another name.")
    if out.is_dir() and any(out.iterdir()) and not force:
        raise SolerigError(
            f"{out} already holds files; choose another --out, or add --force to replace what "
            "Solerig wrote there."
        )


def refuse_existing_file(out: Path, *, force: bool) -> None:
    """Raise `SolerigError` when `out` is a folder, or exists and `force` is not given."""
    if out.is_dir():
        raise SolerigError(f"{out} is a folder; --out needs a file name.")
    if out.exists() and not force:
        raise SolerigError(f"{out} already exists; choose another --out, or add --force.")


def refuse_unwritable(out: Path | None) -> None:
    """Raise `SolerigError` when the file `out` could not be written at the end of a long walk."""
    if out is None:
        return
    if out.is_dir():
        raise SolerigError(f"{out} is a folder; --out needs a file name.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out.parent):
            pass
    except OSError as error:
        raise SolerigError(
            f"{out} cannot be written ({error.strerror}); choose another --out."
        ) from error


@contextmanager
def whole_folder(out: Path, *, force: bool) -> Iterator[Path]:
    """A hidden folder beside `out` to write into; its entries move to `out` when all went well.

    With `force`, entries of the same name are replaced and anything else in `out` stays.
    """
    refuse_full_folder(out, force=force)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent))
    except OSError as error:
        raise SolerigError(
            f"{out} cannot be written ({error.strerror}); choose another folder with --out."
        ) from error
    try:
        yield draft
        if out.is_dir() and any(out.iterdir()):
            for entry in sorted(draft.iterdir()):
                _replace(entry, out / entry.name)
        else:
            draft.chmod(0o777 & ~_umask())
            if out.is_dir():
                out.rmdir()
            draft.rename(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Strict JSON (no NaN), indented, whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(json_text(content), encoding="utf-8")
    draft.replace(path)


def json_text(content: dict[str, Any]) -> str:
    """As it is printed and written everywhere."""
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _replace(entry: Path, target: Path) -> None:
    if target.is_dir():
        old = target.with_name(f".{target.name}.old.{os.getpid()}")
        target.rename(old)
        entry.rename(target)
        shutil.rmtree(old)
    else:
        entry.replace(target)


def _umask() -> int:
    """The process's mask for new files, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


RECORDING_FILES = (
    "recording.json",
    "wire.bin",
    "arrivals.bin",
    "events.jsonl",
    "truth.json",
    "truth_dense.npz",
)


def refuse_unless_recording(out: Path, *, force: bool) -> None:
    """As `refuse_full_folder`; and with `force` nothing but an earlier recording may be replaced."""
    refuse_full_folder(out, force=force)
    if not out.is_dir():
        return
    foreign = sorted(e.name for e in out.iterdir() if e.name not in RECORDING_FILES)
    if foreign:
        raise SolerigError(
            f"{out} holds {foreign[0]}, which is not part of a recording; choose another --out."
        )


@contextmanager
def room_for_recording(out: Path) -> Iterator[None]:
    """The folder `out` out of the way while a recording begins there, written in place so that a
    crash leaves what was taken. The earlier recording is gone only when the new one has begun;
    after an error it stands where it stood.
    """
    if not (out.is_dir() and any(out.iterdir())):
        yield
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".old", dir=out.parent))
    kept = aside / out.name
    out.rename(kept)
    try:
        yield
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        kept.rename(out)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def refuse_own_files(out: Path, recording: Path) -> None:
    """Raise `SolerigError` when `out` would overwrite a file of the recording that it comes from."""
    if out.resolve().parent == recording.resolve() and out.name in RECORDING_FILES:
        raise SolerigError(
            f"{out} is part of the recording itself and stays as it was taken; choose another --out."
        )
