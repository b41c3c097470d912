# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialogButtonBox, QLabel, QPushButton

from dashboard.widgets.source_dialog import SourceDialog
from dashboard.widgets.weigh_dialog import WeighDialog
from rig.acquire.messages import SourceSpec
from rig.acquire.ports import PortCandidate
from rig.settings import DRILL_NAMES


@pytest.fixture
def source(window, qtbot):
    dialog = window.choose_source()
    qtbot.waitUntil(dialog.rescan.isEnabled, timeout=10_000)
    yield dialog
    dialog.close()


def press_ok(dialog, qtbot) -> None:
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_simulated_person_is_one_choice_and_ok(source: SourceDialog, qtbot):
    source.kinds["simulated"].click()
    source.drill.setCurrentIndex(source.drill.findData("pony"))
    with qtbot.waitSignal(source.chosen) as chosen:
        press_ok(source, qtbot)
    assert chosen.args == [SourceSpec(kind="simulated", drill="pony")]
    assert not source.isVisible()


def test_finding_the_board_is_what_ok_does_untouched(source: SourceDialog, qtbot):
    with qtbot.waitSignal(source.chosen) as chosen:
        press_ok(source, qtbot)
    assert chosen.args == [SourceSpec(kind="auto")]


def test_a_listed_port_is_opened_by_its_name_and_a_typed_one_as_typed(source: SourceDialog):
    ports = [PortCandidate("COM7", "Arduino Uno", plausible=True, reason="an Arduino")]
    source._show_ports(ports)
    source.kinds["serial"].click()
    assert source.choice().port == "COM7"
    source.port.setEditText("socket://192.168.4.1:5000")
    assert source.choice().port == "socket://192.168.4.1:5000"
    source._show_ports([])
    assert source.choice().port == ""


def test_the_chosen_port_is_seen_whole_and_explained(source: SourceDialog, qtbot):
    reason = "not a USB port; name it to use it"
    ports = [
        PortCandidate("/dev/ttyACM0", "Arduino Uno R4 " * 8, plausible=True, reason="an Arduino"),
        PortCandidate("/dev/ttyS0", "/dev/ttyS0", plausible=False, reason=reason),
    ]
    source._show_ports(ports)
    for row, port in enumerate(ports):
        source.port.setCurrentIndex(row)
        qtbot.wait(10)
        line = source.port.lineEdit()
        shown = line.fontMetrics().horizontalAdvance(line.text())
        assert shown < line.contentsRect().width()
        assert port.reason in source.port_about.text()
        assert source.port_about.height() >= source.port_about.heightForWidth(
            source.port_about.width()
        )
        assert source.choice().port == port.device


def test_no_dialog_button_has_an_icon(source: SourceDialog, window):
    weigh = window.ask_weight()
    for dialog in (source, weigh):
        assert dialog.buttons.buttons()
        assert all(button.icon().isNull() for button in dialog.buttons.buttons())
    weigh.close()


def test_ports_are_listed_outside_the_windows_own_thread(source: SourceDialog, qtbot, monkeypatch):
    import threading

    from dashboard.widgets import source_dialog

    threads = []

    def listed() -> list[PortCandidate]:
        threads.append(threading.current_thread())
        return []

    monkeypatch.setattr(source_dialog, "candidate_ports", listed)
    qtbot.mouseClick(source.rescan, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(source.rescan.isEnabled, timeout=10_000)
    assert threads
    assert threads[0] is not threading.main_thread()


def test_a_folder_without_a_recording_is_refused_in_words(source: SourceDialog, qtbot, tmp_path):
    source._take_folder(str(tmp_path))
    assert source.kinds["recording"].isChecked()
    press_ok(source, qtbot)
    assert source.isVisible()
    assert "recording.json" in source.problem.text()


def test_disconnecting_is_offered(source: SourceDialog, qtbot):
    with qtbot.waitSignal(source.disconnected):
        qtbot.mouseClick(source.disconnect_button, Qt.MouseButton.LeftButton)
    assert not source.isVisible()


def test_the_weight_is_asked_in_kilograms_and_told_in_newtons(window, qtbot):
    dialog: WeighDialog = window.ask_weight()
    dialog.mass_kg.setValue(80.0)
    with qtbot.waitSignal(dialog.weighed) as weighed:
        press_ok(dialog, qtbot)
    # 80 kg * 9.80665 m/s^2
    assert weighed.args[0] == pytest.approx(784.532)


def test_a_weight_can_be_noted_without_weighing(window, qtbot):
    dialog: WeighDialog = window.ask_weight()
    dialog.mass_kg.setValue(60.0)
    with qtbot.waitSignal(dialog.noted) as noted, qtbot.assertNotEmitted(dialog.weighed):
        qtbot.mouseClick(dialog.only_note, Qt.MouseButton.LeftButton)
    assert noted.args[0] == pytest.approx(588.399)
    assert not dialog.isVisible()


def test_nothing_in_the_dialogs_is_clipped(source: SourceDialog, window, qtbot):
    weigh = window.ask_weight()
    qtbot.wait(20)
    for dialog in (source, weigh):
        for button in dialog.findChildren(QPushButton):
            assert button.sizeHint().width() <= button.width(), button.text()
        for label in dialog.findChildren(QLabel):
            shown = label.wordWrap() or label.sizeHint().width() <= label.width()
            assert shown or not label.text(), label.text()
    weigh.close()


def test_a_new_shoe_size_is_told_once_and_a_shown_one_is_not(window, qtbot):
    told = []
    controls = window.view.controls
    controls.shoe_size_changed.connect(told.append)
    controls.show_person(44.0, "")
    assert (controls.shoe_size.value(), told) == (44.0, [])
    controls.shoe_size.stepUp()
    assert told == [44.5]


def test_a_choice_of_drill_is_shown_until_it_is_in_force(window, qtbot):
    from rig.settings import DrillSettings

    chooser = window.view.drill.chooser
    with qtbot.waitSignal(chooser.chosen) as chosen:
        qtbot.mouseClick(chooser.drill_buttons["tapping"], Qt.MouseButton.LeftButton)
    assert chosen.args == [DrillSettings("tapping", "right")]
    chooser.show_drill(DrillSettings("stance"))
    assert chooser.drill_buttons["tapping"].isChecked()
    chooser._waits_until_s = 0.0
    chooser.show_drill(DrillSettings("stance"))
    assert chooser.drill_buttons["stance"].isChecked()
    assert not chooser.side_buttons["left"].isEnabled()
    chooser.show_drill(DrillSettings("free"))
    assert not any(button.isChecked() for button in chooser.drill_buttons.values())


def test_the_d_key_goes_round_the_drills(window, qtbot):
    names = []
    window.view.drill.chooser.chosen.connect(lambda drill: names.append(drill.name))
    for _ in DRILL_NAMES:
        qtbot.keyClick(window, Qt.Key.Key_D)
    assert names == [*DRILL_NAMES[1:], DRILL_NAMES[0]]
