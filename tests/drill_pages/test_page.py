# SPDX-License-Identifier: GPL-3.0-or-later
"""The committed page is what tables, guide and profiles print; its pictures exist and are small."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

import rig.drills
from rig.cli.__main__ import run
from rig.drill_pages.page import PAGE, PLOTS, page_text
from rig.drill_pages.plot import plot
from rig.drill_pages.svg import curve
from rig.drill_pages.trace import EXAMPLES, shown, trace_of
from rig.errors import AnalysisError
from rig.settings import DRILL_NAMES
from rig.simulate.behaviour import BehaviourFault
from rig.simulate.catalogue import APPLICABLE
from rig.simulate.person import simulate_session

FOLDER = Path(rig.drills.__path__[0])
TEXT = (FOLDER / PAGE).read_text("utf-8")
MOST_BYTES = 60_000


def test_the_page_is_what_the_drills_print():
    assert page_text() == TEXT, "run python -m rig.drill_pages --text"


@pytest.mark.parametrize("name", DRILL_NAMES)
def test_the_page_says_what_the_command_says(name, capsys):
    section = TEXT.split(f'<a id="{name}"></a>\n')[1].split("<a id=")[0]
    assert run(["drills", "show", name, "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    for rule in content["rules"]:
        assert f"| {rule['code']} | {rule['broken_when']} |" in section
        assert all(f"`{key}` {value}" in section for key, value in rule["thresholds"].items())
    for move in content["moves"]:
        assert f"| {move['state']} | {move['signal']} | {move['target']}" in section
    assert section.count("**one repetition**") == sum(m["counts"] for m in content["moves"])
    assert all(n["says"] in section and n["value"] in section for n in content["numbers"])
    assert f"Pressure does not see {content['not_seen']}" in section
    assert content["aim"] in section
    assert all(caution in section for caution in content["cautions"])


def test_page_and_command_say_what_is_cued_after_the_contact(capsys):
    assert run(["drills", "show", "tapping"]) == 0
    for said in (TEXT, capsys.readouterr().out):
        assert "taps under 150 ms) is cued after it" in said
        assert "benchmarks/cue_latency.py" in said


def test_links_and_pictures_exist():
    targets = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert "../../benchmarks/cue_latency.py" in targets
    assert all((FOLDER / target).exists() for target in targets)
    anchors = re.findall(r"\]\(#([^)]+)\)", TEXT)
    assert anchors == list(DRILL_NAMES)
    assert {path.name for path in (FOLDER / PLOTS).iterdir()} == {f"{n}.svg" for n in DRILL_NAMES}


@pytest.mark.parametrize("name", DRILL_NAMES)
def test_each_picture_is_small_and_shows_a_fault_of_its_drill(name):
    svg = (FOLDER / PLOTS / f"{name}.svg").read_text("utf-8")
    assert len(svg) < MOST_BYTES
    assert "nan" not in svg
    words = [e.text for e in ET.fromstring(svg).iter() if e.text and e.text.strip()]  # noqa: S314 - ours
    assert "clean" in words
    assert any(w.startswith(f"{EXAMPLES[name].code}, ") and "times its limit" in w for w in words)
    assert EXAMPLES[name].simulated in APPLICABLE[name]


def test_a_picture_shows_what_the_analysis_found():
    session = simulate_session("lunge", 8.0, 15, behaviour=(BehaviourFault("REAR", 1.4, 0.4),))
    trace = trace_of(session)
    clean, faulty = shown("lunge", trace)
    assert clean.repetition.faults == ()
    assert faulty.fault in faulty.repetition.faults
    assert faulty.from_s < faulty.repetition.start_s < faulty.repetition.end_s < faulty.to_s
    svg = plot("Front lunge", trace, clean, faulty)
    assert f"REAR, {faulty.fault.size:.2f} times its limit" in svg
    assert f"rear_share {faulty.fault.numbers['rear_share']:.3g}" in svg
    assert "on the front foot" in svg
    true_n = session.truth.loads.foot_force_n
    assert trace.u.max() == pytest.approx(true_n.max() / session.truth.body_weight_n, rel=0.2)
    with pytest.raises(AnalysisError, match="shows no DOUBLE-SUPPORT"):
        shown("switch", trace)


def test_a_curve_has_gaps_where_nothing_is_known():
    x = np.arange(5.0)
    y = np.array([0.0, 1.0, np.nan, 3.0, 4.0])
    (path,) = re.findall(r'd="([^"]*)"', curve(x, y, "#000000"))
    assert path == "M0.0,0.0L1.0,1.0M3.0,3.0L4.0,4.0"
