// SPDX-License-Identifier: GPL-3.0-or-later
// A packet of any length, byte by byte, straight into the transmit ring: CRC, COBS, delimiter. Each COBS block
// is handed to the line when it is closed; where the ring is full, the line is served until it has room.
#ifndef PACKET_STREAM_H
#define PACKET_STREAM_H

#include "packet_writer.h"

#define STREAM_FULL_BLOCK 0xFF  // 254 bytes without a zero, and none after them

#ifdef __AVR__
#include "link.h"
#define stream_wait() link_poll()
#else
void stream_wait();  // off the AVR: makes room
#endif

// Where the open block's length goes. It is needed only where a block ends, so on the AVR it stands in the
// last spare register and leaves one more to what every byte needs.
#ifdef __AVR__
#define stream_code_at GPIOR0
#else
extern uint8_t stream_code_at;
#endif

// Held in registers by whoever writes a packet, which makes a byte cost about 50 cycles.
struct PacketStream {
    uint16_t crc;
    uint8_t write;  // where the next byte goes
    uint8_t code;   // the open block's length so far; 0 = no block is open
};

__attribute__((always_inline)) static inline PacketStream stream_begin() {
    return {WIRE_CRC_INITIAL, packet_ring_head, 0};
}

__attribute__((always_inline)) static inline void stream_wait_for_room(const PacketStream &stream) {
    while (__builtin_expect(static_cast<uint8_t>(packet_ring_tail - stream.write) == 1, false)) {
        stream_wait();
    }
}

__attribute__((always_inline)) static inline void stream_put_raw(PacketStream &stream, uint8_t byte) {
    stream_wait_for_room(stream);
    if (__builtin_expect(stream.code == 0, false)) {
        stream_code_at = stream.write++;
        stream.code = 1;
        stream_wait_for_room(stream);
    }
    if (__builtin_expect(byte == WIRE_DELIMITER, false)) {
        packet_ring[stream_code_at] = stream.code;
        stream_code_at = stream.write;
        packet_ring_head = stream.write;
        stream.write++;
        stream.code = 1;
    } else {
        packet_ring[stream.write++] = byte;
        if (__builtin_expect(++stream.code == STREAM_FULL_BLOCK, false)) {
            packet_ring[stream_code_at] = stream.code;
            packet_ring_head = stream.write;
            stream.code = 0;
        }
    }
}

__attribute__((always_inline)) static inline void stream_put(PacketStream &stream, uint8_t byte) {
    stream.crc = packet_crc(stream.crc, byte);
    stream_put_raw(stream, byte);
}

static inline void stream_finish(PacketStream &stream) {
    const uint16_t crc = stream.crc;
    stream_wait();
    stream_put_raw(stream, static_cast<uint8_t>(crc));
    stream_wait();
    stream_put_raw(stream, static_cast<uint8_t>(crc >> 8));
    stream_wait_for_room(stream);
    if (stream.code != 0) packet_ring[stream_code_at] = stream.code;
    packet_ring[stream.write++] = WIRE_DELIMITER;
    packet_ring_head = stream.write;
}

#endif
