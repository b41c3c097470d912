// SPDX-License-Identifier: GPL-3.0-or-later
// The line to the host. On the chip's own serial port link_poll() must run at least every two byte times
// (10 us at 2 Mbaud) or received bytes are lost; the CRC then refuses the command. Where the Arduino core
// owns the line (native USB, other chips), every so many polls some bytes are handed over, never waiting.
#ifndef LINK_H
#define LINK_H

#include <stdint.h>

#include "board.h"
#include "packet_writer.h"  // the transmit ring

extern uint8_t link_received[256];
extern uint8_t link_received_head;
extern uint8_t link_received_tail;

void link_begin(uint32_t baud);
bool link_supports(uint32_t baud);
bool link_is_drained();

// While bytes arrive one after the other, only the line is served, for up to 1 ms: at 2 Mbaud there is
// time for nothing else.
void link_listen();

#if LINK_IS_CORE_SERIAL

#define POLLS_BETWEEN_EXCHANGES 32
extern uint8_t link_polls_left;
void link_exchange();

static inline void link_poll() {
    if (--link_polls_left == 0) link_exchange();
}

#else

#if defined(__AVR_ATmega32U4__)
#define LINK_STATUS UCSR1A
#define LINK_DATA UDR1
#else
#define LINK_STATUS UCSR0A
#define LINK_DATA UDR0
#endif
// RXC, UDRE and U2X stand at the same bits in every one of these chips' ports.
#define LINK_HAS_RECEIVED _BV(7)
#define LINK_CAN_SEND _BV(5)

// Always inline: the scan polls a hundred times in one scan, at -Os the compiler would call it.
__attribute__((always_inline)) static inline void link_poll() {
    uint8_t status = LINK_STATUS;
    while (__builtin_expect(status & LINK_HAS_RECEIVED, false)) {  // the port holds two
        link_received[link_received_head++] = LINK_DATA;
        status = LINK_STATUS;
    }
    if (status & LINK_CAN_SEND) {
        const uint8_t tail = packet_ring_tail;
        if (tail != packet_ring_head) {
            LINK_DATA = packet_ring[tail];
            packet_ring_tail = static_cast<uint8_t>(tail + 1);
        }
    }
}

#endif

#endif
