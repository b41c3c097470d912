// SPDX-License-Identifier: GPL-3.0-or-later
#include "packet_writer.h"

enum { STAGE_FREE, STAGE_HEAD, STAGE_TAIL, STAGE_CRC };

uint8_t packet_ring[256];
#ifndef __AVR__
uint8_t packet_ring_head;
uint8_t packet_ring_tail;
#endif
PacketWriter packet_writer;

void packet_begin(const uint8_t *head, packet_size_t head_bytes, const uint8_t *tail,
                  packet_size_t tail_bytes) {
    PacketWriter &writer = packet_writer;
    writer.source = head;
    writer.left = head_bytes;
    writer.tail = tail;
    writer.tail_bytes = tail_bytes;
    writer.crc = WIRE_CRC_INITIAL;
    if (PACKET_IS_LONG) {
        writer.code = 0;
        writer.write = packet_ring_head;
    } else {
        writer.code_at = packet_ring_head;
        writer.code = 1;
        writer.write = static_cast<uint8_t>(packet_ring_head + 1);
    }
    writer.stage = STAGE_HEAD;
}

// False while a long packet's delimiter finds the ring full.
static bool publish() {
    PacketWriter &writer = packet_writer;
    if (PACKET_IS_LONG && static_cast<uint8_t>(packet_ring_tail - writer.write) == 1) return false;
    if (!PACKET_IS_LONG || writer.code != 0) packet_ring[writer.code_at] = writer.code;
    packet_ring[writer.write] = WIRE_DELIMITER;
    packet_ring_head = static_cast<uint8_t>(writer.write + 1);
    writer.stage = STAGE_FREE;
    return true;
}

void packet_next_piece() {
    PacketWriter &writer = packet_writer;
    writer.stage++;
    if (writer.stage == STAGE_TAIL) {
        writer.source = writer.tail;
        writer.left = writer.tail_bytes;
    } else if (writer.stage == STAGE_CRC) {
        put_u16(writer.crc_bytes, writer.crc);
        writer.source = writer.crc_bytes;
        writer.left = WIRE_CRC_BYTES;
    } else if (!publish()) {
        writer.stage = STAGE_CRC;  // asked again at the next step
    }
}
