// SPDX-License-Identifier: GPL-3.0-or-later
// Turns one packet at a time into bytes of the transmit ring: CRC, COBS, delimiter. The caller gives it
// a byte's worth of time whenever it has some (while the ADC converts), so no packet ever delays a
// scan. Knows no hardware: tests compile it on a PC.
#ifndef PACKET_WRITER_H
#define PACKET_WRITER_H

#include <stdint.h>

#include "config.h"  // whether packets are long
#include "wire_layout.h"

#ifdef __AVR__
#include <util/crc16.h>  // _crc_xmodem_update: 0x1021, not reflected
static inline uint16_t packet_crc(uint16_t crc, uint8_t byte) { return _crc_xmodem_update(crc, byte); }
#else
static inline uint16_t packet_crc(uint16_t crc, uint8_t byte) {
    crc ^= static_cast<uint16_t>(byte << 8);
    for (int bit = 0; bit < 8; bit++) {
        crc = static_cast<uint16_t>(crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1);
    }
    return crc;
}
#endif

// Insoles' packets are short: they are begun when the ring has room for all of them, and written while the
// ADC converts. A mat's scan is longer than the ring and than one COBS block: its bytes go straight into the
// ring as they are converted (packet_stream.h), and everything else is written between two scans.
#define PACKET_IS_LONG SOLERIG_IS_MAT
#if PACKET_IS_LONG
typedef uint16_t packet_size_t;
#else
typedef uint8_t packet_size_t;
#endif

// A short packet of n bytes takes n + PACKET_OVERHEAD bytes of the ring.
#define PACKET_OVERHEAD (1 + WIRE_CRC_BYTES + 1)

#if !PACKET_IS_LONG
struct PacketWriter {
    const uint8_t *source;
    const uint8_t *tail;
    uint8_t left;
    uint8_t tail_bytes;
    uint8_t stage;
    uint16_t crc;
    uint8_t crc_bytes[WIRE_CRC_BYTES];
    uint8_t write;    // where the next byte goes; published when the packet is whole
    uint8_t code_at;  // where the open COBS block's length goes
    uint8_t code;
};
extern PacketWriter packet_writer;
#endif

// The transmit ring: 256 bytes, so that an index wraps by itself. The link sends from tail to head.
extern uint8_t packet_ring[256];
#ifdef __AVR__
// Two of the chip's spare registers: half the cycles of RAM, and the line is polled 100,000 times a second.
#include <avr/io.h>
#define packet_ring_head GPIOR1
#define packet_ring_tail GPIOR2
#else
extern uint8_t packet_ring_head;
extern uint8_t packet_ring_tail;
#endif

// Start a packet from two pieces, which must stay as they are until the writer is free again. The ring
// must have room (packet_room), and the writer must be free.
void packet_begin(const uint8_t *head, packet_size_t head_bytes, const uint8_t *tail,
                  packet_size_t tail_bytes);

#if PACKET_IS_LONG

// packet_begin() has written it all, waiting for room where it must.
static inline bool packet_is_busy() { return false; }
template <void (*poll)()>
inline void packet_steps(uint8_t) {}

#else

// The end of a piece: go on with the tail, the CRC, the delimiter.
__attribute__((noinline)) void packet_next_piece();

static inline bool packet_is_busy() { return packet_writer.stage != 0; }

static inline uint8_t packet_room() {
    return static_cast<uint8_t>(packet_ring_tail - packet_ring_head - 1);
}

// Up to `count` bytes further, polling the line after each. Only while the writer is busy. The state is
// held in registers meanwhile, which halves the cost to about 60 cycles a byte.
template <void (*poll)()>
__attribute__((always_inline)) inline void packet_steps(uint8_t count) {
    PacketWriter &writer = packet_writer;
    if (writer.left == 0) {
        packet_next_piece();
        return;
    }
    if (count > writer.left) count = writer.left;
    const uint8_t *source = writer.source;
    uint16_t crc = writer.crc;
    uint8_t write = writer.write;
    uint8_t code = writer.code;
    writer.left = static_cast<uint8_t>(writer.left - count);
    do {
        const uint8_t byte = *source++;
        crc = packet_crc(crc, byte);
        if (byte == WIRE_DELIMITER) {
            packet_ring[writer.code_at] = code;
            writer.code_at = write;
            code = 1;
        } else {
            packet_ring[write] = byte;
            code++;
        }
        write++;
        poll();
    } while (--count != 0);
    writer.source = source;
    writer.crc = crc;
    writer.write = write;
    writer.code = code;
}

#endif

// Little-endian fields.
static inline void put_u16(uint8_t *at, uint16_t value) {
    at[0] = static_cast<uint8_t>(value);
    at[1] = static_cast<uint8_t>(value >> 8);
}

static inline void put_u32(uint8_t *at, uint32_t value) {
    put_u16(at, static_cast<uint16_t>(value));
    put_u16(at + 2, static_cast<uint16_t>(value >> 16));
}

static inline uint16_t get_u16(const uint8_t *at) { return static_cast<uint16_t>(at[0] | at[1] << 8); }

static inline uint32_t get_u32(const uint8_t *at) {
    return get_u16(at) | static_cast<uint32_t>(get_u16(at + 2)) << 16;
}

#endif
