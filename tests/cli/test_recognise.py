# SPDX-License-Identifier: GPL-3.0-or-later
"""What `solerig recognise` prints."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from rig.cli.__main__ import run
from rig.cli.recognise import show


def test_stretches_for_programs_and_for_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "taps")
    options = ["--seconds", "8", "--seed", "13010", "--rate", "200", "--side", "left"]
    assert run(["simulate", "tapping", *options, "--out", folder]) == 0
    capsys.readouterr()
    assert run(["recognise", folder, "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert (content["schema"], content["simulated"]) == ("solerig.recognition/1", True)
    longest = max(content["stretches"], key=lambda s: s["to_s"] - s["from_s"])
    assert (longest["drill"], longest["side"]) == ("tapping", "left")
    assert run(["recognise", folder]) == 0
    said = capsys.readouterr().out
    assert said.startswith("(simulated)\n")
    assert "s: tapping left, fits " in said


def test_a_stretch_that_fits_nothing_is_given_no_fit() -> None:
    stretches = [
        {"from_s": 0.0, "to_s": 4.0, "drill": "unknown", "side": None, "confidence": 0.9},
        {"from_s": 4.0, "to_s": 9.5, "drill": "pony", "side": None, "confidence": 0.87},
    ]
    out = StringIO()
    show({"simulated": False, "stretches": stretches}, Console(file=out, soft_wrap=True))
    assert out.getvalue() == "0.0 to 4.0 s: unknown\n4.0 to 9.5 s: pony, fits 87 %\n"


def test_a_folder_that_is_no_recording_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["recognise", str(tmp_path)]) == 2
    assert "recording.json" in capsys.readouterr().err
