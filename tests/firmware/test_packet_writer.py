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


@pytest.fixture(scope="module", params=["RIG_INSOLES", "RIG_MAT32"])
def writer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = tmp_path_factory.mktemp("writer") / "packet_writer"
    sources = [SKETCH / "packet_writer.cpp", Path(__file__).with_name("packet_writer_main.cpp")]
    subprocess.run(
        [
            "g++",
            *OPTIONS,
            f"-DSOLERIG_RIG={request.param}",
            f"-I{SKETCH}",
            "-o",
            str(program),
            *map(str, sources),
        ],
        check=True,
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


def test_long_packets_pass_a_ring_of_256_bytes(tmp_path: Path) -> None:
    program = tmp_path / "packet_writer"
    sources = [SKETCH / "packet_writer.cpp", Path(__file__).with_name("packet_writer_main.cpp")]
    options = [*OPTIONS, "-DSOLERIG_RIG=RIG_MAT32", f"-I{SKETCH}"]
    subprocess.run(["g++", *options, "-o", str(program), *map(str, sources)], check=True)
    rng = random.Random(6)
    # around one and two full COBS blocks of 254 bytes, with and without zeros in them
    sizes = [*range(248, 258), *range(500, 512), 1288]
    packets = [bytes(rng.randrange(1, 256) for _ in range(n)) for n in sizes]
    packets += [bytes(rng.choice([0, 7]) for _ in range(n)) for n in sizes]
    packets += [bytes(254) + b"\x01" * 254 + bytes(2) + b"\x02" * 508]
    text = "".join(f"{packet.hex()} -\n" for packet in packets)
    done = subprocess.run([str(program)], input=text, capture_output=True, text=True, check=True)
    lines = [bytes.fromhex(line) for line in done.stdout.split()]
    assert [open_packet(line[:-1]) for line in lines] == packets
    assert [line.count(0) for line in lines] == [1] * len(packets)
