# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the link in words and figures, and whether what is drawn is still true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboard.undefined import UNDEFINED
from rig.acquire.messages import LinkStatus
from rig.wire.packets import Board, Hello

STALE_AFTER_S = 0.5
"""Older data are not shown as the present (design choice)."""
LOW_SUPPLY_MV = 4500
"""Below this an Uno's ADC reference, its own supply, is out of USB's tolerance (USB 2.0: 4.40-5.25 V at
a low-power port; design choice between)."""
Severity = Literal["normal", "good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Badge:
    """What kind of data this is; nobody may take a simulation for a person."""

    word: str
    kind: Literal["none", "simulated", "replay", "real"]


@dataclass(frozen=True, slots=True)
class LinkFigure:
    title: str
    value: str
    severity: Severity = "normal"


_NOT_YET: dict[str, str] = {
    "closed": "NO SOURCE",
    "searching": "CONNECTING",
    "waiting_for_hello": "CONNECTING",
    "refused": "REFUSED",
}
"""States in which nothing has been received that could be called real or simulated."""


def badge_of(link: LinkStatus) -> Badge:
    if link.state in _NOT_YET:
        return Badge(_NOT_YET[link.state], "none")
    if link.source_kind == "recording":
        return Badge("REPLAY (SIM)" if link.simulated else "REPLAY", "replay")
    if link.simulated:
        return Badge("SIMULATED", "simulated")
    return Badge("REAL", "real")


def link_figures(link: LinkStatus, age_s: float | None) -> tuple[LinkFigure, ...]:
    """What the link bar shows, in its fixed order; `age_s` of the newest frame, None before any."""
    return (
        _rate_figure(link),
        _lost_figure(link),
        _count_figure("Damaged", link.damaged_packets),
        _count_figure("Dropped", link.board_frames_dropped),
        LinkFigure("Port", link.source_name or UNDEFINED),
        LinkFigure("Board", _board_text(link.hello)),
        _supply_figure(link.supply_mv),
        _age_figure(age_s),
    )


def no_data_sentence(age_s: float | None) -> str:
    """Empty while data are fresh."""
    if age_s is None:
        return "no data yet"
    if age_s <= STALE_AFTER_S:
        return ""
    return (
        f"no data since {age_s:.1f} s" if age_s < 100.0 else f"no data since {age_s / 60:.0f} min"
    )


def _rate_figure(link: LinkStatus) -> LinkFigure:
    if link.state != "streaming" or link.hello is None:
        return LinkFigure("Rate", UNDEFINED)
    slow = link.rate_hz < 0.95 * link.hello.scan_rate_hz
    return LinkFigure("Rate", f"{link.rate_hz:.0f} Hz", "warning" if slow else "good")


def _lost_figure(link: LinkStatus) -> LinkFigure:
    if link.lost_frames == 0:
        return LinkFigure("Lost", "0", "good" if link.frames else "normal")
    percent = 100.0 * link.lost_frames / (link.frames + link.lost_frames)
    severity: Severity = "bad" if percent >= 1.0 else "warning"
    return LinkFigure("Lost", f"{link.lost_frames} ({percent:.2f} %)", severity)


def _count_figure(title: str, count: int | None) -> LinkFigure:
    if count is None:
        return LinkFigure(title, UNDEFINED)
    return LinkFigure(title, str(count), "warning" if count else "normal")


def _supply_figure(supply_mv: int | None) -> LinkFigure:
    if not supply_mv:
        return LinkFigure("Supply", UNDEFINED)
    low = supply_mv < LOW_SUPPLY_MV
    return LinkFigure("Supply", f"{supply_mv / 1000.0:.2f} V", "warning" if low else "normal")


def _age_figure(age_s: float | None) -> LinkFigure:
    if age_s is None:
        return LinkFigure("Data age", UNDEFINED)
    if age_s <= STALE_AFTER_S:
        return LinkFigure("Data age", "live", "good")
    return LinkFigure(
        "Data age", f"{age_s:.1f} s" if age_s < 100.0 else f"{age_s / 60:.0f} min", "bad"
    )


def _board_text(hello: Hello | None) -> str:
    if hello is None:
        return UNDEFINED
    try:
        name = Board(hello.board).name.replace("_", " ").title().replace(" Or ", " or ")
    except ValueError:
        name = f"Board {hello.board}"
    return f"{name} {hello.firmware_major}.{hello.firmware_minor}.{hello.firmware_patch}"
