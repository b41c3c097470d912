# SPDX-License-Identifier: GPL-3.0-or-later
"""The printed template, read back from the files themselves."""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from rig.cli.__main__ import run
from rig.errors import SettingsError
from rig.layout import Foot, foot_length_mm, insole_layout
from rig.layout.drawing import Circle, Line, Text
from rig.layout.foot import inside_outline
from rig.layout.insole import SENSOR_NAMES
from rig.layout.tails import CLEARANCE_MM, tail_directions
from rig.layout.template import insole_template
from rig.layout.template_pdf import pdf_bytes
from rig.layout.template_svg import svg_text

SVG = "{http://www.w3.org/2000/svg}"
MM_A_POINT = 25.4 / 72
NUMBER = r"-?[\d.]+"


def svg_pads(text: str) -> dict[str, np.ndarray]:
    """Pad centres in mm, y up, by name; the file's own units are checked to be millimetres."""
    root = ET.fromstring(text)  # noqa: S314 - written by us a moment ago
    width, height = (float(root.get(k).removesuffix("mm")) for k in ("width", "height"))
    assert root.get("viewBox") == f"0 0 {width:g} {height:g}"
    pads = {}
    for circle in root.iter(f"{SVG}circle"):
        if circle.get("id"):
            assert 2 * float(circle.get("r")) == pytest.approx(12.7)
            pads[circle.get("id")] = np.array(
                [float(circle.get("cx")), height - float(circle.get("cy"))]
            )
    return pads


def pdf_pages(content: bytes) -> list[str]:
    return re.findall(r"stream\n(.*?)\nendstream", content.decode("ascii"), re.DOTALL)


def pdf_pads(page: str) -> list[np.ndarray]:
    """Centres in mm of the circles 12.7 mm wide, from their curves and the page's scale."""
    scale = float(re.match(rf"({NUMBER}) 0 0 \1 0 0 cm", page)[1]) * MM_A_POINT
    centres = []
    for start, curves in re.findall(
        rf"({NUMBER} {NUMBER}) m ((?:{NUMBER} {NUMBER} {NUMBER} {NUMBER} {NUMBER} {NUMBER} c ?)+)",
        page,
    ):
        numbers = [float(v) for v in re.findall(NUMBER, start + " " + curves)]
        points = scale * np.array(numbers).reshape(-1, 2)
        ends = points[::3]
        if np.ptp(ends[:, 0]) == pytest.approx(12.7, abs=0.05):
            centres.append((ends.max(axis=0) + ends.min(axis=0)) / 2)
    return centres


def fits(places: np.ndarray, layout: np.ndarray) -> float:
    """Largest distance in mm after the best shift; no turning, no scaling."""
    off = (places - places.mean(axis=0)) - (layout - layout.mean(axis=0))
    return float(np.linalg.norm(off, axis=1).max())


@pytest.mark.parametrize("size", [35, 42, 48])
def test_pads_of_the_svg_lie_where_the_layout_says(size):
    pads = svg_pads(svg_text(insole_template(size).sheet))
    assert len(pads) == 32
    layout = insole_layout(foot_length_mm(size)).place_mm
    for foot in Foot:
        places = np.array([pads[f"{foot.name[0]}_{name}"] for name in SENSOR_NAMES])
        assert fits(places, layout[foot]) < 0.5
    left, right = pads["L_MT1"], pads["R_MT1"]
    assert left[0] < right[0]
    assert pads["L_MT5"][0] < left[0]
    assert right[0] < pads["R_MT5"][0]


@pytest.mark.parametrize("size", [35, 42, 44])
def test_pads_of_the_pdf_lie_where_the_layout_says(size):
    content = pdf_bytes(insole_template(size).pages)
    layout = insole_layout(foot_length_mm(size)).place_mm
    pages = pdf_pages(content)
    assert len(pages) == 2
    for foot, page in zip(Foot, pages, strict=True):
        centres = np.array(pdf_pads(page))
        assert centres.shape == (16, 2)
        assert fits(centres, layout[foot]) < 0.5
        assert (centres - 9.2).min() > 0.0
        assert (centres + 9.2 < (210.0, 297.0)).all()


def test_eu_42_against_figures_worked_by_hand():
    pads = svg_pads(svg_text(insole_template(42).sheet))
    # EU 42: 265 mm long, 100.7 mm wide; HB at y 0.06, MT1 at x -0.32, y 0.73 (right foot)
    right = pads["R_MT1"] - pads["R_HB"]
    assert right == pytest.approx([-0.32 * 100.7, (0.73 - 0.06) * 265.0], abs=0.01)


def test_big_feet_come_in_two_halves_that_join_on_one_line():
    content = pdf_bytes(insole_template(48).pages)
    pages = pdf_pages(content)
    assert len(pages) == 4
    layout = insole_layout(foot_length_mm(48)).place_mm
    for foot in Foot:
        heel, toes = pages[2 * foot], pages[2 * foot + 1]
        lines = [
            float(re.search(rf"\[2 1.5\] 0 d 6.000 ({NUMBER}) m {NUMBER} \1 l S", page)[1])
            for page in (heel, toes)
        ]
        drop = lines[0] - lines[1]
        on_heel, on_toes = (np.array(pdf_pads(page)) for page in (heel, toes))
        # the toe half laid with its line on the heel half's line: every pad falls on its other print
        np.testing.assert_allclose(on_toes + np.array([0.0, drop]), on_heel, atol=0.01)
        assert fits(on_heel, layout[foot]) < 0.5
        above = on_toes[:, 1] >= lines[1]
        assert (on_toes[above, 1] + 9.2 < 297.0).all()
        assert (on_heel[~above, 1] - 9.2 > 0.0).all()


@pytest.mark.parametrize("size", range(35, 49))
def test_every_size_gives_pages_of_a4_and_a_ruler_of_100_mm(size):
    template = insole_template(size)
    content = pdf_bytes(template.pages).decode("ascii")
    boxes = re.findall(r"MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert {
        (round(float(w) * MM_A_POINT, 2), round(float(h) * MM_A_POINT, 2)) for w, h in boxes
    } == {(210.0, 297.0)}
    for page in pdf_pages(content.encode()):
        x, low, high = map(
            float,
            re.search(rf"0.3 w \[\] 0 d ({NUMBER}) (20.000) m \1 ({NUMBER}) l S", page).groups(),
        )
        assert high - low == pytest.approx(100.0)
        assert x + 15.0 < 210.0
        assert "Print at 100 %" in page
    places = np.array(list(svg_pads(svg_text(template.sheet)).values()))
    assert (places > 0.0).all()
    assert (places < (297.0, 420.0)).all()


def extent(mark: Line | Circle | Text) -> tuple[np.ndarray, np.ndarray]:
    """Lower left and upper right corner in mm; Helvetica is below 0.5 heights a letter."""
    if isinstance(mark, Line):
        points = np.array(mark.points)
        return points.min(axis=0), points.max(axis=0)
    here = np.array([mark.x_mm, mark.y_mm])
    if isinstance(mark, Circle):
        return here - mark.radius_mm, here + mark.radius_mm
    width = 0.5 * len(mark.text) * mark.height_mm
    start = here - np.array([0.5 * width if mark.anchor == "middle" else 0.0, 0.0])
    return start, start + np.array([width, mark.height_mm])


@pytest.mark.parametrize("size", [*range(35, 49), 35.5, 44.5])
def test_every_mark_keeps_5_mm_from_the_papers_edge(size):
    template = insole_template(size)
    for page in (*template.pages, template.sheet):
        clip_low = np.array(page.clip_mm[:2])
        clip_high = clip_low + page.clip_mm[2:]
        boxes = [extent(mark) for mark in page.marks]
        for drawn_low, drawn_high in map(extent, page.clipped):
            low, high = np.maximum(drawn_low, clip_low), np.minimum(drawn_high, clip_high)
            if (low <= high).all():
                boxes.append((low, high))
        assert np.min([low for low, _ in boxes]) >= 5.0
        highest = np.max([high for _, high in boxes], axis=0)
        assert (highest <= (page.width_mm - 5.0, page.height_mm - 5.0)).all()


@pytest.mark.parametrize("size", [38, 42, 46])
def test_tails_cross_no_other_pad(size):
    length_mm = foot_length_mm(size)
    layout = insole_layout(length_mm)
    pads = layout.place_mm[Foot.RIGHT]
    for pad, way in enumerate(tail_directions(length_mm)):
        along = np.arange(0.0, 200.0, 0.25)[:, None] * way + pads[pad]
        on_sole = inside_outline(along[:, 0] / layout.foot_width_mm, along[:, 1] / length_mm)
        on_sole = along[np.logical_and.accumulate(on_sole)]
        others = np.delete(pads, pad, axis=0)
        nearest = np.linalg.norm(on_sole[:, None] - others, axis=-1).min()
        assert nearest > min(CLEARANCE_MM - 0.3, 9.0), SENSOR_NAMES[pad]


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="poppler is not installed")
def test_another_program_reads_the_pdf(tmp_path):
    path = tmp_path / "t.pdf"
    assert run(["template", "--size", "42", "--out", str(path)]) == 0
    done = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True)
    assert done.returncode == 0
    assert not done.stderr
    assert re.search(r"Pages: +2", done.stdout)
    assert "A4" in done.stdout


def test_the_command_writes_and_does_not_overwrite(tmp_path):
    path = tmp_path / "t.svg"
    assert run(["template", "--size", "42", "--out", str(path)]) == 0
    assert len(svg_pads(path.read_text())) == 32
    path.write_text("mine")
    assert run(["template", "--size", "42", "--out", str(path)]) == 2
    assert path.read_text() == "mine"
    assert run(["template", "--size", "42", "--out", str(path), "--force"]) == 0


@pytest.mark.parametrize("size", [34.5, 48.5, float("nan")])
def test_sizes_outside_are_refused(size):
    with pytest.raises(SettingsError, match="35 to 48"):
        insole_template(size)
