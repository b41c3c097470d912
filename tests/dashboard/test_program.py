# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m dashboard` as a person or the demo calls it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def run_program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dashboard", *arguments],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux finds fonts through fontconfig")
def test_a_computer_without_fonts_is_told_what_to_install(tmp_path: Path):
    configuration = tmp_path / "fonts.conf"
    configuration.write_text(
        f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    picture = tmp_path / "picture.png"
    done = run_program("--screenshot", str(picture), FONTCONFIG_FILE=str(configuration))
    assert done.returncode == 2
    assert "fonts-dejavu-core" in done.stderr
    assert "Traceback" not in done.stderr
    assert not picture.exists()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--size", "wide"], "1280x800"),
        (["--size", "10x10"], "640x480"),
        (["--after", "soon"], "seconds"),
        (["--speed", "fast"], "speed"),
        (["--speed", "-1"], "as fast as it goes"),
        (["--after", "-3"], "between 0 and 3600"),
    ],
)
def test_misuse_is_answered_in_one_sentence(arguments: list[str], word: str):
    done = run_program(*arguments)
    assert done.returncode == 2
    assert word in done.stderr.splitlines()[-1]


def test_a_folder_that_is_no_recording_is_refused(tmp_path: Path):
    done = run_program("--source", str(tmp_path))
    assert done.returncode == 2
    assert "recording.json" in done.stderr
