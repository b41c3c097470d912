# SPDX-License-Identifier: GPL-3.0-or-later
"""Promises about the house as a whole that no single room can keep."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE = (
    "rig.analysis, rig.pipeline, rig.export.csv, rig.acquire.live, rig.acquire.hub, "
    "rig.simulate.person, rig.record.recording"
)
HEAVY = ["typer", "rich", "platformdirs", "PyQt6", "pyqtgraph", "pyarrow", "dashboard"]
MACHINE_WORDS = ("/" + "root/", "/" + "work/", "/" + "home/")


def test_the_core_needs_numpy_scipy_and_pyserial_alone() -> None:
    program = (
        "import sys, json\n"
        f"for name in {HEAVY!r}: sys.modules[name] = None\n"
        f"import {CORE}\n"
        "from importlib.metadata import packages_distributions\n"
        "owner = packages_distributions()\n"
        "tops = {m.split('.')[0] for m in sys.modules if sys.modules[m] is not None}\n"
        "print(json.dumps(sorted({d for t in tops for d in owner.get(t, [])})))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)) <= {"solerig", "numpy", "scipy", "pyserial"}


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--", *patterns], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return [ROOT / line for line in listed.stdout.splitlines()]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout: nothing is tracked")
def test_every_source_file_names_its_licence() -> None:
    sources = _tracked("*.py", "*.c", "*.h", "*.cpp", "*.ino", "*.toml", "Makefile", ".ci/*")
    exempt = {ROOT / "pyproject.toml"} | set(_tracked(".ci/*.txt"))
    without = [
        str(path.relative_to(ROOT))
        for path in sources
        if path not in exempt and "SPDX-License-Identifier:" not in path.read_text()[:400]
    ]
    assert len(sources) > 100
    assert without == []


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout: nothing is tracked")
def test_no_file_names_the_machine_it_was_made_on() -> None:
    texts = [p for p in _tracked() if p.suffix not in (".png", ".pdf", ".hex", ".bin")]
    named = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in texts
        for word in MACHINE_WORDS
        if word in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert named == []
