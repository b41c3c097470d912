# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings of simulated people for the balance tests, and a cheap command line."""

import json
from pathlib import Path

import pytest

from rig.cli.__main__ import run
from rig.simulate.person import simulate_session
from rig.simulate.recorded import write_session


@pytest.fixture(scope="session")
def stance_recording(tmp_path_factory: pytest.TempPathFactory):
    """A simulated person in the stance drill: both feet, then holds on each leg; with its truth."""
    session = simulate_session("stance", 40.0, 10_101, rate_hz=250)
    folder = tmp_path_factory.mktemp("balance") / "stance"
    write_session(folder, session)
    return folder, session


@pytest.fixture
def solerig_json(capsys: pytest.CaptureFixture[str]):
    """What a command prints as JSON; it must succeed."""

    def call(*arguments: object) -> dict:
        capsys.readouterr()
        assert run([str(a) for a in arguments]) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out, parse_constant=_refuse)

    return call


@pytest.fixture
def refusal(capsys: pytest.CaptureFixture[str]):
    """The one sentence of a command that must refuse with exit code 2."""

    def call(*arguments: object) -> str:
        capsys.readouterr()
        code = run([str(a) for a in arguments])
        printed = capsys.readouterr()
        assert code == 2
        assert printed.out == ""
        assert printed.err.count("\n") == 1
        assert printed.err.startswith("solerig: ")
        assert "Traceback" not in printed.err
        return printed.err

    return call


@pytest.fixture
def write_lines(tmp_path: Path):
    """A table from its lines."""

    def write(*lines: str, name: str = "cop.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n")
        return path

    return write


def _refuse(constant: str):
    raise AssertionError(f"{constant} is no JSON")
