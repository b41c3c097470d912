# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles as files, and in the settings that a recording keeps."""

import re
from dataclasses import asdict, fields
from importlib.resources import files

import numpy as np
import pytest

from rig.calibrate.calibration import Calibration
from rig.drills.profile import SHIPPED, copy_profile, load_profile, parse_profile, profile_names
from rig.drills.profile_limits import RANGES
from rig.errors import SettingsError
from rig.record.json_form import settings_from_json, settings_to_json
from rig.settings import DrillSettings, Participant
from rig.thresholds import Thresholds


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_profiles_load(name):
    assert load_profile(name).name == name


def test_the_default_profile_changes_nothing_and_lists_every_threshold_with_its_value():
    assert load_profile("default") == Thresholds()
    text = (files("rig.drills") / "profiles" / "default.toml").read_text("utf-8")
    listed = re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE)
    assert parse_profile(listed, "x", "default") == Thresholds()
    for field in fields(Thresholds):
        assert field.name in ("name", "own") or f"\n{field.name} = " in listed


def test_a_coach_may_decide_that_a_kiss_is_clean(tmp_path):
    (tmp_path / "soft.toml").write_text('heel_kiss = "clean"\nlong_contact_s = 1\n')
    profile = load_profile("soft", tmp_path)
    assert (profile.heel_kiss, profile.long_contact_s) == ("clean", 1.0)
    assert profile.heel_load == "fault"
    assert profile_names(tmp_path) == (*SHIPPED, "soft")
    assert load_profile(str(tmp_path / "soft.toml")) == profile


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "# x\npartial_share = 1.8",
            "mine.toml, line 2: partial_share must be a number from 0.5 to",
        ),
        ("partial_share = 1.8", "0.99 (a share of the load), not 1.8."),
        ("partial_share = 1", "line 1: partial_share must be a number from 0.5 to 0.99"),
        ("rear_share = 1.01", "above 0 and up to 1 (1 is the whole), not 1.01."),
        (
            "push_y = 80",
            "line 1: push_y must be a number above 0 and up to 1 (foot lengths), not 80.",
        ),
        ("drift_ml = 1.5", "up to 1 (foot widths)"),
        ("long_tap_s = 250", "line 1: long_tap_s must be a number above 0 and up to 1 (seconds)"),
        ("low_pull_bw = 1.2", "up to 1 (body weights)"),
        ("drive_times_own = 0.9", "from 1 to 5 (times the person's own)"),
        (
            "\nasymmetry_warning = 0.5\nasymmetry_fault = 0.2",
            "line 2: asymmetry_warning may be asymmetry_fault at most: here 0.5 and 0.2.",
        ),
        (
            "asymmetry_warning = 0.25",
            "here 0.25 and 0.2, and what is not said is the default.",
        ),
        ("\nasymmetry_fault = 0.05", "line 2: asymmetry_warning may be asymmetry_fault at most"),
        ('\nheel_kiss = "perhaps"', "line 2: heel_kiss must be one of fault, warning"),
        ("# x\n\nlong_contact_s = 0", "line 3: long_contact_s must be a number above 0"),
        ("long_contact_s = true", "line 1: long_contact_s must be a number"),
        ("rear_share = nan", "line 1: rear_share must be a number"),
        ("heel_kis = 1", "line 1: heel_kis is not known here. Did you mean heel_kiss?"),
        ("touch_s = 0.1\n[hopping]\nx = 1", "line 2: [hopping] is no added drill"),
        ('name = "other"', "line 1: name is not known here."),
        ("touch_s = = 3", "line 1, column"),
        ('touch_s = 0.1\nrep_unit = "leg"', 'line 2: rep_unit must be "pull" or "pair"'),
        ("set_target = 9", "line 1: set_target must be a whole number from 10 to 15, not 9"),
        ("set_target = 12.0", "line 1: set_target must be a whole number"),
    ],
)
def test_mistakes_are_told_with_their_line(text, said):
    with pytest.raises(SettingsError, match=re.escape(said)):
        parse_profile(text, "mine.toml", "mine")


def test_every_number_of_a_profile_has_its_own_range():
    usual = asdict(Thresholds())
    assert set(RANGES) == {key for key, value in usual.items() if isinstance(value, float)}
    for key, allowed in RANGES.items():
        parse_profile(f"{key} = {usual[key]}", "x", "x")
        with pytest.raises(SettingsError, match=f"line 1: {key} must be"):
            parse_profile(f"{key} = {allowed.most * 1.01}", "x", "x")


def test_a_recording_made_before_there_were_ranges_still_opens():
    stored = settings_to_json(Participant(), Calibration(), DrillSettings("pony"))
    stored["drill"]["thresholds"]["partial_share"] = 1.8
    assert settings_from_json(stored)["drill"].thresholds.partial_share == 1.8


def test_a_copy_is_the_file_with_its_comments_and_changes_nothing(tmp_path):
    folder = tmp_path / "not" / "yet"
    path = copy_profile("default", "clinic", folder)
    shipped = files("rig.drills") / "profiles" / "default.toml"
    assert path.read_text("utf-8") == shipped.read_text("utf-8")
    assert load_profile("clinic", folder) == Thresholds(name="clinic")
    path.write_text("touch_s = 0.1\n")
    with pytest.raises(SettingsError, match=r"clinic\.toml is there already"):
        copy_profile("strict", "clinic", folder)
    assert path.read_text() == "touch_s = 0.1\n"
    assert (
        load_profile("second", copy_profile("clinic", "second.toml", folder).parent).touch_s == 0.1
    )


@pytest.mark.parametrize("new", ["", "../out", "a/b", "Strict", "default.toml", "x" * 41])
def test_a_copy_needs_a_name_of_its_own(tmp_path, new):
    with pytest.raises(SettingsError, match="name"):
        copy_profile("default", new, tmp_path / "profiles")
    assert list(tmp_path.iterdir()) == []


def test_files_that_cannot_be_a_profile_are_told_in_plain_words(tmp_path):
    (tmp_path / "latin.toml").write_bytes("# Füße\n".encode("latin-1"))
    (tmp_path / "marked.toml").write_bytes(b"\xef\xbb\xbftouch_s = 0.1\n")
    (tmp_path / "folder.toml").mkdir()
    for name, said in (
        ("latin", "save it as UTF-8"),
        (str(tmp_path), "is a folder"),
        (str(tmp_path / "folder.toml"), "is a folder"),
        ("nonexist.toml", "There is no file nonexist.toml"),
        (str(tmp_path / "gone"), "There is no file"),
    ):
        with pytest.raises(SettingsError, match=said) as raised:
            load_profile(name, tmp_path)
        assert "Errno" not in str(raised.value)
        assert "codec" not in str(raised.value)
    assert load_profile("marked", tmp_path).touch_s == 0.1


def test_a_profile_that_is_not_there_is_told_with_those_that_are(tmp_path):
    with pytest.raises(SettingsError, match="default, strict, beginner"):
        load_profile("nobody", tmp_path)


def test_a_recording_stores_the_profile_whole():
    drill = DrillSettings("pony", "left", load_profile("strict"))
    stored = settings_to_json(Participant(), Calibration(), drill)
    assert stored["drill"]["thresholds"] == asdict(drill.thresholds)
    assert settings_from_json(stored)["drill"] == drill


def test_a_recording_from_before_profiles_was_made_with_the_defaults():
    stored = settings_to_json(Participant(), Calibration(), DrillSettings("pony"))
    del stored["drill"]["thresholds"]
    assert settings_from_json(stored)["drill"].thresholds == Thresholds()


@pytest.mark.parametrize("wrong", [{"nonsense": 1.0}, {"touch_s": -1.0}, {"heel_kiss": "x"}])
def test_thresholds_that_cannot_be_are_refused(wrong):
    stored = settings_to_json(Participant(), Calibration(), DrillSettings("pony"))
    stored["drill"]["thresholds"] |= wrong
    with pytest.raises((ValueError, SettingsError)):
        settings_from_json(stored)


def test_the_heel_alarm_shows_what_the_profile_minds(perform):
    """A kiss of 0.18 on the right foot after a change of support; strict alone minds it in pony."""
    at = np.arange(4000)
    right = np.clip(0.5 + 0.45 * np.tanh((at - 1000) / 60.0), 0.0, 1.0)
    right = np.minimum(right, np.clip(0.5 - 0.45 * np.tanh((at - 2000) / 60.0), 0.0, 1.0))
    heel = np.where((at > 1250) & (at < 1350), 0.18 * right, 0.0)
    for profile, shown in (("default", "none"), ("strict", "kiss")):
        limits = load_profile(profile)
        told = {"heel_right": heel, "cuts": [1340], "thresholds": limits}
        _, results = perform("pony", 1.0 - right, right, **told)
        assert results[0].heel_alarm == shown
