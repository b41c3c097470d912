# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipe: both boards, impossible settings, and what a person without the tools is told."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from rig.acquire import firmware_source
from rig.acquire.firmware_source import FIRMWARE_FOLDER, build_firmware, write_loads
from rig.errors import LinkError

UNO_FLASH_BYTES = 32_256  # with its bootloader
NANO_OLD_FLASH_BYTES = 30_720
RAM_BYTES = 2_048
STACK_BYTES = 512


@pytest.mark.parametrize(
    ("board", "flash"), [("uno", UNO_FLASH_BYTES), ("nano", NANO_OLD_FLASH_BYTES)]
)
def test_image_fits_the_board(board: str, flash: int) -> None:
    elf = build_firmware(board)
    size = subprocess.run(
        ["avr-size", "-C", "--mcu=atmega328p", str(elf)], capture_output=True, text=True, check=True
    ).stdout
    program, data = (int(n) for n in re.findall(r"(\d+) bytes", size))
    assert 0 < program < flash
    assert data < RAM_BYTES - STACK_BYTES
    assert elf.with_suffix(".hex").exists()


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("-DDEFAULT_BAUD=9600", "DEFAULT_BAUD must be"),
        ("-DDEFAULT_BAUD=115200", "DEFAULT_SCAN_RATE_HZ is more than"),
        ("-DDEFAULT_SCAN_RATE_HZ=20", "DEFAULT_SCAN_RATE_HZ is below"),
        ("-DBANDGAP_MV=2560", "BANDGAP_MV lies"),
    ],
)
def test_impossible_settings_do_not_compile(option: str, message: str) -> None:
    with pytest.raises(LinkError, match=message):
        build_firmware("uno", "impossible", option)


def test_unknown_board_is_refused() -> None:
    with pytest.raises(LinkError, match="BOARD must be uno, nano"):
        build_firmware("due")


def test_missing_tools_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(LinkError, match=r"avr-g\+\+.*apt-get install"):
        build_firmware("uno")


def test_outside_a_checkout_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(firmware_source, "FIRMWARE_FOLDER", tmp_path)
    with pytest.raises(LinkError, match="checkout"):
        build_firmware("uno")


def test_the_arduino_ide_finds_a_sketch() -> None:
    sketch = FIRMWARE_FOLDER / "solerig_scanner"
    assert (sketch / f"{sketch.name}.ino").exists()
    includes = re.findall(
        r'#include "([^"]+)"', "".join(p.read_text() for p in sorted(sketch.iterdir()))
    )
    # the IDE copies this folder alone
    assert all((sketch / name).exists() for name in includes)


@pytest.mark.parametrize(
    ("conductance_us", "sync"),
    [(np.zeros((3, 31)), None), (np.zeros((0, 32)), None), (np.zeros((3, 32)), np.zeros(2))],
)
def test_loads_of_another_shape_are_refused(
    tmp_path: Path, conductance_us: np.ndarray, sync: np.ndarray | None
) -> None:
    with pytest.raises(ValueError, match="needs shape"):
        write_loads(tmp_path / "loads.bin", 100.0, conductance_us, sync)
