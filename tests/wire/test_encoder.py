# SPDX-License-Identifier: GPL-3.0-or-later
import struct

import numpy as np
import pytest

from rig.wire.encoder import SCAN_HEAD, encode_scans
from rig.wire.framing import open_packet
from rig.wire.packets import INPUT_SYNC_IN, SCAN_LAYOUT


def test_the_head_is_the_layout():
    sizes = {"B": 1, "H": 2, "I": 4}
    assert SCAN_HEAD.names == tuple(f.name for f in SCAN_LAYOUT.fields)
    assert [SCAN_HEAD[n].itemsize for n in SCAN_HEAD.names] == [
        sizes[f.code] for f in SCAN_LAYOUT.fields
    ]


def test_one_scan_byte_by_byte(make_hello):
    hello = make_hello(sensel_count=4, bit_depth=10, configuration=5)
    stream = encode_scans(hello, [65_537], [2**32 + 7], [INPUT_SYNC_IN | 0x0F], [[1, 1023, 0, 512]])
    assert stream.endswith(b"\0")
    packed = (1 | 1023 << 10 | 0 << 20 | 512 << 30).to_bytes(5, "little")
    assert open_packet(stream[:-1]) == struct.pack("<BHIB", 2, 1, 7, 0x15) + packed


def test_counts_of_another_rig_are_refused(make_hello):
    with pytest.raises(ValueError, match=r"counts must be \(n, 32\)"):
        encode_scans(make_hello(), [0], [0], [0], np.zeros((1, 16)))


def test_nothing_encodes_to_nothing(make_hello):
    assert encode_scans(make_hello(), [], [], [], np.empty((0, 32))) == b""
