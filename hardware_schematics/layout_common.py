# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Groups that several designs draw alike: isolated sync, supply and decoupling."""

from __future__ import annotations

from kicad_sheet import FLAT, MIRRORED, Sheet


def draw_sync(sheet: Sheet, x: int, y: int, load: str) -> None:
    """Sync in and sync out; outside is on the left of one, on the right of the other."""
    sheet.frame("Sync in, isolated: 3.3 to 5 V", x, y, 86, 46)
    sheet.place("J3", x + 6, y + 22)
    sheet.place("D5", x + 22, y + 23)
    sheet.place("R5", x + 34, y + 14, variant=FLAT)
    sheet.place("D6", x + 46, y + 23)
    sheet.place("OK1", x + 62, y + 20)
    top, bottom = y + 14, y + 34
    sheet.lead("J3", "1", (x + 14, sheet.at("J3", "1")[1]), (x + 14, top), (x + 22, top))
    sheet.lead("D5", "1", (x + 22, top))
    sheet.wire((x + 22, top), sheet.at("R5", "1"))
    sheet.done.add(("R5", "1"))
    sheet.note_net("SYNC_IN_P", (x + 15, top))
    sheet.wire(sheet.at("R5", "2"), (x + 46, top))
    sheet.done.add(("R5", "2"))
    sheet.lead("D6", "K", (x + 46, top))
    sheet.lead("OK1", "A", (x + 54, sheet.at("OK1", "A")[1]), (x + 54, top), (x + 46, top))
    sheet.note_net("SYNC_IN_LED", (x + 38, top))
    sheet.lead("J3", "2", (x + 14, sheet.at("J3", "2")[1]), (x + 14, bottom), (x + 22, bottom))
    sheet.lead("D5", "2", (x + 22, bottom))
    sheet.lead("D6", "A", (x + 46, bottom))
    sheet.wire((x + 22, bottom), (x + 46, bottom), (x + 55, bottom))
    sheet.lead("OK1", "K", (x + 55, sheet.at("OK1", "K")[1]), (x + 55, bottom))
    sheet.note_net("SYNC_IN_N", (x + 28, bottom))
    sheet.place(load, x + 72, y + 32)
    at = sheet.at("OK1", "E")
    sheet.join(("OK1", "E"), (load, "1"), (x + 72, at[1]))
    sheet.wire((x + 72, at[1]), (x + 82, at[1]))
    sheet.name_net("SYNC_IN", (x + 82, at[1]), "right")

    sheet.frame(
        "Sync out, isolated: conducts while the pulse lasts, at most 28 V", x, y + 50, 86, 46
    )
    y += 50
    top, bottom = y + 14, y + 34
    sheet.place("R6", x + 16, y + 18, variant=FLAT)
    sheet.place("OK2", x + 40, y + 20)
    sheet.join(("R6", "2"), ("OK2", "A"))
    sheet.place("R7", x + 62, top, variant=FLAT)
    sheet.place("D7", x + 68, y + 23)
    sheet.place("J4", x + 82, y + 22, variant=MIRRORED)
    for pin, level in (("1", top), ("2", bottom)):
        corner = x + 75, sheet.at("J4", pin)[1]
        sheet.lead("J4", pin, corner, (x + 75, level), (x + 68, level))
    sheet.join(("OK2", "C"), ("R7", "1"), (x + 48, sheet.at("OK2", "C")[1]), (x + 48, top))
    sheet.wire(sheet.at("R7", "2"), (x + 68, top))
    sheet.done.add(("R7", "2"))
    sheet.lead("D7", "1", (x + 68, top))
    sheet.lead("OK2", "E", (x + 48, sheet.at("OK2", "E")[1]), (x + 48, bottom), (x + 68, bottom))
    sheet.lead("D7", "2", (x + 68, bottom))
    sheet.note_net("SYNC_OUT_P", (x + 65, top))
    sheet.note_net("SYNC_OUT_N", (x + 52, bottom))


def draw_supply(
    sheet: Sheet,
    x: int,
    y: int,
    capacitors: list[str],
    amplifiers: list[tuple[str, int]],
    fed: list[str],
) -> None:
    """Decoupling, the amplifiers' supply units, and the flags of nets that are fed through parts."""
    units = 10 * len(capacitors) + 16 * len(amplifiers)
    sheet.frame("Supply and decoupling", x, y, units + 18 * len(fed) + 8, 26)
    for n, ref in enumerate(capacitors):
        sheet.place(ref, x + 6 + 10 * n, y + 14)
    for n, (ref, unit) in enumerate(amplifiers):
        sheet.place(ref, x + 8 + 10 * len(capacitors) + 16 * n, y + 14, unit=unit)
    for n, net in enumerate(fed):
        sheet.power_flag(net, (x + units + 8 + 18 * n, y + 13))
