// SPDX-License-Identifier: GPL-3.0-or-later
#include "link.h"

#include "packet_stream.h"  // stream_wait
#include "scan_clock.h"     // clock_ticks

#define SILENCE_TICKS 40  // 20 us: two bytes at 1 Mbaud

uint8_t link_received[256];
uint8_t link_received_head;
uint8_t link_received_tail;

bool link_supports(uint32_t baud) {
    return baud == 115200 || baud == 250000 || baud == 500000 || baud == 1000000 || baud == 2000000;
}

bool link_is_drained() { return !packet_is_busy() && packet_ring_tail == packet_ring_head; }

#if LINK_IS_CORE_SERIAL

#include <Arduino.h>

uint8_t link_polls_left;

void link_begin(uint32_t baud) {
    Serial.begin(baud);
    link_received_tail = link_received_head;
}

void link_exchange() {
    link_polls_left = POLLS_BETWEEN_EXCHANGES;
    for (int left = Serial.available(); left > 0; left--) {
        if (static_cast<uint8_t>(link_received_head + 1) == link_received_tail) break;
        link_received[link_received_head++] = static_cast<uint8_t>(Serial.read());
    }
    const uint8_t tail = packet_ring_tail;
    const uint8_t head = packet_ring_head;
    int count = head >= tail ? head - tail : 256 - tail;  // up to the ring's end
    const int room = Serial.availableForWrite();
    if (count > room) count = room;
    if (count > 0) {
        packet_ring_tail = static_cast<uint8_t>(tail + Serial.write(packet_ring + tail, count));
    }
}

void link_listen() { link_exchange(); }

#if SOLERIG_IS_MAT && !defined(__AVR__)
void stream_wait() { link_exchange(); }
#endif

#else

void link_begin(uint32_t baud) {
    const uint16_t divisor = static_cast<uint16_t>((F_CPU / 4 / baud - 1) / 2);  // rounded
#if defined(__AVR_ATmega32U4__)
    UCSR1B = 0;
    UCSR1A = _BV(U2X1);
    UCSR1C = _BV(UCSZ11) | _BV(UCSZ10);
    UBRR1H = static_cast<uint8_t>(divisor >> 8);
    UBRR1L = static_cast<uint8_t>(divisor);
    UCSR1B = _BV(RXEN1) | _BV(TXEN1);
#else
    UCSR0B = 0;
    UCSR0A = _BV(U2X0);
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UBRR0H = static_cast<uint8_t>(divisor >> 8);
    UBRR0L = static_cast<uint8_t>(divisor);
    UCSR0B = _BV(RXEN0) | _BV(TXEN0);
#endif
    link_received_tail = link_received_head;
    packet_ring_tail = packet_ring_head;  // after the watchdog's restart they are what they were
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

#endif
