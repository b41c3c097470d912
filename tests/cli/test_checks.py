# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig doctor` lists what a newcomer needs, whether it is there or not."""

from pathlib import Path

import pytest

from rig.cli.checks import all_checks, flashing_tool


def test_avrdude_is_listed_with_its_place_or_with_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    absent = flashing_tool()
    assert (absent.name, absent.verdict) == ("avrdude", "note")
    assert "apt-get install avrdude" in absent.mend
    script = tmp_path / "avrdude"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    assert (flashing_tool().verdict, flashing_tool().found) == ("ok", str(script))


def test_the_doctor_always_has_a_line_for_avrdude() -> None:
    assert [check.name for check in all_checks()].count("avrdude") == 1
