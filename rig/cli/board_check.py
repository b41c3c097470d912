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
from rich.table import Table

from rig.acquire.client import AcquisitionClient
from rig.acquire.raw_frames import RawFrames
from rig.acquire.sensel_maps import NO_ID, forget_map, load_map, map_path, map_text, save_map
from rig.calibrate.board_walk import Asked, Press, Rested, WalkEvent, walk, walk_state
from rig.calibrate.calibration import SENSELS, WIRED_AS_DRAWN
from rig.calibrate.divider import check_front_end
from rig.calibrate.sensel_map import ABSENT, SenselMap
from rig.calibrate.walk_findings import (
    Finding,
    can_be_mapped,
    findings,
    has_answer,
    mending_map,
)
from rig.cli.live import HELLO_WAIT_S, source_spec
from rig.cli.quit_key import QuitKey
from rig.errors import SettingsError
from rig.layout import Foot
from rig.layout.foot_picture import SENSEL_NAMES, foot_picture, sensel_words
from rig.wire.packets import Command, Hello, RigKind

PADS_A_FOOT = SENSELS // 2
ID_WAIT_S = 5.0
REHEARSALS = ("simulated", "firmware", "recording")
"""Kinds of source behind which no board is plugged in: a walk over them is kept nowhere."""
FootChoice = Literal["left", "right", "both"]
VERDICT_WORDS = {
    "ok": "[green]ok[/]",
    "swapped": "[yellow]wrong wire[/]",
    "dead": "[red]no answer[/]",
    "stuck": "[red]stuck[/]",
    "doubled": "[red]two on one wire[/]",
    "bridged": "[red]wires touch[/]",
}
WHAT_TO_DO = {
    "ok": "",
    "swapped": "mended by the sensor map, or swap the wires",
    "dead": "look for an open wire, a loose crimp, or a sensor put in backwards into its clamp",
    "stuck": "look for a short between the sensor's two legs, or for something pressing on it",
    "doubled": "both sensors sit on one channel: find the wire that is in the wrong row",
    "bridged": "a second sensor answered too: look for touching wires, or for a second finger",
}


def check_board(
    console: Console,
    source: str,
    foot: FootChoice,
    names: Sequence[str],
    timeout_s: float,
    *,
    print_map: bool,
) -> bool:
    """Walk, print the table, keep the map; True when every sensor answered on its own wire.

    Raises
    ------
    SolerigError
        A name that is no sensor, or no board, or a board that is no pair of insoles.
    """
    asked = asked_sensels(foot, names)
    rehearsal = source_spec(source).kind in REHEARSALS
    if rehearsal:
        console.print(
            f"A rehearsal: '{source}' is no board that is plugged in. It shows how the walk goes; "
            "nothing is written, and nobody presses the sensors that it asks for."
        )
    with _frames(source) as frames:
        hello = frames.wait_for_hello(HELLO_WAIT_S) if rehearsal else _named_board(frames, console)
        if hello.rig_kind != RigKind.INSOLES:
            raise SettingsError(
                "The walk from sensor to sensor is for insoles; this board scans a mat. Press the mat "
                "along its edges and its diagonal and watch its picture instead."
            )
        check_front_end(hello)
        with QuitKey() as quit_key:
            found, whole = _walk(frames, hello, asked, bool(names), timeout_s, quit_key, console)
    if not found:
        console.print("Stopped by you before any sensor was pressed; nothing was changed.")
        return False
    console.print(_table(found))
    if rehearsal:
        console.print("This was a rehearsal: no sensor map was written.")
    else:
        _keep_map(found, hello.unique_id, console, whole=bool(names) and whole, print_map=print_map)
    return whole and all(f.verdict == "ok" for f in found)


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
        console.print(
            f"{gone} is deleted: the board counts as wired as drawn again, with every sensor there. "
            "A dashboard that is open must open the board again."
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
    hello: Hello,
    asked: tuple[int, ...],
    is_subset: bool,
    timeout_s: float,
    quit_key: QuitKey,
    console: Console,
) -> tuple[list[Finding], bool]:
    """Findings so far, and whether the walk came to its end."""
    state = walk_state(asked, hello.scan_rate_hz, timeout_s, _ignored(asked) if is_subset else ())
    console.print("Take your hands off and do not touch any sensor for a second.")
    rested, presses = Rested((), ()), []
    while not state.is_over and not quit_key.pressed():
        for block in frames.poll():
            state, events = walk(state, block.counts)
            for event in events:
                _say(event, console, timeout_s)
                if isinstance(event, Rested):
                    rested = event
                elif isinstance(event, Press):
                    presses.append(event)
    return findings(rested, presses), state.is_over


def _ignored(asked: tuple[int, ...]) -> tuple[int, ...]:
    """Samples of a foot of which nothing is there: its input hangs in the air."""
    feet = {sensel // PADS_A_FOOT for sensel in asked}
    return tuple(s for s in range(SENSELS) if s // PADS_A_FOOT not in feet)


def _say(event: WalkEvent, console: Console, timeout_s: float) -> None:
    match event:
        case Rested():
            for sample in event.shorted:
                console.print(f"[red]{SENSEL_NAMES[sample]}'s wire reads pressed at rest.[/]")
            for sample in event.noisy:
                console.print(f"[red]{SENSEL_NAMES[sample]}'s wire is restless at rest.[/]")
        case Asked():
            foot, channel = divmod(event.asked, PADS_A_FOOT)
            console.print(foot_picture(Foot(foot), channel), markup=False, highlight=False)
            console.print(
                f"Press {sensel_words(event.asked)}, hold it for half a second, let go. "
                f"(Goes on by itself; skipped after {timeout_s:g} s; q quits.)"
            )
        case Press():
            console.print(_press_words(event))


def _press_words(press: Press) -> str:
    name = SENSEL_NAMES[press.asked]
    if press.sample is None:
        return f"   [red]{name}: nothing answered in time; skipped.[/]"
    if press.sample == press.asked:
        return f"   [green]{name} answered.[/]"
    return f"   [yellow]{name} was pressed, {SENSEL_NAMES[press.sample]}'s wire answered.[/]"


def _table(found: Sequence[Finding]) -> Table:
    table = Table("sensor", "answered on", "change", "state", "what to do", box=None)
    for f in found:
        wire = "-" if f.sample is None else SENSEL_NAMES[f.sample]
        change = "-" if f.sample is None else f"{f.change_counts:.0f}"
        table.add_row(
            SENSEL_NAMES[f.sensel], wire, change, VERDICT_WORDS[f.verdict], WHAT_TO_DO[f.verdict]
        )
    return table


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
    for sentence in _map_words(found, sensel_map, str(map_path(unique_id))):
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


def _map_words(found: Sequence[Finding], sensel_map: SenselMap, path: str) -> list[str]:
    """What the map that was kept changes, what it hides, and how to undo it."""
    silent = [SENSEL_NAMES[f.sensel] for f in found if f.sample is None]
    hidden = [SENSEL_NAMES[s] for s, sample in enumerate(sensel_map) if sample == ABSENT]
    swapped = [SENSEL_NAMES[f.sensel] for f in found if f.verdict == "swapped"]
    words = []
    if kept := [name for name in silent if name not in hidden]:
        words.append(f"Did not answer, and still count as there: {', '.join(kept)}.")
    if sensel_map == WIRED_AS_DRAWN:
        words.append("No sensor map is needed: no wire is in another's place.")
        return words
    if hidden:
        words.append(
            f"The sensor map hides {len(hidden)} of {len(sensel_map)} sensors as not there: "
            f"{', '.join(hidden)}."
        )
    pressed = {f.sensel for f in found if f.sample is not None}
    before = [
        SENSEL_NAMES[s]
        for s, sample in enumerate(sensel_map)
        if sample not in (s, ABSENT) and s not in pressed
    ]
    if before:
        words.append(f"Kept from an earlier walk: {', '.join(before)}.")
    what = f"Swapped wires: {', '.join(swapped)}. " if swapped else ""
    words.append(
        f"{what}The sensor map is in {path}; live views and recordings use it from now on. To undo it: "
        "solerig doctor --board --forget-map, or delete that file."
    )
    return words
