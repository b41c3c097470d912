# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames a second through the decoder, whole recordings and live chunks.

The line is what 2 Mbaud can carry of these very packets, ten bits a byte (3,846 frames/s of 32 sensels
at 10 bits). The peer is the loop that scripts usually hold: split, COBS by slices, `crc_hqx`,
`struct`, samples by shifts; it is given the whole stream at once.
"""

import binascii
import struct
from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.row import Row, best_seconds
from rig.wire.decoder import Decoder
from rig.wire.encoder import encode_scans
from rig.wire.packets import LAYOUT_CHECKSUM, PROTOCOL_VERSION, Hello

LINE_BYTES_PER_S = 2_000_000 / 10
FRAMES = 60_000
CHUNKED_FRAMES = 20_000
MAT_FRAMES = 10_000
LINE = "the line at 2 Mbaud"


def _hello(sensels: int) -> Hello:
    return Hello(
        *(PROTOCOL_VERSION, LAYOUT_CHECKSUM, 0, 1, 0, 1, 1, 1, 1, 1, 1000, sensels, 10, 1024),
        *(1000, 1650, 1_000_000, 0, 0, 1, 0),
    )


def _stream(hello: Hello, frames: int) -> bytes:
    """A minute of scans in which half of the sensels are unloaded."""
    counts = np.random.default_rng(1).integers(0, 1024, (frames, hello.sensel_count))
    counts[:, ::2] = 0
    ticks = np.arange(frames)
    return encode_scans(hello, ticks, 1000 * ticks, np.zeros(frames), counts)


def _unstuffed(stuffed: bytes) -> bytes:
    parts, position = [], 0
    while position < len(stuffed):
        code = stuffed[position]
        parts.append(stuffed[position + 1 : position + code])
        position += code
    return b"\0".join(parts)


def _peer(stream: bytes) -> Iterator[tuple[int, int, list[int]]]:
    for stretch in stream.split(b"\0")[:-1]:
        packet = _unstuffed(stretch)
        _, sequence, time_us, _ = struct.unpack_from("<BHIB", packet)
        if binascii.crc_hqx(packet[:-2], 0xFFFF) == int.from_bytes(packet[-2:], "little"):
            bits = int.from_bytes(packet[8:-2], "little")
            yield sequence, time_us, [bits >> shift & 0x3FF for shift in range(0, 320, 10)]


def _decode(hello: Hello, pieces: list[bytes]) -> Callable[[], None]:
    def run() -> None:
        decoder = Decoder(hello)
        for piece in pieces:
            decoder.feed(piece)
        if decoder.faults.skipped_bytes:
            raise RuntimeError("the benchmark's own stream was damaged")

    return run


def _chunks(stream: bytes, packets: int) -> list[bytes]:
    stretches = [stretch + b"\0" for stretch in stream.split(b"\0")[:-1]]
    return [b"".join(stretches[k : k + packets]) for k in range(0, len(stretches), packets)]


def rows() -> list[Row]:
    """Both gaits against the line and the peer."""
    insoles, mat = _hello(32), _hello(256)
    stream = _stream(insoles, FRAMES)
    part = _stream(insoles, CHUNKED_FRAMES)
    peer = CHUNKED_FRAMES / best_seconds(lambda: list(_peer(part)), 3)
    mat_stream = _stream(mat, MAT_FRAMES)
    rates = {
        "decode, loop a script would hold (peer)": peer,
        "decode, a minute at 1 kHz at once": FRAMES / best_seconds(_decode(insoles, [stream])),
        "decode, 20 packets a chunk": CHUNKED_FRAMES
        / best_seconds(_decode(insoles, _chunks(part, 20))),
        "decode, 1 packet a chunk": CHUNKED_FRAMES
        / best_seconds(_decode(insoles, _chunks(part, 1))),
    }
    line = LINE_BYTES_PER_S / (len(stream) / FRAMES)
    table = []
    for what, rate in rates.items():
        measured = f"{rate:,.0f} frames/s"
        table.append(Row(what, measured, rate / line, LINE))
        if rate is not peer:
            table.append(Row(what, measured, rate / peer, "the peer"))
    mat_rate = MAT_FRAMES / best_seconds(_decode(mat, [mat_stream]))
    mat_line = LINE_BYTES_PER_S / (len(mat_stream) / MAT_FRAMES)
    measured = f"{mat_rate:,.0f} frames/s"
    table.append(Row("decode, 16 x 16 mat at once", measured, mat_rate / mat_line, LINE))
    minute = best_seconds(lambda: _stream(insoles, FRAMES), 3)
    table.append(
        Row("encode a simulated minute at 1 kHz", f"{minute:.2f} s", 60 / minute, "real time")
    )
    return table
