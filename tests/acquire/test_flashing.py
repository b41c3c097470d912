# SPDX-License-Identifier: GPL-3.0-or-later
"""Command lines against Arduino's own tables, avrdude's messages as avrdude 7.1 printed them."""

import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rig.acquire import flash_run
from rig.acquire.firmware_source import FirmwareInLoop
from rig.acquire.flash_run import Image as FlashImage
from rig.acquire.flash_run import (
    check_hello,
    choose_port,
    enter_bootloader,
    find_avrdude,
    flash_board,
    greet,
    write_image,
)
from rig.acquire.flashing import (
    BOARDS,
    BOARDS_OF_RIG,
    avrdude_line,
    board_of_usb,
    image_names,
    pair_sentence,
    read_trouble,
    speeds_to_try,
    trouble_sentence,
)
from rig.acquire.ports import PortCandidate
from rig.errors import LinkError
from rig.simulate.board import simulated_hello

BOARDS_TXT = Path("/usr/share/arduino/hardware/arduino/avr/boards.txt")
CPU = {"nano": ".menu.cpu.atmega328", "mega": ".menu.cpu.atmega2560"}

SILENT_UNO = """avrdude OS error: ioctl("TIOCMGET"): Inappropriate ioctl for device
avrdude error: programmer is not responding
avrdude warning: attempt 10 of 10: not in sync: resp=0x00
avrdude error: unable to open programmer arduino on port /dev/pts/0

avrdude done.  Thank you.
"""
SILENT_MEGA = """avrdude error: timeout
avrdude error: timeout communicating with programmer
avrdude error: unable to open programmer wiring on port /dev/pts/0
"""
SILENT_LEONARDO = """avrdude error: programmer is not responding
avrdude error: initialization failed, rc=-1
        - double check the connections and try again
        - use -B to set lower ISP clock frequency, e.g. -B 125kHz
avrdude error: programmer did not respond to command: exit bootloader
"""
NO_PORT = """avrdude OS error: cannot open port /dev/ttyNONE: No such file or directory
avrdude error: unable to open programmer arduino on port /dev/ttyNONE
"""
DENIED = """avrdude OS error: cannot open port /dev/pts/0: Permission denied
avrdude error: unable to open programmer arduino on port /dev/pts/0
"""
BUSY = """avrdude OS error: cannot open port /dev/pts/0: Device or resource busy
avrdude error: unable to open programmer arduino on port /dev/pts/0
"""


@pytest.mark.parametrize(
    ("board", "speed", "line"),
    [
        ("uno", 115_200, "-patmega328p -carduino -P/dev/ttyACM0 -b115200 -D -Uflash:w:a.hex:i"),
        ("nano", 57_600, "-patmega328p -carduino -P/dev/ttyACM0 -b57600 -D -Uflash:w:a.hex:i"),
        ("mega", 115_200, "-patmega2560 -cwiring -P/dev/ttyACM0 -b115200 -D -Uflash:w:a.hex:i"),
        ("leonardo", 57_600, "-patmega32u4 -cavr109 -P/dev/ttyACM0 -b57600 -D -Uflash:w:a.hex:i"),
        ("micro", 57_600, "-patmega32u4 -cavr109 -P/dev/ttyACM0 -b57600 -D -Uflash:w:a.hex:i"),
    ],
)
def test_avrdude_lines(board, speed, line):
    assert avrdude_line("avrdude", board, "/dev/ttyACM0", speed, Path("a.hex")) == [
        "avrdude",
        *line.split(),
    ]
    assert speed in BOARDS[board].speeds


def test_the_old_nano_is_tried_second_or_alone():
    assert speeds_to_try("nano", old_bootloader=False) == (115_200, 57_600)
    assert speeds_to_try("nano", old_bootloader=True) == (57_600,)


@pytest.mark.parametrize("board", ["uno", "mega", "leonardo", "micro"])
def test_the_old_bootloader_is_refused_where_there_is_none(
    board: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # refused before anything is looked for
    with pytest.raises(LinkError, match=f"--old-bootloader is for the nano, not for the {board}"):
        flash_board(board, "insoles", None, print, old_bootloader=True)


@pytest.mark.skipif(not BOARDS_TXT.exists(), reason="Arduino's AVR core is not installed")
@pytest.mark.parametrize("board", list(BOARDS))
def test_boards_are_those_of_arduinos_table(board):
    table = dict(
        line.split("=", 1)
        for line in BOARDS_TXT.read_text().splitlines()
        if re.match(rf"{board}\.[^=]+=", line)
    )
    cpu = board + CPU.get(board, "")
    kind = BOARDS[board]
    assert table[f"{cpu}.build.mcu"] == kind.mcu
    protocol = table.get(f"{cpu}.upload.protocol") or table[f"{board}.upload.protocol"]
    assert protocol == kind.programmer
    speeds = [table.get(f"{cpu}.upload.speed") or table[f"{board}.upload.speed"]]
    if board == "nano":
        speeds.append(table["nano.menu.cpu.atmega328old.upload.speed"])
    assert [str(s) for s in kind.speeds] == speeds
    assert kind.touch == (table.get(f"{board}.upload.use_1200bps_touch") == "true")
    ids = {
        (
            int(table[f"{board}.upload_port.{n}.vid"], 16),
            int(table[f"{board}.upload_port.{n}.pid"], 16),
        )
        for n in itertools.takewhile(lambda n: f"{board}.upload_port.{n}.vid" in table, range(20))
    }
    assert set(kind.usb_ids) == ids


def test_a_board_is_known_by_its_own_usb_port_only():
    assert board_of_usb(0x2341, 0x0043) == "uno"
    assert board_of_usb(0x2341, 0x8036) == "leonardo"
    assert board_of_usb(0x1A86, 0x7523) is None
    assert image_names("mega", "mat32") == ("mega-mat32.hex", "mega_mat32.hex")
    assert image_names("nano", "insoles", radio=True)[0] == "uno-insoles-radio.hex"


@pytest.mark.parametrize(
    ("said", "board", "trouble", "names"),
    [
        (SILENT_UNO, "uno", "silent", "--board nano"),
        (SILENT_UNO, "nano", "silent", "Both bootloader speeds"),
        (SILENT_MEGA, "mega", "silent", "reset button"),
        (SILENT_LEONARDO, "leonardo", "silent", "twice"),
        (NO_PORT, "uno", "no_port", "solerig ports"),
        (DENIED, "uno", "denied", "dialout"),
        (BUSY, "uno", "busy", "serial monitor"),
        ("avrdude error: something else", "uno", "other", "something else"),
    ],
)
def test_avrdudes_messages_become_what_to_do(said, board, trouble, names):
    assert read_trouble(said) == trouble
    sentence = trouble_sentence(trouble, board, "/dev/ttyX", said)
    assert names in sentence
    assert "\n" not in sentence


@pytest.mark.skipif(shutil.which("avrdude") is None, reason="avrdude is not installed")
def test_real_avrdude_without_a_board(tmp_path):
    image = tmp_path / "empty.hex"
    image.write_text(":00000001FF\n")
    with pytest.raises(LinkError, match="is not there"):
        write_image(
            find_avrdude(),
            "uno",
            str(tmp_path / "ttyNONE"),
            FlashImage(image, "here"),
            print,
            old_bootloader=False,
        )


@pytest.mark.parametrize("board", list(BOARDS))
def test_a_port_that_is_not_there_is_said_before_avrdude_is_called(
    board: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "avrdude"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/called\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(LinkError, match="ttyNONE is not there") as error:
        flash_board(board, "insoles", str(tmp_path / "ttyNONE"), print)
    with pytest.raises(LinkError, match="ttyNONE is not there"):
        flash_board(None, "insoles", str(tmp_path / "ttyNONE"), print)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "called").exists()


@pytest.mark.skipif(shutil.which("avrdude") is None, reason="avrdude is not installed")
def test_real_avrdude_that_loops_on_a_lost_port_is_stopped_and_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # avrdude 7.1 with -c wiring never ends where the port is gone
    image = tmp_path / "empty.hex"
    image.write_text(":00000001FF\n")
    monkeypatch.setattr(flash_run, "AVRDUDE_WAIT_S", 1.0)
    port = str(tmp_path / "ttyNONE")
    with pytest.raises(LinkError, match="is not there"):
        write_image(
            find_avrdude(), "mega", port, FlashImage(image, "here"), print, old_bootloader=False
        )


@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_nothing_of_avrdude_is_left_after_the_timeout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a wrapper, as some systems install, and the programme that it starts, both deaf to SIGTERM
    script = tmp_path / "avrdude"
    script.write_text(
        f"#!/bin/sh\ntrap '' TERM\nsleep 600 &\necho $! > {tmp_path}/pid\n"
        "echo 'avrdude error: stk500v2_ReceiveMessage(): timeout' >&2\nwait\n"
    )
    script.chmod(0o755)
    monkeypatch.setattr(flash_run, "AVRDUDE_WAIT_S", 1.0)
    image = FlashImage(tmp_path / "x.hex", "here")
    with pytest.raises(LinkError, match="does not answer"):
        write_image(str(script), "mega", "/dev/ttyUSB0", image, print, old_bootloader=False)
    pid = int((tmp_path / "pid").read_text())
    assert _ends(pid)


@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_avrdude_ends_when_solerig_is_asked_to_end(tmp_path: Path) -> None:
    script = tmp_path / "avrdude"
    script.write_text(
        f"#!/bin/sh\necho $$ > {tmp_path}/new && mv {tmp_path}/new {tmp_path}/pid\nexec sleep 600\n"
    )
    script.chmod(0o755)
    call = f"from rig.acquire.avrdude_run import run_avrdude; run_avrdude([{str(script)!r}], 600)"
    solerig = subprocess.Popen([sys.executable, "-c", call])
    try:
        while not (tmp_path / "pid").exists():
            assert solerig.poll() is None
            time.sleep(0.02)
        solerig.terminate()
        assert solerig.wait() == 128 + signal.SIGTERM
    finally:
        solerig.kill()
    assert _ends(int((tmp_path / "pid").read_text()))


def _ends(pid: int) -> bool:
    """A killed process closes its files, for which others wait, some time before it is gone."""
    until_s = time.monotonic() + 30.0
    while _is_running(pid) and time.monotonic() < until_s:
        time.sleep(0.02)
    return not _is_running(pid)


def _is_running(pid: int) -> bool:
    """A process that ended but was not waited for yet does not count."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_missing_avrdude_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LinkError, match="apt-get install avrdude"):
        find_avrdude()


def test_a_port_is_chosen_only_when_there_is_no_doubt():
    board = PortCandidate("/dev/ttyACM0", "Arduino Uno", plausible=True, reason="")
    other = PortCandidate("/dev/ttyUSB0", "CH340", plausible=True, reason="")
    modem = PortCandidate("/dev/ttyS0", "modem", plausible=False, reason="")
    assert choose_port(None, [board, modem]) == "/dev/ttyACM0"
    assert choose_port("COM7", [board]) == "COM7"
    with pytest.raises(LinkError, match="carries data"):
        choose_port(None, [modem])
    with pytest.raises(LinkError, match="/dev/ttyUSB0"):
        choose_port(None, [board, other])


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([{"A", "B"}, {"B"}, {"B", "C"}], "C"),  # comes back under another name
        ([{"A", "B"}, {"B"}, {"A", "B"}], "A"),  # goes and comes back under its own
        ([{"A", "B"}, {"A", "B", "C"}], "C"),  # the new one is there before the old one goes
    ],
)
def test_the_bootloader_port_after_the_touch(seen, expected):
    lists = iter(seen)
    touched: list[str] = []
    assert enter_bootloader("A", lambda: next(lists), touched.append, wait_s=5.0) == expected
    assert touched == ["A"]


def test_a_bootloader_that_waits_already_keeps_its_port():
    assert enter_bootloader("A", lambda: {"A"}, lambda _: None, wait_s=0.3) == "A"


def test_a_nano_with_the_old_bootloader_answers_at_the_second_speed(tmp_path):
    # stands for avrdude and a board that knows only 57,600 baud
    script = tmp_path / "avrdude"
    script.write_text(
        f'#!/bin/sh\necho "$*" >> {tmp_path}/calls\n'
        'case "$*" in *-b57600*) exit 0;; esac\n'
        f"cat >&2 <<'END'\n{SILENT_UNO}END\nexit 1\n"
    )
    script.chmod(0o755)
    said: list[str] = []
    image = FlashImage(tmp_path / "x.hex", "here")
    write_image(str(script), "nano", "/dev/ttyUSB0", image, said.append, old_bootloader=False)
    calls = (tmp_path / "calls").read_text().splitlines()
    assert [re.search(r"-b(\d+)", c)[1] for c in calls] == ["115200", "57600"]
    assert said == ["No answer at 115200 baud."]
    with pytest.raises(LinkError, match="does not answer"):
        write_image(str(script), "uno", "/dev/ttyUSB0", image, said.append, old_bootloader=False)


def test_flashing_ends_with_the_boards_own_hello(tmp_path, monkeypatch):
    # avrdude's part is done by the simulator, which loads the image that was compiled
    script = tmp_path / "avrdude"
    script.write_text("#!/bin/sh\nexit 0\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    said: list[str] = []
    with FirmwareInLoop() as board:
        hello = flash_board("uno", "insoles", board.port, said.append, old_bootloader=False)
        assert hello.sensel_count == 32
        assert "compiled just now" in said[0]
        with pytest.raises(LinkError, match="flashed for mat16"):
            check_hello(hello, "uno", "mat16", board.port)
        with pytest.raises(LinkError, match="flashed as a mega"):
            check_hello(hello, "mega", "insoles", board.port)


def test_without_a_compiler_the_built_image_is_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(flash_run, "FIRMWARE_FOLDER", tmp_path)
    with pytest.raises(LinkError, match=r"uno-insoles\.hex"):
        flash_run.find_image("nano", "insoles")
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "uno-insoles.hex").write_text(":00000001FF\n")
    found = flash_run.find_image("nano", "insoles")
    assert found.path == tmp_path / "images" / "uno-insoles.hex"
    assert "make firmware" in found.origin


def test_a_silent_port_after_flashing_is_said(tmp_path):
    with pytest.raises(LinkError, match=r"did not say hello.*not there"):
        greet("nosuchport")


def test_check_hello_takes_what_was_flashed():
    check_hello(simulated_hello(1000, 5), "nano", "insoles", "port")


@pytest.mark.parametrize(
    ("board", "rig", "instead"),
    [
        (
            "uno",
            "mat32",
            "needs the mega (--board), and the uno scans insoles, mat16 or mat16_cheap",
        ),
        ("nano", "mat32", "mat32 is not for the nano: it needs the mega (--board)"),
        (
            "leonardo",
            "mat16",
            "needs the uno or nano (--board), and the leonardo scans insoles (--rig)",
        ),
        ("mega", "mat16_cheap", "the mega scans insoles or mat32 (--rig)"),
    ],
)
def test_a_pair_that_does_not_exist_is_refused_first(
    board: str, rig: str, instead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # without avrdude: the pair is wrong all the same
    with pytest.raises(LinkError, match=re.escape(instead)):
        flash_board(board, rig, None, print)


def test_the_pairs_are_those_of_the_firmwares_images() -> None:
    makefile = (Path(__file__).parents[2] / "firmware_arduino" / "Makefile").read_text()
    line = re.search(r"^IMAGES := (.+)$", makefile, re.MULTILINE)
    assert line is not None
    pairs = {tuple(name.split("-")) for name in line[1].split()}
    ours = {(b, rig) for rig, boards in BOARDS_OF_RIG.items() for b in boards if b != "nano"}
    assert ours == pairs
    assert pair_sentence("nano", "mat16") is None
