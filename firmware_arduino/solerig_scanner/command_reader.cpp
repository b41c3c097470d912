// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_reader.h"

#include "link.h"      // the receive ring
#include "packet_writer.h"  // packet_crc

ReceivedCommand command_received;

static uint8_t length;      // bytes unstuffed since the delimiter, CRC included; stops at 255
static uint8_t block_left;  // bytes until the next COBS code
static bool zero_is_due;    // the block before ended in a zero, unless the packet ends here
static bool anything;
static uint16_t crc;        // of all bytes but the last two, which are the sender's CRC
static uint8_t last, before_last;

static void begin_anew() {
    length = 0;
    block_left = 0;
    zero_is_due = false;
    anything = false;
    crc = WIRE_CRC_INITIAL;
}

void command_forget() {
    command_received.arrival = COMMAND_NONE;
    begin_anew();
}

static void take(uint8_t byte) {
    if (length >= WIRE_CRC_BYTES) crc = packet_crc(crc, before_last);
    if (length < COMMAND_MAX_BYTES) command_received.bytes[length] = byte;
    if (length < UINT8_MAX) length++;
    before_last = last;
    last = byte;
}

static void finish() {
    const uint16_t sent_crc = static_cast<uint16_t>(before_last | last << 8);
    const bool whole = block_left == 0 && length < UINT8_MAX &&
                       length >= WIRE_COMMAND_HELLO_BYTES + WIRE_CRC_BYTES && crc == sent_crc;
    command_received.arrival = whole ? COMMAND_WHOLE : COMMAND_DAMAGED;
    command_received.length = static_cast<uint8_t>(length - WIRE_CRC_BYTES);
}

void command_read_byte() {
    if (command_received.arrival != COMMAND_NONE || link_received_tail == link_received_head) return;
    const uint8_t byte = link_received[link_received_tail++];
    if (byte == WIRE_DELIMITER) {
        if (anything) {
            finish();  // command_forget() begins anew
        }
    } else if (block_left == 0) {
        if (zero_is_due) take(0);
        block_left = static_cast<uint8_t>(byte - 1);
        zero_is_due = byte != 0xFF;
        anything = true;
    } else {
        take(byte);
        block_left--;
    }
}
