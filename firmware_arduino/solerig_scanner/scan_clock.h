// SPDX-License-Identifier: GPL-3.0-or-later
// The board's clock: Timer 1 counts half microseconds, its overflows are counted by polling.
// No interrupt is used anywhere, so no reading can be torn. clock_poll() must run every 32 ms.
#ifndef SCAN_CLOCK_H
#define SCAN_CLOCK_H

#include <avr/io.h>
#include <stdint.h>

#define CLOCK_TICKS_PER_S 2000000UL
#define CLOCK_TICKS_PER_MS 2000U
#define CLOCK_US_PER_OVERFLOW 32768UL

extern uint32_t clock_base_us;  // microseconds at the timer's last overflow

void clock_begin();

// Half microseconds, wrapping every 32.8 ms; for differences only.
static inline uint16_t clock_ticks() { return TCNT1; }

static inline void clock_poll() {
    if (TIFR1 & _BV(TOV1)) {
        TIFR1 = _BV(TOV1);
        clock_base_us += CLOCK_US_PER_OVERFLOW;
    }
}

// Microseconds since start, wrapping at 2^32.
static inline uint32_t clock_us() {
    uint16_t ticks = TCNT1;
    if (TIFR1 & _BV(TOV1)) {
        clock_poll();
        ticks = TCNT1;
    }
    return clock_base_us + (ticks >> 1);
}

#endif
