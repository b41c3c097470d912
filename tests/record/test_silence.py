# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording that holds nothing says why, and what to do, and is no success to a script."""

import pytest

from rig.cli.__main__ import run

WAYS = {
    "missing": (lambda wire: wire.unlink(), "holds no wire.bin"),
    "empty": (lambda wire: wire.write_bytes(b""), "ended before the board had sent anything"),
    "cut off": (lambda wire: wire.write_bytes(wire.read_bytes()[:7]), "7 bytes and no whole frame"),
    "foreign": (lambda wire: wire.write_bytes(bytes(range(256)) * 90), "no whole frame of a board"),
}


@pytest.fixture
def recording(tmp_path):
    folder = tmp_path / "r"
    assert run(["simulate", "tapping", "--seconds", "2", "--out", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("command", ["analyse", "recognise"])
def test_a_recording_without_frames_says_why(recording, capsys, command, way):
    change, says = WAYS[way]
    change(recording / "wire.bin")
    assert run([command, str(recording)]) == 2
    said = capsys.readouterr().err
    assert says in said.replace("\n", " ")
    assert "again" in said


@pytest.mark.parametrize("way", ["missing", "empty"])
def test_nothing_is_exported_from_nothing(recording, capsys, tmp_path, way):
    change, says = WAYS[way]
    change(recording / "wire.bin")
    out = tmp_path / "out.csv"
    assert run(["export", str(recording), "--out", str(out)]) == 2
    assert says in capsys.readouterr().err.replace("\n", " ")
    assert not out.exists()


def test_a_short_piece_of_a_recording_is_one(recording, capsys):
    """Some dozens of frames are too few for a contact or a drill, and still frames."""
    wire = recording / "wire.bin"
    wire.write_bytes(wire.read_bytes()[:3000])
    assert run(["recognise", str(recording)]) == 0
    assert "unknown" in capsys.readouterr().out
    assert run(["analyse", str(recording)]) == 0
