# SPDX-License-Identifier: GPL-3.0-or-later
"""The images beside the source are what this source compiles to."""

from __future__ import annotations

import subprocess

import pytest

from rig.acquire.firmware_source import FIRMWARE_FOLDER, build_firmware

IMAGES = FIRMWARE_FOLDER / "images"
NAMES = [
    "uno-insoles",
    "uno-mat16",
    "uno-mat16_cheap",
    "mega-insoles",
    "mega-mat32",
    "leonardo-insoles",
    "micro-insoles",
    "uno-insoles-radio",
    "leonardo-insoles-radio",
]


def test_every_image_is_named_here() -> None:
    assert sorted(path.stem for path in IMAGES.glob("*.hex")) == sorted(NAMES)


def test_images_are_those_of_this_source() -> None:
    version = ["avr-g++", "-dumpfullversion", "-dumpversion"]
    compiler = subprocess.run(version, capture_output=True, text=True, check=True).stdout
    if compiler != (IMAGES / "compiler.txt").read_text(encoding="utf-8"):
        pytest.skip("another compiler makes other images of the same source")
    stale = []
    for name in NAMES:
        board, rig, *radio = name.split("-")
        if radio:
            elf = build_firmware(board, f"{board}_radio", "-DSOLERIG_RADIO=1", rig=rig)
        else:
            elf = build_firmware(board, rig=rig)
        if elf.with_suffix(".hex").read_bytes() != (IMAGES / f"{name}.hex").read_bytes():
            stale.append(name)
    assert stale == [], "run `make firmware`"
