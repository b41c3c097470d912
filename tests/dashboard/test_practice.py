# SPDX-License-Identifier: GPL-3.0-or-later
"""A real window while somebody practises: keys, buttons, pages and pictures."""

import json
import time

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtWidgets import QMessageBox

from dashboard import theme
from dashboard.cue_model import CuePicture
from dashboard.preferences import preferences_path
from dashboard.widgets.person_dialog import PersonDialog
from rig.drills.profile import profiles_folder
from rig.drills.programme import CALF_AND_ACHILLES
from rig.errors import LinkError
from rig.record.programme_log import programme_folder, read_entries
from rig.settings import DrillSettings

HOPPING = DrillSettings("hopping")


def pixels(widget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    buffer = image.constBits()
    buffer.setsize(image.sizeInBytes())
    rows = np.frombuffer(buffer, np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def share_of(picture: np.ndarray, colour: str) -> float:
    wanted = np.array(QColor(colour).getRgb()[:3])
    return float((np.abs(picture - wanted).max(axis=-1) <= 12).mean())


def push(window, update) -> None:
    window.source.model.push(update, time.monotonic())
    window.draw()


@pytest.fixture
def tapping(play):
    return play("tapping", 20.0, 3)


@pytest.fixture
def asked(window, monkeypatch):
    """What the window asks of the stream that nobody has joined."""
    drills = []
    monkeypatch.setattr(
        window.source, "_ask", lambda request, *_said, **_more: request(_Stream(drills))
    )
    return drills


class _Stream:
    """Keeps what is chosen; anything else may not happen in these tests."""

    def __init__(self, drills: list[DrillSettings]) -> None:
        self._drills = drills

    def choose_drill(self, drill: DrillSettings) -> None:
        self._drills.append(drill)

    def mark(self, label: str) -> None:
        self._drills.append(label)


def answer(window, words: str) -> None:
    (box,) = [b for b in window.findChildren(QMessageBox) if b.isVisible()]
    (button,) = [b for b in box.buttons() if words in b.text()]
    button.click()
    box.deleteLater()


@pytest.mark.parametrize("kind", ["reward", "hint", "warning", "fault"])
def test_a_cue_is_told_by_colour_and_by_shape(window, kind):
    banner = window.view.drill.banner
    banner.show_cue(CuePicture("Same word", "", kind), "")
    picture = pixels(banner)
    assert share_of(picture, theme.CUE_FILL[kind]) > 0.4
    ink = np.abs(picture - np.array(QColor(theme.CUE_INK[kind]).getRgb()[:3])).max(axis=-1) < 60
    height = len(ink)
    sign = ink[:, :height]
    others = []
    for other in {"reward", "hint", "warning", "fault"} - {kind}:
        banner.show_cue(CuePicture("Same word", "", other), "")
        colour = np.array(QColor(theme.CUE_INK[other]).getRgb()[:3])
        seen = np.abs(pixels(banner) - colour).max(axis=-1) < 60
        others.append(seen[:, :height])
    assert all((sign != other).sum() > 60 for other in others)


@pytest.mark.parametrize(("side", "left_is_more"), [("LEFT", True), ("RIGHT", False)])
def test_the_side_stands_on_its_side(window, side, left_is_more):
    banner = window.view.drill.banner
    banner.show_cue(CuePicture("Good", side, "reward"), "")
    picture = pixels(banner)
    ink = np.abs(picture - np.array(QColor(theme.CUE_INK["reward"]).getRgb()[:3])).max(axis=-1) < 60
    end = ink.shape[1] // 6
    assert (ink[:, :end].sum() > 5 * ink[:, -end:].sum()) == left_is_more
    assert side.lower() in banner.accessibleDescription()


@pytest.mark.parametrize(("size", "smallest"), [((1280, 800), 30), ((1920, 1080), 40)])
def test_a_cue_is_read_from_two_metres(window, qtbot, size, smallest):
    """40 px at full HD on a 24 inch screen are 11 mm: 19 minutes of arc, four times the 5 of a letter
    that is just made out."""
    window.resize(*size)
    qtbot.wait(30)
    banner = window.view.drill.banner
    banner.show_cue(CuePicture("Too long on the ground", "RIGHT", "fault"), "")
    picture = pixels(banner)
    height, width, _ = picture.shape
    ink = np.abs(picture - 255).max(axis=-1) < 60
    rows = np.flatnonzero(ink[:, height : int(0.8 * width)].any(axis=1))
    assert rows[-1] - rows[0] >= smallest
    assert rows[0] > 0
    assert rows[-1] < height - 1


def test_a_heel_is_seen_in_the_banner(window, hopping):
    cues = []
    for block in hopping.blocks:
        if len(block.loads):
            push(window, hopping.update(blocks=(block,)))
            cues += [c for c in block.drill.cues if c.what == "HEEL"]
        if cues:
            break
    shown = window.view.drill.banner.cue
    assert (shown.word, shown.side) == ("Heel touched", cues[0].side.name)


def test_the_panel_shows_the_set(window, tapping):
    for block in tapping.blocks:
        if len(block.loads) and block.loads.force.t_s[0] < 6.0:
            push(window, tapping.update(blocks=(block,)))
    drill, true = window.view.drill, tapping.session.truth.repetitions
    done = sum(r.end_s < 5.9 for r in true)
    assert done >= 4
    assert drill.count.text in (str(done), str(done + 1))
    assert drill.count.accessibleDescription().startswith("Set 1 of 3:")
    assert drill.pips.pips.count("clean") == int(drill.count.text)
    assert drill.clean.whole_text == f"Clean: {drill.count.text} of {drill.count.text}"


def test_n_steps_through_loud_soft_off_and_it_is_remembered(window, qtbot):
    for expected in ("soft", "off"):
        qtbot.keyClick(window, Qt.Key.Key_N)
        assert window.practice.sound.loudness == expected
        assert json.loads(preferences_path().read_text())["sound"] == expected
    if window.practice.sound.silence:
        assert window.view.drill.practice.sound.text() == "No sound"
        assert "Nothing can be heard" in window.view.drill.practice.sound.toolTip()
    else:
        assert window.view.drill.practice.sound.text() == "Sound off (N)"


def test_p_stops_everything_and_only_an_answer_lets_it_go_on(window, qtbot, tapping, on_board):
    window.source.model.coaching.name("P07")
    push(window, on_board(tapping.update(to_s=5.0)))
    qtbot.keyClick(window, Qt.Key.Key_P)
    window.draw()
    drill = window.view.drill
    assert drill.pages.currentWidget() is drill.gate
    assert "STOP: pain" in drill.gate.words
    assert share_of(pixels(drill.gate), theme.GATE_FILL["pain"]) > 0.5
    assert [e.kind for e in read_entries(programme_folder(), "P07")] == ["pain", "set"]
    qtbot.mouseClick(drill.gate.pain_is_gone, Qt.MouseButton.LeftButton)
    answer(window, "Back")
    window.draw()
    assert drill.pages.currentWidget() is drill.gate
    qtbot.mouseClick(drill.gate.pain_is_gone, Qt.MouseButton.LeftButton)
    answer(window, "No pain")
    assert [e.kind for e in read_entries(programme_folder(), "P07")][-1] == "pain-free"
    window.source.model.coaching.understood()
    window.draw()
    assert drill.pages.currentWidget() is drill.coach


def test_the_pain_button_is_always_there(window, qtbot, tapping, on_board):
    push(window, on_board(tapping.update(to_s=3.0)))
    window.source.model.coaching.ask(HOPPING)
    window.draw()
    assert window.view.drill.practice.pain.isVisible()
    qtbot.mouseClick(window.view.drill.practice.pain, Qt.MouseButton.LeftButton)
    assert window.source.model.coaching.practice.in_pain


def test_a_locked_drill_says_why_and_is_opened_by_an_answer(
    window, qtbot, tapping, on_board, asked
):
    push(window, on_board(tapping.update(to_s=3.0)))
    drill = window.view.drill
    qtbot.mouseClick(drill.chooser.drill_buttons["hopping"], Qt.MouseButton.LeftButton)
    window.draw()
    assert asked[-1].name == "free"
    assert drill.pages.currentWidget() is drill.gate
    assert "Hopping is locked for a newcomer" in drill.gate.words
    assert not drill.chooser.drill_buttons["hopping"].icon().isNull()
    assert drill.chooser.drill_buttons["pony"].icon().isNull()
    qtbot.mouseClick(drill.gate.open_now, Qt.MouseButton.LeftButton)
    answer(window, "Open Hopping")
    assert window.source.model.coaching.due == HOPPING
    window.source.choose_drill(window.source.model.coaching.due)
    assert asked[-1] == HOPPING
    window.draw()
    assert CALF_AND_ACHILLES in drill.gate.words
    qtbot.keyClick(window, Qt.Key.Key_G)
    window.draw()
    assert drill.pages.currentWidget() is drill.coach


def test_who_practises_is_asked_and_a_name_is_refused(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_I)
    (dialog,) = [d for d in window.findChildren(PersonDialog) if d.isVisible()]
    dialog.pseudonym.setCurrentText("Jane Doe")
    dialog._name()
    assert dialog.isVisible()
    assert "pseudonym" in dialog.problem.text()
    dialog.pseudonym.setCurrentText("P07")
    dialog._name()
    window.draw()
    assert window.view.drill.practice.person.text() == "P07 (I)"
    assert "Check shoe size and weight" in window.view.message.whole_text
    dialog = window.practice.ask_person()
    dialog._name_nobody()
    window.draw()
    assert window.view.drill.practice.person.text() == "Nobody named (I)"


def test_e_ends_the_set(window, qtbot, tapping):
    push(window, tapping.update(to_s=5.0))
    qtbot.keyClick(window, Qt.Key.Key_E)
    assert window.source.model.coaching.sets.state.stopping == "stop"


def test_target_and_profile_go_into_the_settings_that_a_recording_keeps(window, tapping, asked):
    push(window, tapping.update(to_s=3.0))
    row = window.view.drill.practice
    row.target.setCurrentIndex(row.target.findText("15 a set"))
    row.target.activated.emit(row.target.currentIndex())
    assert asked[-1].thresholds.set_target == 15
    row.profile.textActivated.emit("strict")
    assert asked[-1].thresholds.name == "strict"
    assert asked[-1].name == "tapping"


def test_a_profile_of_ones_own_is_offered_and_a_broken_one_is_said(window, tapping, asked):
    push(window, tapping.update(to_s=3.0))
    folder = profiles_folder()
    folder.mkdir(parents=True)
    (folder / "clinic.toml").write_text("long_tap_s = 0.2\n")
    (folder / "broken.toml").write_text("long_tap_s = -1\n")
    box = window.view.drill.practice.profile
    box.showPopup()
    box.hidePopup()
    assert [box.itemText(k) for k in range(box.count())][-2:] == ["broken", "clinic"]
    box.textActivated.emit("clinic")
    assert asked[-1].thresholds.long_tap_s == 0.2
    box.textActivated.emit("broken")
    window.draw()
    assert "line 1" in window.view.message.whole_text


def test_holds_of_the_stance_are_chosen_a_leg(window, play):
    push(window, play("stance", 8.0, 3).update(to_s=3.0))
    row = window.view.drill.practice
    assert [row.target.itemText(k) for k in range(row.target.count())] == [
        "1 holds a leg",
        "2 holds a leg",
        "3 holds a leg",
    ]
    row.target.activated.emit(0)
    window.draw()
    assert "of 2 holds" in window.view.drill.count.accessibleDescription()


def test_keys_of_practice_stand_in_the_help(window):
    said = window.help.accessibleDescription()
    for key in ("P: pain", "I: who practises", "N: tones", "E: end the set"):
        assert key in said


@pytest.mark.parametrize("size", [(1100, 700), (1280, 800), (1920, 1080)])
def test_the_longest_page_before_a_drill_fits(window, qtbot, size, tapping, on_board, monkeypatch):
    from dashboard.widgets import gate_page
    from dashboard.widgets.fitting_text import draw_wrapped

    sizes = []

    def watched(*arguments, **options):
        sizes.append(draw_wrapped(*arguments, **options))
        return sizes[-1]

    monkeypatch.setattr(gate_page, "draw_wrapped", watched)
    window.resize(*size)
    push(window, on_board(tapping.update(to_s=1.0)))
    coaching = window.source.model.coaching
    coaching.practice.open_for_now(DrillSettings("running-lunge"))
    coaching.ask(DrillSettings("running-lunge"))
    window.draw()
    qtbot.wait(30)
    window.view.drill.gate.grab()
    assert "This is running" in window.view.drill.gate.words
    # the least size is taken where nothing fits; above it, everything does
    assert sizes[-1] > theme.SMALLEST_TEXT_PX


def test_the_balance_page_is_not_disturbed_by_cues(window, asked):
    page = window.open_balance()
    assert window.source.model.coaching.paused
    page.close()
    assert not window.source.model.coaching.paused


def test_no_stream_no_crash(window, qtbot):
    for key in (Qt.Key.Key_P, Qt.Key.Key_E, Qt.Key.Key_G):
        qtbot.keyClick(window, key)
    window.draw()
    assert window.source.model.coaching.practice.in_pain
    with pytest.raises(LinkError):
        window.source._join_stream()
