// SPDX-License-Identifier: GPL-3.0-or-later
#include "packet_writer.h"

uint8_t packet_ring[256];
#ifndef __AVR__
uint8_t packet_ring_head;
uint8_t packet_ring_tail;
#endif

#if PACKET_IS_LONG

#include "packet_stream.h"

#ifndef __AVR__
uint8_t stream_code_at;
#endif

void packet_begin(const uint8_t *head, packet_size_t head_bytes, const uint8_t *tail,
                  packet_size_t tail_bytes) {
    PacketStream stream = stream_begin();
    while (head_bytes-- != 0) {
        stream_wait();
        stream_put(stream, *head++);
    }
    while (tail_bytes-- != 0) {
        stream_wait();
        stream_put(stream, *tail++);
    }
    stream_finish(stream);
}

#else

enum { STAGE_FREE, STAGE_HEAD, STAGE_TAIL, STAGE_CRC };

PacketWriter packet_writer;

void packet_begin(const uint8_t *head, packet_size_t head_bytes, const uint8_t *tail,
                  packet_size_t tail_bytes) {
    PacketWriter &writer = packet_writer;
    writer.source = head;
    writer.left = head_bytes;
    writer.tail = tail;
    writer.tail_bytes = tail_bytes;
    writer.crc = WIRE_CRC_INITIAL;
    writer.code_at = packet_ring_head;
    writer.code = 1;
    writer.write = static_cast<uint8_t>(packet_ring_head + 1);
    writer.stage = STAGE_HEAD;
}

static void publish() {
    PacketWriter &writer = packet_writer;
    packet_ring[writer.code_at] = writer.code;
    packet_ring[writer.write] = WIRE_DELIMITER;
    packet_ring_head = static_cast<uint8_t>(writer.write + 1);
    writer.stage = STAGE_FREE;
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
    } else {
        publish();
    }
}

#endif
