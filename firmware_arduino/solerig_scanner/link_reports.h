// SPDX-License-Identifier: GPL-3.0-or-later
// What the board says: SCAN first, then HELLO, REPLY, STATUS, one packet at a time through the writer.
#ifndef LINK_REPORTS_H
#define LINK_REPORTS_H

#include <stdint.h>

#include "link.h"  // link_poll
#include "packet_writer.h"

// What HELLO and STATUS tell of the board; its owners write it, the reports read it.
struct BoardState {
    uint32_t baud;
    uint32_t unique_id;
    uint16_t scan_rate_hz;
    uint16_t supply_mv;
    uint16_t self_test;
    uint8_t configuration;
    uint8_t reset_cause;
};
extern BoardState board_state;

// Ask for a packet; it is sent as soon as the writer and the ring have room.
void reports_hello(uint8_t reason);
void reports_status();
void reports_reply(uint8_t command, uint8_t token, uint8_t result, uint32_t value,
                   const uint8_t *data, packet_size_t data_bytes);
bool reports_reply_is_pending();

// A setting changed: raises the configuration number and holds scanning until the HELLO that says so
// stands in the ring, so that it comes before the first SCAN it governs.
void reports_settings_changed();
// Scanning begins: the same without a new number, so that the pause before it is told from a loss.
void reports_started();
bool reports_hold_scan();

// All that was asked for is on its way, and the line is quiet.
bool reports_are_drained();

// The writer is free: give it the next packet, or read one received byte if there is none. Never
// inline: its many saved registers would be paid for at every step.
__attribute__((noinline)) void reports_next();

// A little work, for the time a conversion takes: up to `bytes` of a packet, the line polled after each.
__attribute__((always_inline)) static inline void reports_work(uint8_t bytes) {
    if (packet_is_busy()) {
        packet_steps<link_poll>(bytes);
    } else {
        reports_next();
        link_poll();
    }
}

static inline uint8_t link_configuration() { return board_state.configuration; }

#endif
