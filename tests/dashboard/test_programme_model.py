# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose programme it is, and where it is kept."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.programme_model import Practice, known_pseudonyms, recording_uuid
from rig.drills.faults import Fault
from rig.drills.programme import BAREFOOT, CALF_AND_ACHILLES, STRENUOUS, TRIP
from rig.drills.repetitions import Repetition
from rig.drills.set_plan import SetResult
from rig.errors import RecordingError, SettingsError
from rig.layout import Foot
from rig.record.programme_log import ProgrammeEntry, append_entry, read_entries
from rig.settings import DrillSettings

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOPPING, TAPPING = DrillSettings("hopping"), DrillSettings("tapping", "left")


@pytest.fixture
def practice(tmp_path) -> Practice:
    return Practice(tmp_path / "programme", lambda: NOON)


def a_set(drill: str = "tapping", number: int = 12, dirty: int = 0) -> SetResult:
    done = [Repetition(drill, Foot.LEFT, k, k + 0.1, "none") for k in range(number - dirty)]
    fault = Fault("LONG", 0.0, 1.1)
    done += [
        Repetition(drill, Foot.LEFT, 50.0 + k, 51.0 + k, "none", faults=(fault,))
        for k in range(dirty)
    ]
    return SetResult(1, drill, 12, 0.1, 30.0, "target", tuple(done))


def test_a_named_persons_sets_are_kept(practice):
    practice.name("P07")
    assert practice.note_set(a_set(dirty=2), TAPPING, "the-uuid")
    (entry,) = read_entries(practice.folder, "P07")
    assert (entry.drill, entry.side, entry.repetitions, entry.clean) == ("tapping", "left", 12, 10)
    assert (entry.recording, entry.ended, entry.at) == ("the-uuid", "target", NOON)
    assert "Today: 1 set (12 repetitions, 10 clean)" in practice.dose_text(TAPPING)
    assert "Today: 0 sets." in practice.dose_text(DrillSettings("tapping", "right"))
    assert "Days practised: 1, of 7" in practice.dose_text(TAPPING)
    assert known_pseudonyms(practice.folder) == ["P07"]


def test_of_nobody_nothing_is_written_but_the_locks_hold(practice):
    assert "locked for a newcomer" in practice.because(HOPPING)
    assert not practice.note_set(a_set(), TAPPING, "")
    assert not practice.note("pain-free")
    assert practice.because(HOPPING) == ""
    assert not practice.folder.exists()
    practice.name("P01")
    practice.name("")
    assert "locked" in practice.because(HOPPING)


def test_pain_stops_every_drill_until_it_is_gone(practice):
    practice.name("P07")
    practice.note("pain")
    assert practice.in_pain
    assert "Pain was reported" in practice.because(DrillSettings("stance"))
    practice.open_for_now(HOPPING)
    assert practice.because(HOPPING) != ""
    practice.note("pain-free")
    assert not practice.in_pain
    assert [e.kind for e in read_entries(practice.folder, "P07")] == ["pain", "pain-free"]


def test_pain_of_yesterday_is_not_forgotten_over_night(practice):
    append_entry(practice.folder, "P07", ProgrammeEntry("pain", NOON - timedelta(1)))
    practice.name("P07")
    assert practice.in_pain
    practice.name("P08")
    assert not practice.in_pain


def test_pain_of_nobody_is_not_lost_by_naming_somebody(practice):
    practice.note("pain")
    with pytest.raises(SettingsError, match="while nobody was named"):
        practice.name("P07")
    assert practice.in_pain
    practice.note("pain-free")
    practice.name("P07")
    assert read_entries(practice.folder, "P07") == ()


def test_what_was_written_beside_the_window_is_read_again(practice):
    practice.name("P07")
    append_entry(practice.folder, "P07", ProgrammeEntry("pain", NOON))
    assert not practice.in_pain
    practice.read_again()
    assert practice.in_pain


def test_a_clinician_opens_one_drill_for_one_person(practice):
    practice.name("P07")
    practice.open_for_now(HOPPING)
    assert practice.because(HOPPING) == ""
    assert practice.because(DrillSettings("switch")) != ""
    practice.name("P08")
    assert practice.because(HOPPING) != ""


def test_warnings_are_said_once_and_those_of_a_drill_before_each_drill(practice):
    assert tuple(practice.warnings(HOPPING)) == (STRENUOUS, BAREFOOT, CALF_AND_ACHILLES, TRIP)
    practice.understand(HOPPING)
    assert practice.warnings(HOPPING) == ()
    assert tuple(practice.warnings(DrillSettings("switch"))) == (CALF_AND_ACHILLES, TRIP)
    assert practice.warnings(DrillSettings("free")) == ()


def test_a_log_that_cannot_be_written_still_stops_who_is_in_pain(practice, tmp_path):
    practice.name("P07")
    (tmp_path / "programme").write_text("a file where the folder should be")
    with pytest.raises(RecordingError):
        practice.note("pain")
    assert practice.in_pain


def test_a_name_is_refused_and_who_was_there_remains(practice):
    practice.name("P07")
    with pytest.raises(SettingsError, match="pseudonym"):
        practice.name("Jane Doe")
    assert practice.pseudonym == "P07"


def test_the_recording_that_runs_is_named(tmp_path):
    (tmp_path / "recording.json").write_text(json.dumps({"uuid": "u-1"}))
    assert recording_uuid(str(tmp_path)) == "u-1"
    assert recording_uuid("") == recording_uuid(str(tmp_path / "none")) == ""
