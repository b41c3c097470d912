# SPDX-License-Identifier: GPL-3.0-or-later
import dataclasses
from datetime import datetime

from dashboard.live_model import NO_RECORDING
from dashboard.recording_model import disk_is_low, disk_text, elapsed_text, new_recording_folder
from rig.settings import DrillSettings


def test_folders_sort_by_time_and_never_collide(tmp_path):
    moment = datetime(2026, 3, 4, 5, 6, 7)
    folder = new_recording_folder(tmp_path, DrillSettings("pony"), moment)
    assert folder == tmp_path / "2026-03-04_05-06-07_pony"
    folder.mkdir()
    assert new_recording_folder(tmp_path, DrillSettings("pony"), moment).name.endswith("_pony_2")


def test_elapsed_time_and_disk_in_words():
    running = dataclasses.replace(NO_RECORDING, duration_s=3725.9, free_disk_bytes=123_400_000_000)
    assert elapsed_text(running) == "62:05"
    assert disk_text(running) == "123 GB free"
    assert not disk_is_low(running)
    assert disk_is_low(dataclasses.replace(running, free_disk_bytes=1_000_000_000))
    assert (disk_text(NO_RECORDING), disk_is_low(NO_RECORDING)) == ("", False)
