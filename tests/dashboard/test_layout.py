# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing is clipped, nothing overlaps, everything can be read: at the smallest size that the window
takes, at a laptop's and at full HD."""

import dataclasses
import time
from itertools import combinations

import pytest
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QFont, QFontMetricsF
from PyQt6.QtWidgets import QAbstractButton, QLabel, QWidget

from dashboard import theme
from dashboard.health_model import HealthNote
from dashboard.live_model import NO_RECORDING
from dashboard.widgets import (
    big_number,
    colour_scale,
    contact_strip,
    foot_map,
    health_line,
    heel_alarm,
    load_bars,
)
from dashboard.widgets.eliding_label import ElidingLabel
from dashboard.widgets.fitting_text import draw_fitted, draw_wrapped, fitting_font
from rig.calibrate.health_results import HealthFinding, HealthKind
from rig.contact.mask_effect import MaskEffect, finding_sentence
from rig.layout import Foot

SIZES = [(1100, 700), (1280, 800), (1920, 1080)]
PAINTERS = (big_number, colour_scale, contact_strip, foot_map, heel_alarm, load_bars)


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def shown(request, window, qtbot, hopping):
    """The window in the middle of a drill, with long but likely texts everywhere."""
    window.resize(*request.param)
    update = hopping.update(to_s=7.0)
    link = dataclasses.replace(
        update.link,
        source_name="simulated person, seed 4",
        lost_frames=1_234,
        frames=98_765,
        damaged_packets=321,
        board_frames_dropped=4321,
    )
    recording = dataclasses.replace(
        NO_RECORDING, recording=True, folder="x", duration_s=3725.0, free_disk_bytes=10**12
    )
    window.source.model.push(
        dataclasses.replace(update, link=link, recording=recording), time.monotonic()
    )
    window.draw()
    qtbot.wait(50)
    window.draw()
    assert (window.width(), window.height()) == request.param
    return window


def visible(window: QWidget, kind: type) -> list:
    return [w for w in window.findChildren(kind) if w.isVisible()]


def test_no_label_is_clipped(shown):
    labels = visible(shown, QLabel)
    assert len(labels) > 20
    for label in labels:
        metrics = label.fontMetrics()
        room = label.contentsRect()
        assert metrics.horizontalAdvance(label.text()) <= room.width() + 1, label.text()
        assert metrics.height() <= room.height() + 1, label.text()


def test_nothing_in_the_link_bar_is_shortened(shown):
    shortened = [
        label.whole_text
        for label in visible(shown.view.link, ElidingLabel)
        if label.text() != label.whole_text
    ]
    assert shortened == []


def test_no_button_is_clipped(shown):
    buttons = [b for b in visible(shown, QAbstractButton) if b.text()]
    assert len(buttons) >= 12
    for button in buttons:
        assert button.sizeHint().width() <= button.width(), button.text()
        assert button.sizeHint().height() <= button.height(), button.text()


def test_no_siblings_overlap(shown):
    parents = [shown.view, *visible(shown.view, QWidget)]
    checked = 0
    for parent in parents:
        children = [
            child
            for child in parent.children()
            if isinstance(child, QWidget) and child.isVisible() and not child.isWindow()
        ]
        if isinstance(parent, foot_map.FootMap) or parent.inherits("QAbstractScrollArea"):
            continue
        for one, other in combinations(children, 2):
            checked += 1
            assert not one.geometry().intersects(other.geometry()), (one, other)
    assert checked > 50


def test_everything_stays_inside_its_parent(shown):
    for widget in visible(shown.view, QWidget):
        parent = widget.parentWidget()
        if parent is not None and not parent.inherits("QAbstractScrollArea"):
            assert parent.rect().contains(widget.geometry()), widget


def test_painted_text_is_large_enough_to_read(shown, qtbot, monkeypatch):
    sizes: dict[str, int] = {}

    def watched(painter, place, text, *arguments, **options):
        sizes[text] = draw_fitted(painter, place, text, *arguments, **options)
        return sizes[text]

    for module in PAINTERS:
        monkeypatch.setattr(module, "draw_fitted", watched)
    shown.grab()
    assert {"Ball", "Heel", "L", "R", "0"} <= set(sizes)
    assert min(sizes.values()) >= theme.SMALLEST_TEXT_PX, sizes


def test_the_longest_finding_fits_into_its_two_lines(shown, qtbot, monkeypatch):
    """Every sensor, with more findings behind it: nothing is clipped, nothing else moves."""
    widgets = visible(shown.view, QWidget)
    before = [widget.geometry() for widget in widgets]
    effect = MaskEffect(Foot.RIGHT, 10.0, 10.0, 29.0)
    line, places = shown.view.feet.health, []

    def watched(painter, place, text, *arguments, **options):
        size = draw_wrapped(painter, place, text, *arguments, **options)
        places.append((painter.font(), place, text, size))

    monkeypatch.setattr(health_line, "draw_wrapped", watched)
    for sensel in range(32):
        finding = HealthFinding(1.0, Foot(sensel // 16), sensel, HealthKind.SHORTED, float("nan"))
        line.show_note(HealthNote(f"{finding_sentence(finding, effect)} (+12)", "bad"))
        line.grab()
    assert len(places) == 32
    for font, place, text, size in places:
        assert size >= theme.SMALLEST_TEXT_PX
        font.setPixelSize(size)
        font.setWeight(QFont.Weight.Bold)
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        taken = QFontMetricsF(font).boundingRect(place, flags, text)
        assert place.adjusted(-1, -1, 1, 1).contains(taken), text
    assert [widget.geometry() for widget in widgets] == before


def test_digits_are_read_from_two_metres(shown):
    """90 px at full HD on a 24 inch screen are 25 mm: 43 minutes of arc at two metres."""
    smallest = {1080: 90, 800: 65, 700: 45}[shown.height()]
    for number in (shown.view.drill.count, shown.view.drill.time):
        assert number.digit_height_px >= smallest


def test_a_longer_message_moves_nothing(shown, qtbot):
    widgets = visible(shown.view, QWidget)
    before = [widget.geometry() for widget in widgets]
    shown.source.model.messages.say("A very long sentence. " * 30, "problem", time.monotonic())
    shown.draw()
    qtbot.wait(30)
    assert [widget.geometry() for widget in widgets] == before


@pytest.mark.parametrize("text", ["8", "242", "no data since 12.3 s"])
@pytest.mark.parametrize("place", [QRectF(0, 0, 300, 20), QRectF(0, 0, 40, 300)])
def test_fitted_text_fits(qapp, text, place):
    font = fitting_font(QFont("DejaVu Sans"), text, place, bold=True)
    metrics = QFontMetricsF(font)
    assert metrics.horizontalAdvance(text) <= place.width()
    assert metrics.height() <= place.height() + 1
