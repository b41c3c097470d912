# SPDX-License-Identifier: GPL-3.0-or-later
"""Misuse gives exit code 2 and one sentence, and leaves nothing behind."""

import json
from pathlib import Path

import numpy as np
import pytest

from rig.cli.__main__ import run

COMMANDS = [
    "demo",
    "dashboard",
    "ports",
    "doctor",
    "flash",
    "template",
    "record",
    "replay",
    "simulate",
    "analyse",
    "export",
]
MISUSES = [
    (["dance"], "dance"),
    (["simulate", "juggling", "--out", "x"], "juggling"),
    (["simulate", "hopping"], "--out"),
    (["simulate", "hopping", "--fault", "REAR", "--out", "x"], "REAR"),
    (["simulate", "hopping", "--fault", "PUSH:much", "--out", "x"], "PUSH:1.2"),
    (["simulate", "hopping", "--fault", "PUSH:9", "--out", "x"], "0.1 to 2"),
    (["simulate", "pony", "--fault", "", "--out", "x"], "--fault needs the code of a fault"),
    (["simulate", "pony", "--out", "/dev/null/x"], "choose another folder with --out"),
    (["simulate", "walking", "--fault", "HEEL", "--out", "x"], "walking"),
    (["simulate", "hopping", "--seconds", "much", "--out", "x"], "--seconds"),
    (["simulate", "hopping", "--seconds", "-3", "--out", "x"], "greater than or equal to 1"),
    (["simulate", "hopping", "--rate", "99999", "--out", "x"], "2000"),
    (["analyse", "nowhere"], "nowhere"),
    (["analyse", "nowhere", "--profile", "strikt"], "nowhere"),
    (["simulate", "pony", "--profile", "strikt", "--out", "x"], "default, strict, beginner"),
    (["record", "--source", "simulated", "--profile", "strikt", "--out", "x"], "strict, beginner"),
    (["record", "--source", "simulated", "--participant", "Jane Doe", "--out", "x"], "pseudonym"),
    (["programme", "add", "P07", "nowhere"], "nowhere"),
    (["programme", "add", "P07"], "recording"),
    (["programme", "show", "../P07"], "pseudonym"),
    (["export", "nowhere", "--out", "x.csv"], "nowhere"),
    (["export", "nowhere", "--format", "xlsx", "--out", "x"], "xlsx"),
    (["record", "--source", "no-such-port", "--weight", "7000", "--out", "x"], "weight"),
    (["record", "--source", "/dev/ttyNOPE", "--out", "x"], "no port /dev/ttyNOPE"),
    (["record", "--source", "simulatd", "--out", "x"], "no port simulatd"),
    (["doctor", "--board", "--source", "/dev/ttyNOPE"], "no port /dev/ttyNOPE"),
    (["replay", "nowhere", "--headless"], "nowhere"),
    (["demo", "--headless", "--seconds", "0", "--out", "x"], "--seconds"),
    (["doctor", "--board", "--sensors", "L_XX"], "L_XX"),
    (["flash", "--board", "due"], "due"),
    (["template", "--size", "60", "--out", "x.svg"], "60"),
    (["template", "--size", "42", "--out", "x.png"], "x.png"),
]


@pytest.mark.parametrize(
    ("arguments", "named"), MISUSES, ids=[" ".join(m[0])[:40] for m in MISUSES]
)
def test_misuse_is_one_sentence(
    arguments: list[str],
    named: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert named in said.err
    assert "Traceback" not in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_full_folder_is_refused_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "precious").write_text("keep me")
    for command in (
        ["simulate", "hopping", "--seconds", "2", "--out", str(tmp_path)],
        ["record", "--source", "simulated", "--seconds", "1", "--out", str(tmp_path)],
        ["demo", "--headless", "--out", str(tmp_path)],
    ):
        assert run(command) == 2
        assert "--force" in capsys.readouterr().err
    assert [e.name for e in tmp_path.iterdir()] == ["precious"]


def test_recording_over_foreign_files_is_refused_even_with_force(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("keep me")
    arguments = ["record", "--source", "simulated", "--seconds", "1", "--out", str(tmp_path)]
    assert run([*arguments, "--force"]) == 2
    assert [e.name for e in tmp_path.iterdir()] == ["precious"]


def test_a_file_that_is_no_recording_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "recording.json").write_text('{"schema": "solerig.recording/99"}')
    assert run(["analyse", str(tmp_path)]) == 2
    assert "Update Solerig" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b'{"schema": ', "it breaks off or goes wrong in line 1"),
        (b'{"schema": "\xff\x81"}', "bytes that are no text"),
    ],
)
def test_a_damaged_description_is_told_in_words_with_the_next_step(
    content: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "recording.json").write_bytes(content)
    assert run(["analyse", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "of a copy of this recording" in told
    assert "Expecting" not in told
    assert "codec" not in told


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    for command in COMMANDS:
        assert command in text
        assert run([command, "--help"]) == 0


def test_doctor_and_ports_answer_without_a_board(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ports"]) == 0
    assert run(["doctor"]) in (0, 1)
    assert "numpy" in capsys.readouterr().out


def test_simulated_recordings_repeat(tmp_path: Path) -> None:
    for name in ("a", "b"):
        out = str(tmp_path / name)
        assert run(["simulate", "tapping", "--seconds", "3", "--seed", "5", "--out", out]) == 0
    first, second = tmp_path / "a", tmp_path / "b"
    assert (first / "wire.bin").read_bytes() == (second / "wire.bin").read_bytes()
    assert (first / "truth.json").read_bytes() == (second / "truth.json").read_bytes()
    dense = [np.load(folder / "truth_dense.npz") for folder in (first, second)]
    for name in ("t_s", "foot_force_n", "foot_cop_mm", "cop_mm"):
        np.testing.assert_array_equal(dense[0][name], dense[1][name])
    assert dense[0]["foot_force_n"].shape == (len(dense[0]["t_s"]), 2)
    truth = json.loads((first / "truth.json").read_text())
    assert truth["schema"] == "solerig.truth/2"
