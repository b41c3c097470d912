# SPDX-License-Identifier: GPL-3.0-or-later
"""A real window: what its pixels say, and what its keys and buttons lead to."""

import dataclasses
import time

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QImage
from PyQt6.QtWidgets import QLabel, QWidget

from dashboard import theme
from dashboard.application import when_counted
from dashboard.live_model import NO_RECORDING
from dashboard.undefined import UNDEFINED
from dashboard.widgets import foot_map, load_bars
from dashboard.widgets.fitting_text import draw_fitted, draw_wrapped
from rig.drills.registry import DRILLS
from rig.layout import Foot, Region


def pixels(widget: QWidget) -> np.ndarray:
    """(height, width, 3) int, red first."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    buffer = image.constBits()
    buffer.setsize(image.sizeInBytes())
    rows = np.frombuffer(buffer, np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def share_of_colour(picture: np.ndarray, colour: str) -> float:
    wanted = np.array(QColor(colour).getRgb()[:3])
    return float((np.abs(picture - wanted).max(axis=-1) <= 12).mean())


def spread_of_colour(picture: np.ndarray) -> float:
    """How far pixels are from grey."""
    return float((picture.max(axis=-1) - picture.min(axis=-1)).mean())


def push(window, update, **changes) -> None:
    window.source.model.push(dataclasses.replace(update, **changes), time.monotonic())
    window.draw()


def peak_time_s(hopping, region: Region) -> float:
    """When the hopping foot's region bears most, late in the drill."""
    blocks = [b.loads for b in hopping.blocks if len(b.loads) and b.loads.force.t_s[0] > 5.0]
    best = max(blocks, key=lambda loads: loads.region_force_n[-1, Foot.RIGHT, region])
    return float(best.force.t_s[-1])


def test_the_ball_of_the_loaded_foot_is_brighter_than_its_heel(window, hopping, tmp_path):
    push(window, hopping.update(to_s=peak_time_s(hopping, Region.BALL)))
    feet = window.view.feet.map
    left, right = feet.images
    rows = right.shape[0]
    ball = right[int(0.55 * rows) : int(0.80 * rows)]
    heel = right[: int(0.25 * rows)]
    assert ball.max() > 3 * heel.max()
    assert right.max() > 3 * left.max()
    picture = pixels(feet)
    height, width, _ = picture.shape
    half = picture[:, width // 2 :].sum(axis=-1)
    on_screen_ball = half[int(0.2 * height) : int(0.45 * height)].max(axis=1).mean()
    on_screen_heel = half[int(0.75 * height) : int(0.95 * height)].max(axis=1).mean()
    assert on_screen_ball > on_screen_heel
    assert window.grab().save(str(tmp_path / "hopping.png"))


def test_the_heel_alarm_turns_red_with_its_word(window, hopping):
    push(window, hopping.update(3.0, 8.0))
    alarm = window.view.drill.alarm
    quiet = pixels(alarm)
    assert alarm.word == "OK"
    assert share_of_colour(quiet, theme.ALARM_FILL["load"]) == 0.0
    last = hopping.update(3.0, 8.0).blocks[-1]
    loud = dataclasses.replace(last, drill=dataclasses.replace(last.drill, heel_alarm="load"))
    push(window, hopping.update(blocks=(loud,)))
    assert alarm.word == "HEEL"
    assert share_of_colour(pixels(alarm), theme.ALARM_FILL["load"]) > 0.5
    assert "loaded" in alarm.accessibleDescription()


def test_each_grade_has_another_shape_as_well_as_another_colour(window):
    alarm = window.view.drill.alarm
    shapes = []
    for grade in ("none", "kiss", "load"):
        alarm.show_grade(grade)
        picture = pixels(alarm)
        ink = np.array(QColor(theme.ALARM_INK[grade]).getRgb()[:3])
        height = picture.shape[0]
        sign = (np.abs(picture - ink).max(axis=-1) < 40)[int(0.2 * height) : int(0.45 * height)]
        shapes.append(sign.sum(axis=1))
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert np.abs(shapes[one] - shapes[other]).sum() > 100


def test_stale_data_are_grey_and_say_since_when(window, hopping, monkeypatch):
    push(window, hopping.update(to_s=peak_time_s(hopping, Region.BALL)))
    view = window.view
    coloured = spread_of_colour(pixels(view.feet.map))
    window.source.model.newest_arrival_s -= 2.0
    window.draw()
    assert spread_of_colour(pixels(view.feet.map)) < 0.6 * coloured
    assert view.drill.alarm.grade is None
    assert share_of_colour(pixels(view.drill.alarm), theme.ALARM_FILL["none"]) == 0.0
    warning = QColor(theme.WARNING).name()
    assert share_of_colour(pixels(view.feet.map), warning) > 0.001
    ages = [label.text() for label in view.link.findChildren(QLabel)]
    assert any(text.startswith("2.") and text.endswith(" s") for text in ages)


def test_traces_and_strip_stand_on_one_time_axis(window, hopping, qtbot):
    window.resize(1920, 1080)
    push(window, hopping.update())
    qtbot.wait(30)
    history = window.view.history
    strip = history.strip.time_place()
    for trace in history.traces:
        box = trace._box.mapRectToDevice(trace._box.boundingRect())
        assert box.left() == pytest.approx(strip.left(), abs=3.0)
        assert box.right() == pytest.approx(strip.right(), abs=3.0)


def test_contacts_are_painted_in_the_colours_of_their_regions(window, hopping):
    push(window, hopping.update())
    strip = window.view.history.strip
    picture = pixels(strip)
    right = picture[picture.shape[0] // 2 :]
    assert share_of_colour(right, theme.BALL) > 0.05
    strip.show_strip(window.source.model.strip, [], stale=True)
    assert share_of_colour(pixels(strip), theme.BALL) == 0.0


def test_a_bar_is_as_long_as_its_figure_says(window, hopping, monkeypatch):
    figures: dict[str, str] = {}

    def watched(painter, place, text, *arguments, **options):
        figures.setdefault(f"{place.y():.0f} {text[-1]}", text)
        return draw_fitted(painter, place, text, *arguments, **options)

    monkeypatch.setattr(load_bars, "draw_fitted", watched)
    widget = window.view.feet.bars[Foot.RIGHT]
    for at_s in np.arange(1.0, 4.0, 0.05):
        window.source.model.push(hopping.update(at_s, at_s + 0.05), 1000.0 + at_s)
        window.view.feet.draw(window.source.model, 1000.0 + at_s)
        figures.clear()
        picture = pixels(widget)
        ball, rows = picture[picture.shape[0] // 4], list(figures.values())
        percent = next(text for text in rows if text.endswith("%") or text == UNDEFINED)
        field, filled = (share_of_colour(ball[None], c) for c in (theme.FIELD, theme.BALL))
        written = 0.0 if percent == UNDEFINED else float(percent.removesuffix(" %")) / 100.0
        assert filled / (filled + field) == pytest.approx(written, abs=0.03)


def test_the_key_shows_both_triangles_of_the_strip(window):
    words = {label.text(): label.styleSheet() for label in window.view.history.findChildren(QLabel)}
    for word, colour in (("kiss", theme.WARNING), ("load", theme.BAD)):
        (style,) = (style for text, style in words.items() if word in text)
        assert colour in style


def test_a_state_is_not_called_like_another_drill(window, hopping):
    drill = window.view.drill
    for block in hopping.blocks[::20]:
        push(window, hopping.update(blocks=(block,)))
        assert "stance" not in drill.state.whole_text
    assert {"on the ground", "in flight"} <= {row.target for row in DRILLS["hopping"].moves}


def test_the_badge_says_simulated(window, hopping):
    push(window, hopping.update(to_s=1.0))
    badge = window.view.link.badge
    assert badge.text() == "SIMULATED"
    assert share_of_colour(pixels(badge), theme.BADGE_FILL["simulated"]) > 0.5


def test_a_bigger_shoe_draws_a_longer_foot(window, hopping):
    push(window, hopping.update(to_s=1.0))
    first = window.view.feet.map._grids[0].rect_mm[3]
    participant = dataclasses.replace(hopping.settings.participant, shoe_size_eu=48.0)
    settings = dataclasses.replace(hopping.settings, participant=participant)
    push(window, hopping.update(1.0, 2.0), settings=settings)
    assert window.view.feet.map._grids[0].rect_mm[3] > first + 30.0
    assert window.view.controls.shoe_size.value() == 48.0


def test_help_lists_the_keys_and_what_this_is_not(window, qtbot):
    assert not window.help.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert window.help.isVisible()
    assert window.help.geometry() == window.view.rect()
    assert "Not a medical device" in window.help.accessibleDescription()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.help.isVisible()


def test_full_screen_and_back(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert not window.isFullScreen()


def test_a_request_without_a_stream_is_answered_in_words(window, qtbot):
    qtbot.mouseClick(window.view.controls.marker, Qt.MouseButton.LeftButton)
    window.draw()
    assert "Choose a source first" in window.view.message.whole_text


@pytest.mark.parametrize("size", [(1100, 700), (1920, 1080)])
def test_a_refused_tare_stands_large_over_the_feet(window, qtbot, monkeypatch, size):
    """Longer than any that exists, and whole; twice as large as the message bar where it is short."""
    window.resize(*size)
    feet, sizes = window.view.feet.map, []

    def watched(painter, place, text, *arguments, **options):
        sizes.append(draw_wrapped(painter, place, text, *arguments, **options))
        box = QFontMetricsF(_bold(feet, sizes[-1])).boundingRect(
            place, int(Qt.TextFlag.TextWordWrap), text
        )
        assert box.height() <= place.height()
        return sizes[-1]

    monkeypatch.setattr(foot_map, "draw_wrapped", watched)
    qtbot.keyClick(window, Qt.Key.Key_T)
    window.draw()
    feet.grab()
    assert "Choose a source first" in feet.accessibleDescription()
    assert sizes[-1] >= 1.7 * feet.font().pixelSize()
    window.source.model.end_measuring(
        "Both feet must be lifted. " * 10, "problem", time.monotonic()
    )
    window.draw()
    feet.grab()
    assert sizes[-1] >= theme.SMALLEST_TEXT_PX + 2


def _bold(widget: QWidget, size: int) -> QFont:
    font = QFont(widget.font())
    font.setWeight(QFont.Weight.Bold)
    font.setPixelSize(size)
    return font


def test_a_running_measurement_shows_how_far_it_is(window, hopping):
    feet, filled = window.view.feet.map, []
    for progress in (0.2, 0.8):
        window.source.model.push(hopping.update(to_s=1.0), time.monotonic(), ("tare", progress))
        window.draw()
        filled.append(share_of_colour(pixels(feet), theme.ACCENT))
    assert filled[1] == pytest.approx(4.0 * filled[0], rel=0.2)


def test_closing_while_recording_asks_and_can_be_taken_back(window, hopping, qtbot):
    recording = dataclasses.replace(NO_RECORDING, recording=True, folder="somewhere")
    push(window, hopping.update(to_s=1.0), recording=recording)
    window.close()
    assert window.isVisible()
    boxes = [b for b in window.findChildren(QWidget) if b.inherits("QMessageBox")]
    assert len(boxes) == 1
    words = [b.text() for b in boxes[0].buttons()]
    assert set(words) == {"Stop and keep it", "Go on recording in the background", "Back"}
    back = next(b for b in boxes[0].buttons() if b.text() == "Back")
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert window.isVisible()
    window.close()
    box = next(
        b for b in window.findChildren(QWidget) if b.inherits("QMessageBox") and b.isVisible()
    )
    go_on = next(b for b in box.buttons() if b.text().startswith("Go on"))
    qtbot.mouseClick(go_on, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.isVisible())


def test_every_control_has_a_name_for_screen_readers(window):
    controls, drill = window.view.controls, window.view.drill
    named = [
        *(controls.source, controls.record, controls.marker, controls.tare, controls.weigh),
        *(controls.help, controls.shoe_size, controls.elapsed, controls.disk),
        *drill.chooser.drill_buttons.values(),
        *drill.chooser.side_buttons.values(),
        *(drill.count, drill.time, drill.alarm, drill.state),
        *(window.view.message, window.view.link.badge, window.view.feet.map),
    ]
    names = [widget.accessibleName() for widget in named]
    assert all(names)
    assert len(set(names)) == len(names)


def test_enter_presses_what_tab_has_reached(window, qtbot):
    window.activateWindow()
    window.view.controls.help.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Return)
    assert window.help.isVisible()


def test_a_picture_waits_for_its_repetitions_but_not_for_ever(window, qtbot):
    model, taken = window.source.model, []
    model.drill.count = 2
    when_counted(model, 3, 60.0, lambda: taken.append("counted"))
    when_counted(model, 3, 0.15, lambda: taken.append("late"))
    qtbot.waitUntil(lambda: taken == ["late"], timeout=10_000)
    model.drill.count = 3
    qtbot.waitUntil(lambda: taken == ["late", "counted"], timeout=10_000)
