# SPDX-License-Identifier: GPL-3.0-or-later
"""Outputs appear whole or not at all, and nobody's files go by accident."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from rig.cli.outputs import json_text, refuse_existing_file, say, whole_folder, write_json
from rig.errors import SolerigError


def _names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def _fail_half_way(out: Path, *, force: bool) -> None:
    with whole_folder(out, force=force) as draft:
        (draft / "a").write_text("new")
        raise RuntimeError("half-way")


def test_a_new_folder_appears_with_everything_in_it(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "deep" / "out", force=False) as draft:
        (draft / "a").write_text("1")
        assert not (tmp_path / "deep" / "out").exists()
    assert _names(tmp_path / "deep") == ["out"]
    assert (tmp_path / "deep" / "out" / "a").read_text() == "1"


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        _fail_half_way(tmp_path / "out", force=False)
    assert _names(tmp_path) == []


def test_a_failure_with_force_leaves_the_old_output(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").write_text("old")
    with pytest.raises(RuntimeError):
        _fail_half_way(tmp_path / "out", force=True)
    assert _names(tmp_path) == ["out"]
    assert (tmp_path / "out" / "a").read_text() == "old"


def test_a_full_folder_is_refused_without_force(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep")
    with pytest.raises(SolerigError, match="--force"), whole_folder(tmp_path, force=False):
        pass
    assert _names(tmp_path) == ["mine"]


def test_an_empty_folder_is_filled_without_force(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with whole_folder(tmp_path / "out", force=False) as draft:
        (draft / "a").write_text("1")
    assert _names(tmp_path / "out") == ["a"]


def test_force_replaces_ours_and_keeps_what_is_not_ours(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "recording").mkdir(parents=True)
    (out / "recording" / "old").write_text("old")
    (out / "holiday.jpg").write_text("keep")
    with whole_folder(out, force=True) as draft:
        (draft / "recording").mkdir()
        (draft / "recording" / "new").write_text("new")
    assert _names(out) == ["holiday.jpg", "recording"]
    assert _names(out / "recording") == ["new"]
    assert _names(tmp_path) == ["out"]


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with (
        pytest.raises(SolerigError, match="is a file"),
        whole_folder(tmp_path / "out", force=True),
    ):
        pass


def test_existing_files_need_force(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("")
    with pytest.raises(SolerigError, match="already exists"):
        refuse_existing_file(tmp_path / "x.csv", force=False)
    refuse_existing_file(tmp_path / "x.csv", force=True)
    with pytest.raises(SolerigError, match="is a folder"):
        refuse_existing_file(tmp_path, force=True)


def test_json_is_strict_and_whole(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_text({"x": float("nan")})
    write_json(tmp_path / "a.json", {"x": 1})
    assert _names(tmp_path) == ["a.json"]


def test_what_looks_like_markup_is_printed_letter_by_letter() -> None:
    text = StringIO()
    say(
        Console(file=text, width=20),
        " Fz [/N], [mm], :x: in a[s]\\",
        before="Caution:",
        style="red",
    )
    assert text.getvalue() == "Caution: Fz [/N], [mm], :x: in a[s]\\\n"
