# SPDX-License-Identifier: GPL-3.0-or-later
"""The window on a real acquisition process with a simulated person: nothing here is pretended."""

import time
from pathlib import Path

import pytest
from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtGui import QImage

from dashboard import theme
from dashboard.appearance import dress
from dashboard.live_source import LiveSource
from dashboard.widgets.source_dialog import SourceDialog
from dashboard.window import Window
from rig.acquire import client as client_module
from rig.acquire.client import AcquisitionClient
from rig.acquire.live import LiveSession
from rig.acquire.messages import Shutdown, SourceSpec
from rig.errors import LinkError
from rig.record.recording import Recording
from rig.simulate.person import simulate_session
from rig.simulate.recorded import write_session

PATIENCE_MS = 30_000


@pytest.fixture
def runtime(tmp_path, monkeypatch):
    """A folder of its own for acquisition; whatever runs there is ended afterwards."""
    folder = tmp_path / "rt"
    monkeypatch.setenv("SOLERIG_RUNTIME_DIR", str(folder))
    yield folder
    try:
        with AcquisitionClient.attach(folder) as client:
            client.request(Shutdown())
    except LinkError:
        return
    finally:
        for process in client_module._started:
            process.wait(20.0)


def open_window(qapp, runtime, tmp_path) -> Window:
    dress(qapp)
    window = Window(LiveSource(lambda: LiveSession.start(runtime), tmp_path / "recordings"))
    window.show()
    return window


def streaming(window: Window) -> bool:
    model = window.source.model
    return model.link.state == "streaming" and not model.is_stale(time.monotonic())


def test_a_person_records_marks_changes_the_drill_and_stops(qapp, qtbot, runtime, tmp_path):
    window = open_window(qapp, runtime, tmp_path)
    model, controls = window.source.model, window.view.controls
    window.source.start(SourceSpec(kind="simulated", drill="hopping"))
    qtbot.waitUntil(lambda: streaming(window), timeout=PATIENCE_MS)
    assert window.view.link.badge.text() == "SIMULATED"

    qtbot.mouseClick(window.view.drill.chooser.drill_buttons["hopping"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: model.settings.drill.name == "hopping", timeout=PATIENCE_MS)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: model.recording.recording, timeout=PATIENCE_MS)
    assert "Stop" in controls.record.text()
    qtbot.mouseClick(controls.marker, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(model.marker_times_s) == 1, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: model.drill.count >= 1, timeout=PATIENCE_MS)
    folder = model.recording.folder
    qtbot.mouseClick(controls.record, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not model.recording.recording, timeout=PATIENCE_MS)

    assert "marker 1" in (Path(folder) / "events.jsonl").read_text()
    assert Recording.open(folder).info.drill.name == "hopping"
    window.close()


def test_a_simulated_person_does_the_drill_that_is_chosen(qapp, qtbot, runtime, tmp_path):
    window = open_window(qapp, runtime, tmp_path)
    model, chooser = window.source.model, window.view.drill.chooser
    window.source.start(SourceSpec(kind="simulated"))
    qtbot.waitUntil(lambda: streaming(window), timeout=PATIENCE_MS)
    assert model.settings.drill.name == "stance"
    qtbot.mouseClick(chooser.drill_buttons["hopping"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "starts anew with Hopping" in window.view.message.whole_text)
    # the programme begins with ten seconds of stance; only who was told to hops leaves the ground
    qtbot.waitUntil(lambda: model.drill.count >= 2, timeout=PATIENCE_MS)
    assert (model.settings.drill.name, chooser._drill.name) == ("hopping", "hopping")
    assert model.traces.newest_t_s < 10.0

    window.source.start_or_stop_recording()
    qtbot.waitUntil(lambda: model.recording.recording, timeout=PATIENCE_MS)
    seen_s = model.traces.newest_t_s
    qtbot.mouseClick(chooser.drill_buttons["pony"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: model.settings.drill.name == "pony", timeout=PATIENCE_MS)
    assert model.recording.recording
    assert model.traces.newest_t_s > seen_s
    window.source.stop_recording()
    qtbot.waitUntil(lambda: not model.recording.recording, timeout=PATIENCE_MS)
    window.close()


def test_a_profile_stays_in_force_from_drill_to_drill_and_in_the_recording(
    qapp, qtbot, runtime, tmp_path
):
    """A simulated person begins each drill with the default profile; who watches keeps their own."""
    window = open_window(qapp, runtime, tmp_path)
    model, drill = window.source.model, window.view.drill
    window.source.start(SourceSpec(kind="simulated"))
    qtbot.waitUntil(lambda: streaming(window), timeout=PATIENCE_MS)
    drill.practice.profile.textActivated.emit("strict")
    qtbot.waitUntil(lambda: model.settings.drill.thresholds.name == "strict", timeout=PATIENCE_MS)
    qtbot.mouseClick(drill.chooser.drill_buttons["tapping"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: model.settings.drill.name == "tapping", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: model.settings.drill.thresholds.name == "strict", timeout=PATIENCE_MS)
    drill.practice.target_chosen.emit(10)
    qtbot.waitUntil(lambda: model.settings.drill.thresholds.set_target == 10, timeout=PATIENCE_MS)
    window.source.start_or_stop_recording()
    qtbot.waitUntil(lambda: model.recording.recording, timeout=PATIENCE_MS)
    folder = model.recording.folder
    qtbot.keyClick(window, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: len(model.marker_times_s) == 1, timeout=PATIENCE_MS)
    window.source.stop_recording()
    qtbot.waitUntil(lambda: not model.recording.recording, timeout=PATIENCE_MS)
    kept = Recording.open(folder).info.drill
    assert (kept.name, kept.thresholds.name, kept.thresholds.set_target) == (
        "tapping",
        "strict",
        10,
    )
    assert '"pain"' in (Path(folder) / "events.jsonl").read_text()
    window.close()


def test_a_window_that_comes_back_takes_up_what_runs(qapp, qtbot, runtime, tmp_path):
    first = open_window(qapp, runtime, tmp_path)
    first.source.start(SourceSpec(kind="simulated", drill="tapping"))
    qtbot.waitUntil(lambda: streaming(first), timeout=PATIENCE_MS)
    first.source.start_or_stop_recording()
    qtbot.waitUntil(lambda: first.source.model.recording.recording, timeout=PATIENCE_MS)
    first.source.leave()
    first.hide()

    second = open_window(qapp, runtime, tmp_path)
    second.source.start()
    qtbot.waitUntil(lambda: streaming(second), timeout=PATIENCE_MS)
    assert second.source.model.recording.recording
    second.ask_if_idle()
    assert not [d for d in second.findChildren(SourceDialog) if d.isVisible()]
    second.source.stop_recording()
    qtbot.waitUntil(lambda: not second.source.model.recording.recording, timeout=PATIENCE_MS)
    second.close()


def test_acquisition_that_ends_is_told_and_can_be_joined_again(qapp, qtbot, runtime, tmp_path):
    window = open_window(qapp, runtime, tmp_path)
    window.source.start(SourceSpec(kind="simulated", drill="stance"))
    qtbot.waitUntil(lambda: streaming(window), timeout=PATIENCE_MS)
    with AcquisitionClient.attach(runtime) as client:
        client.request(Shutdown())
    qtbot.waitUntil(lambda: window.source.model.link.state == "closed", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "has ended" in window.view.message.whole_text, timeout=PATIENCE_MS)
    window.source.open_source(SourceSpec(kind="simulated", drill="stance"))
    qtbot.waitUntil(lambda: streaming(window), timeout=PATIENCE_MS)
    window.close()


def test_what_cannot_be_joined_is_said_and_breaks_nothing(qapp, qtbot, tmp_path):
    def refused() -> LiveSession:
        raise LinkError("The acquisition process did not start. The disk is full.")

    dress(qapp)
    window = Window(LiveSource(refused, tmp_path))
    window.show()
    window.source.start()
    qtbot.waitUntil(lambda: "disk is full" in window.view.message.whole_text, timeout=PATIENCE_MS)
    window.close()


def test_the_program_leaves_a_picture(runtime, tmp_path):
    import subprocess
    import sys

    picture = tmp_path / "picture.png"
    arguments = ["--source", "simulated", "--screenshot", str(picture), "--after", "4"]
    size = ["--size", "1920x1080"]
    done = subprocess.run([sys.executable, "-m", "dashboard", *arguments, *size], timeout=60)
    assert done.returncode == 0
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1920, 1080)
    colours = {image.pixel(x, y) for x in range(0, 1920, 7) for y in range(0, 1080, 7)}
    assert len(colours) > 50
    assert not list(tmp_path.glob(".*draft*"))


def test_a_recording_is_replayed_as_fast_as_it_goes(window, qtbot, runtime, tmp_path):
    """At real time the picture's moment would leave the older half of the ten seconds empty."""
    import subprocess
    import sys

    write_session(tmp_path / "taken", simulate_session("hopping", 12.0, 3))
    picture = tmp_path / "picture.png"
    arguments = ["--source", str(tmp_path / "taken"), "--speed", "0", "--size", "1280x800"]
    asked = ["--screenshot", str(picture), "--after", "4"]
    done = subprocess.run([sys.executable, "-m", "dashboard", *arguments, *asked], timeout=60)
    assert done.returncode == 0

    window.resize(1280, 800)
    qtbot.wait(50)
    strip = window.view.history.strip
    place = strip.time_place()
    corner = strip.mapTo(window, place.topLeft().toPoint())
    oldest = QRect(corner, QSize(int(0.3 * place.width()), int(place.height())))
    older = QImage(str(picture)).copy(oldest)
    colours = [
        older.pixelColor(x, y).name() for x in range(older.width()) for y in range(older.height())
    ]
    painted = sum(colour in (theme.BALL, theme.STALE) for colour in colours)
    assert painted > 0.05 * len(colours)


def test_closing_can_stop_and_keep_the_recording(qapp, qtbot, runtime, tmp_path):
    window = open_window(qapp, runtime, tmp_path)
    window.source.start(SourceSpec(kind="simulated", drill="stance"))
    qtbot.waitUntil(lambda: streaming(window), timeout=PATIENCE_MS)
    window.source.start_or_stop_recording()
    qtbot.waitUntil(lambda: window.source.model.recording.recording, timeout=PATIENCE_MS)
    folder = Path(window.source.model.recording.folder)
    box = window.ask_before_closing()
    stop = next(button for button in box.buttons() if button.text().startswith("Stop"))
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "stop" in (folder / "events.jsonl").read_text(), timeout=PATIENCE_MS)
    with AcquisitionClient.attach(runtime) as client:
        told = client.poll(wait_s=5.0)
    assert not any(getattr(notice, "recording", False) for notice in told)
