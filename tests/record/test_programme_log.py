# SPDX-License-Identifier: GPL-3.0-or-later
"""The programme's log: only added to, and readable after a crash."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rig.errors import RecordingError, SettingsError
from rig.record.programme_log import (
    ProgrammeEntry,
    append_entries,
    append_entry,
    programme_path,
    pseudonyms_with,
    read_entries,
)

AT = datetime(2026, 3, 20, 18, 0, tzinfo=timezone(timedelta(hours=1)))
SET = ProgrammeEntry("set", AT, "tapping", "left", 13, 11, 12, 1, 0.0, "target", "abc")
PAIN = ProgrammeEntry("pain", AT + timedelta(minutes=5))


def test_what_was_added_is_read_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "programme"
    assert read_entries(folder, "P01") == ()
    append_entry(folder, "P01", SET)
    append_entry(folder, "P01", PAIN)
    append_entry(folder, "P02", SET)
    assert read_entries(folder, "P01") == (SET, PAIN)
    assert read_entries(folder, "P01")[0].at.utcoffset() == timedelta(hours=1)


def test_several_lines_are_added_in_one_piece_and_none_makes_no_file(tmp_path: Path) -> None:
    append_entries(tmp_path, "P01", ())
    assert list(tmp_path.iterdir()) == []
    append_entries(tmp_path, "P01", (SET, PAIN))
    assert read_entries(tmp_path, "P01") == (SET, PAIN)


def test_a_recording_is_found_in_every_programme_that_has_it(tmp_path: Path) -> None:
    assert pseudonyms_with(tmp_path / "none", "abc") == ()
    for pseudonym in ("P02", "P01"):
        append_entry(tmp_path, pseudonym, SET)
    append_entry(tmp_path, "P03", PAIN)
    assert pseudonyms_with(tmp_path, "abc") == ("P01", "P02")
    programme_path(tmp_path, "P04").write_text('{"schema": "solerig.programme/9"}\n')
    programme_path(tmp_path, "P05").mkdir()
    assert pseudonyms_with(tmp_path, "abc") == ("P01", "P02")
    assert pseudonyms_with(tmp_path, "ab") == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(kept=st.integers(0, 10_000))
def test_a_crash_at_any_byte_loses_its_own_line_alone(tmp_path: Path, kept: int) -> None:
    path = programme_path(tmp_path, "P01")
    path.unlink(missing_ok=True)
    append_entry(tmp_path, "P01", SET)
    whole = path.stat().st_size
    append_entry(tmp_path, "P01", PAIN)
    size = path.stat().st_size
    cut = whole + kept % (size - whole)
    with path.open("r+b") as file:
        file.truncate(cut)
    append_entry(tmp_path, "P01", SET)
    read = read_entries(tmp_path, "P01")
    if cut == whole:
        assert read == (SET, SET)
    elif cut == size - 1:  # only the line's end was missing
        assert read == (SET, PAIN, SET)
    else:
        assert read == (SET, ProgrammeEntry("damaged", SET.at), SET)


@pytest.mark.parametrize(
    "line",
    [
        b"\x00\x00\x00",
        b"[]",
        b"{}",
        b'{"kind": "pain", "at": "2026-03-20T18:00:00+01:00"}',
        b'{"schema": "solerig.programme/1", "kind": "jump", "at": "2026-03-20T18:00:00+01:00"}',
        b'{"schema": "solerig.programme/1", "kind": "pain", "at": "2026-03-20T18:00:00"}',
        b'{"schema": "solerig.programme/1", "kind": "pain", "at": 5}',
        b'{"schema": "solerig.programme/1", "kind": "set", "at": "2026-03-20T18:00:00Z", "clean": 2}',
        b'{"schema": "solerig.programme/1", "kind": "set", "at": "2026-03-20T18:00:00Z", "drill": 3}',
    ],
)
def test_a_line_that_cannot_be_understood_is_damaged(tmp_path: Path, line: bytes) -> None:
    append_entry(tmp_path, "P01", SET)
    with programme_path(tmp_path, "P01").open("ab") as file:
        file.write(line + b"\n")
    assert read_entries(tmp_path, "P01") == (SET, ProgrammeEntry("damaged", SET.at))


def test_lines_of_a_newer_version_are_refused_whole(tmp_path: Path) -> None:
    append_entry(tmp_path, "P01", SET)
    with programme_path(tmp_path, "P01").open("a") as file:
        file.write(json.dumps({"schema": "solerig.programme/2"}) + "\n")
    with pytest.raises(RecordingError, match="Update Solerig"):
        read_entries(tmp_path, "P01")


@pytest.mark.parametrize("pseudonym", ["", "../P01", "a/b", "Jane Doe", ".hidden", "x" * 65])
def test_no_file_is_named_after_what_it_should_not_be(tmp_path: Path, pseudonym: str) -> None:
    with pytest.raises(SettingsError, match="pseudonym"):
        append_entry(tmp_path, pseudonym, PAIN)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match="cannot be written"):
        append_entry(tmp_path / "file", "P01", PAIN)


def test_an_entry_that_cannot_be_is_refused() -> None:
    with pytest.raises(SettingsError, match="offset"):
        ProgrammeEntry("pain", datetime(2026, 3, 20))
    with pytest.raises(SettingsError, match="12 repetitions"):
        ProgrammeEntry("set", datetime(2026, 3, 20, tzinfo=UTC), repetitions=12, clean=13)
    assert replace(SET, clean=13).clean == 13
