# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig doctor --board`: the maker presses sensor after sensor, this says which one answered."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from rich.console import Console

from rig.acquire.client import AcquisitionClient
from rig.acquire.raw_frames import RawFrames
from rig.acquire.sensel_maps import NO_ID, forget_map, load_map, map_path, map_text, save_map
from rig.calibrate.board_walk import Press, Rested, WalkState, walk, walk_state
from rig.calibrate.calibration import SENSELS, WIRED_AS_DRAWN
from rig.calibrate.divider import check_front_end
from rig.calibrate.sensel_map import SenselMap
from rig.calibrate.walk_findings import (
    Finding,
    can_be_mapped,
    findings,
    has_answer,
    mending_map,
)
from rig.cli.board_words import (
    PADS_A_FOOT,
    findings_table,
    map_words,
    say_event,
    swap_words,
)
from rig.cli.live import HELLO_WAIT_S, source_spec
from rig.cli.outputs import say
from rig.cli.quit_key import QuitKey
from rig.cli.walk_rehearsal import ScriptedFinger, Walk, swapped_wires
from rig.errors import SettingsError
from rig.layout import Foot
from rig.layout.foot_picture import SENSEL_NAMES
from rig.wire.packets import Command, Hello, RigKind

ID_WAIT_S = 5.0
REHEARSALS = ("simulated", "firmware", "recording")
"""Kinds of source behind which no board is plugged in: a walk over them is kept nowhere."""
FINGERLESS = ("simulated", "firmware")
"""Of these, the kinds in which nobody presses one sensor after the other: a script does it instead."""
FootChoice = Literal["left", "right", "both"]


def check_board(
    console: Console,
    source: str,
    foot: FootChoice,
    names: Sequence[str],
    timeout_s: float,
    *,
    print_map: bool,
    swaps: Sequence[str] = (),
) -> bool:
    """Walk, print the table, keep the map; True when every sensor answered on its own wire.

    `swaps` names the sensors whose wires are swapped in a rehearsal, two by two.

    Raises
    ------
    SolerigError
        A name that is no sensor, or no board, or a board that is no pair of insoles.
    """
    asked = asked_sensels(foot, names)
    if swaps and source not in FINGERLESS:
        raise SettingsError("--rehearse-swap goes with --source simulated or --source firmware.")
    kind = source_spec(source).kind
    rehearsal = kind in REHEARSALS
    wires = swapped_wires(asked_sensels("both", swaps) if swaps else ())
    if rehearsal:
        _say_rehearsal(source, console, scripted=kind in FINGERLESS)
    with _frames(source) as frames:
        hello = frames.wait_for_hello(HELLO_WAIT_S) if rehearsal else _named_board(frames, console)
        if hello.rig_kind != RigKind.INSOLES:
            raise SettingsError(
                "The walk from sensor to sensor is for insoles; this board scans a mat. Press the mat "
                "along its edges and its diagonal and watch its picture instead."
            )
        check_front_end(hello)
        with QuitKey() as quit_key:
            state = walk_state(
                asked, hello.scan_rate_hz, timeout_s, _ignored(asked) if names else ()
            )
            step = ScriptedFinger(wires, hello.scan_rate_hz).walk if kind in FINGERLESS else walk
            found, whole = _walk(frames, state, step, timeout_s, quit_key, console)
    if not found:
        console.print("Stopped by you before any sensor was pressed; nothing was changed.")
        return False
    console.print(findings_table(found))
    if rehearsal:
        if words := swap_words(found):
            console.print(words)
        console.print("This was a rehearsal: no sensor map was written.")
    else:
        _keep_map(found, hello.unique_id, console, whole=bool(names) and whole, print_map=print_map)
    return whole and all(f.verdict == "ok" for f in found)


def _say_rehearsal(source: str, console: Console, *, scripted: bool) -> None:
    who = (
        "a script presses each sensor that it asks for"
        if scripted
        else "it sees the presses of the recording, if there are any"
    )
    say(
        console,
        f"A rehearsal: '{source}' is no board that is plugged in. It shows how the walk goes; {who}, "
        "and nothing is written.",
    )


def forget_board(console: Console, source: str) -> None:
    """Delete the sensor map of the board behind `source`.

    Raises
    ------
    SolerigError
        No board, or a source that has no map.
    """
    if source_spec(source).kind in REHEARSALS:
        raise SettingsError(f"'{source}' has no sensor map to forget; name the board's port.")
    with _frames(source) as frames:
        unique_id = frames.wait_for_hello(HELLO_WAIT_S).unique_id
    gone = None if unique_id == NO_ID else forget_map(unique_id)
    if gone is None:
        console.print("No sensor map is kept for this board: it counts as wired as drawn.")
    else:
        say(
            console,
            f"{gone} is deleted: the board counts as wired as drawn again, with every sensor there. "
            "A dashboard that is open must open the board again.",
        )


def asked_sensels(foot: FootChoice, names: Sequence[str]) -> tuple[int, ...]:
    """Sensels in walking order: the named ones, else all of the chosen feet."""
    unknown = [name for name in names if name.upper() not in SENSEL_NAMES]
    if unknown:
        raise SettingsError(
            f"There is no sensor {unknown[0]}; use names such as L_HB or R_MT1, as in the wiring "
            "table, with commas between them."
        )
    if names:
        return tuple(dict.fromkeys(SENSEL_NAMES.index(name.upper()) for name in names))
    feet = {"left": (Foot.LEFT,), "right": (Foot.RIGHT,), "both": tuple(Foot)}[foot]
    return tuple(f * PADS_A_FOOT + c for f in feet for c in range(PADS_A_FOOT))


@contextmanager
def _frames(source: str) -> Iterator[RawFrames]:
    """Raw frames of the source, through an acquisition process of its own."""
    with tempfile.TemporaryDirectory(prefix="solerig-", ignore_cleanup_errors=True) as runtime:
        client = AcquisitionClient.start(Path(runtime))
        frames = RawFrames(client)
        try:
            frames.open_source(source_spec(source))
            yield frames
        finally:
            frames.close()
            client.shutdown()
            client.close()


def _named_board(frames: RawFrames, console: Console) -> Hello:
    """The board's hello; a board without an id gets one, since its map is kept under it."""
    hello = frames.wait_for_hello(HELLO_WAIT_S)
    if hello.unique_id != NO_ID:
        return hello
    frames.command(Command.STOP)
    frames.command(Command.SET_ID, secrets.randbelow(NO_ID))
    named = hello
    # while the board writes its EEPROM it may miss bytes, so it is left alone until its hello comes
    for _ in range(round(ID_WAIT_S / 0.05)):
        frames.poll()
        named = frames.link.hello or hello
        if named.unique_id != NO_ID:
            console.print(f"This board had no name; it is now {named.unique_id:08x}.")
            break
    frames.command(Command.START)
    return named


def _walk(
    frames: RawFrames,
    state: WalkState,
    step: Walk,
    timeout_s: float,
    quit_key: QuitKey,
    console: Console,
) -> tuple[list[Finding], bool]:
    """Findings so far, and whether the walk came to its end."""
    console.print("Take your hands off and do not touch any sensor for a second.")
    rested, presses = Rested((), ()), []
    while not state.is_over and not quit_key.pressed():
        for block in frames.poll():
            state, events = step(state, block.counts)
            for event in events:
                say_event(event, console, timeout_s)
                if isinstance(event, Rested):
                    rested = event
                elif isinstance(event, Press):
                    presses.append(event)
    return findings(rested, presses), state.is_over


def _ignored(asked: tuple[int, ...]) -> tuple[int, ...]:
    """Samples of a foot of which nothing is there: its input hangs in the air."""
    feet = {sensel // PADS_A_FOOT for sensel in asked}
    return tuple(s for s in range(SENSELS) if s // PADS_A_FOOT not in feet)


def _keep_map(
    found: Sequence[Finding], unique_id: int, console: Console, *, whole: bool, print_map: bool
) -> None:
    say: Callable[[str], None] = console.print
    if not has_answer(found):
        say(
            "No sensor answered, so no sensor map was written and nothing was changed. "
            "Press each sensor when it is asked for, until it is named."
        )
        return
    if not can_be_mapped(found):
        say("No sensor map was written: two sensors on one wire cannot be told apart by software.")
        return
    sensel_map = mending_map(found, _map_before(unique_id, say), whole=whole)
    if print_map:
        console.print(map_text(unique_id, sensel_map), markup=False, highlight=False, end="")
    if unique_id == NO_ID:
        say("The board takes no name, so no sensor map can be kept for it. Flash it again.")
        return
    save_map(unique_id, sensel_map)
    for sentence in map_words(found, sensel_map, str(map_path(unique_id))):
        say(sentence)


def _map_before(unique_id: int, say: Callable[[str], None]) -> SenselMap:
    """What earlier walks left; a file that cannot be read is about to be replaced, and that is said."""
    try:
        return load_map(unique_id)
    except SettingsError as error:
        say(
            f"{error} It is written anew: every sensor that was not pressed in this walk counts as "
            "wired as drawn. Walk over both feet to be sure of all of them."
        )
        return WIRED_AS_DRAWN
