# SPDX-License-Identifier: GPL-3.0-or-later
"""The firmware in the loop: builds the real image and runs it on a simulated board with a pty.

Only a checkout has the firmware's source, and only Linux has the pty and Debian's simavr; everything
here says so in plain words where that is not what it finds.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike

from rig.acquire.flashing import BoardName, RigName, built_image, variant_name
from rig.errors import LinkError

FIRMWARE_FOLDER = Path(__file__).resolve().parents[2] / "firmware_arduino"
SENSELS_OF_RIG = {"insoles": 32, "mat16": 256, "mat16_cheap": 256, "mat32": 1024}
LOADS_VERSION = 1
_INTERPOLATED, _WITH_SYNC, _REPEATED = 1, 2, 4
_DEBIAN_PACKAGES = "make gcc libc6-dev gcc-avr avr-libc arduino-core-avr libsimavr-dev libelf-dev"
_START_TIMEOUT_S = 10.0
_STOP_TIMEOUT_S = 5.0

FullPty = Literal["pause", "drop"]


def build_firmware(
    board: str = "uno", variant: str | None = None, extra: str = "", *, rig: str = "insoles"
) -> Path:
    """Compile the sketch as `make -C firmware_arduino` does.

    Parameters
    ----------
    board
        "uno", "nano", "mega", "leonardo" or "micro".
    variant
        Name of the build folder; that of board and rig when None. Builds with `extra` need their own.
    extra
        Compiler options, for example "-DCLOCK_START_US=4294000000UL".
    rig
        "insoles", "mat16", "mat16_cheap" or "mat32".

    Returns
    -------
    Path
        The image (.elf).

    Raises
    ------
    LinkError
        This is not a checkout, a tool is missing, or the compiler refused.
    """
    _need_tools("make", "avr-g++", "avr-objcopy")
    name = variant or (board if rig == "insoles" else f"{board}_{rig}")
    with _one_at_a_time():
        _make(FIRMWARE_FOLDER, f"BOARD={board}", f"RIG={rig}", f"VARIANT={name}", f"EXTRA={extra}")
    return FIRMWARE_FOLDER / "build" / name / "solerig_scanner.elf"


def build_simulator(board: str = "uno", rig: str = "insoles") -> Path:
    """Compile the simulated board: "uno" (a Nano is one too), "mega" or "leonardo".

    Raises
    ------
    LinkError
        As `build_firmware`.
    """
    _need_tools("make", "cc")
    with _one_at_a_time():
        _make(FIRMWARE_FOLDER / "simulator", f"BOARD={board}", f"RIG={rig}")
    name = "simulator" if (board, rig) == ("uno", "insoles") else f"simulator_{board}_{rig}"
    return FIRMWARE_FOLDER / "build" / name / "simulator"


def write_loads(
    path: Path,
    rate_hz: float,
    conductance_us: ArrayLike,
    sync: ArrayLike | None = None,
    *,
    interpolated: bool = False,
    repeated: bool = False,
) -> None:
    """Prescribe what the sensors feel over time, in the format of firmware_arduino/simulator/loads.h.

    Parameters
    ----------
    path
        The file to write.
    rate_hz
        Rows a second.
    conductance_us
        Shape (n, sensels), microsiemens, in the order of the samples; 0 = an open sensor.
    sync
        Shape (n,), level of the sync input in each row; None leaves it low.
    interpolated
        Go straight from row to row instead of in steps.
    repeated
        Begin again after the last row instead of holding it.

    Raises
    ------
    ValueError
        A shape does not fit.
    """
    rows = np.ascontiguousarray(conductance_us, dtype="<f4")
    sensels = rows.shape[-1]
    if rows.ndim != 2 or sensels not in SENSELS_OF_RIG.values() or len(rows) == 0:
        known = ", ".join(str(n) for n in sorted(set(SENSELS_OF_RIG.values())))
        raise ValueError(f"conductance_us needs shape (n, {known}), not {rows.shape}")
    flags = _INTERPOLATED * interpolated | _REPEATED * repeated | _WITH_SYNC * (sync is not None)
    head = b"SOLELOAD" + struct.pack("<IIIId", LOADS_VERSION, sensels, len(rows), flags, rate_hz)
    tail = b""
    if sync is not None:
        levels = np.ascontiguousarray(np.asarray(sync) != 0, dtype=np.uint8)
        if levels.shape != (len(rows),):
            raise ValueError(f"sync needs shape ({len(rows)},), not {levels.shape}")
        tail = levels.tobytes()
    path.write_bytes(head + rows.tobytes() + tail)


class FirmwareInLoop:
    """The real image on a simulated board, at the other end of a pty.

    As on an Uno, opening the port resets the board, and nothing is simulated while nobody has it open.

    Parameters
    ----------
    elf
        The image; built when None.
    loads
        A file of `write_loads`; None = no load.
    full_pty
        "pause": simulated time waits for a slow reader, nothing is lost. "drop": as on a real line,
        bytes that are not taken in time are lost.
    realtime
        Keep pace with the clock on the wall.
    match_baud
        Bytes are nonsense unless the reader has set the board's baud, as on a real line.
    reset_on_open
        False: a board whose port does not reset it.
    loads_from_scan
        The loads' time begins with the first scan after the start instead of with the simulation.
    pty_link
        A symbolic link with a name of one's own, taken away at the end; lets a board come back under
        its old name.
    eeprom, log
        Files that keep the EEPROM, and events (simulated second, name, value a line).
    supply_v
        The board's supply.
    rig
        What is wired to the board, an Uno; as `build_firmware` takes it.

    Attributes
    ----------
    port
        What to open: the link, or the pty itself.
    """

    def __init__(
        self,
        elf: Path | None = None,
        *,
        loads: Path | None = None,
        full_pty: FullPty = "pause",
        realtime: bool = True,
        match_baud: bool = True,
        reset_on_open: bool = True,
        loads_from_scan: bool = False,
        pty_link: Path | None = None,
        eeprom: Path | None = None,
        log: Path | None = None,
        supply_v: float = 5.0,
        rig: str = "insoles",
    ) -> None:
        flags = {
            "--realtime": realtime,
            "--match-baud": match_baud,
            "--no-reset": not reset_on_open,
            "--loads-from-scan": loads_from_scan,
        }
        values = {"--loads": loads, "--pty-link": pty_link, "--eeprom": eeprom, "--log": log}
        self._elf = elf
        self._rig = rig
        self._options = [f"--{full_pty}", "--supply", str(supply_v)]
        self._options += [flag for flag, wanted in flags.items() if wanted]
        for option, value in values.items():
            self._options += [option, str(value)] if value is not None else []
        self._link = pty_link
        self._process: subprocess.Popen[str] | None = None
        self.port = ""

    def start(self) -> Self:
        """Build what is missing and power the board.

        Raises
        ------
        LinkError
            Not a checkout, a tool is missing, or the simulator does not start.
        """
        elf = self._elf or build_firmware(rig=self._rig)
        owner = ["--owner", str(os.getpid())]
        command = [str(build_simulator(rig=self._rig)), "--elf", str(elf), *owner, *self._options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self._process = process
        assert process.stdout is not None  # noqa: S101 (asked for one line above; tells pyright)
        for line in process.stdout:
            if line.startswith("pty "):
                self.port = str(self._link) if self._link else line.split()[1]
                return self
        process.wait(_START_TIMEOUT_S)
        raise LinkError(
            f"The simulated board did not start (exit code {process.returncode}). "
            "Its own message stands above; run `make -C firmware_arduino clean` and try again."
        )

    def stop(self) -> str:
        """Switch the board off; a second call does nothing.

        Returns
        -------
        str
            The simulator's summary, one "name value" a line.
        """
        process, self._process = self._process, None
        if process is None:
            return ""
        process.terminate()
        try:
            summary, _ = process.communicate(timeout=_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            summary, _ = process.communicate()
        return summary

    def kill(self) -> None:
        """Pull the plug: the pty is gone at once and the reader gets an error."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()
        if self._link is not None:
            self._link.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def can_compile() -> bool:
    """Whether a flashable image can be made here; else the images that came along are used."""
    tools = ("make", "avr-g++", "avr-objcopy")
    is_checkout = (FIRMWARE_FOLDER / "Makefile").exists()
    return sys.platform == "linux" and is_checkout and all(shutil.which(tool) for tool in tools)


def compile_image(board: BoardName, rig: RigName, *, radio: bool = False) -> Path:
    """The image (Intel HEX) of this board and rig, compiled now; raises as `build_firmware`.

    `radio`: for a serial radio module at 115,200 baud in place of the cable.
    """
    _need_tools("make", "avr-g++", "avr-objcopy")
    variant = variant_name(board, rig, radio=radio)
    with _one_at_a_time():
        extra = "-DSOLERIG_RADIO=1" if radio else ""
        _make(
            FIRMWARE_FOLDER, f"BOARD={board}", f"RIG={rig}", f"VARIANT={variant}", f"EXTRA={extra}"
        )
    return built_image(FIRMWARE_FOLDER, variant)


def _need_tools(*tools: str) -> None:
    if sys.platform != "linux":
        raise LinkError(
            "The firmware can be simulated on Linux only. "
            "Choose the simulated person instead: it works on every system."
        )
    if not (FIRMWARE_FOLDER / "Makefile").exists():
        raise LinkError(
            "The firmware's source is not beside this program. "
            "Run it from a checkout of the repository, or choose the simulated person instead."
        )
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        raise LinkError(
            f"Building the firmware needs {', '.join(missing)}, which this machine lacks. "
            f"On Debian or Ubuntu: sudo apt-get install {_DEBIAN_PACKAGES}"
        )


def _make(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        ["make", "--silent", "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last_lines = "\n".join(done.stderr.strip().splitlines()[-12:])
        raise LinkError(
            f"The firmware in {folder} does not compile. If a header is missing: "
            f"sudo apt-get install {_DEBIAN_PACKAGES}\nThe compiler says:\n{last_lines}"
        )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two processes that build the same files at once would hand each other half of one."""
    import fcntl  # unix only; this module must import everywhere

    lock_path = FIRMWARE_FOLDER / "build" / "lock"
    lock_path.parent.mkdir(exist_ok=True)
    with lock_path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
