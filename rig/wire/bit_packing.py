# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples to packed bits and back: least significant bit first, no gap between samples.

Sample j takes bits j * depth up to (j + 1) * depth of the little-endian bit string; the last byte is
filled with zeros.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

UInt8 = npt.NDArray[np.uint8]
UInt16 = npt.NDArray[np.uint16]
MAX_BIT_DEPTH = 16


def pack_samples(counts: npt.ArrayLike, bit_depth: int) -> UInt8:
    """Pack counts as the board does.

    Parameters
    ----------
    counts : (n, sensels) integers
        Each below 2 ** bit_depth; higher bits are cut off.
    bit_depth : int
        1 to 16.

    Returns
    -------
    (n, ceil(sensels * bit_depth / 8)) uint8
    """
    samples = np.ascontiguousarray(counts, dtype="<u2")
    n, sensels = samples.shape
    bits = np.unpackbits(samples.view(np.uint8).reshape(n, sensels, 2), axis=2, bitorder="little")
    return np.packbits(
        bits[:, :, :bit_depth].reshape(n, sensels * bit_depth), axis=1, bitorder="little"
    )


@lru_cache(maxsize=16)
def _places(sensels: int, bit_depth: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.uint32]]:
    """First byte and shift of each sample."""
    first_bit = np.arange(sensels) * bit_depth
    return first_bit // 8, (first_bit % 8).astype(np.uint32)


def unpack_samples(packed: UInt8, sensels: int, bit_depth: int) -> UInt16:
    """Counts from packed samples.

    Parameters
    ----------
    packed : (n, ceil(sensels * bit_depth / 8)) uint8
    sensels : int
    bit_depth : int
        1 to 16.

    Returns
    -------
    (n, sensels) uint16, C-contiguous
    """
    if bit_depth == 8:
        return packed.astype(np.uint16)
    first, shift = _places(sensels, bit_depth)
    n, size = packed.shape
    padded = np.zeros((n, size + 3), np.uint8)
    padded[:, :size] = packed
    # Four bytes from every byte on, as one number: a sample and its shift fit into 32 bits.
    words = np.ndarray((n, size), "<u4", padded, strides=(size + 3, 1)).take(first, axis=1)
    words >>= shift
    words &= (1 << bit_depth) - 1
    return words.astype(np.uint16)


def unpack_columns(packed: UInt8, sensels: int, bit_depth: int) -> UInt16:
    """`unpack_samples` for many frames whose byte k is row k: (bytes, n) in, (sensels, n) out."""
    counts = np.empty((sensels, packed.shape[1]), np.uint16)
    for sensel in range(sensels):
        out = counts[sensel]
        first, shift = divmod(sensel * bit_depth, 8)
        np.right_shift(packed[first], shift, out=out, dtype=np.uint16)
        if shift + bit_depth > 8:
            out |= np.left_shift(packed[first + 1], 8 - shift, dtype=np.uint16)
        if shift + bit_depth > 16:
            out |= np.left_shift(packed[first + 2], 16 - shift, dtype=np.uint16)
    counts &= np.uint16((1 << bit_depth) - 1)
    return counts
