# SPDX-License-Identifier: GPL-3.0-or-later
"""The page on balance names every measure, flag, outcome and test that there is."""

import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import rig.balance.protocol_file as protocol_file
import rig.balance.trial as trial
import rig.balance.validity as validity
from rig.balance.limits import Lean
from rig.balance.measures import sway_measures
from rig.balance.trial import OUTCOME_SAYS
from rig.balance.weight_shift import weight_shift_measures

PAGE = (Path(validity.__file__).parent / "MEASURES.md").read_text()
NAMED = set(re.findall(r"`([a-z0-9_A-Z]+)`", PAGE))


def _by_axis(key: str) -> str:
    return re.sub(r"_(ml|ap)(?=_|$)", "_X", key)


def test_every_measure_of_sway_is_defined_there():
    keys = sway_measures(np.random.default_rng(1).standard_normal((100, 2)), 50.0)
    missing = {_by_axis(key) for key in keys} - NAMED
    assert missing == set()


def test_leans_and_shifts_are_defined_there():
    still = weight_shift_measures(np.full(100, 0.5), np.zeros((100, 2)), 50.0)
    keys = {f.name for f in fields(Lean)} - {"target_mm", "movement_velocity_deg_s"}
    assert (keys | set(still)) - NAMED == set()


def test_every_flag_and_outcome_is_named_there():
    sources = [Path(module.__file__).read_text() for module in (validity, trial)]
    codes = {code for text in sources for code in re.findall(r'Flag\(\s*"([a-z_]+)"', text)}
    assert len(codes) >= 13
    assert (codes | (set(OUTCOME_SAYS) - {"time"})) - NAMED == set()


@pytest.mark.parametrize("protocol", protocol_file.own_protocols(), ids=lambda p: p.key)
def test_every_ratio_names_its_measure(protocol):
    for ratio in protocol.ratios:
        word = "velocity" if ratio.measure == "velocity_mm_s" else ratio.measure.split("_")[0]
        assert word in ratio.key
