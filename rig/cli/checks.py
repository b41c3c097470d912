# SPDX-License-Identifier: GPL-3.0-or-later
"""What `solerig doctor` looks at: each check says what it found and what mends it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rig.acquire.flash_run import find_avrdude
from rig.acquire.ports import PortCandidate, candidate_ports
from rig.cli.places import recordings_folder
from rig.errors import LinkError

Verdict = Literal["ok", "note", "missing"]
PACKAGES = ("numpy", "scipy", "pyserial", "platformdirs", "typer", "rich", "PyQt6", "pyqtgraph")
FIRMWARE_TOOLS = ("avr-gcc", "gcc", "make")
LOW_DISK_BYTES = 1_000_000_000
"""About five hours of two insoles at 1,000 Hz (52 bytes a frame), a design choice."""
WINDOW_PROBE = (
    "from PyQt6.QtWidgets import QApplication; QApplication(['probe', '-platform', 'offscreen'])"
)


@dataclass(frozen=True, slots=True)
class Check:
    """One finding; `mend` is what to do now, empty where nothing is needed."""

    name: str
    verdict: Verdict
    found: str
    mend: str = ""


def all_checks() -> list[Check]:
    """In the order in which a newcomer meets the trouble."""
    return [
        python_version(),
        *(package(name) for name in PACKAGES),
        *(own_package(name) for name in ("rig", "dashboard")),
        window_libraries(),
        display(),
        *port_checks(candidate_ports()),
        disk(recordings_folder()),
        flashing_tool(),
        firmware_tools(),
    ]


def python_version() -> Check:
    return Check("Python", "ok", f"{platform.python_version()} ({sys.executable})")


def package(name: str) -> Check:
    try:
        return Check(name, "ok", importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name, "missing", "not installed", f"{sys.executable} -m pip install {name}")


def own_package(name: str) -> Check:
    """Other distributions have packages of these names too; one of them may shadow ours."""
    spec = importlib.util.find_spec(name)
    ours = Path(__file__).resolve().parents[2]
    if spec is not None and spec.origin and Path(spec.origin).resolve().parents[1] == ours:
        return Check(f"package {name}", "ok", str(ours / name))
    found = spec.origin if spec is not None and spec.origin else "not found"
    mend = "another program's package hides Solerig's: install Solerig in an environment of its own"
    return Check(
        f"package {name}", "missing", found, f"{mend} (pipx install solerig, or make setup)"
    )


def window_libraries() -> Check:
    """Opens and closes Qt in a process of its own, for a missing library ends the process."""
    try:
        probe = subprocess.run(
            [sys.executable, "-c", WINDOW_PROBE],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Check("window (Qt)", "missing", "Qt did not start within a minute", _qt_mend())
    if probe.returncode == 0:
        return Check("window (Qt)", "ok", "Qt starts")
    lines = [line for line in probe.stderr.splitlines() if line.strip()] or [
        "Qt ended without a word"
    ]
    return Check("window (Qt)", "missing", lines[-1].strip(), _qt_mend())


def _qt_mend() -> str:
    if sys.platform.startswith("linux"):
        return (
            "in a checkout run make setup, or install libgl1 libegl1 libfontconfig1 libxkbcommon0 "
            "libdbus-1-3 libxcb-cursor0 with the system's package manager"
        )
    return f"{sys.executable} -m pip install --force-reinstall PyQt6"


def display() -> Check:
    if has_display():
        return Check("display", "ok", "a window can be shown")
    return Check(
        "display",
        "note",
        "none",
        "the dashboard needs a desktop; record, analyse and export do not",
    )


def has_display() -> bool:
    """Whether a window can be shown to somebody here."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def port_checks(candidates: Iterable[PortCandidate]) -> list[Check]:
    """One check a port, then the rights to use them."""
    checks = [port_check(candidate) for candidate in candidates]
    if not any(check.verdict != "note" for check in checks):
        checks.append(Check("board", "note", "no board is plugged in", _no_board_mend()))
    if sys.platform.startswith("linux"):
        checks.append(serial_rights())
    return checks


def port_check(candidate: PortCandidate) -> Check:
    name = f"port {candidate.device}"
    if not candidate.plausible:
        return Check(name, "note", f"{candidate.description}: {candidate.reason}")
    if sys.platform.startswith("linux") and not os.access(candidate.device, os.R_OK | os.W_OK):
        return Check(name, "missing", f"{candidate.description}: no permission", _dialout_mend())
    return Check(name, "ok", f"{candidate.description}: {candidate.reason}")


def _no_board_mend() -> str:
    if sys.platform == "win32":
        return (
            "plug it in; a Nano with a CH340 chip that stays away needs the CH340 driver of its maker "
            "(WCH, 'CH341SER'), then plug it in again"
        )
    if shutil.which("brltty"):
        return "plug it in; if a CH340 board vanishes at once, the braille service has it: remove brltty"
    return "plug it in with a cable that carries data (many charge only), then run this again"


def serial_rights() -> Check:
    """Whether this account may open serial ports (Debian: group dialout; Arch: uucp)."""
    import grp

    mine = {grp.getgrgid(g).gr_name for g in os.getgroups() if _group_known(g)}
    if os.geteuid() == 0 or mine & {"dialout", "uucp"}:
        return Check("rights to ports", "ok", "this account may open serial ports")
    return Check("rights to ports", "missing", "not in the group dialout", _dialout_mend())


def _group_known(group_id: int) -> bool:
    import grp

    try:
        grp.getgrgid(group_id)
    except KeyError:
        return False
    return True


def _dialout_mend() -> str:
    return "sudo usermod -aG dialout $USER, then log out and in again"


def disk(folder: Path) -> Check:
    """Free space where recordings go."""
    existing = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(existing).free
    found = f"{folder}: {free / 1e9:.1f} GB free"
    if not os.access(existing, os.W_OK):
        return Check("recordings", "missing", f"{folder} cannot be written", "choose another --out")
    if free < LOW_DISK_BYTES:
        return Check("recordings", "note", found, "free some space before a long session")
    return Check("recordings", "ok", found)


def flashing_tool() -> Check:
    """What `solerig flash` writes the firmware with; who has a flashed board does without."""
    try:
        return Check("avrdude", "ok", find_avrdude())
    except LinkError as error:
        return Check("avrdude", "note", "not installed; solerig flash needs it", str(error))


def firmware_tools() -> Check:
    """Compilers for the board; only makers and `--source firmware` need them."""
    absent = [tool for tool in FIRMWARE_TOOLS if shutil.which(tool) is None]
    if not absent:
        return Check("firmware tools", "ok", ", ".join(FIRMWARE_TOOLS))
    mend = "only for building firmware: make setup-test in a checkout, or the Arduino IDE"
    return Check("firmware tools", "note", f"missing: {', '.join(absent)}", mend)
