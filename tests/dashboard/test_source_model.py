# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from dashboard.source_model import (
    LONGEST_LABEL,
    SourceChoice,
    port_label,
    port_sentence,
    spec_of,
    spec_of_argument,
)
from rig.acquire.messages import SourceSpec
from rig.acquire.ports import PortCandidate
from rig.errors import SettingsError


def test_each_choice_becomes_its_source(tmp_path):
    (tmp_path / "recording.json").touch()
    assert spec_of(SourceChoice("auto", port="COM3")) == SourceSpec(kind="auto")
    assert spec_of(SourceChoice("serial", port=" COM3 ")).address == "COM3"
    assert spec_of(SourceChoice("simulated", drill="pony")).drill == "pony"
    recording = spec_of(SourceChoice("recording", folder=str(tmp_path)))
    assert (recording.kind, recording.address) == ("recording", str(tmp_path.resolve()))


def test_a_missing_port_or_a_folder_without_a_recording_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="No port"):
        spec_of(SourceChoice("serial"))
    for folder in ("", str(tmp_path)):
        with pytest.raises(SettingsError, match=r"recording\.json"):
            spec_of(SourceChoice("recording", folder=folder))


@pytest.mark.parametrize(
    ("argument", "kind"),
    [
        ("auto", "auto"),
        ("simulated", "simulated"),
        ("firmware", "firmware"),
        ("socket://10.0.0.7:4000", "serial"),
    ],
)
def test_the_command_line_names_a_source(argument, kind):
    assert spec_of_argument(argument).kind == kind


def test_a_folder_on_the_command_line_is_a_recording(tmp_path):
    (tmp_path / "recording.json").touch()
    assert spec_of_argument(str(tmp_path)).kind == "recording"
    assert spec_of_argument(str(tmp_path), 0.0).speed == 0.0


def test_a_port_that_is_no_board_says_so():
    modem = PortCandidate("COM4", "Modem", plausible=False, reason="a modem")
    board = PortCandidate("COM5", "Arduino", plausible=True, reason="an Arduino")
    assert port_label(modem) == "COM4  Modem  (a modem)"
    assert port_label(board) == "COM5  Arduino"


@pytest.mark.parametrize(
    ("candidate", "label"),
    [
        (("/dev/ttyS0", "/dev/ttyS0", False, "not a USB port; name it"), "(not a USB port)"),
        (("/dev/ttyS1", "ttyS1", False, "not a USB port; name it"), "(not a USB port)"),
        (("COM7", "USB-SERIAL CH340 (COM7)", True, "a clone"), "USB-SERIAL CH340"),
    ],
)
def test_a_port_is_named_once(candidate, label):
    device, description, plausible, reason = candidate
    port = PortCandidate(device, description, plausible=plausible, reason=reason)
    assert port_label(port) == f"{device}  {label}"
    assert reason in port_sentence(port)


def test_a_long_description_is_shortened_in_the_list_and_whole_below_it():
    port = PortCandidate("COM5", "x" * 90, plausible=True, reason="an Arduino")
    assert len(port_label(port)) == LONGEST_LABEL
    assert port_sentence(port) == "x" * 90 + ": an Arduino."
