// SPDX-License-Identifier: GPL-3.0-or-later
#include "link_uart.h"

#include "scan_clock.h"  // clock_ticks

#define SILENCE_TICKS 40  // 20 us: two bytes at 1 Mbaud

uint8_t link_received[256];
uint8_t link_received_head;
uint8_t link_received_tail;

bool link_supports(uint32_t baud) {
    return baud == 115200 || baud == 250000 || baud == 500000 || baud == 1000000 || baud == 2000000;
}

void link_begin(uint32_t baud) {
    const uint16_t divisor = static_cast<uint16_t>((F_CPU / 4 / baud - 1) / 2);  // rounded
    UCSR0B = 0;
    UCSR0A = _BV(U2X0);
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UBRR0H = static_cast<uint8_t>(divisor >> 8);
    UBRR0L = static_cast<uint8_t>(divisor);
    UCSR0B = _BV(RXEN0) | _BV(TXEN0);
    link_received_tail = link_received_head;
}

void link_listen() {
    const uint16_t began = clock_ticks();
    uint16_t last_heard = began;
    uint8_t head = link_received_head;
    while (static_cast<uint16_t>(clock_ticks() - last_heard) < SILENCE_TICKS &&
           static_cast<uint16_t>(clock_ticks() - began) < CLOCK_TICKS_PER_MS) {
        link_poll();
        if (head != link_received_head) {
            head = link_received_head;
            last_heard = clock_ticks();
        }
    }
}

bool link_is_drained() { return !packet_is_busy() && packet_ring_tail == packet_ring_head; }
