# SPDX-License-Identifier: GPL-3.0-or-later
"""The board's side of the wire, for simulators: frames in, the same bytes as a board out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rig.wire.batch_framing import frame_packets
from rig.wire.bit_packing import pack_samples
from rig.wire.packets import CONFIGURATION_MASK, Hello, PacketType

SCAN_HEAD = np.dtype(
    [("type", "u1"), ("sequence", "<u2"), ("time_us", "<u4"), ("flags", "u1")]
)  # SCAN_LAYOUT as numpy reads it; a test holds the two together


def encode_scans(
    hello: Hello,
    sequence: npt.ArrayLike,
    time_us: npt.ArrayLike,
    flags: npt.ArrayLike,
    counts: npt.ArrayLike,
) -> bytes:
    """SCAN packets as they cross the wire, one after the other.

    Parameters
    ----------
    hello : Hello
        In force: sensel count, bit depth and configuration number are taken from it.
    sequence : (n,) integers
        Wrapped at 2^16 here.
    time_us : (n,) integers
        Board clock, wrapped at 2^32 here.
    flags : (n,) integers
        Input bits; the configuration number of `hello` is written into bits 0-3.
    counts : (n, sensels) integers

    Raises
    ------
    ValueError
        `counts` has not `hello.sensel_count` columns.
    """
    samples = np.asarray(counts)
    if samples.ndim != 2 or samples.shape[1] != hello.sensel_count:
        raise ValueError(f"counts must be (n, {hello.sensel_count}), not {samples.shape}")
    head = np.empty(len(samples), SCAN_HEAD)
    head["type"] = PacketType.SCAN
    head["sequence"] = np.asarray(sequence, np.int64) & 0xFFFF
    head["time_us"] = np.asarray(time_us, np.int64) & 0xFFFF_FFFF
    inputs = np.asarray(flags, np.int64) & ~CONFIGURATION_MASK
    head["flags"] = inputs | (hello.configuration & CONFIGURATION_MASK)
    packets = np.empty((len(samples), hello.scan_bytes), np.uint8)
    packets[:, : SCAN_HEAD.itemsize] = head.view(np.uint8).reshape(len(samples), SCAN_HEAD.itemsize)
    packets[:, SCAN_HEAD.itemsize :] = pack_samples(samples, hello.bit_depth)
    return frame_packets(packets)
