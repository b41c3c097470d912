# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig template` writes where it was told, and names the folder when it cannot."""

from pathlib import Path

import pytest

from rig.cli.__main__ import run


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    out = tmp_path / "new" / "deeper" / "template.pdf"
    assert run(["template", "--size", "42", "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert [p.name for p in out.parent.iterdir()] == ["template.pdf"]


def test_a_folder_that_cannot_be_made_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    out = tmp_path / "file" / "template.pdf"
    assert run(["template", "--size", "42", "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert f"The folder {tmp_path / 'file'} cannot be made" in said
    assert ".part" not in said
