// SPDX-License-Identifier: GPL-3.0-or-later
// The serial line, polled. link_poll() must run at least every two byte times (10 us at 2 Mbaud) or
// received bytes are lost; the CRC then refuses the command.
#ifndef LINK_UART_H
#define LINK_UART_H

#include <avr/io.h>
#include <stdint.h>

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

// Always inline: the scan polls a hundred times in one scan, at -Os the compiler would call it.
__attribute__((always_inline)) static inline void link_poll() {
    const uint8_t status = UCSR0A;
    if (status & _BV(RXC0)) {
        link_received[link_received_head++] = UDR0;
    }
    if (status & _BV(UDRE0)) {
        const uint8_t tail = packet_ring_tail;
        if (tail != packet_ring_head) {
            UDR0 = packet_ring[tail];
            packet_ring_tail = static_cast<uint8_t>(tail + 1);
        }
    }
}

#endif
