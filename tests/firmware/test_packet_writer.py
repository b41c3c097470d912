# SPDX-License-Identifier: GPL-3.0-or-later
"""The board's packet writer, compiled by the PC's compiler, against Python's framing."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from rig.acquire.firmware_source import FIRMWARE_FOLDER
from rig.wire.framing import open_packet

SKETCH = FIRMWARE_FOLDER / "solerig_scanner"
OPTIONS = ["-std=c++11", "-O1", "-Wall", "-Wextra", "-Werror", "-fsanitize=undefined"]


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = tmp_path_factory.mktemp("writer") / "packet_writer"
    sources = [SKETCH / "packet_writer.cpp", Path(__file__).with_name("packet_writer_main.cpp")]
    subprocess.run(
        ["g++", *OPTIONS, f"-I{SKETCH}", "-o", str(program), *map(str, sources)], check=True
    )
    return program


def test_python_opens_what_the_board_writes(writer: Path) -> None:
    rng = random.Random(5)
    pieces = [
        (bytes(rng.choice([0, 0, 1, 255, rng.randrange(256)]) for _ in range(rng.randint(1, 60))),
         rng.randbytes(rng.randint(0, 80)) if n % 3 == 0 else b"")
        for n in range(400)
    ]  # fmt: skip
    pieces += [(bytes(8), bytes(64)), (b"\x01" * 100, b"\xff" * 100)]
    text = "".join(f"{head.hex()} {tail.hex() or '-'}\n" for head, tail in pieces)
    done = subprocess.run([str(writer)], input=text, capture_output=True, text=True, check=True)
    lines = [bytes.fromhex(line) for line in done.stdout.split()]
    assert len(lines) == len(pieces)
    for line, (head, tail) in zip(lines, pieces, strict=True):
        assert line[-1] == 0
        assert len(line) == len(head) + len(tail) + 4
        assert open_packet(line[:-1]) == head + tail
